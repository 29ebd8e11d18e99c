/** Columns where they are spoken of: `t.c.x`, `Model.x`, what a foreign key points at. */
import { columnEntity, sameName, tableEntity, touch, type QualifiedName, type Touch } from "../../sql/action.ts";
import type { Value } from "../../syntax/value.ts";
import { present } from "./draft.ts";
import { splitName } from "./entities.ts";
import { columnOfAttribute, tableOf } from "./tables.ts";
import { built, nameOf, textOf } from "./terms.ts";

/** What a foreign key points at; a part that is not known is absent. */
export interface Target {
  readonly table?: QualifiedName;
  readonly column?: string;
}

/** What `ForeignKey` is given: `"schema.table.column"`, or a column of a table or model. */
export function targetOf(value: Value | undefined): Target {
  const dotted = nameOf(value);
  if (dotted !== undefined) {
    const { schema, name } = splitName(dotted);
    return schema === undefined ? { table: { name } } : { table: splitName(schema), column: name };
  }
  const column = value && columnReference(value);
  return column ? present<Target>({ table: column.table, column: column.column }) : {};
}

/** `t.c.x`, `t.c["x"]`, `Model.x`: a column of a table that is known to be one. */
export function columnReference(
  value: Value,
): { readonly table: QualifiedName | undefined; readonly column: string } | undefined {
  if (value.kind === "item") {
    const column = textOf(value.index);
    return column !== undefined && value.of.kind === "member" && isCollection(value.of.name)
      ? ofTable(value.of.of, column)
      : undefined;
  }
  if (value.kind !== "member") return undefined;
  if (value.of.kind === "member" && isCollection(value.of.name)) return ofTable(value.of.of, value.name);
  const model = value.of.kind === "call" && built(value.of) === "aliased" ? value.of.args[0]?.value : value.of;
  if (model?.kind !== "class" || value.name.startsWith("__")) return undefined;
  const reading = tableOf(model);
  return reading && { table: reading.name, column: columnOfAttribute(model, value.name) };
}

const isCollection = (name: string): boolean => name === "c" || name === "columns";

function ofTable(
  value: Value,
  column: string,
): { readonly table: QualifiedName | undefined; readonly column: string } | undefined {
  const reading = tableOf(value);
  return reading && { table: reading.name, column };
}

/** The tables that foreign keys point at, each once; `undefined` where there are none. */
export function referencesOf(targets: readonly Target[]): readonly QualifiedName[] | undefined {
  const names = targets.flatMap(({ table }) => table ?? []);
  const references = names.filter((name, i) => names.findIndex((other) => sameName(other, name)) === i);
  return references.length > 0 ? references : undefined;
}

/** Tables and columns that foreign keys point at must exist. */
export function targetTouches(targets: readonly Target[]): readonly Touch[] {
  return targets.flatMap(({ table, column }) => {
    if (table === undefined) return [];
    const on = [touch("require", tableEntity(table))];
    return column === undefined ? on : [...on, touch("require", columnEntity(table, column))];
  });
}
