/** A column in an expression that mentions it: whether it does, and its new name there. */
import type { Node } from "libpg-query";
import { quoteName } from "../quote.ts";
import { scan } from "../scan.ts";
import { parsePostgres } from "./grammar.ts";
import { SqlText } from "./text.ts";
import { strings } from "./tree.ts";

const select = "SELECT ";

interface Mention {
  /** In bytes, where the reference begins. */
  readonly location: number;
  /** Its parts before the last: a table or an alias. */
  readonly qualifiers: number;
}

/** References to the column anywhere beneath a value of the tree. */
function mentionsIn(value: unknown, column: string): readonly Mention[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    if (key !== "ColumnRef") return mentionsIn(child, column);
    const { fields, location } = child as { readonly fields?: readonly Node[]; readonly location?: number };
    const names = strings(fields);
    return names.at(-1) === column ? [{ location: location ?? 0, qualifiers: names.length - 1 }] : [];
  });
}

/** Undefined where the expression cannot be read. */
export function refersToColumn(expression: string, column: string): boolean | undefined {
  const sql = select + expression;
  const parsed = parsePostgres(sql, scan(sql, "postgresql"));
  return "error" in parsed ? undefined : mentionsIn(parsed.ok, column).length > 0;
}

/**
 * The expression with the column under its new name, as `pg_get_expr()` would show it after a rename; undefined where
 * the expression cannot be read.
 */
export function renameColumn(expression: string, from: string, to: string): string | undefined {
  const sql = select + expression;
  const tokens = scan(sql, "postgresql");
  const parsed = parsePostgres(sql, tokens);
  if ("error" in parsed) return undefined;
  const text = new SqlText(sql, tokens);
  const written = tokens.filter(({ kind }) => kind !== "comment");
  let renamed = sql;
  const last = mentionsIn(parsed.ok, from).toSorted((a, b) => b.location - a.location);
  for (const { location, qualifiers } of last) {
    // Each qualifier is a name and a dot.
    const token = written[(text.at(location) ?? -1) + 2 * qualifiers];
    if (!token) return undefined;
    renamed = renamed.slice(0, token.start) + quoteName(to, "postgresql") + renamed.slice(token.end);
  }
  return renamed.slice(select.length);
}
