/** One key of an index: a column or an expression, and how it is ordered. */
import type { Dialect } from "../../../sql/action.ts";
import type { Value } from "../../../syntax/value.ts";
import { columnReference } from "../columns.ts";
import { Compiler } from "../compile/compiler.ts";
import { quoteName } from "../compile/names.ts";
import { anything, orderings } from "../compile/operators.ts";
import { built, calleeOf, nameOf, textOf } from "../terms.ts";

interface Ordered {
  readonly inner: Value;
  /** `DESC`, `NULLS LAST`, in the order of the SQL. */
  readonly words: readonly string[];
}

/** `sa.desc(x)` and `x.desc()` alike. */
function ordered(value: Value): Ordered {
  if (value.kind !== "call") return { inner: value, words: [] };
  const construct = built(value);
  const callee = calleeOf(value);
  const name = construct ?? callee?.name ?? "";
  const inner = construct === undefined ? callee?.receiver : value.args[0]?.value;
  if (!Object.hasOwn(orderings, name) || inner === undefined) return { inner: value, words: [] };
  const within = ordered(inner);
  return { inner: within.inner, words: [...within.words, orderings[name] ?? ""] };
}

/** The column that a key is, with what orders it; `undefined` where it is an expression. */
export function columnKey(value: Value): { readonly column: string; readonly words: readonly string[] } | undefined {
  const { inner, words } = ordered(value);
  const construct = built(inner);
  const named =
    construct === "column" || construct === "Column" ? inner.kind === "call" && inner.args[0]?.value : inner;
  const column = columnReference(inner)?.column ?? (named === false ? undefined : nameOf(named));
  return column === undefined ? undefined : { column, words };
}

/** The key as it stands in CREATE INDEX: an expression other than a call is in brackets. */
export function keySql(value: Value, dialect: Dialect): string | undefined {
  const column = columnKey(value);
  if (column) return [quoteName(column.column, dialect), ...column.words].join(" ");
  const { inner, words } = ordered(value);
  const piece = new Compiler(dialect).piece(inner);
  if (piece === undefined) return undefined;
  // `text()` is taken as it is, with all that it says.
  const sql = piece.precedence === anything ? piece.sql : `(${piece.sql})`;
  return [sql, ...words].join(" ");
}

/** The name by which `postgresql_ops` finds a key: a column's own, or a label. */
export function keyName(value: Value): string | undefined {
  const column = columnKey(value);
  // What orders a column hides its name.
  if (column) return column.words.length === 0 ? column.column : undefined;
  const callee = value.kind === "call" ? calleeOf(value) : undefined;
  return callee?.name === "label" && value.kind === "call" ? textOf(value.args[0]?.value) : undefined;
}
