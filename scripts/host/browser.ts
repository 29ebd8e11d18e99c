import { existsSync } from "node:fs";
import path from "node:path";

/** The usual places of a Chromium or Chrome, best first. */
const places: Readonly<Record<string, readonly string[]>> = {
  linux: ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge"],
  darwin: [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
  ],
  win32: [
    String.raw`C:\Program Files\Google\Chrome\Application\chrome.exe`,
    String.raw`C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe`,
  ],
};

/** The Chromium that drives the workbench in tests: the one named by CHROMIUM, else one that is installed. */
export function findBrowser(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const chosen = env["CHROMIUM"];
  if (chosen !== undefined && chosen !== "") return chosen;
  for (const place of places[process.platform] ?? []) {
    const found = path.isAbsolute(place) ? [place].find(existsSync) : findOnPath(place, env);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A program on the PATH, by its name, as a shell would find it. */
export function findOnPath(name: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
  const endings = process.platform === "win32" ? [".exe", ".cmd", ".bat"] : [""];
  return (env["PATH"] ?? "")
    .split(path.delimiter)
    .filter((folder) => folder !== "")
    .flatMap((folder) => endings.map((ending) => path.join(folder, name + ending)))
    .find(existsSync);
}
