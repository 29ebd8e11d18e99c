/** Defaults, conditions and keys of indexes as SQL, from the values that a migration builds them of. */
import type { Details, Dialect } from "../../../sql/action.ts";
import type { SqlExpression } from "../../../sql/definition.ts";
import { parseSql } from "../../../sql/parse.ts";
import type { Value } from "../../../syntax/value.ts";
import { present } from "../draft.ts";
import { built, isText, textOf } from "../terms.ts";
import { Compiler } from "./compiler.ts";
import { quoteText } from "./names.ts";
import { readText } from "./text.ts";

/** A condition, or a part of an index: a plain string is SQL. */
export function conditionOf(value: Value, dialect: Dialect): SqlExpression {
  const text = textOf(value);
  if (isText(value) || text !== undefined)
    return describe(text === undefined ? undefined : readText(text)?.sql, dialect);
  return describe(new Compiler(dialect).sql(value), dialect);
}

/** A default: a plain string is a literal. `undefined`: it is NULL, which is none. */
export function defaultOf(value: Value, dialect: Dialect): SqlExpression | undefined {
  const [inner] = value.kind === "call" && built(value) === "DefaultClause" ? value.args : [];
  if (inner) return defaultOf(inner.value, dialect);
  const text = textOf(value);
  if (text !== undefined) return { sql: quoteText(text, dialect), constant: true };
  const sql = new Compiler(dialect).sql(value);
  if (sql === undefined || dialect !== "postgresql") return sql?.trim().toUpperCase() === "NULL" ? undefined : { sql };
  const details = detailsOf(sql);
  return details?.serverDefault === false ? undefined : expression(sql, details);
}

/** What the SQL reader says of an expression, in the same words as where it reads it itself. */
export const describe = (sql: string | undefined, dialect: Dialect): SqlExpression =>
  sql === undefined || dialect !== "postgresql" ? { sql } : expression(sql, detailsOf(sql));

const expression = (sql: string, read: Details | undefined): SqlExpression =>
  present<SqlExpression>({
    sql: read?.newDefault?.sql ?? sql,
    calls: read?.newDefault?.calls,
    constant: read?.newDefault?.constant,
  });

/** By their SQL: a history has a handful of defaults, many times over. */
const knownDefaults = new Map<string, { readonly details: Details | undefined }>();
const mostDefaults = 1000;

function detailsOf(sql: string): Details | undefined {
  const known = knownDefaults.get(sql) ?? { details: readDefault(sql) };
  if (knownDefaults.size < mostDefaults) knownDefaults.set(sql, known);
  return known.details;
}

function readDefault(sql: string): Details | undefined {
  const [statement, ...others] = parseSql(`ALTER TABLE t ALTER COLUMN c SET DEFAULT (${sql}\n)`, "postgresql");
  const [action, ...more] = statement?.actions ?? [];
  return others.length + more.length === 0 ? action?.details : undefined;
}
