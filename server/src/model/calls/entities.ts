/** Touches by name, for readers that hold plain strings. */
import {
  columnEntity,
  tableEntity,
  touch,
  type EntityType,
  type QualifiedName,
  type Touch,
  type Touching,
} from "../../sql/action.ts";
import { present } from "./draft.ts";

export const qualified = (name: string, schema?: string): QualifiedName => present<QualifiedName>({ schema, name });

/** `schema.table` as SQLAlchemy splits it: everything before the last dot is the schema. */
export function splitName(dotted: string): QualifiedName {
  const dot = dotted.lastIndexOf(".");
  return dot < 0 ? { name: dotted } : { schema: dotted.slice(0, dot), name: dotted.slice(dot + 1) };
}

export const onTable = (how: Touching, table: QualifiedName | undefined): readonly Touch[] =>
  table ? [touch(how, tableEntity(table))] : [];

export const onColumns = (
  how: Touching,
  table: QualifiedName | undefined,
  columns: readonly string[],
): readonly Touch[] => (table ? columns.map((column) => touch(how, columnEntity(table, column))) : []);

/** A thing that is neither table nor column; an index or constraint lives in the schema of its table. */
export const onNamed = (
  how: Touching,
  type: EntityType,
  name: string | undefined,
  schema?: string,
): readonly Touch[] => (name === undefined ? [] : [touch(how, { type, name: qualified(name, schema) })]);
