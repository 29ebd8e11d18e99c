/**
 * What hangs on a column and is made once more for the one that takes its place: checks, indexes, keys, foreign keys of
 * either side, and what numbers it. Each stands under a name of its own until the old one is gone.
 */
import { Refused } from "../../rewrite/refused.ts";
import { constraintNouns } from "../../schema/dependants.ts";
import { freeName } from "../../schema/replay/names.ts";
import { keyOf } from "../../schema/replay/schema.ts";
import type { Column, Constraint, Index, Schema, Table } from "../../schema/state.ts";
import { renderName, type QualifiedName } from "../../sql/action.ts";
import type { ColumnType, IdentityDefinition, Reference, SqlExpression } from "../../sql/definition.ts";
import { refersToColumn, renameColumn } from "../../sql/postgres/rename-in-expression.ts";
import { renderColumnType } from "../../sql/postgres/type-text.ts";

export type NamedConstraint = Constraint & { readonly name: string };
export type NamedIndex = Index & { readonly name: string };

/** As it stands, and as it is made for the new column. */
export interface Copied<T> {
  readonly old: T;
  readonly twin: T;
}

/** A primary key or a unique constraint, for which a unique index is built first. */
export interface CopiedKey extends Copied<NamedConstraint> {
  readonly index: NamedIndex;
}

/** A foreign key of another table, or of this one, that points at the column. */
export interface Referrer extends Copied<NamedConstraint> {
  readonly table: QualifiedName;
}

export interface Numbering {
  /** Those that belong to the column, an identity's aside. */
  readonly sequences: readonly QualifiedName[];
  /** One of them gives the default. */
  readonly serial?: QualifiedName;
  readonly identity?: {
    readonly definition: IdentityDefinition;
    readonly sequence: QualifiedName;
    /** The name of the other one while both are there. */
    readonly twin: QualifiedName;
  };
}

export interface Attached {
  readonly checks: readonly Copied<NamedConstraint>[];
  /** Foreign keys of the column to other tables. */
  readonly references: readonly Copied<NamedConstraint>[];
  readonly indexes: readonly Copied<NamedIndex>[];
  readonly keys: readonly CopiedKey[];
  readonly referrers: readonly Referrer[];
  readonly numbering: Numbering;
}

/** A column, and the one that is to take its place. */
export interface Pair {
  readonly schema: Schema;
  readonly table: Table;
  readonly column: Column & { readonly type: ColumnType };
  readonly twin: string;
  readonly type: ColumnType;
}

/** @throws Refused where something of it could not be made once more, or could not be right while both are there. */
export function attachedTo(pair: Pair): Attached {
  const { table, column } = pair;
  const names = freeNames(pair);
  const constraints = table.constraints.filter(
    (one) => one.type !== "not_null" && (one.columns === undefined || one.columns.includes(column.name)),
  );
  const copied = constraints.map((one) => copyConstraint(pair, names, one));
  const keys = copied.filter(({ old }) => isKey(old)).map((one) => keyCopy(one, table));
  const indexes = table.indexes
    .filter((one) => one.ofConstraint === undefined && isOn(pair, one))
    .map((one) => copyIndex(pair, names, one));
  const unique = [...keys.map(({ old }) => old.columns ?? []), ...indexes.flatMap(({ old }) => uniqueColumns(old))];
  return {
    checks: copied.filter(({ old }) => old.type === "check"),
    references: copied.filter(({ old }) => old.type === "foreign_key"),
    indexes,
    keys,
    referrers: referrersOf(pair, names, unique),
    numbering: numberingOf(pair, names),
  };
}

const isKey = ({ type }: Constraint): boolean => type === "primary_key" || type === "unique";

interface Names {
  /** Constraints have theirs by table. */
  readonly ofConstraint: (table: Table, name: string) => string;
  /** Tables, indexes, sequences and views share theirs. */
  readonly ofRelation: (name: string) => string;
}

function freeNames({ schema, table: own }: Pair): Names {
  const given = new Set<string>();
  const isRelation = (name: string): boolean => {
    const full = { ...own.name, name };
    return [schema.tableOfIndex(full), schema.table(full), schema.sequence(full), schema.view(full)].some(
      (found) => typeof found === "object",
    );
  };
  const choose = (name: string, isTaken: (candidate: string) => boolean): string => {
    const free = freeName(name, "new", (candidate) => given.has(candidate) || isTaken(candidate));
    given.add(free);
    return free;
  };
  return {
    ofConstraint: (table, name) =>
      choose(name, (candidate) => table.constraints.some((one) => one.name === candidate) || isRelation(candidate)),
    ofRelation: (name) => choose(name, isRelation),
  };
}

const wordsOf = ({ table, column }: Pair): string => `${renderName(table.name)}.${column.name}`;

/** The convention of names comes with the metadata; without it nobody knows what the server calls what has no name. */
const nameless = (what: string): string =>
  `${what} has no name that is known: give it one where it is made, or let Retort read the metadata of env.py, whose convention names it.`;

function copyConstraint(pair: Pair, names: Names, old: Constraint): Copied<NamedConstraint> {
  const { table, column, twin } = pair;
  const words = wordsOf(pair);
  const { name } = old;
  if (old.columns === undefined)
    throw new Refused(`${name ?? "A constraint"} may be on ${words}: its columns are not known.`);
  if (name === undefined) throw new Refused(nameless(`The ${constraintNouns[old.type]} on ${words}`));
  if (old.type === "exclude")
    throw new Refused(`${name} excludes rows by ${words}, and its index cannot be built beside the old one.`);
  if (old.notEnforced) throw new Refused(`${name} on ${words} is not enforced, and cannot be validated.`);
  if (isKey(old) && (old.deferrable ?? old.period))
    throw new Refused(`${name} on ${words} is deferrable, which its index could not be while both are there.`);
  const copy = {
    ...old,
    name: isKey(old) ? names.ofRelation(name) : names.ofConstraint(table, name),
    columns: old.columns.map((one) => (one === column.name ? twin : one)),
    ...(old.include && { include: old.include.map((one) => (one === column.name ? twin : one)) }),
    ...(old.expression && { expression: renamed(pair, old.expression, name) }),
  };
  if (old.type === "foreign_key") refuseReference(pair, { ...old, name });
  return { old: { ...old, name }, twin: copy };
}

function renamed({ column, twin }: Pair, expression: SqlExpression, of: string): SqlExpression {
  const sql = expression.sql === undefined ? undefined : renameColumn(expression.sql, column.name, twin);
  if (sql === undefined) throw new Refused(`The expression of ${of} is not known.`);
  return { ...expression, sql };
}

/** Of a foreign key of the column: it must mean the same for the other one, whichever of the two acts first. */
function refuseReference(pair: Pair, { name, columns = [], references }: NamedConstraint): void {
  const { schema, table, column, type } = pair;
  const words = wordsOf(pair);
  if (!references || references.columns.length !== columns.length)
    throw new Refused(`What the foreign key ${name} of ${words} points at is not known.`);
  refuseActions(name, references);
  if ([references.onDelete, references.onUpdate].includes("SET DEFAULT"))
    throw new Refused(`${name} sets ${words} to its default, which only one of the two columns has.`);
  if (keyOf(references.table) === keyOf(table.name) && references.columns.includes(column.name))
    throw new Refused(`${name} points from ${words} at itself.`);
  const target = schema.table(references.table);
  const at = references.columns[columns.indexOf(column.name)];
  const other = typeof target === "object" ? target.columns.find((one) => one.name === at)?.type : undefined;
  if (!(other ? areComparable(type, other) : areComparable(type, column.type)))
    throw new Refused(
      `${name} could not compare ${renderColumnType(type)} with ${other ? renderColumnType(other) : "what it points at"}.`,
    );
}

function refuseActions(name: string, { onDeleteColumns }: Reference): void {
  if (onDeleteColumns) throw new Refused(`${name} names the columns that it sets, which is not written anew.`);
}

const families: readonly (readonly string[])[] = [
  ["smallint", "integer", "bigint"],
  ["text", "character varying"],
];

/** Whether a foreign key may compare them, with the index of either. */
const areComparable = (a: ColumnType, b: ColumnType): boolean =>
  a.dimensions === b.dimensions &&
  ((a.name === b.name && a.schema === b.schema) ||
    families.some((names) => names.includes(a.name) && names.includes(b.name)));

function isOn(pair: Pair, { name, keys, include, where }: Index): boolean {
  const { column } = pair;
  const words = wordsOf(pair);
  if (keys === undefined) throw new Refused(`What index ${name ?? "without a name"} is on is not known.`);
  const isIn = (expression: SqlExpression | undefined): boolean => {
    if (expression === undefined) return false;
    const found = expression.sql === undefined ? undefined : refersToColumn(expression.sql, column.name);
    if (found === undefined)
      throw new Refused(`Whether index ${name ?? "without a name"} is on ${words} is not known.`);
    return found;
  };
  return (
    keys.some((key) => key.column === column.name || isIn(key.expression)) ||
    include?.includes(column.name) === true ||
    isIn(where)
  );
}

function copyIndex(pair: Pair, names: Names, index: Index): Copied<NamedIndex> {
  const { column, twin } = pair;
  const { name } = index;
  if (name === undefined) throw new Refused(nameless(`An index on ${wordsOf(pair)}`));
  if (index.hasSettings)
    throw new Refused(`The index ${name} on ${wordsOf(pair)} has settings of its storage, which are not followed.`);
  const own = (one: string): string => (one === column.name ? twin : one);
  const copy = {
    ...index,
    name: names.ofRelation(name),
    keys: index.keys?.map((key) => ({
      ...key,
      ...(key.column !== undefined && { column: own(key.column) }),
      ...(key.expression && { expression: renamed(pair, key.expression, name) }),
    })),
    ...(index.include && { include: index.include.map(own) }),
    ...(index.where && { where: renamed(pair, index.where, name) }),
  };
  return { old: { ...index, name }, twin: copy };
}

function keyCopy(copied: Copied<NamedConstraint>, table: Table): CopiedKey {
  const { old, twin } = copied;
  const own = table.indexes.find(({ ofConstraint }) => ofConstraint !== undefined && ofConstraint.name === old.name);
  return {
    ...copied,
    index: {
      name: twin.name,
      keys: twin.columns?.map((column) => ({ column })),
      unique: true,
      method: own?.method ?? "btree",
      ...(twin.include && { include: twin.include }),
      ...(twin.nullsNotDistinct && { nullsNotDistinct: true as const }),
    },
  };
}

/** What a foreign key may rest on. */
const uniqueColumns = ({ unique, keys, where }: Index): readonly (readonly string[])[] =>
  unique && !where && keys?.every((key) => key.column !== undefined) === true
    ? [keys.flatMap(({ column }) => column ?? [])]
    : [];

function referrersOf(pair: Pair, names: Names, unique: readonly (readonly string[])[]): readonly Referrer[] {
  const { schema, table, column } = pair;
  return [...schema.related(table.name)].flatMap((referrer) =>
    referrer.constraints.flatMap((old) =>
      old.references &&
      keyOf(old.references.table) === keyOf(table.name) &&
      old.references.columns.includes(column.name)
        ? [copyReferrer(pair, { names, unique }, referrer, { ...old, references: old.references })]
        : [],
    ),
  );
}

function copyReferrer(
  pair: Pair,
  { names, unique }: { readonly names: Names; readonly unique: readonly (readonly string[])[] },
  referrer: Table,
  old: Constraint & { readonly references: Reference },
): Referrer {
  const { table, column, twin, type } = pair;
  const words = wordsOf(pair);
  const own = renderName(referrer.name);
  const { name, columns = [], references } = old;
  if (columns.length !== references.columns.length)
    throw new Refused(`The columns of a foreign key of ${own} that points at ${words} are not known.`);
  if (name === undefined) throw new Refused(nameless(`The foreign key of ${own} that points at ${words}`));
  if (referrer.doubt !== undefined) throw new Refused(`What ${own} is like, which points at ${words}, is not known.`);
  if (referrer.kind !== "table" || referrer.partitionOf || referrer.inherits)
    throw new Refused(`${name} of ${own}, which is no plain table, points at ${words}.`);
  if (old.notEnforced) throw new Refused(`${name} of ${own} is not enforced, and cannot be validated.`);
  refuseActions(name, references);
  const points = new Set(references.columns);
  if (!unique.some((one) => one.length === points.size && one.every((key) => points.has(key))))
    throw new Refused(`The unique index of ${renderName(table.name)} on which ${name} of ${own} rests is not known.`);
  const at = columns[references.columns.indexOf(column.name)];
  const other = referrer.columns.find((one) => one.name === at)?.type;
  if (!other || !areComparable(type, other))
    throw new Refused(
      `${name} of ${own} could not compare ${other ? renderColumnType(other) : "its column"} with ${renderColumnType(type)}.`,
    );
  return {
    table: referrer.name,
    old: { ...old, name },
    twin: {
      ...old,
      name: names.ofConstraint(referrer, name),
      references: { ...references, columns: references.columns.map((one) => (one === column.name ? twin : one)) },
    },
  };
}

const whole = ["smallint", "integer", "bigint"];

function numberingOf(pair: Pair, names: Names): Numbering {
  const { schema, table, column, type } = pair;
  const { serial, identity } = column;
  const words = wordsOf(pair);
  const owned = [...schema.owned(table.name)].filter(({ ownedBy }) => ownedBy?.column === column.name);
  const sequences = owned.map(({ name }) => name);
  if (!serial && !identity) return { sequences };
  const [sequence, ...others] = sequences;
  if (!sequence || others.length > 0) throw new Refused(`The sequence by which ${words} is numbered is not known.`);
  if (type.dimensions > 0 || !whole.includes(type.name))
    throw new Refused(`${words} is numbered by a sequence, which counts in no ${renderColumnType(type)}.`);
  if (!identity) return { sequences, serial: sequence };
  return {
    sequences: [],
    identity: { definition: identity, sequence, twin: { ...sequence, name: names.ofRelation(sequence.name) } },
  };
}
