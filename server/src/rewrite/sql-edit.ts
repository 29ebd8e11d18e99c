/** A stretch of SQL within the string that holds it. */
import type { Operation, RevisionFile } from "../model/revision.ts";
import type { TextEdit } from "../text/edit.ts";
import { slice, type Range } from "../text/range.ts";
import { lineOf, Refused } from "./refused.ts";

/** What would have to be escaped in some string or other, or means something to one. */
const unsafe = /["'\\\r\n%{}]/;

/** @throws Refused where the SQL does not stand in the file letter by letter. */
export function sqlEdit(file: RevisionFile, operation: Operation, at: Range, sql: string): TextEdit {
  const { range, calls } = operation;
  const where = lineOf(file, range);
  if (operation.sql === undefined || calls.some(({ path }) => path !== undefined))
    throw new Refused(`What is on ${where} is not SQL in a string of this file.`);
  if (slice(file.text, range) !== operation.sql || unsafe.test(sql))
    throw new Refused(`The SQL on ${where} is put together from parts, so it cannot be edited as one text.`);
  const shared = [...file.upgrades, ...file.downgrades]
    .flatMap(({ operations }) => operations)
    .filter((other) => other !== operation && other.range.start < range.end && range.start < other.range.end);
  if (shared.length > 0) throw new Refused(`The SQL on ${where} runs more than once.`);
  return { range: { start: range.start + at.start, end: range.start + at.end }, newText: sql };
}
