/** The rules that look at revisions, by what an edit elsewhere can change of their findings. */
import { rules } from "./index.ts";

/** Look at nothing but the file and the config. */
export const localRules = rules.filter(({ detect, reach }) => detect && reach === "file");

/** Look at other files and the history, too. */
export const widerRules = rules.filter(({ detect, reach }) => detect && reach !== "file");
