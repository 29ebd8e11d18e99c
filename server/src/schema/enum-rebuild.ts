/** A value of an enum cannot be taken away: what makes the type anew, with all columns that have it. */
import { renderName, touch, type Action, type QualifiedName } from "../sql/action.ts";
import { quoteName, renderFullName } from "../sql/quote.ts";
import { mentionsName } from "../sql/mentions.ts";
import { textsIn } from "../sql/texts.ts";
import { withEnding } from "./replay/names.ts";
import { keyOf } from "./replay/schema.ts";
import { renderLiteral } from "./statements.ts";
import type { Column, Schema, Table } from "./state.ts";

export type Rebuild = { readonly actions: readonly Action[] } | { readonly impossible: string };

/** Where it stands in the code that a person is to fill in. */
export const fillIn = "/* is gone: say what it becomes */";

/** `values`: of the type as it is to be; `from`: as it is, where that is not what the schema says. */
export function rebuildEnum(
  schema: Schema,
  name: QualifiedName,
  values: readonly string[],
  from?: readonly string[],
): Rebuild {
  const type = schema.enumType(name);
  const before = from ?? (typeof type === "object" ? type.values : undefined);
  if (before === undefined) return { impossible: `The values of the enum ${renderName(name)} are not known.` };
  const gone = before.filter((value) => !values.includes(value));
  const old: QualifiedName = { ...name, name: withEnding(name.name, "_old") };
  if (typeof schema.enumType(old) === "object") return { impossible: `There is an enum ${renderName(old)} already.` };
  const converted: Action[] = [];
  for (const table of schema.tables)
    for (const column of table.columns) {
      if (column.type === undefined || keyOf(column.type) !== keyOf(name) || isInherited(table)) continue;
      const reason = whyNot(schema, table, column, gone);
      if (reason !== undefined) return { impossible: reason };
      converted.push(...convert(table, column, { name, values }, gone));
    }
  const on = (one: QualifiedName, how: "rename" | "drop"): Pick<Action, "name" | "touches"> => ({
    name: one.name,
    touches: [touch(how, { type: "type", name: one })],
  });
  return {
    actions: [
      { ...action("alter_type", { newName: old.name }), ...on(name, "rename") },
      { ...action("create_type", { enumTypes: [{ name, values }] }), name: name.name },
      ...converted,
      { ...action("drop_type", { enumTypes: [{ name: old, values: undefined }] }), ...on(old, "drop") },
    ],
  };
}

const action = (kind: Action["kind"], details: Action["details"]): Action => ({
  kind,
  effect: "schema",
  columns: [],
  touches: [],
  details,
});

/** Its parent's column is changed, and its own with it. */
const isInherited = ({ partitionOf, inherits }: Table): boolean =>
  partitionOf !== undefined || (inherits !== undefined && inherits.length > 0);

/** Conditions that compare with the old type are not converted along. */
function whyNot(schema: Schema, table: Table, column: Column, gone: readonly string[]): string | undefined {
  const words = `${renderName(table.name)}.${column.name}`;
  if (column.default === undefined) return `The default of ${words} is not known.`;
  const given = column.default?.sql === undefined ? [] : textsIn(column.default.sql, "postgresql");
  if (column.default && column.default.sql === undefined) return `The default of ${words} is not known.`;
  const lost = given.find((value) => gone.includes(value));
  if (lost !== undefined) return `The default of ${words} is "${lost}", which would be gone.`;
  const constraint = table.constraints.find(
    ({ type, columns }) =>
      (type === "check" || type === "foreign_key") && (columns === undefined || columns.includes(column.name)),
  );
  if (constraint) return `${constraint.name ?? "A constraint"} is on ${words}, and does not take the new type.`;
  const index = table.indexes.find(
    ({ keys, where }) =>
      mentionsName(where, column.name) || (keys ?? []).some(({ expression }) => mentionsName(expression, column.name)),
  );
  if (index) return `The index ${index.name ?? "without a name"} compares ${words}, and does not take the new type.`;
  const computed = table.columns.find((one) => mentionsName(one.computed, column.name));
  if (computed) return `${computed.name} is computed from ${words}.`;
  const view = [...schema.views].find(
    ({ reads }) => reads === undefined || reads.some((name) => keyOf(name) === keyOf(table.name)),
  );
  return view && `The view ${renderName(view.name)} may read ${words}, and holds on to its type.`;
}

function convert(
  { name: table }: Table,
  column: Column,
  type: { readonly name: QualifiedName; readonly values: readonly string[] },
  gone: readonly string[],
): readonly Action[] {
  const { name, default: fills } = column;
  const dimensions = column.type?.dimensions ?? 0;
  const alter = (details: Action["details"]): Action => ({
    ...action("alter_column", details),
    table,
    columns: [name],
  });
  const using = { sql: usingOf(name, type.name, dimensions, gone) };
  const newSqlType = { ...type.name, arguments: [], dimensions, enum: type };
  return [
    ...(fills ? [alter({ serverDefault: false })] : []),
    alter({ newSqlType, using }),
    ...(fills ? [alter({ serverDefault: true, newDefault: fills })] : []),
  ];
}

function usingOf(column: string, type: QualifiedName, dimensions: number, gone: readonly string[]): string {
  const name = quoteName(column, "postgresql");
  const to = renderFullName(type);
  if (dimensions > 0) return `${name}::text[]::${to}[]`;
  if (gone.length === 0) return `${name}::text::${to}`;
  const cases = gone.map((value) => `WHEN ${renderLiteral(value)} THEN ${renderLiteral(value)} ${fillIn}`).join(" ");
  return `(CASE ${name}::text ${cases} ELSE ${name}::text END)::${to}`;
}
