/** A column that takes the place of another one: what it must be like, and whether it can. */
import { lineOf, Refused } from "../../rewrite/refused.ts";
import { clip, longestName } from "../../schema/replay/names.ts";
import { keyOf } from "../../schema/replay/schema.ts";
import type { Column, Schema, Table } from "../../schema/state.ts";
import { renderName, type Details, type QualifiedName } from "../../sql/action.ts";
import type { ColumnType } from "../../sql/definition.ts";
import { mentionsName } from "../../sql/mentions.ts";
import { notNullCheckName } from "../stage-not-null-column.ts";
import { alsoAboutColumn, type Staging } from "../staged.ts";
import { refuseMore } from "../said-again.ts";
import { attachedTo, type Attached } from "./attached.ts";

export interface Twin {
  readonly table: QualifiedName;
  /** As the revision meets it. */
  readonly old: Column & { readonly type: ColumnType };
  /** While both are there. */
  readonly name: string;
  readonly type: ColumnType;
  /** By which the rows are walked. */
  readonly key: readonly string[];
  /** Of the trigger and its function. */
  readonly trigger: string;
  readonly function: QualifiedName;
  /** The check that stands for NOT NULL until the column is full; absent where it may be NULL. */
  readonly check?: string;
  readonly attached: Attached;
}

interface Wanted {
  /** What the operation may change, by the names of its details. */
  readonly changes: readonly (keyof Details)[];
  readonly name: (table: Table, column: string) => string;
  readonly type: (column: ColumnType) => ColumnType;
}

/** @throws Refused where something hangs on the column that the other could not take over unnoticed. */
export function twinOf({ file, upgrade, judged }: Staging, wanted: Wanted): Twin {
  const { operation, schema, index } = judged;
  const { table, columns } = operation;
  const [name] = columns;
  if (!table || name === undefined) throw new Refused(`The column on ${lineOf(file, operation.range)} is not known.`);
  const known = tableOf(schema, table);
  const old = columnOf(known, name);
  refuseMore(file, operation, { changes: wanted.changes, column: old });
  const twin = wanted.name(known, name);
  if (known.columns.some((column) => column.name === twin))
    throw new Refused(`${renderName(table)} has a column ${twin} already.`);
  const [later] = alsoAboutColumn(upgrade.operations.slice(index + 1), table, [name, twin]);
  if (later)
    throw new Refused(
      `What is done on ${lineOf(file, later.range)} may be about ${renderName(table)}.${name}, which is not done when the first stage ends.`,
    );
  refuseReaders(schema, known, name);
  const key = known.constraints.find(({ type }) => type === "primary_key")?.columns;
  if (!key || key.length === 0)
    throw new Refused(`The primary key of ${renderName(table)}, by which its rows would be walked, is not known.`);
  // Triggers fire in the order of their names, and this one is to see what the others have made of the row.
  const before = "zz_";
  const sync = clip(`sync_${table.name}_${twin}`, longestName - before.length);
  const type = wanted.type(old.type);
  return {
    table,
    old,
    name: twin,
    type,
    key,
    trigger: before + sync,
    function: { ...table, name: sync },
    ...(old.nullable === false && { check: notNullCheckName(table.name, twin) }),
    attached: attachedTo({ schema, table: known, column: old, twin, type }),
  };
}

function tableOf(schema: Schema, name: QualifiedName): Table {
  const known = schema.table(name);
  if (typeof known !== "object") throw new Refused(`What ${renderName(name)} is like is not known.`);
  if (known.doubt !== undefined) throw new Refused(`What ${renderName(name)} is like is not known: ${known.doubt}.`);
  const kin = [...schema.related(name)].some(({ partitionOf, inherits }) =>
    [partitionOf, ...(inherits ?? [])].some((parent) => parent && keyOf(parent) === keyOf(name)),
  );
  if (known.kind !== "table" || known.partitionOf || known.inherits || kin)
    throw new Refused(`${renderName(name)} is no plain table.`);
  return known;
}

function columnOf({ name: table, columns }: Table, name: string): Twin["old"] {
  const column = columns.find((one) => one.name === name);
  const words = `${renderName(table)}.${name}`;
  const type = column?.type;
  if (!column || !type || column.nullable === undefined || column.default === undefined)
    throw new Refused(`What ${words} is like is not known.`);
  if (column.computed) throw new Refused(`${words} is computed from others.`);
  return { ...column, type };
}

/** What depends on the column and is not made anew. */
function refuseReaders(schema: Schema, table: Table, column: string): void {
  const words = `${renderName(table.name)}.${column}`;
  const computed = table.columns.find((one) => mentionsName(one.computed, column));
  if (computed) throw new Refused(`${computed.name} is computed from ${words}.`);
  const view = [...schema.views].find(
    ({ reads }) => reads === undefined || reads.some((name) => keyOf(name) === keyOf(table.name)),
  );
  if (view) throw new Refused(`The view ${renderName(view.name)} may read ${words}, and would hold on to it.`);
}

const comparable = new Set([
  ...["smallint", "integer", "bigint", "numeric", "real", "double precision", "text", "character varying", "character"],
  ...["boolean", "date", "uuid", "bytea", "jsonb", "inet", "cidr", "macaddr", "interval"],
  ...["timestamp without time zone", "timestamp with time zone", "time without time zone", "time with time zone"],
]);

/** Whether two values that the server calls equal are so in every respect that counts. */
export const isComparable = (type: ColumnType, schema: Schema): boolean =>
  (type.schema === undefined && comparable.has(type.name)) ||
  type.enum !== undefined ||
  typeof schema.enumType(type) === "object";
