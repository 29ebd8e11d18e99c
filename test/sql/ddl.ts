/** DDL from what was read of DDL: where it makes the same as the text did, nothing of the text was lost. */
import type { Action, ColumnDefinition, Details, QualifiedName } from "../../server/src/sql/action.ts";
import type {
  ConstraintDefinition,
  IdentityDefinition,
  IndexDefinition,
  IndexKey,
  SequenceDefinition,
  SequenceOptions,
  SqlExpression,
} from "../../server/src/sql/definition.ts";
import { renderColumnType } from "../../server/src/sql/postgres/types.ts";

const quote = (name: string): string => `"${name.split('"').join('""')}"`;
const list = (names: readonly string[] | undefined): string => `(${(names ?? ["?"]).map(quote).join(", ")})`;
const nameOf = ({ schema, name }: QualifiedName): string =>
  schema === undefined ? quote(name) : `${quote(schema)}.${quote(name)}`;
const textOf = (expression: SqlExpression | undefined): string => expression?.sql ?? "?";
const words = (...parts: readonly (string | false | undefined)[]): string => parts.filter(Boolean).join(" ");

const serials: Readonly<Record<string, string>> = { integer: "serial", bigint: "bigserial", smallint: "smallserial" };

export function renderColumn(column: ColumnDefinition): string {
  const { sqlType, identity, computed, collation } = column;
  const type = sqlType ? renderColumnType(sqlType) : "?";
  return words(
    quote(column.name),
    column.serial ? serials[type] : type,
    collation !== undefined && `COLLATE ${quote(collation)}`,
    column.default && `DEFAULT (${textOf(column.default)})`,
    identity && renderIdentity(identity),
    computed && `GENERATED ALWAYS AS (${textOf(computed)}) ${computed.stored ? "STORED" : "VIRTUAL"}`,
    column.nullable === false && "NOT NULL",
  );
}

const renderIdentity = (identity: IdentityDefinition): string =>
  `GENERATED ${identity.always ? "ALWAYS" : "BY DEFAULT"} AS IDENTITY (${renderOptions(identity)})`;

const renderOptions = ({ start, increment, minimum, maximum, cache, cycle }: SequenceOptions): string =>
  words(
    increment !== undefined && `INCREMENT ${String(increment)}`,
    minimum !== undefined && `MINVALUE ${String(minimum)}`,
    maximum !== undefined && `MAXVALUE ${String(maximum)}`,
    start !== undefined && `START ${String(start)}`,
    cache !== undefined && `CACHE ${String(cache)}`,
    cycle !== undefined && (cycle ? "CYCLE" : "NO CYCLE"),
    start === undefined && increment === undefined && "INCREMENT 1",
  );

export function renderConstraint(one: ConstraintDefinition): string {
  const keys = one.usingIndex === undefined ? list(one.columns) : `USING INDEX ${quote(one.usingIndex)}`;
  const period = one.period ? keys.replace(/("[^"]+")\)$/, "$1 WITHOUT OVERLAPS)") : keys;
  const include = one.include ? ` INCLUDE ${list(one.include)}` : "";
  const bodies: Readonly<Record<ConstraintDefinition["type"], () => string>> = {
    primary_key: () => `PRIMARY KEY ${period}${include}`,
    unique: () => `UNIQUE ${one.nullsNotDistinct ? "NULLS NOT DISTINCT " : ""}${period}${include}`,
    check: () => `CHECK (${textOf(one.expression)})`,
    exclude: () => `EXCLUDE ${textOf(one.expression)}`,
    not_null: () => `NOT NULL ${quote(one.columns?.[0] ?? "?")}`,
    foreign_key: () => `FOREIGN KEY ${keys} ${renderReference(one)}`,
  };
  return words(
    one.name !== undefined && `CONSTRAINT ${quote(one.name)}`,
    bodies[one.type](),
    one.deferrable && "DEFERRABLE",
    one.initiallyDeferred && "INITIALLY DEFERRED",
    one.notEnforced && "NOT ENFORCED",
    one.noInherit && "NO INHERIT",
    one.notValid && "NOT VALID",
  );
}

function renderReference({ references }: ConstraintDefinition): string {
  if (!references) return "?";
  const { table, columns, match, onDelete, onUpdate, onDeleteColumns } = references;
  return words(
    `REFERENCES ${nameOf(table)}`,
    columns.length > 0 && list(columns),
    match !== undefined && `MATCH ${match}`,
    onDelete !== undefined && `ON DELETE ${onDelete}`,
    onDeleteColumns && list(onDeleteColumns),
    onUpdate !== undefined && `ON UPDATE ${onUpdate}`,
  );
}

export function renderIndex(table: QualifiedName, index: IndexDefinition, ifNotExists = false): string {
  return words(
    "CREATE",
    index.unique && "UNIQUE",
    "INDEX",
    ifNotExists && "IF NOT EXISTS",
    index.name !== undefined && quote(index.name),
    index.only ? "ON ONLY" : "ON",
    nameOf(table),
    `USING ${index.method}`,
    `(${(index.keys ?? []).map(renderKey).join(", ")})`,
    index.include && `INCLUDE ${list(index.include)}`,
    index.nullsNotDistinct && "NULLS NOT DISTINCT",
    index.where && `WHERE ${textOf(index.where)}`,
  );
}

const renderKey = (key: IndexKey): string =>
  words(
    key.column === undefined ? `(${textOf(key.expression)})` : quote(key.column),
    key.collation !== undefined && `COLLATE ${quote(key.collation)}`,
    key.operatorClass,
    key.descending && "DESC",
    key.nulls && `NULLS ${key.nulls}`,
  );

/** The statement that does what the action says. */
export function renderDdl(action: Action): string {
  const { details } = action;
  const table = action.table ? nameOf(action.table) : "?";
  const [column] = action.columns;
  if (action.kind === "create_table") {
    const elements = [
      ...(details.definitions ?? []).map(renderColumn),
      ...(details.constraints ?? []).map(renderConstraint),
    ];
    const { partitionBy, partitionOf, bound, inherits, unlogged } = details.options ?? {};
    return words(
      "CREATE",
      unlogged && "UNLOGGED",
      `TABLE ${table}`,
      partitionOf && `PARTITION OF ${nameOf(partitionOf)}`,
      (elements.length > 0 || !partitionOf) && `(${elements.join(", ")})`,
      inherits && `INHERITS (${inherits.map(nameOf).join(", ")})`,
      bound,
      partitionBy && `PARTITION BY ${partitionBy.strategy} ${list(partitionBy.columns)}`,
    );
  }
  const written = renderOther(action);
  if (written !== undefined) return written;
  if (action.kind === "create_index")
    return renderIndex(action.table ?? { name: "?" }, details.indexes?.[0] ?? never, details.ifNotExists);
  if (action.kind === "rename_constraint")
    return `ALTER TABLE ${table} RENAME CONSTRAINT ${quote(action.name ?? "?")} TO ${quote(details.newName ?? "?")}`;
  if (action.kind === "alter_column" && details.newName !== undefined)
    return `ALTER TABLE ${table} RENAME COLUMN ${quote(column ?? "?")} TO ${quote(details.newName)}`;
  return `ALTER TABLE ${table} ${renderCommand(action)}`;
}

/** Sequences, types, and names. */
function renderOther(action: Action): string | undefined {
  const { details, kind } = action;
  const own = action.touches.find(({ on }) => on.name.name === action.name && on.type !== "table")?.on.name;
  const name = own ? nameOf(own) : quote(action.name ?? "?");
  const to = quote(details.newName ?? "?");
  if (kind === "create_sequence") return `CREATE SEQUENCE ${name} ${renderSequence(details.sequence ?? {})}`;
  if (kind === "alter_sequence") return `ALTER SEQUENCE ${name} ${renderSequence(details.sequence ?? {})}`;
  if (kind === "create_type") return renderType(name, details);
  if (kind === "alter_type" && details.value) return renderValue(name, details);
  if (kind === "alter_type" && details.newName !== undefined && !details.alteration)
    return `ALTER TYPE ${name} RENAME TO ${to}`;
  if (kind === "alter_type") return renderTypeChange(name, details);
  if (kind === "rename_table") return `ALTER TABLE ${nameOf(action.table ?? { name: "?" })} RENAME TO ${to}`;
  if (kind === "rename_index") return `ALTER INDEX ${name} RENAME TO ${to}`;
  if (kind === "drop_type") return `DROP ${details.typeKind === "domain" ? "DOMAIN" : "TYPE"} ${name}`;
  if (kind === "drop_table") return `DROP TABLE ${nameOf(action.table ?? { name: "?" })}`;
  if (kind === "drop_index") return `DROP INDEX ${name}`;
  if (kind === "create_table_comment" || (kind === "maintenance" && details.command === "COMMENT"))
    return renderComment(action, name);
  return undefined;
}

const literal = (text: string): string => `'${text.split("'").join("''")}'`;

function renderSequence({ type, ownedBy, restarts, ...options }: SequenceDefinition): string {
  const numbers = Object.keys(options).length > 0 ? renderOptions(options) : "";
  const owner = ownedBy === null ? "NONE" : ownedBy && `${nameOf(ownedBy.table)}.${quote(ownedBy.column)}`;
  return words(
    type && `AS ${renderColumnType(type)}`,
    numbers,
    restarts && "RESTART",
    owner !== undefined && `OWNED BY ${owner}`,
  );
}

function renderType(name: string, details: Details): string {
  const { newSqlType, newDefault, nullable, constraints = [] } = details;
  if (details.typeKind === "domain") {
    return words(
      `CREATE DOMAIN ${name} AS ${newSqlType ? renderColumnType(newSqlType) : "?"}`,
      newDefault && `DEFAULT ${textOf(newDefault)}`,
      nullable === false && "NOT NULL",
      ...constraints.map(renderConstraint),
    );
  }
  const values = details.enumTypes?.[0]?.values?.map(literal) ?? ["?"];
  if (details.typeKind === "enum") return `CREATE TYPE ${name} AS ENUM (${values.join(", ")})`;
  return `CREATE TYPE ${name} AS (${(details.definitions ?? []).map(renderColumn).join(", ")})`;
}

function renderValue(name: string, { value }: Details): string {
  if (!value) return "?";
  if (value.newName !== undefined)
    return `ALTER TYPE ${name} RENAME VALUE ${literal(value.name)} TO ${literal(value.newName)}`;
  const beside = value.before ?? value.after;
  const where = beside === undefined ? "" : ` ${value.before === undefined ? "AFTER" : "BEFORE"} ${literal(beside)}`;
  return `ALTER TYPE ${name} ADD VALUE ${literal(value.name)}${where}`;
}

function renderTypeChange(name: string, details: Details): string {
  const { alteration, newName, newSqlType, constraints } = details;
  const part = quote(alteration?.argument ?? "?");
  if (details.typeKind === "domain") {
    const domain = `ALTER DOMAIN ${name}`;
    if (constraints) return `${domain} ADD ${constraints.map(renderConstraint).join(" ")}`;
    if (alteration?.command === "drop_constraint") return `${domain} DROP CONSTRAINT ${part}`;
    if (newName !== undefined) return `${domain} RENAME CONSTRAINT ${part} TO ${quote(newName)}`;
    if (details.nullable !== undefined) return `${domain} ${details.nullable ? "DROP" : "SET"} NOT NULL`;
    return `${domain} ${details.newDefault ? `SET DEFAULT ${textOf(details.newDefault)}` : "DROP DEFAULT"}`;
  }
  const type = `ALTER TYPE ${name}`;
  if (newName !== undefined) return `${type} RENAME ATTRIBUTE ${part} TO ${quote(newName)}`;
  if (alteration?.command === "drop_attribute") return `${type} DROP ATTRIBUTE ${part}`;
  if (newSqlType) return `${type} ALTER ATTRIBUTE ${part} TYPE ${renderColumnType(newSqlType)}`;
  return `${type} ADD ATTRIBUTE ${(details.definitions ?? []).map(renderColumn).join(", ")}`;
}

function renderComment(action: Action, name: string): string {
  const { table, columns, details } = action;
  const type = action.touches.at(-1)?.on.type;
  const on = !table
    ? `${(type ?? "?").toUpperCase()} ${name}`
    : columns.length > 0
      ? `COLUMN ${nameOf(table)}.${quote(columns[0] ?? "?")}`
      : action.name !== undefined
        ? `CONSTRAINT ${quote(action.name)} ON ${nameOf(table)}`
        : `TABLE ${nameOf(table)}`;
  return `COMMENT ON ${on} IS ${typeof details.comment === "string" ? literal(details.comment) : "NULL"}`;
}

const never: IndexDefinition = { keys: [], unique: false, method: "?" };

function renderAlteration({ alteration }: Details): string | undefined {
  const second = alteration?.table ? nameOf(alteration.table) : "?";
  const argument = alteration?.argument ?? "?";
  if (alteration?.command === "attach_partition") return `ATTACH PARTITION ${second} ${alteration.bound ?? "?"}`;
  if (alteration?.command === "detach_partition") return `DETACH PARTITION ${second}`;
  if (alteration?.command === "inherit") return `INHERIT ${second}`;
  if (alteration?.command === "no_inherit") return `NO INHERIT ${second}`;
  if (alteration?.command === "set_schema") return `SET SCHEMA ${quote(argument)}`;
  if (alteration?.command === "set_unlogged") return "SET UNLOGGED";
  if (alteration?.command === "set_logged") return "SET LOGGED";
  if (alteration?.command === "enable_row_security") return "ENABLE ROW LEVEL SECURITY";
  if (alteration?.command === "replica_identity")
    return `REPLICA IDENTITY ${["full", "nothing", "default"].includes(argument) ? argument : `USING INDEX ${quote(argument)}`}`;
  return undefined;
}

function renderCommand(action: Action): string {
  const { details, kind } = action;
  const alteration = kind === "alter_table" ? renderAlteration(details) : undefined;
  if (alteration !== undefined) return alteration;
  const column = quote(action.columns[0] ?? "?");
  if (kind === "add_column") {
    const added = (details.definitions ?? []).map((one) => `ADD COLUMN ${renderColumn(one)}`);
    return [...added, ...(details.constraints ?? []).map((one) => `ADD ${renderConstraint(one)}`)].join(", ");
  }
  if (kind === "drop_column") return `DROP COLUMN ${column}`;
  if (kind === "drop_constraint") return `DROP CONSTRAINT ${quote(action.name ?? "?")}`;
  if (kind === "validate_constraint") return `VALIDATE CONSTRAINT ${quote(action.name ?? "?")}`;
  if (kind !== "alter_column")
    return (details.constraints ?? []).map((one) => `ADD ${renderConstraint(one)}`).join(", ");
  return renderColumnChange(column, details);
}

function renderColumnChange(column: string, details: Details): string {
  const { identity, computed, newSqlType, using } = details;
  const alter = `ALTER COLUMN ${column}`;
  if (newSqlType) return `${alter} TYPE ${renderColumnType(newSqlType)}${using ? ` USING (${textOf(using)})` : ""}`;
  if (details.nullable !== undefined) return `${alter} ${details.nullable ? "DROP" : "SET"} NOT NULL`;
  if (details.serverDefault === false) return `${alter} DROP DEFAULT`;
  if (details.newDefault) return `${alter} SET DEFAULT (${textOf(details.newDefault)})`;
  if (identity === "dropped") return `${alter} DROP IDENTITY`;
  if (computed === "dropped") return `${alter} DROP EXPRESSION`;
  if (computed) return `${alter} SET EXPRESSION AS (${textOf(computed)})`;
  if (details.alteration?.command === "set_identity" && identity)
    return `${alter} ${identity.always === undefined ? "" : `SET GENERATED ${identity.always ? "ALWAYS" : "BY DEFAULT"}`} ${identity.increment === undefined ? "" : `SET INCREMENT ${String(identity.increment)}`}`;
  return identity ? `${alter} ADD ${renderIdentity({ always: false, ...identity })}` : "?";
}
