/** All that a `CREATE TABLE` of SQLAlchemy makes: columns, constraints, indexes, enum types. */
import { sameName, type ColumnDefinition } from "../../../sql/action.ts";
import type { ConstraintDefinition, EnumDefinition, IndexDefinition, TableOptions } from "../../../sql/definition.ts";
import { parseSql } from "../../../sql/parse.ts";
import type { Value } from "../../../syntax/value.ts";
import { bind, type Bound } from "../arguments.ts";
import { present } from "../draft.ts";
import { built, isNone, textOf } from "../terms.ts";
import { columnIndex, uniqueConstraint, type ColumnReading } from "./column.ts";
import { type Owner } from "./constraint-parts.ts";
import { isLeftOut, tableConstraintOf } from "./constraint.ts";
import { indexDefinition } from "./index-definition.ts";
import { numberingColumn, serialColumn } from "./numbering.ts";

export interface TableParts {
  readonly definitions: readonly ColumnDefinition[];
  readonly constraints: readonly ConstraintDefinition[];
  readonly indexes: readonly IndexDefinition[];
  readonly enumTypes: readonly EnumDefinition[];
}

/** `items`: the constraints and indexes among the table's arguments. */
export function tableParts(columns: readonly ColumnReading[], items: readonly Value[], owner: Owner): TableParts {
  const written = items.filter((item) => !isLeftOut(item)).flatMap((item) => tableConstraintOf(item, owner) ?? []);
  const key = primaryKey(columns, written);
  const others = written.filter(({ type }) => type !== "primary_key");
  const referring = new Set([
    ...columns.flatMap(({ definition, targets }) => (targets.length > 0 ? [definition.name] : [])),
    ...written.flatMap((one) => (one.type === "foreign_key" ? (one.columns ?? []) : [])),
  ]);
  const inKey = new Set(key?.columns);
  const members = columns.filter(({ definition }) => inKey.has(definition.name));
  const numbering = numberingColumn(members, referring);
  return {
    definitions: columns.map((column): ColumnDefinition => {
      const definition = column === numbering ? serialColumn(column, owner.dialect) : column.definition;
      return inKey.has(definition.name) ? { ...definition, nullable: false } : definition;
    }),
    constraints: [...(key ? [key] : []), ...others, ...columns.flatMap(constraintsOf)],
    indexes: [
      ...items.flatMap((item) => indexOf(item, owner) ?? []),
      ...columns.flatMap((column) => columnIndex(column) ?? []),
    ],
    enumTypes: enumTypes(columns, owner),
  };
}

const constraintsOf = (column: ColumnReading): readonly ConstraintDefinition[] => [
  ...column.checks,
  ...(column.typeCheck ? [column.typeCheck] : []),
  ...[uniqueConstraint(column)].flatMap((one) => one ?? []),
  ...column.foreignKeys.filter((key) => !column.waiting.has(key)),
];

/** The columns that say `primary_key=True` make a constraint, one that is given names its own. */
function primaryKey(
  columns: readonly ColumnReading[],
  written: readonly ConstraintDefinition[],
): ConstraintDefinition | undefined {
  const given = written.find(({ type }) => type === "primary_key");
  if (given) return given;
  const keys = columns.filter((column) => column.primaryKey);
  // SQLAlchemy puts a column that is to number the rows first.
  const first = keys.find(({ numbering }) => numbering.autoincrement === true);
  const names = [...(first ? [first] : []), ...keys.filter((key) => key !== first)].map(
    ({ definition }) => definition.name,
  );
  return names.length > 0 ? { type: "primary_key", columns: names } : undefined;
}

function indexOf(item: Value, { dialect }: Owner): IndexDefinition | undefined {
  if (item.kind !== "call" || built(item) !== "Index") return undefined;
  const bound = bind(item.args, ["name"]);
  return indexDefinition({ bound, name: bound.get("name"), keys: bound.open ? undefined : bound.rest, dialect });
}

/** Each once, as the first column has it; the server has no enum types but PostgreSQL's. */
function enumTypes(columns: readonly ColumnReading[], { dialect }: Owner): readonly EnumDefinition[] {
  if (dialect !== "postgresql") return [];
  const made = columns.flatMap(({ ownType }) => (ownType?.created && ownType.enum ? [ownType.enum] : []));
  return made.filter((one, i) => made.findIndex(({ name }) => sameName(name, one.name)) === i);
}

/** What `create_table` says by keywords. */
export function tableOptions(bound: Bound, { dialect }: Owner): TableOptions | undefined {
  const prefixes = bound.get("prefixes");
  const words = prefixes?.kind === "sequence" ? prefixes.items.map((item) => textOf(item)?.toUpperCase()) : [];
  const options = present<TableOptions>({
    comment: textOf(bound.get("comment")),
    unlogged: words.includes("UNLOGGED") ? true : undefined,
    ...(dialect === "postgresql" ? postgresqlOptions(bound) : {}),
    ...(dialect === "mysql" || dialect === "mariadb" ? mysqlOptions(bound, dialect) : {}),
  });
  return Object.keys(options).length > 0 ? options : undefined;
}

/** `mysql_engine="InnoDB"` is `ENGINE=InnoDB`; partitions are no settings. */
function mysqlOptions(bound: Bound, dialect: "mysql" | "mariadb"): Partial<TableOptions> {
  const settings = [...bound.keywords].flatMap(([keyword, value]): [string, string][] => {
    const name = keyword.startsWith(`${dialect}_`) ? keyword.slice(dialect.length + 1).toUpperCase() : undefined;
    const given = textOf(value);
    return name === undefined || given === undefined || name.includes("PARTITION")
      ? []
      : [[spaced.test(name) ? name.replaceAll("_", " ") : name, given]];
  });
  return settings.length > 0 ? { settings: Object.fromEntries(settings) } : {};
}

/** Options that MySQL spells as several words. */
const spaced = /^(?:DATA_DIRECTORY|INDEX_DIRECTORY|(?:DEFAULT_)?CHARACTER_SET|DEFAULT_CHARSET|DEFAULT_COLLATE)$/;

/** Read as SQL, where they stand as SQLAlchemy writes them. */
function postgresqlOptions(bound: Bound): Partial<TableOptions> {
  const partition = textOf(bound.get("postgresql_partition_by"));
  const inherits = bound.get("postgresql_inherits");
  const parents = inherits?.kind === "sequence" ? inherits.items : inherits && !isNone(inherits) ? [inherits] : [];
  const names = parents.flatMap((parent) => textOf(parent) ?? []).map((name) => ({ name }));
  const [statement] =
    partition === undefined ? [] : parseSql(`CREATE TABLE t (c int) PARTITION BY ${partition}`, "postgresql");
  const partitionBy = statement?.actions[0]?.details.options?.partitionBy;
  return { ...(partitionBy && { partitionBy }), ...(names.length > 0 && { inherits: names }) };
}
