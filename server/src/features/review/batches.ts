/** Are large changes of rows made in batches? */
import type { Judged } from "../../facts/judged.ts";
import { answer, notUnderstood, type Answer, type Fact, type Reviewed } from "./answer.ts";
import { isFewRows, nameOf } from "./work.ts";

export function askBatches({ upgrade, dataChanges }: Reviewed): Answer {
  const facts = upgrade
    .filter((one) => one.isUnderstood && dataChanges.has(one.operation) && !isFewRows(one))
    .map(factOf);
  return answer(
    "batches",
    [...facts, ...notUnderstood(upgrade)],
    "it changes no rows of existing tables but a few that the text lists",
  );
}

function factOf(judged: Judged): Fact {
  const { operation, isAutocommit } = judged;
  const { range } = operation;
  const loop = operation.context.find((one) => one.kind === "loop" && one.over !== "constant");
  const what = nameOf(judged);
  if (loop && isAutocommit)
    return { verdict: "yes", text: `${what}: in a loop, each turn committed on its own`, range };
  if (loop)
    return {
      verdict: "no",
      text: `${what}: in a loop, but all turns in one transaction, which keeps every row locked`,
      range,
    };
  if (operation.details.hasWhere === true)
    return {
      verdict: "unknown",
      text: `${what}: in one statement; how many rows its WHERE matches is not known`,
      range,
    };
  return { verdict: "no", text: `${what}: all rows in one statement`, range };
}
