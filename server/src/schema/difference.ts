/** How two schemas differ, object by object. */
import { renderName, type QualifiedName } from "../sql/action.ts";
import type { ColumnType, SqlExpression } from "../sql/definition.ts";
import { renderColumnType } from "../sql/postgres/type-text.ts";
import { scan } from "../sql/scan.ts";
import { describeConstraint, describeIndex, ownIndexes } from "./describe.ts";
import { findUnlike, type KnownSchema } from "./replay/schema.ts";
import type { Column, Constraint, Index, Schema, Table } from "./state.ts";

export type Thing = "schema" | "table" | "column" | "constraint" | "index" | "type" | "sequence" | "view";

export interface Difference {
  readonly thing: Thing;
  readonly how: "added" | "removed" | "changed";
  /** `users.email` for a column; for a constraint or an index its name, or its definition where it has none. */
  readonly name: string;
  /** Of a constraint or index: the table that it is on. */
  readonly table?: QualifiedName;
  /** `changed`: which property, from what, to what, in words. */
  readonly property?: string;
  readonly before?: string;
  readonly after?: string;
}

export interface Comparison {
  readonly differences: readonly Difference[];
  /** What could not be compared, and why; empty where all is known. */
  readonly doubts: readonly string[];
}

/**
 * What turns the first schema into the second, at the cost of what they do not share. Names of sequences that columns own are
 * not compared: the server makes them.
 */
export function compareSchemas(before: KnownSchema, after: KnownSchema): Comparison {
  const unlike = findUnlike(before, after);
  const differences: Difference[] = [];
  compareTables(unlike.before.tables, unlike.after.tables, { differences, doubts: new Set() });
  compareNames("schema", before.schemas, after.schemas, differences);
  compareNames("view", namesOf(unlike.before.views), namesOf(unlike.after.views), differences);
  compareNames("sequence", unowned(unlike.before), unowned(unlike.after), differences);
  compareEnums(unlike.before, unlike.after, { differences, doubts: new Set() });
  return {
    differences,
    // All of a schema may be doubtful, and few ask.
    get doubts() {
      return doubtsOf(before, after);
    },
  };
}

function doubtsOf(before: Schema, after: Schema): readonly string[] {
  const pair = { differences: [], doubts: new Set<string>() };
  for (const { doubt } of [before, after]) if (doubt !== undefined) pair.doubts.add(doubt);
  compareTables([...before.tables], [...after.tables], pair);
  compareEnums(before, after, pair);
  return [...pair.doubts];
}

interface Collected {
  readonly differences: Difference[];
  readonly doubts: Set<string>;
}

const namesOf = (things: Iterable<{ readonly name: QualifiedName }>): string[] =>
  [...things].map(({ name }) => renderName(name));

const unowned = (schema: Pick<Schema, "sequences">): string[] =>
  namesOf([...schema.sequences].filter(({ ownedBy }) => !ownedBy));

function compareNames(thing: Thing, before: Iterable<string>, after: Iterable<string>, into: Difference[]): void {
  const old = new Set(before);
  const now = new Set(after);
  for (const name of old) if (!now.has(name)) into.push({ thing, how: "removed", name });
  for (const name of now) if (!old.has(name)) into.push({ thing, how: "added", name });
}

function compareTables(before: readonly Table[], after: readonly Table[], into: Collected): void {
  const old = new Map(before.map((table) => [renderName(table.name), table]));
  const now = new Map(after.map((table) => [renderName(table.name), table]));
  for (const [name, table] of old) {
    const other = now.get(name);
    if (other === table) continue;
    if (other) compareTable(table, other, into);
    else into.differences.push({ thing: "table", how: "removed", name });
  }
  for (const name of now.keys()) if (!old.has(name)) into.differences.push({ thing: "table", how: "added", name });
}

function compareTable(before: Table, after: Table, into: Collected): void {
  const name = renderName(before.name);
  const { doubt } = before.doubt === undefined ? after : before;
  if (doubt !== undefined) into.doubts.add(`${name}: ${doubt}`);
  changed(into, { thing: "table", name, property: "comment" }, before.comment ?? "", after.comment ?? "");
  compareColumns(before, after, into);
  compareListed("constraint", before, into, [before.constraints.map(labelled), after.constraints.map(labelled)]);
  compareListed("index", before, into, [ownIndexes(before).map(indexLabelled), ownIndexes(after).map(indexLabelled)]);
}

function compareColumns(before: Table, after: Table, into: Collected): void {
  const now = new Map(after.columns.map((column) => [column.name, column]));
  const old = new Set(before.columns.map(({ name }) => name));
  for (const column of before.columns) {
    const other = now.get(column.name);
    const name = `${renderName(before.name)}.${column.name}`;
    if (other) compareColumn(name, column, other, into);
    else into.differences.push({ thing: "column", how: "removed", name });
  }
  for (const { name } of after.columns)
    if (!old.has(name))
      into.differences.push({ thing: "column", how: "added", name: `${renderName(before.name)}.${name}` });
}

const none = "none";

function compareColumn(name: string, before: Column, after: Column, into: Collected): void {
  if (before === after) return;
  const compare = (property: string, old: string | undefined, now: string | undefined): void => {
    changed(into, { thing: "column", name, property }, old, now);
  };
  compare("type", typeWords(before.type), typeWords(after.type));
  compare("nullable", words(before.nullable), words(after.nullable));
  if (!before.serial || !after.serial) compare("default", defaultWords(before), defaultWords(after));
  compare("identity", identityWords(before), identityWords(after));
  compare("computed", expressionWords(before.computed), expressionWords(after.computed));
  compare("comment", before.comment ?? none, after.comment ?? none);
  compare("collation", before.collation ?? none, after.collation ?? none);
}

const typeWords = (type: ColumnType | undefined): string | undefined => type && renderColumnType(type);
const words = (value: boolean | undefined): string | undefined => (value === undefined ? undefined : String(value));
const expressionWords = (expression: SqlExpression | undefined): string | undefined =>
  expression === undefined ? none : expression.sql;
const defaultWords = (column: Column): string | undefined =>
  column.serial ? "its sequence" : column.default === null ? none : column.default && sameWords(column.default, column);

const booleans: Readonly<Record<string, string>> = {
  "1": "true",
  t: "true",
  true: "true",
  "0": "false",
  f: "false",
  false: "false",
};

/** `'0'` and `false` are one default of a boolean, `'0'` and `0` of a number, `'x'` and `'x'::text` of a text. */
function sameWords({ sql }: SqlExpression, { type }: Column): string | undefined {
  const literal =
    sql === undefined ? null : /^'((?:[^']|'')*)'(?:::[\w ]+(?:\(\d+\))?)?$|^(true|false|-?\d+(?:\.\d+)?)$/i.exec(sql);
  const bare = literal?.[1] ?? literal?.[2];
  if (bare === undefined || !type || type.dimensions > 0) return sql && spacedAlike(sql);
  if (/^bool/i.test(type.name)) return booleans[bare.toLowerCase()] ?? sql;
  if (/^(?:smallint|int|integer|bigint|numeric|decimal|real|float|double precision)$/i.test(type.name)) return bare;
  return literal?.[1] === undefined ? sql : `'${literal[1]}'`;
}

/** With the spaces that one would write, and without parentheses around the whole: lines are broken as it pleases. */
function spacedAlike(sql: string): string {
  const words = scan(sql, "postgresql").map(({ start, end }) => sql.slice(start, end));
  while (isWrapped(words)) words.splice(0, words.length, ...words.slice(1, -1));
  return words.reduce((text, word, at) => {
    const close = word === ")" || word === "," || word === "(" || words[at - 1] === "(";
    return text + (at === 0 || close ? "" : " ") + word;
  }, "");
}

/** The first parenthesis closes with the last one. */
function isWrapped(words: readonly string[]): boolean {
  let depth = 0;
  const closes = words.findIndex((word) => (depth += word === "(" ? 1 : word === ")" ? -1 : 0) === 0);
  return words[0] === "(" && closes === words.length - 1;
}

const identityWords = ({ identity }: Column): string =>
  identity === undefined ? none : identity.always ? "always" : "by default";

type Named = Pick<Difference, "thing" | "name" | "property">;

/** Two undefined parts are not equal but unknown. */
function changed(into: Collected, what: Named, before: string | undefined, after: string | undefined): void {
  if (before === undefined || after === undefined) {
    if (before !== after || what.property === "type")
      into.doubts.add(`${what.name}: its ${what.property ?? "definition"} is not known`);
    return;
  }
  if (before !== after) into.differences.push({ ...what, how: "changed", before, after });
}

interface Labelled {
  readonly label: string;
  readonly definition: string;
}

const labelled = (constraint: Constraint): Labelled => ({
  label: constraint.name ?? describeConstraint(constraint),
  definition: describeConstraint(constraint),
});

const indexLabelled = (index: Index): Labelled => ({
  label: index.name ?? describeIndex(index),
  definition: describeIndex(index),
});

function compareListed(
  thing: Thing,
  { name: table }: Table,
  { differences }: Collected,
  [before, after]: readonly [readonly Labelled[], readonly Labelled[]],
): void {
  const now = new Map(after.map(({ label, definition }) => [label, definition]));
  const old = new Set(before.map(({ label }) => label));
  for (const { label, definition } of before) {
    const other = now.get(label);
    if (other === undefined) differences.push({ thing, how: "removed", name: label, table });
    else if (other !== definition)
      differences.push({
        thing,
        how: "changed",
        name: label,
        table,
        property: "definition",
        before: definition,
        after: other,
      });
  }
  for (const { label } of after) if (!old.has(label)) differences.push({ thing, how: "added", name: label, table });
}

type Enums = Pick<Schema, "enumTypes">;

function compareEnums(before: Enums, after: Enums, into: Collected): void {
  const old = new Map([...before.enumTypes].map(({ name, values }) => [renderName(name), values]));
  const now = new Map([...after.enumTypes].map(({ name, values }) => [renderName(name), values]));
  compareNames("type", old.keys(), now.keys(), into.differences);
  for (const [name, values] of old) {
    if (!now.has(name)) continue;
    const list = (some: readonly string[] | undefined): string | undefined => some?.join(", ");
    changed(into, { thing: "type", name, property: "values" }, list(values), list(now.get(name)));
  }
}

/** "column users.full_name added", "column users.email: nullable false → true" */
export function renderDifference({ thing, how, name, table, property, before, after }: Difference): string {
  const on = table === undefined ? "" : ` of ${renderName(table)}`;
  const what = `${thing} ${name}${on}`;
  return how === "changed"
    ? `${what}: ${property ?? "definition"} ${before ?? "?"} → ${after ?? "?"}`
    : `${what} ${how}`;
}
