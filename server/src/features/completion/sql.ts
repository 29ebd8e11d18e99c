/** In SQL: tables where a table is expected, else the columns of those that the statement names. */
import type { Typing } from "../../model/typing.ts";
import type { Schema, Table } from "../../schema/state.ts";
import type { Dialect, QualifiedName } from "../../sql/action.ts";
import { expectedAt, type ExpectedKind, type ExpectedName } from "../../sql/expected.ts";
import type { NamedTable } from "../../sql/named-tables.ts";
import { quoteName } from "../../sql/quote.ts";
import { range } from "../../text/range.ts";
import {
  columnsOf,
  constraintsOf,
  enumTypesIn,
  indexesOf,
  schemasIn,
  sequencesIn,
  tablesIn,
  viewsIn,
  type Nameable,
} from "./names.ts";
import { limited } from "./limit.ts";
import type { Completion, Completions } from "./place.ts";

type SqlTyping = Extract<Typing, { readonly kind: "sql" }>;

/** What is expected at a place of the file, and where that stands in it. */
export function expectedIn(
  { sql, start, own }: SqlTyping,
  text: string,
  offset: number,
  dialect: Dialect,
): ExpectedName | undefined {
  const expected = expectedAt(sql, offset - start, dialect, own);
  if (!expected) return undefined;
  const from = expected.range.start + start;
  // A quote that is escaped begins with its backslash.
  const isEscaped = expected.quote !== "" && text[from - 1] === "\\" && sql[from - 1 - start] === " ";
  return { ...expected, range: range(isEscaped ? from - 1 : from, expected.range.end + start) };
}

export function completeSql(
  schema: Schema,
  typing: SqlTyping,
  expected: ExpectedName,
  { dialect, written }: { readonly dialect: Dialect; readonly written: string },
): Completions {
  const spelled = (names: readonly string[]): string =>
    names.map((name, i) => quote(name, i === names.length - 1)).join(".");
  const quote = (name: string, isLast: boolean): string => {
    const plain = quoteName(name, dialect);
    // Where a quote is open already it stays.
    return isLast && expected.quote !== "" && plain === name ? expected.quote + name + closing(expected.quote) : plain;
  };
  const { items, isIncomplete } = limited(nameables(schema, expected), written, ({ names }) => names.join("."));
  const completions = items.flatMap(({ names, nameable }): readonly Completion[] => {
    const text = spelled(names);
    const newText = typing.slot.escape(text);
    const { kind, detail, doubt, subject } = nameable;
    if (newText === undefined) return [];
    return [
      {
        kind,
        label: names.join("."),
        range: expected.range,
        newText,
        ...(text === names.join(".") ? {} : { filterText: expected.quote !== "" ? newText : names.join(".") }),
        detail,
        ...(doubt === undefined ? {} : { doubt }),
        ...(subject ? { subject: { ...subject, at: typing.at } } : {}),
      },
    ];
  });
  return { items: completions, isIncomplete };
}

const closing = (quote: string): string => (quote === "[" ? "]" : quote);

interface Written {
  readonly names: readonly string[];
  readonly nameable: Nameable;
}

const alone = (nameable: Nameable): Written => ({ names: [nameable.name], nameable });
const inFull = (nameable: Nameable): Written => ({
  names: nameable.schema === undefined ? [nameable.name] : [nameable.schema, nameable.name],
  nameable,
});

function nameables(schema: Schema, expected: ExpectedName): readonly Written[] {
  return expected.kinds.flatMap((kind) => {
    if (kind === "column") return columns(schema, expected);
    if (kind === "constraint")
      return expected.tables.flatMap(({ table }) =>
        find(schema, table)
          .flatMap((one) => constraintsOf(one))
          .map(alone),
      );
    return objects(schema, kind, expected.qualifier);
  });
}

const listed: Readonly<
  Record<Exclude<ExpectedKind, "column" | "constraint">, (schema: Schema) => readonly Nameable[]>
> = {
  table: tablesIn,
  view: viewsIn,
  index: (schema) => [...schema.tables].flatMap(indexesOf),
  enum_type: enumTypesIn,
  sequence: sequencesIn,
  schema: schemasIn,
};

/** Behind `app.` those of that schema; else all, with their schema where it is not the default. */
function objects(
  schema: Schema,
  kind: keyof typeof listed,
  [qualifier, ...more]: readonly string[],
): readonly Written[] {
  const all = listed[kind](schema);
  if (qualifier === undefined) return all.map(inFull);
  return more.length > 0 ? [] : all.filter((one) => (one.schema ?? "public") === qualifier).map(alone);
}

const find = (schema: Schema, name: QualifiedName): readonly Table[] => {
  const table = schema.table(name);
  return typeof table === "string" ? [] : [table];
};

/** Behind `u.` those of that alias or table; else those of all tables, and what the tables are called here. */
function columns(schema: Schema, { tables, qualifier }: ExpectedName): readonly Written[] {
  if (qualifier.length > 0) {
    const meant = tables.filter((one) => isCalled(one, qualifier));
    return meant.flatMap(({ table }) => find(schema, table).flatMap(columnsOf)).map(alone);
  }
  const known = unique(tables).flatMap((one) =>
    find(schema, one.table).map((table) => ({ called: one.alias ?? one.table.name, table })),
  );
  const own = known.flatMap(({ table }) => columnsOf(table));
  const shown =
    known.length > 1 ? own.map((one) => ({ ...one, detail: `${one.subject?.table.name ?? ""}: ${one.detail}` })) : own;
  const called = known.map(({ called, table }): Nameable => ({
    kind: "table",
    name: called,
    detail: `table ${table.name.name}`,
    subject: { table: table.name },
  }));
  return [...shown, ...(known.length > 1 || tables.some(({ alias }) => alias !== undefined) ? called : [])].map(alone);
}

function isCalled({ table, alias }: NamedTable, qualifier: readonly string[]): boolean {
  const [name, schema] = [...qualifier].reverse();
  if (alias !== undefined) return schema === undefined && name === alias;
  return name === table.name && (schema === undefined || schema === (table.schema ?? "public"));
}

function unique(tables: readonly NamedTable[]): readonly NamedTable[] {
  const seen = new Set<string>();
  return tables.filter(({ table, alias }) => {
    const key = JSON.stringify([table.schema, table.name, alias]);
    return !seen.has(key) && seen.add(key);
  });
}
