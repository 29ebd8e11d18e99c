/** A schema as the PostgreSQL statements that make it, in an order in which they run. */
import type { QualifiedName } from "../sql/action.ts";
import { renderColumnType } from "../sql/postgres/type-text.ts";
import { quoteName, renderFullName } from "../sql/quote.ts";
import { describeConstraint, describeIndex, ownIndexes } from "./describe.ts";
import { renderIndex, renderLiteral } from "./statements.ts";
import { keyOf } from "./replay/schema.ts";
import type { Column, Constraint, Index, Schema, Sequence, Table } from "./state.ts";

const quote = (name: string): string => quoteName(name, "postgresql");

type Owned = ReadonlyMap<string, Sequence>;

const ownerKey = (table: QualifiedName, column: string): string => `${keyOf(table)}\0${column}`;

function ownedSequences(schema: Schema): Owned {
  return new Map(
    [...schema.sequences].flatMap((sequence) =>
      sequence.ownedBy ? [[ownerKey(sequence.ownedBy.table, sequence.ownedBy.column), sequence] as const] : [],
    ),
  );
}

/** What is not known is left out and told in a comment above the statement. */
export function renderDdl(schema: Schema): readonly string[] {
  const owned = ownedSequences(schema);
  const tables = parentsFirst([...schema.tables]);
  const identities = new Set(
    tables.flatMap(({ name, columns }) => columns.flatMap((one) => (one.identity ? [ownerKey(name, one.name)] : []))),
  );
  const isIdentity = ({ ownedBy }: Sequence): boolean =>
    ownedBy !== undefined && identities.has(ownerKey(ownedBy.table, ownedBy.column));
  const sequences = [...schema.sequences].filter((sequence) => !isIdentity(sequence));
  return [
    ...(schema.doubt === undefined ? [] : [`-- There may be more: ${oneLine(schema.doubt)}`]),
    ...[...schema.schemas].map((name) => `CREATE SCHEMA ${quote(name)};`),
    ...[...schema.enumTypes].map(({ name, values }) =>
      values === undefined
        ? `-- The values of type ${renderFullName(name)} are not known.`
        : `CREATE TYPE ${renderFullName(name)} AS ENUM (${values.map(renderLiteral).join(", ")});`,
    ),
    ...sequences.map((sequence) => createSequence(sequence, schema)),
    ...tables.map((table) => createTable(table, owned, schema)),
    ...sequences.flatMap(ownSequence),
    ...tables.flatMap((table) => afterTable(table, schema)),
    ...tables.flatMap((table) =>
      table.constraints
        .filter((one) => one.type === "foreign_key" && canMake(one, table, schema))
        .map((one) => addConstraint(table.name, one)),
    ),
    ...tables.flatMap(comments),
  ];
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ");

function parentsFirst(tables: readonly Table[]): readonly Table[] {
  const depth = (table: Table, limit = 9): number => {
    const { partitionOf: parent } = table;
    const found = parent && tables.find(({ name }) => keyOf(name) === keyOf(parent));
    return found && limit > 0 ? 1 + depth(found, limit - 1) : 0;
  };
  return tables.toSorted((a, b) => depth(a) - depth(b));
}

const integerTypes = new Set(["smallint", "integer", "bigint"]);

/** A column's own sequence counts in the column's type. */
function createSequence({ name, ownedBy }: Sequence, schema: Schema): string {
  const table = ownedBy && schema.table(ownedBy.table);
  const column = typeof table === "object" ? table.columns.find((one) => one.name === ownedBy?.column) : undefined;
  const type = column?.serial ? column.type?.name : undefined;
  return `CREATE SEQUENCE ${renderFullName(name)}${type !== undefined && integerTypes.has(type) ? ` AS ${type}` : ""};`;
}

const ownSequence = ({ name, ownedBy }: Sequence): readonly string[] =>
  ownedBy
    ? [`ALTER SEQUENCE ${renderFullName(name)} OWNED BY ${renderFullName(ownedBy.table)}.${quote(ownedBy.column)};`]
    : [];

function renderColumn(table: Table, column: Column, owned: Owned): string {
  const { name, type, nullable, identity, computed, collation } = column;
  const sequence = owned.get(ownerKey(table.name, name));
  const value =
    column.serial && sequence
      ? `nextval(${renderLiteral(renderFullName(sequence.name))}::regclass)`
      : column.default?.sql;
  return [
    quote(name),
    ...(type ? [renderColumnType(type)] : []),
    ...(collation === undefined ? [] : [`COLLATE ${quote(collation)}`]),
    ...(computed?.sql === undefined
      ? []
      : [`GENERATED ALWAYS AS (${computed.sql})${computed.stored ? " STORED" : ""}`]),
    ...(identity ? [renderIdentity(identity.always, identity, sequence)] : []),
    ...(!computed && !identity && value !== undefined ? [`DEFAULT ${value}`] : []),
    ...(nullable === false ? ["NOT NULL"] : []),
  ].join(" ");
}

function renderIdentity(
  always: boolean,
  { start, increment }: { readonly start?: number; readonly increment?: number },
  sequence: Sequence | undefined,
): string {
  const options = [
    ...(sequence ? [`SEQUENCE NAME ${renderFullName(sequence.name)}`] : []),
    ...(start === undefined ? [] : [`START WITH ${String(start)}`]),
    ...(increment === undefined ? [] : [`INCREMENT BY ${String(increment)}`]),
  ];
  const given = options.length > 0 ? ` (${options.join(" ")})` : "";
  return `GENERATED ${always ? "ALWAYS" : "BY DEFAULT"} AS IDENTITY${given}`;
}

/** The others come after the table: the server would merge a unique constraint with the primary key. */
const isInline = ({ type, notValid }: Constraint): boolean => (type === "primary_key" || type === "check") && !notValid;

const named = (constraint: Constraint): string =>
  `${constraint.name === undefined ? "" : `CONSTRAINT ${quote(constraint.name)} `}${describeConstraint(constraint)}`;

const isKnownConstraint = ({ columns, doubt, expression, type }: Constraint): boolean =>
  doubt === undefined &&
  (type === "check" || type === "exclude" ? expression?.sql !== undefined : columns !== undefined);

const isKnownIndex = ({ keys, where }: Index): boolean =>
  keys?.every(({ column, expression }) => column !== undefined || expression?.sql !== undefined) === true &&
  (where === undefined || where.sql !== undefined);

/** A column that is left out, because its type is not known, among those that something stands on. */
function missing(
  table: Table,
  columns: readonly string[],
  ...texts: readonly (string | undefined)[]
): string | undefined {
  const left = table.columns.filter(({ type }) => type === undefined);
  return left.find(({ name }) => columns.includes(name) || texts.some((text) => text?.includes(name)))?.name;
}

/** Why a constraint that is known cannot be made. */
function whyLeftOut(constraint: Constraint, table: Table, schema: Schema): string | undefined {
  const { columns = [], expression, references } = constraint;
  const own = missing(table, columns, expression?.sql);
  if (own !== undefined || !references) return own;
  const target = schema.table(references.table);
  return typeof target === "string" ? undefined : missing(target, references.columns ?? []);
}

const canMake = (constraint: Constraint, table: Table, schema: Schema): boolean =>
  isKnownConstraint(constraint) && whyLeftOut(constraint, table, schema) === undefined;

const indexLeftOut = ({ keys = [], where, include = [] }: Index, table: Table): string | undefined =>
  missing(
    table,
    [...keys.flatMap(({ column }) => (column === undefined ? [] : [column])), ...include],
    ...keys.map(({ expression }) => expression?.sql),
    where?.sql,
  );

const leftOut = (what: string, name: string | undefined, column: string | undefined): readonly string[] =>
  column === undefined ? [] : [`${what} ${name ?? "without a name"} is not made: the type of ${column} is not known.`];

/** Where no naming convention is known, a table may have many. */
function nameless(constraints: readonly Constraint[]): readonly string[] {
  const all = constraints.filter((one) => one.name === undefined && isKnownConstraint(one)).map(describeConstraint);
  return all.length === 0 ? [] : [`Which names these have is not known: ${all.join(", ")}`];
}

/** What is not known of a table, one line each. */
function unknowns(table: Table, schema: Schema): readonly string[] {
  const { columns, constraints, doubt } = table;
  return [
    ...(doubt === undefined ? [] : [`Not all of it is known: ${oneLine(doubt)}`]),
    ...columns.flatMap(({ name, type, computed }) => [
      ...(type === undefined ? [`The type of ${name} is not known.`] : []),
      ...(computed && computed.sql === undefined ? [`The expression of ${name} is not known.`] : []),
    ]),
    ...constraints
      .filter((one) => !isKnownConstraint(one))
      .map((one) => `Constraint ${one.name ?? "without a name"} is not known: ${one.doubt ?? describeConstraint(one)}`),
    ...nameless(constraints),
    ...constraints
      .filter(isKnownConstraint)
      .flatMap((one) => leftOut("Constraint", one.name, whyLeftOut(one, table, schema))),
    ...ownIndexes(table)
      .filter((one) => !isKnownIndex(one))
      .map((one) => `Index ${one.name ?? "without a name"} is not known: ${describeIndex(one)}`),
    ...ownIndexes(table)
      .filter(isKnownIndex)
      .flatMap((one) => leftOut("Index", one.name, indexLeftOut(one, table))),
  ];
}

function createTable(table: Table, owned: Owned, schema: Schema): string {
  const parts = [
    ...table.columns.filter(({ type }) => type !== undefined).map((column) => renderColumn(table, column, owned)),
    ...table.constraints.filter((one) => isInline(one) && canMake(one, table, schema)).map(named),
  ];
  const told = unknowns(table, schema).map((line) => `-- ${line}\n`);
  const body = parts.length > 0 ? `\n  ${parts.join(",\n  ")}\n` : "";
  const by = table.partitionBy
    ? ` PARTITION BY ${table.partitionBy.strategy.toUpperCase()} (${table.partitionBy.columns.map(quote).join(", ")})`
    : "";
  const unlogged = table.unlogged ? "UNLOGGED " : "";
  return `${told.join("")}CREATE ${unlogged}TABLE ${renderFullName(table.name)} (${body})${by};`;
}

const addConstraint = (table: QualifiedName, constraint: Constraint): string =>
  `ALTER TABLE ${renderFullName(table)} ADD ${named(constraint)};`;

const afterTable = (table: Table, schema: Schema): readonly string[] => [
  ...table.constraints
    .filter((one) => one.type !== "foreign_key" && !isInline(one) && canMake(one, table, schema))
    .map((one) => addConstraint(table.name, one)),
  ...ownIndexes(table)
    .filter((one) => isKnownIndex(one) && indexLeftOut(one, table) === undefined)
    .map((one) => `${renderIndex(table.name, one)};`),
];

const comments = (table: Table): readonly string[] => [
  ...(table.comment === undefined
    ? []
    : [`COMMENT ON TABLE ${renderFullName(table.name)} IS ${renderLiteral(table.comment)};`]),
  ...table.columns.flatMap(({ name, comment }) =>
    comment === undefined
      ? []
      : [`COMMENT ON COLUMN ${renderFullName(table.name)}.${quote(name)} IS ${renderLiteral(comment)};`],
  ),
];
