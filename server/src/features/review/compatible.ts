/** Does the release that runs go on working, before and after? */
import { checkFile, settle } from "../../rules/check.ts";
import { rules } from "../../rules/index.ts";
import type { Settings } from "../../settings/settings.ts";
import { answer, notUnderstood, type Answer, type Fact, type Reviewed } from "./answer.ts";

/** Rules that find what breaks a running release, or what it may stumble over. */
const breaking = rules.filter(({ group, detect }) => group === "compatibility" && detect);

/** The question is asked whatever findings a project wants to see. */
const asSevereAsTheyAre = (settings: Settings): Settings => ({
  ...settings,
  rules: Object.fromEntries(breaking.map(({ id, severity }) => [id, { severity }])),
  ignore: [],
});

export function askCompatible({ project, file, settings, upgrade }: Reviewed): Answer {
  const { findings, failures } = checkFile(project, file, asSevereAsTheyAre(settings), breaking);
  const shown = settle(
    findings.map(({ allowed: _, ...finding }) => finding),
    breaking,
  );
  const facts = shown
    .filter(({ direction }) => direction !== "downgrade")
    .map(({ message, range, severity }): Fact => {
      const text = message.replace(/\.$/, "");
      return { verdict: severity === "information" ? "unknown" : "no", text, range };
    });
  const broken = failures.map(({ rule }): Fact => ({ verdict: "unknown", text: `the rule ${rule} failed` }));
  return answer(
    "compatible",
    [...facts, ...broken, ...notUnderstood(upgrade)],
    "nothing that exists goes away, gets another name, or asks more of those who write",
  );
}
