/** Defaults, conditions and keys of indexes as SQL, from the values that a migration builds them of. */
import type { Dialect } from "../../../sql/action.ts";
import type { SqlExpression } from "../../../sql/definition.ts";
import { parseSql } from "../../../sql/parse.ts";
import type { Value } from "../../../syntax/value.ts";
import { present } from "../draft.ts";
import { isText, textOf } from "../terms.ts";
import { Compiler, readText } from "./compiler.ts";
import { quoteText } from "./names.ts";

/** A condition, or a part of an index: a plain string is SQL. */
export function conditionOf(value: Value, dialect: Dialect): SqlExpression {
  const text = textOf(value);
  if (isText(value) || text !== undefined)
    return describe(text === undefined ? undefined : readText(text)?.sql, dialect);
  return describe(new Compiler(dialect).sql(value), dialect);
}

/** A default: a plain string is a literal. */
export function defaultOf(value: Value, dialect: Dialect): SqlExpression {
  const text = textOf(value);
  if (text !== undefined) return { sql: quoteText(text, dialect), constant: true };
  return describe(new Compiler(dialect).sql(value), dialect);
}

/** What the SQL reader says of an expression, in the same words as where it reads it itself. */
export function describe(sql: string | undefined, dialect: Dialect): SqlExpression {
  if (sql === undefined || dialect !== "postgresql") return { sql };
  const [statement, ...others] = parseSql(`ALTER TABLE t ALTER COLUMN c SET DEFAULT (${sql}\n)`, dialect);
  const [action, ...more] = statement?.actions ?? [];
  const read = others.length + more.length === 0 ? action?.details.newDefault : undefined;
  return present<SqlExpression>({ sql: read?.sql ?? sql, calls: read?.calls, constant: read?.constant });
}
