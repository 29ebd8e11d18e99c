/** Does the release that runs go on working, before and after? */
import { isCopiedIn } from "../../facts/moved.ts";
import { namesMade, sameEntity } from "../../schema/names.ts";
import { checkFile, settle, subjectsOf, type Finding } from "../../rules/check.ts";
import { rules } from "../../rules/index.ts";
import { lossesIn } from "../../rules/losses.ts";
import type { Settings } from "../../settings/settings.ts";
import { renderName, type Entity } from "../../sql/action.ts";
import type { Range } from "../../text/range.ts";
import { answer, notUnderstood, type Answer, type Fact, type Reviewed } from "./answer.ts";
import { addsRows, nameOf } from "./work.ts";

/** Rules that find what breaks a running release, or what it may stumble over. */
const breaking = rules.filter(({ group, detect }) => group === "compatibility" && detect);

/** The question is asked whatever findings a project wants to see. */
const asSevereAsTheyAre = (settings: Settings): Settings => ({
  ...settings,
  rules: Object.fromEntries(breaking.map(({ id, severity }) => [id, { severity }])),
  ignore: [],
});

const startOf = ({ start }: Range): number => start;

/** Code names these; an index or a constraint it hardly ever does. */
const namedByCode = new Set<Entity["type"]>(["table", "column", "view", "sequence", "function", "type", "schema"]);

const wordsFor = ({ name, column }: Entity): string =>
  column === undefined ? renderName(name) : `${renderName(name)}.${column}`;

/**
 * What goes away without a finding: a rule takes it for the last step of a chain, or for something that no service shares.
 * Of the code that runs, neither says anything; but what this very upgrade still copies rows out of is in use until then.
 */
function goneWithoutFinding({ project, file, settings }: Reviewed, findings: readonly Finding[]): readonly Fact[] {
  const told = new Set(
    findings.flatMap(({ range, related }) => [range, ...related.map((one) => one.range)]).map(startOf),
  );
  return subjectsOf(file, project, settings).flatMap((subject) =>
    lossesIn(subject)
      .filter(({ one, thing }) => namedByCode.has(thing.type) && !told.has(startOf(one.operation.nameRange)))
      .map(({ one, thing }): Fact => {
        const [what, gone, { range }] = [nameOf(one), wordsFor(thing), one.operation];
        return isCopiedIn(subject.upgrade, thing)
          ? { verdict: "no", text: `${what}: code that still names ${gone} fails once this has run`, range }
          : { verdict: "unknown", text: `${what}: only if the running release does not name ${gone} any more`, range };
      }),
  );
}

/** Rows change under the code that reads them; a column that is new here no running code reads. */
function changedRows({ upgrade, dataChanges }: Reviewed): readonly Fact[] {
  const made = upgrade.flatMap(({ operation }) => namesMade(operation));
  return upgrade
    .filter(({ operation }) => dataChanges.has(operation) && !addsRows(operation))
    .filter(({ operation: { touches } }) => {
      const written = touches.filter(({ how, on }) => how === "update" && on.type === "column");
      return written.length === 0 || !written.every(({ on }) => made.some((one) => sameEntity(one, on)));
    })
    .map((one): Fact => ({
      verdict: "unknown",
      text: `${nameOf(one)}: whether the running release understands the rows as they are then`,
      range: one.operation.range,
    }));
}

export function askCompatible(reviewed: Reviewed): Answer {
  const { project, file, settings, upgrade } = reviewed;
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
    [...facts, ...goneWithoutFinding(reviewed, shown), ...changedRows(reviewed), ...broken, ...notUnderstood(upgrade)],
    "nothing that exists goes away, gets another name, or asks more of those who write",
  );
}
