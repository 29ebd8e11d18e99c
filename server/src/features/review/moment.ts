/** Does each step run in a moment? */
import { answer, notUnderstood, type Answer, type Fact, type Reviewed } from "./answer.ts";
import type { Judged } from "../../facts/judged.ts";
import type { Operation } from "../../model/revision.ts";
import { isBystander, longWork, nameOf } from "./work.ts";

export function askMoment({ upgrade, dataChanges }: Reviewed): Answer {
  const facts = upgrade
    .filter((one) => one.isUnderstood && !isBystander(one))
    .flatMap((one) => factsOf(one, dataChanges));
  return answer(
    "moment",
    [...facts, ...notUnderstood(upgrade)],
    "every step changes definitions only, or a few rows that the text lists",
  );
}

function factsOf(judged: Judged, dataChanges: ReadonlySet<Operation>): readonly Fact[] {
  const { range, effect } = judged.operation;
  const work = longWork(judged, dataChanges);
  if (work !== undefined) return [{ verdict: "no", text: `${nameOf(judged)}: ${work}`, range }];
  if (effect !== "schema" || judged.impact) return [];
  return [{ verdict: "unknown", text: `${nameOf(judged)}: what the server has to do for it is not known`, range }];
}
