/** Indexes as SQLAlchemy builds them, with the options of their dialect. */
import type { Dialect } from "../../../sql/action.ts";
import type { IndexDefinition, IndexKey } from "../../../sql/definition.ts";
import { parseSql } from "../../../sql/parse.ts";
import type { Value } from "../../../syntax/value.ts";
import { flag, type Bound } from "../arguments.ts";
import { conditionOf, describe } from "../compile/index.ts";
import { present } from "../draft.ts";
import { booleanOf, isNone, textOf } from "../terms.ts";
import { columnNames, namedBy } from "./constraint-parts.ts";
import { columnKey, keyName, keySql } from "./index-key.ts";

export interface IndexSource {
  readonly bound: Bound;
  readonly name: Value | undefined;
  /** Undefined where not all of them are known. */
  readonly keys: readonly Value[] | undefined;
  readonly dialect: Dialect;
}

export function indexDefinition({ bound, name, keys, dialect }: IndexSource): IndexDefinition {
  const option = (wanted: string): Value | undefined => {
    const value = bound.get(`${dialect}_${wanted}`);
    return value === undefined || isNone(value) ? undefined : value;
  };
  const where = option("where");
  const include = option("include");
  return present<IndexDefinition>({
    ...namedBy(name),
    keys: keys && keysOf(keys, option("ops"), dialect),
    unique: flag(bound, "unique") ?? false,
    method: textOf(option("using"))?.toLowerCase() ?? "btree",
    include: include && (columnNames(include) ?? []),
    where: where && conditionOf(where, dialect),
    nullsNotDistinct: booleanOf(option("nulls_not_distinct")) === true ? true : undefined,
    concurrently: booleanOf(option("concurrently")) === true ? true : undefined,
    hasSettings: (option("with") ?? option("tablespace")) ? true : undefined,
  });
}

function keysOf(values: readonly Value[], ops: Value | undefined, dialect: Dialect): readonly IndexKey[] | undefined {
  const keys = values.map((value) => keyOf(value, operatorClass(value, ops), dialect));
  return keys.every((key) => key !== undefined) ? keys.flat() : undefined;
}

function operatorClass(value: Value, ops: Value | undefined): string | undefined {
  const name = keyName(value);
  if (ops?.kind !== "mapping" || name === undefined) return undefined;
  return textOf(ops.entries.find(([key]) => textOf(key) === name)?.[1]);
}

/** A text may hold several keys. `undefined`: it is not known. */
function keyOf(value: Value, by: string | undefined, dialect: Dialect): readonly IndexKey[] | undefined {
  const column = columnKey(value);
  if (column) {
    const descending = column.words.includes("DESC") ? true : undefined;
    return [present<IndexKey>({ column: column.column, descending, nulls: nullsOf(column.words), operatorClass: by })];
  }
  const sql = keySql(value, dialect);
  if (sql === undefined) return undefined;
  return read(by === undefined ? sql : `${sql} ${by}`, dialect) ?? [{ expression: describe(sql, dialect) }];
}

const nullsOf = (words: readonly string[]): IndexKey["nulls"] =>
  words.includes("NULLS FIRST") ? "first" : words.includes("NULLS LAST") ? "last" : undefined;

/** A text such as `lower(name) text_pattern_ops DESC`, as the SQL reader takes it apart. */
function read(sql: string, dialect: Dialect): readonly IndexKey[] | undefined {
  if (dialect !== "postgresql") return undefined;
  const [statement, ...others] = parseSql(`CREATE INDEX i ON t (${sql}\n)`, dialect);
  return others.length === 0 ? statement?.actions[0]?.details.indexes?.[0]?.keys : undefined;
}
