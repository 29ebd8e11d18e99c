/** One statement of SQL in the forms of several dialects, each as code that executes it. */
import type { Operation, RevisionFile } from "../../model/revision.ts";
import type { Edit } from "../../rewrite/edit.ts";
import { quoteOf, renderString } from "../../rewrite/literal.ts";
import { lineOf, Refused } from "../../rewrite/refused.ts";
import { parseSql } from "../../sql/parse.ts";
import { translate, type Speech } from "../../sql/translate.ts";
import { slice } from "../../text/range.ts";
import { executedCall, type ExecutedCall } from "../batches/conversion.ts";

/** As the message names them. */
export const names: Readonly<Record<Speech, string>> = { postgresql: "PostgreSQL", mysql: "MySQL", sqlite: "SQLite" };

export interface ExecutedSql extends ExecutedCall {
  readonly sql: string;
}

/** The call that executes the statement, and nothing else. @throws Refused */
export function executedBy(file: RevisionFile, operation: Operation): ExecutedSql {
  const at = lineOf(file, operation.range);
  const { sql } = operation;
  if (sql === undefined || operation.calls.length > 0 || slice(file.text, operation.range) !== sql)
    throw new Refused(`The SQL on ${at} is put together from parts, or stands in a helper.`);
  const call = executedCall(file, operation);
  if (!call) throw new Refused(`The statement on ${at} does more than execute one piece of SQL.`);
  return { ...call, sql };
}

/** The statement as the other dialect says it; its own grammar must find the same in it. @throws Refused */
export function translated(
  file: RevisionFile,
  operation: Operation,
  sql: string,
  [from, to]: readonly [Speech, Speech],
): string {
  const at = lineOf(file, operation.range);
  // MySQL sets one column after the other, and an expression reads what was set before it.
  const readsSet = operation.touches.some(
    ({ how, on }) => how === "read" && operation.columns.includes(on.column ?? ""),
  );
  if (operation.kind === "update" && operation.columns.length > 1 && readsSet && (from === "mysql" || to === "mysql"))
    throw new Refused(`The statement on ${at} reads a column that it sets, which MySQL does one after the other.`);
  const result = translate(sql, from, to);
  if ("strange" in result)
    throw new Refused(
      `\`${result.strange}\` on ${at} has no form in ${names[to]} that is known here to mean the same.`,
    );
  const [statement, ...more] = parseSql(result.sql, to);
  const [action] = statement?.actions ?? [];
  const isSame =
    more.length === 0 &&
    action?.kind === operation.kind &&
    action.table?.name === operation.table?.name &&
    action.columns.join() === operation.columns.join();
  if (!isSame) throw new Refused(`The SQL on ${at} would be read as another statement by ${names[to]}.`);
  return result.sql;
}

/** The same call with other SQL in the place of its own, in the same string where that can hold it. */
export function withSql(file: RevisionFile, edit: Edit, { callee, plain, sql }: ExecutedSql, now: string): string {
  const [before = "", after, ...more] = plain.split(sql);
  if (after !== undefined && more.length === 0 && canHold(after, now)) return `${callee}(${before}${now}${after})`;
  const text = edit.addImport("sqlalchemy.text");
  const literal = literalOf(file, now);
  return `${callee}(${plain.startsWith(`${text}(`) ? `${text}(${literal})` : literal})`;
}

/** What ends the string does not stand in it, and nothing in it would have to be escaped. */
function canHold(after: string, sql: string): boolean {
  const [closing = ""] = /"""|'''|["']/.exec(after) ?? [];
  return (
    closing !== "" && !sql.includes(closing) && !sql.includes("\\") && (closing.length === 3 || !/[\r\n]/.test(sql))
  );
}

function literalOf(file: RevisionFile, sql: string): string {
  if (!/[\r\n]/.test(sql)) return renderString(sql, quoteOf(file));
  if (/\\|"""|"$/.test(sql)) throw new Refused("The SQL has characters that would have to be escaped.");
  return `"""${sql}"""`;
}
