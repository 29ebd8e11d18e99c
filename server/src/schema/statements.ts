/** The PostgreSQL statements that an action makes, as Alembic and SQLAlchemy would send them. */
import {
  type Action,
  type ActionKind,
  type ColumnDefinition,
  type Details,
  type QualifiedName,
} from "../sql/action.ts";
import type { ConstraintDefinition, IndexDefinition, SqlExpression } from "../sql/definition.ts";
import { renderColumnType } from "../sql/postgres/type-text.ts";
import { quoteName, renderFullName } from "../sql/quote.ts";
import { describeConstraint, renderKey } from "./describe.ts";
import type { Index } from "./state.ts";

const quote = (name: string): string => quoteName(name, "postgresql");

export const renderLiteral = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const hole = "…";
const text = (expression: SqlExpression | undefined): string => expression?.sql ?? hole;
const list = (names: readonly string[]): string => names.map(quote).join(", ");

const serialNames: Readonly<Record<string, string>> = {
  smallint: "SMALLSERIAL",
  integer: "SERIAL",
  bigint: "BIGSERIAL",
};

function columnType({ sqlType, serial, type }: ColumnDefinition): string {
  if (sqlType === undefined) return type === undefined ? hole : `${hole} /* ${type} */`;
  return (serial ? serialNames[sqlType.name] : undefined) ?? renderColumnType(sqlType);
}

/** A column where it is defined; parts that are not known are `…`. */
export function renderColumnDefinition(column: ColumnDefinition): string {
  const { identity, computed, collation, nullable, serial } = column;
  const hasDefault = column.default !== undefined || column.hasServerDefault === true;
  return [
    quote(column.name),
    columnType(column),
    ...(collation === undefined ? [] : [`COLLATE ${quote(collation)}`]),
    ...(computed ? [`GENERATED ALWAYS AS (${text(computed)})${computed.stored ? " STORED" : ""}`] : []),
    ...(identity ? [`GENERATED ${identity.always ? "ALWAYS" : "BY DEFAULT"} AS IDENTITY`] : []),
    ...(hasDefault && !computed && !identity && !serial ? [`DEFAULT ${text(column.default)}`] : []),
    ...(nullable === false ? ["NOT NULL"] : []),
  ].join(" ");
}

export const renderConstraint = (constraint: ConstraintDefinition): string => {
  const named = constraint.name === undefined ? "" : `CONSTRAINT ${quote(constraint.name)} `;
  if (constraint.usingIndex === undefined) return named + describeConstraint(constraint);
  return `${named}${constraint.type === "primary_key" ? "PRIMARY KEY" : "UNIQUE"} USING INDEX ${quote(constraint.usingIndex)}`;
};

export function renderIndex(
  table: QualifiedName | undefined,
  index: IndexDefinition | Index,
  ifNotExists?: boolean,
): string {
  const { name, unique, method, keys, include, where, nullsNotDistinct, concurrently, only } = index;
  const exists = ifNotExists && name !== undefined ? " IF NOT EXISTS" : "";
  return [
    `CREATE ${unique ? "UNIQUE " : ""}INDEX${concurrently ? " CONCURRENTLY" : ""}${exists}${name === undefined ? "" : ` ${quote(name)}`}`,
    `ON ${only ? "ONLY " : ""}${table ? renderFullName(table) : hole}`,
    ...(method === "btree" ? [] : [`USING ${method}`]),
    `(${keys?.map(renderKey).join(", ") ?? hole})`,
    ...(include ? [`INCLUDE (${list(include)})`] : []),
    ...(nullsNotDistinct ? ["NULLS NOT DISTINCT"] : []),
    ...(where ? [`WHERE ${text(where)}`] : []),
  ].join(" ");
}

type Render = (action: Action) => readonly string[];

const tableOf = ({ table }: Action): string => (table ? renderFullName(table) : hole);
const alter = (action: Action, what: string): string => `ALTER TABLE ${tableOf(action)} ${what}`;
const ifExists = ({ ifExists: given }: Details): string => (given ? "IF EXISTS " : "");
const cascade = ({ cascade: given }: Details): string => (given ? " CASCADE" : "");

const enumTypes = ({ details }: Action): readonly string[] =>
  (details.enumTypes ?? []).map(
    ({ name, values }) =>
      `CREATE TYPE ${renderFullName(name)} AS ENUM (${values?.map(renderLiteral).join(", ") ?? hole})`,
  );

const indexesOf = ({ table, details }: Action): readonly string[] =>
  (details.indexes ?? []).map((index) => renderIndex(table, index, details.ifNotExists));

const columnComments = (action: Action): readonly string[] =>
  (action.details.definitions ?? []).flatMap(({ name, comment }) =>
    comment === undefined ? [] : [`COMMENT ON COLUMN ${tableOf(action)}.${quote(name)} IS ${renderLiteral(comment)}`],
  );

const createTable: Render = (action) => {
  const { definitions, constraints, options, temporary, ifNotExists } = action.details;
  const parts = [...(definitions?.map(renderColumnDefinition) ?? [hole]), ...(constraints ?? []).map(renderConstraint)];
  const kind = `${temporary ? "TEMPORARY " : ""}${options?.unlogged ? "UNLOGGED " : ""}TABLE`;
  const by = options?.partitionBy
    ? ` PARTITION BY ${options.partitionBy.strategy.toUpperCase()} (${list(options.partitionBy.columns)})`
    : "";
  const head = `CREATE ${kind} ${ifNotExists ? "IF NOT EXISTS " : ""}${tableOf(action)}`;
  return [
    ...enumTypes(action),
    `${head} (${parts.length > 0 ? `\n  ${parts.join(",\n  ")}\n` : ""})${by}`,
    ...indexesOf(action),
    ...(options?.comment === undefined
      ? []
      : [`COMMENT ON TABLE ${tableOf(action)} IS ${renderLiteral(options.comment)}`]),
    ...columnComments(action),
  ];
};

const addColumn: Render = (action) => [
  ...enumTypes(action),
  ...(action.details.definitions ?? []).map((definition) =>
    alter(
      action,
      `ADD COLUMN ${action.details.ifNotExists ? "IF NOT EXISTS " : ""}${renderColumnDefinition(definition)}`,
    ),
  ),
  ...(action.details.constraints ?? []).map((constraint) => alter(action, `ADD ${renderConstraint(constraint)}`)),
  ...indexesOf(action),
  ...columnComments(action),
];

function alterations({ details }: Action): readonly string[] {
  const { newSqlType, newType, using, serverDefault, newDefault, nullable, identity, collation } = details;
  const type = newSqlType ? renderColumnType(newSqlType) : newType === undefined ? undefined : hole;
  const collated = collation === undefined ? "" : ` COLLATE ${quote(collation)}`;
  return [
    ...(type === undefined ? [] : [`TYPE ${type}${collated}${using ? ` USING ${text(using)}` : ""}`]),
    ...(serverDefault === false ? ["DROP DEFAULT"] : []),
    ...(newDefault !== undefined || serverDefault === true ? [`SET DEFAULT ${text(newDefault)}`] : []),
    ...(nullable === undefined ? [] : [nullable ? "DROP NOT NULL" : "SET NOT NULL"]),
    ...(identity === "dropped" ? ["DROP IDENTITY"] : []),
    ...(identity !== undefined && identity !== "dropped" && details.alteration === undefined
      ? [`ADD GENERATED ${identity.always ? "ALWAYS" : "BY DEFAULT"} AS IDENTITY`]
      : []),
  ];
}

const alterColumn: Render = (action) => {
  const { details, columns } = action;
  const column = columns[0] === undefined ? hole : quote(columns[0]);
  const comment =
    details.comment === null ? "NULL" : details.comment === undefined ? undefined : renderLiteral(details.comment);
  return [
    ...alterations(action).map((what) => alter(action, `ALTER COLUMN ${column} ${what}`)),
    ...(comment === undefined ? [] : [`COMMENT ON COLUMN ${tableOf(action)}.${column} IS ${comment}`]),
    ...(details.newName === undefined ? [] : [alter(action, `RENAME COLUMN ${column} TO ${quote(details.newName)}`)]),
  ];
};

const addConstraint: Render = (action) =>
  (action.details.constraints ?? []).map((constraint) => alter(action, `ADD ${renderConstraint(constraint)}`));

const nameOf = ({ name }: Action): string => (name === undefined ? hole : quote(name));

/** An index or a type with the schema of its table or its own touch. */
function qualified(action: Action): string {
  const touched = action.touches.find(({ on }) => on.name.name === action.name)?.on.name.schema ?? action.table?.schema;
  return touched === undefined ? nameOf(action) : `${quote(touched)}.${nameOf(action)}`;
}

const renames = ({ details }: Action): string =>
  `RENAME TO ${details.newName === undefined ? hole : quote(details.newName)}`;

function alterType(action: Action): readonly string[] {
  const { enumValue, value, newName, ifNotExists } = action.details;
  const head = `ALTER TYPE ${qualified(action)}`;
  if (enumValue === "renamed")
    return [
      `${head} RENAME VALUE ${value ? renderLiteral(value.name) : hole} TO ${value?.newName === undefined ? hole : renderLiteral(value.newName)}`,
    ];
  if (enumValue === "added") {
    const beside = value?.before ?? value?.after;
    const where =
      beside === undefined ? "" : ` ${value?.before === undefined ? "AFTER" : "BEFORE"} ${renderLiteral(beside)}`;
    return [
      `${head} ADD VALUE ${ifNotExists ? "IF NOT EXISTS " : ""}${value ? renderLiteral(value.name) : hole}${where}`,
    ];
  }
  return newName === undefined ? [] : [`${head} ${renames(action)}`];
}

const comment =
  (of: (action: Action) => string): Render =>
  (action) => [
    `COMMENT ON ${of(action)} IS ${typeof action.details.comment === "string" ? renderLiteral(action.details.comment) : "NULL"}`,
  ];

const renderers: Partial<Record<ActionKind, Render>> = {
  create_table: createTable,
  drop_table: (action) => [`DROP TABLE ${ifExists(action.details)}${tableOf(action)}${cascade(action.details)}`],
  rename_table: (action) => [alter(action, renames(action))],
  create_table_comment: comment((action) => `TABLE ${tableOf(action)}`),
  drop_table_comment: comment((action) => `TABLE ${tableOf(action)}`),
  add_column: addColumn,
  drop_column: (action) =>
    action.columns.map((name) =>
      alter(action, `DROP COLUMN ${ifExists(action.details)}${quote(name)}${cascade(action.details)}`),
    ),
  alter_column: alterColumn,
  create_index: indexesOf,
  drop_index: (action) => [
    `DROP INDEX ${action.details.concurrently ? "CONCURRENTLY " : ""}${ifExists(action.details)}${qualified(action)}${cascade(action.details)}`,
  ],
  rename_index: (action) => [`ALTER INDEX ${qualified(action)} ${renames(action)}`],
  create_check_constraint: addConstraint,
  create_exclude_constraint: addConstraint,
  create_foreign_key: addConstraint,
  create_primary_key: addConstraint,
  create_unique_constraint: addConstraint,
  drop_constraint: (action) => [
    alter(action, `DROP CONSTRAINT ${ifExists(action.details)}${nameOf(action)}${cascade(action.details)}`),
  ],
  validate_constraint: (action) => [alter(action, `VALIDATE CONSTRAINT ${nameOf(action)}`)],
  rename_constraint: (action) => [
    alter(
      action,
      `RENAME CONSTRAINT ${nameOf(action)} TO ${action.details.newName === undefined ? hole : quote(action.details.newName)}`,
    ),
  ],
  create_type: enumTypes,
  alter_type: alterType,
  drop_type: (action) => [`DROP TYPE ${ifExists(action.details)}${qualified(action)}${cascade(action.details)}`],
};

/**
 * Without semicolons, in the order in which they run. Undefined where the kind has no rendering; a part that is not
 * known is `…`.
 */
export function renderStatements(action: Action): readonly string[] | undefined {
  const statements = renderers[action.kind]?.(action);
  return statements && statements.length > 0 ? statements : undefined;
}
