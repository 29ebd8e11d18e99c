/** Reading node-sql-parser's trees, which differ a little from dialect to dialect and have no exact types. */
import type { QualifiedName } from "../action.ts";
import { known, knownName } from "../hole.ts";

export type Tree = Readonly<Record<string, unknown>>;

export const isTree = (value: unknown): value is Tree =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What lies at the end of a path of fields. */
export const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce((inner, key) => (isTree(inner) ? inner[key] : undefined), value);

export const textAt = (value: unknown, ...path: readonly string[]): string | undefined => {
  const found = at(value, ...path);
  return typeof found === "string" && found !== "" ? found : undefined;
};

export const treesAt = (value: unknown, ...path: readonly string[]): readonly Tree[] => {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.filter(isTree) : isTree(found) ? [found] : [];
};

/** Of `{ db, schema, table }`. */
export const tableName = (value: unknown): QualifiedName | undefined =>
  knownName(textAt(value, "schema") ?? textAt(value, "db"), textAt(value, "table"));

/** A column's name as it is written, whichever way the dialect wraps it. */
export const columnText = (value: unknown): string =>
  (typeof value === "string" ? value : undefined) ??
  textAt(value, "column") ??
  textAt(value, "column", "expr", "value") ??
  textAt(value, "value") ??
  "";

export const columnName = (value: unknown): string | undefined => known(columnText(value));

/** Names of plain columns of a list; expressions are left out. */
export const columnNames = (values: readonly unknown[]): readonly string[] =>
  values.flatMap((value) => {
    const plain = textAt(value, "type") === "column_ref" || typeof value === "string";
    return (plain ? columnName(value) : prefixColumn(value)) ?? [];
  });

/** `name(20)` in an index is the beginning of a column, though it reads like a call. */
export function prefixColumn(value: unknown): string | undefined {
  if (textAt(value, "type") !== "function") return undefined;
  const args = treesAt(value, "args", "value");
  if (args.length !== 1 || textAt(args[0], "type") !== "number") return undefined;
  return known(textAt(treesAt(value, "name", "name")[0], "value"));
}

export const isNull = (value: unknown): boolean => textAt(value, "type") === "null";
