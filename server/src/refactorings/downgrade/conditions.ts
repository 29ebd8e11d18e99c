/** Under which tests of upgrade() something runs that read the same way back: those of the dialect and of offline mode. */
import type { Context, Direction, Operation, RevisionFile, Statement } from "../../model/revision.ts";
import { quoteOf, renderString } from "../../rewrite/literal.ts";
import { lineOf, Refused } from "../../rewrite/refused.ts";
import { slice } from "../../text/range.ts";

type Branch = Extract<Context, { kind: "branch" }>;

/** Of none of these does it matter to the schema whether they run. */
const harmless: readonly Operation["effect"][] = ["read", "data", "session", "transaction"];

/** @throws Refused where it is decided by something else whether, or how often, a change of the schema runs. */
export function refuseUncertain(file: RevisionFile, upgrade: Direction): void {
  for (const operation of upgrade.operations) {
    if (harmless.includes(operation.effect) && operation.confidence !== "opaque") continue;
    const at = lineOf(file, operation.range);
    for (const context of operation.context) {
      if (context.kind === "try" || (context.kind === "loop" && context.over !== "constant"))
        throw new Refused(`Whether what stands on ${at} runs, or how often, is decided when it runs.`);
      if (context.kind === "branch") refuseBranch(file, upgrade, context, at);
    }
  }
}

function refuseBranch(file: RevisionFile, upgrade: Direction, context: Branch, at: string): void {
  if (context.on === "existence")
    throw new Refused(
      `Whether what stands on ${at} runs depends on what the database holds, and afterwards nothing tells what that was.`,
    );
  const heads = headsOf(file, upgrade.statements, context);
  const isPlain = context.on === "offline" || (context.on === "dialect" && context.dialects !== undefined);
  if (!isPlain || heads.length === 0 || heads.some((head) => /\b(?:and|or)\b/.test(head)))
    throw new Refused(
      `The test that decides whether what stands on ${at} runs asks more than the dialect or offline mode, and may answer otherwise on the way back.`,
    );
}

/** All tests of the `if` that the branch is of; none where it is not one of the function's own. */
function headsOf(file: RevisionFile, statements: readonly Statement[], { range, path }: Branch): readonly string[] {
  if (path !== undefined) return [];
  for (const { kind, range: whole, compound } of statements) {
    if (range.start < whole.start || whole.end < range.end || compound === undefined) continue;
    if (kind === "if" && range.start === whole.start) return compound.blocks.map(({ head }) => slice(file.text, head));
    const inner = headsOf(
      file,
      compound.blocks.flatMap((block) => block.statements),
      { kind: "branch", on: "other", range },
    );
    if (inner.length > 0) return inner;
    if (kind === "if") return compound.blocks.map(({ head }) => slice(file.text, head));
  }
  return [];
}

/** The tests in words of their own, which need no name of upgrade(); undefined where it runs in any case. */
export function conditionFor(file: RevisionFile, { context }: Operation, op: string): string | undefined {
  const quote = quoteOf(file);
  const tests = context.flatMap((one) => {
    if (one.kind !== "branch") return [];
    const offline = `${op}.get_context().as_sql`;
    if (one.on === "offline") return [one.negated ? `not ${offline}` : offline];
    const names = (one.dialects ?? []).map((name) => renderString(name, quote));
    const [only = ""] = names;
    const [equals, among] = one.negated ? ["!=", "not in"] : ["==", "in"];
    return [
      `${op}.get_context().dialect.name ${names.length === 1 ? `${equals} ${only}` : `${among} (${names.join(", ")})`}`,
    ];
  });
  return tests.length === 0 ? undefined : [...new Set(tests)].join(" and ");
}
