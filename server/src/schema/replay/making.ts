/** Columns, constraints and indexes as the server keeps them, from the way that they were defined. */
import { type ColumnDefinition, type QualifiedName } from "../../sql/action.ts";
import type { ConstraintDefinition, IdentityDefinition, IndexDefinition } from "../../sql/definition.ts";
import type { Column, Constraint, Index, Table } from "../state.ts";
import { defaultConvention, nameByConvention, truncated, type ToName } from "./conventions.ts";
import { indexNamed, type SchemaDraft } from "./draft.ts";
import type { Environment } from "./environment.ts";
import { chooseName, clipName, joinColumns } from "./names.ts";
import { columnOf, plainName } from "./schema.ts";

/** Where a definition was written: SQLAlchemy gives names that SQL does not. */
export interface Making extends Environment {
  readonly bySqlalchemy: boolean;
}

/** What becomes of a name that is longer than PostgreSQL's names may be; other servers keep it or refuse it. */
export const storedName = (
  name: string,
  { bySqlalchemy, dialect }: Pick<Making, "bySqlalchemy" | "dialect">,
): string => (dialect === "postgresql" ? clipName(bySqlalchemy ? truncated(name) : name) : name);

export function makeColumn(definition: ColumnDefinition): Column {
  const { name, sqlType, nullable, hasServerDefault, serial, identity, computed, collation, comment } = definition;
  const none = hasServerDefault === false || computed !== undefined || identity !== undefined;
  return {
    name,
    type: sqlType,
    nullable: serial || identity ? false : nullable,
    default: serial ? { sql: undefined } : (definition.default ?? (none ? null : undefined)),
    ...(serial && { serial }),
    ...(identity && { identity: withoutSequence(identity) }),
    ...(computed && { computed }),
    ...(collation !== undefined && { collation }),
    ...(comment !== undefined && { comment }),
  };
}

/** The sequence has its own place in the schema. */
function withoutSequence({ sequence: _, ...options }: IdentityDefinition): IdentityDefinition {
  return options;
}

const short = { primary_key: "pk", foreign_key: "fk", unique: "uq", check: "ck" } as const;

function conventional(table: Table, definition: ConstraintDefinition, making: Making): string | undefined {
  const { type, columns, name, nameIsFinal, references } = definition;
  const { bySqlalchemy, namingConvention } = making;
  if (definition.nameIsUnknown) return undefined;
  if (!bySqlalchemy || nameIsFinal || !(type in short)) return name;
  // Conventions for checks are the ones that build on the name that is given.
  if (!namingConvention) return type === "check" ? undefined : name;
  const subject: ToName = {
    type: short[type as keyof typeof short],
    table: table.name,
    columns,
    ...(name !== undefined && { name }),
    ...(references && { references }),
  };
  return nameByConvention(namingConvention, subject);
}

/** Without a name of its own the server names it, unless a convention that is not known might. */
const isNamedByServer = ({ type, nameIsFinal, nameIsUnknown }: ConstraintDefinition, making: Making): boolean =>
  making.dialect === "postgresql" &&
  !nameIsUnknown &&
  (making.namingConvention !== undefined || !making.bySqlalchemy || nameIsFinal === true || !(type in short));

const inSchemaOf = ({ name: { schema } }: Table, name: string): QualifiedName =>
  schema === undefined ? { name } : { schema, name };

/** The name that the server chooses; undefined where it depends on what is not known. */
function chosen(draft: SchemaDraft, table: Table, { type, columns }: ConstraintDefinition): string | undefined {
  const own = table.name.name;
  const isConstraint = (name: string): boolean => draft.isConstraint(inSchemaOf(table, name));
  const isTaken = (name: string): boolean => isConstraint(name) || draft.isRelation(inSchemaOf(table, name));
  switch (type) {
    case "primary_key":
      return chooseName(own, undefined, "pkey", isTaken);
    case "unique":
      return columns && chooseName(own, joinColumns(columns), "key", isTaken);
    case "exclude":
      return columns && columns.length > 0 ? chooseName(own, joinColumns(columns), "excl", isTaken) : undefined;
    case "foreign_key":
      return columns && chooseName(own, joinColumns(columns), "fkey", isConstraint);
    case "check":
      // PostgreSQL puts the column into the name where the condition mentions just one.
      return columns && chooseName(own, columns.length === 1 ? columns[0] : undefined, "check", isConstraint);
    case "not_null":
      return columns && chooseName(own, joinColumns(columns), "not_null", isConstraint);
  }
}

/** Adds the constraint with its index; a primary key makes its columns NOT NULL. */
export function withConstraint(
  draft: SchemaDraft,
  table: Table,
  definition: ConstraintDefinition,
  making: Making,
): Table {
  const given = conventional(table, definition, making) ?? definition.usingIndex;
  const byServer = given === undefined && isNamedByServer(definition, making);
  const name = byServer ? chosen(draft, table, definition) : given && storedName(given, making);
  const adopted = definition.usingIndex === undefined ? undefined : indexNamed(table, definition.usingIndex);
  const columns = definition.columns ?? adopted?.keys?.flatMap(({ column }) => column ?? []);
  const { nameIsUnknown: _, ...known } = definition;
  const taken = {
    ...(adopted?.include && { include: adopted.include }),
    ...(adopted?.nullsNotDistinct && { nullsNotDistinct: true as const }),
  };
  const constraint: Constraint = withReference({ ...known, ...taken, name, columns }, draft);
  const withIt = { ...table, constraints: [...table.constraints, constraint] };
  return withOwnIndex(withPrimaryKey(withIt, constraint), constraint);
}

/** Without columns a reference means the primary key of its table. */
function withReference(constraint: Constraint, draft: SchemaDraft): Constraint {
  const { references } = constraint;
  if (!references) return constraint;
  const table = plainName(references.table);
  const target = references.columns.length > 0 ? undefined : draft.schema.table(table);
  const key = typeof target === "object" ? target.constraints.find(({ type }) => type === "primary_key") : undefined;
  return { ...constraint, references: { ...references, table, columns: key?.columns ?? references.columns } };
}

function withPrimaryKey(table: Table, { type, columns }: Constraint): Table {
  if (type !== "primary_key" || !columns) return table;
  return {
    ...table,
    columns: table.columns.map((column) => (columns.includes(column.name) ? { ...column, nullable: false } : column)),
  };
}

function withOwnIndex(table: Table, constraint: Constraint): Table {
  const { type, name, columns, usingIndex } = constraint;
  if (type !== "primary_key" && type !== "unique" && type !== "exclude") return table;
  if (usingIndex !== undefined) {
    const indexes = table.indexes.map((index) =>
      index.name === usingIndex ? { ...index, name, ofConstraint: { name } } : index,
    );
    return { ...table, indexes };
  }
  const index: Index = {
    name,
    keys: type === "exclude" ? undefined : columns?.map((column) => ({ column })),
    unique: type !== "exclude",
    method: type === "exclude" ? "gist" : "btree",
    ofConstraint: { name },
    ...(constraint.include && { include: constraint.include }),
    ...(constraint.nullsNotDistinct && { nullsNotDistinct: true }),
  };
  return { ...table, indexes: [...table.indexes, index] };
}

function indexName(draft: SchemaDraft, table: Table, definition: IndexDefinition, making: Making): string | undefined {
  const columns = definition.keys?.map(({ column }) => column);
  const plain = columns?.every((column) => column !== undefined) ? columns : undefined;
  if (definition.nameIsUnknown) return undefined;
  if (making.bySqlalchemy && !definition.nameIsFinal) {
    if (!making.namingConvention) return definition.name;
    const convention = making.namingConvention.has("ix") ? making.namingConvention : defaultConvention;
    const subject = { type: "ix", table: table.name, columns: plain } as const;
    return nameByConvention(
      convention,
      definition.name === undefined ? subject : { ...subject, name: definition.name },
    );
  }
  if (definition.name !== undefined || making.dialect !== "postgresql" || !plain) return definition.name;
  const named = [...plain, ...(definition.include ?? [])];
  return chooseName(table.name.name, joinColumns(named), "idx", (name) => draft.isRelation(inSchemaOf(table, name)));
}

export function withIndex(draft: SchemaDraft, table: Table, definition: IndexDefinition, making: Making): Table {
  const given = indexName(draft, table, definition, making);
  const name = given === undefined ? undefined : storedName(given, making);
  if (name !== undefined && indexNamed(table, name)) return table;
  const { concurrently: _, nameIsFinal: __, nameIsUnknown: ___, ...kept } = definition;
  return { ...table, indexes: [...table.indexes, { ...kept, name }] };
}

/** `serial` and identity columns come with a sequence, whose name may be given. */
export function makeSequences(
  draft: SchemaDraft,
  table: Table,
  columns: readonly Pick<ColumnDefinition, "name" | "serial" | "identity">[],
): void {
  for (const column of columns) {
    if (!column.serial && !column.identity) continue;
    const isTaken = (name: string): boolean => draft.isRelation(inSchemaOf(table, name));
    const name =
      column.identity?.sequence ?? inSchemaOf(table, chooseName(table.name.name, column.name, "seq", isTaken));
    draft.putSequence({ name, ownedBy: { table: table.name, column: column.name } });
  }
}

export const hasColumn = (table: Table, name: string): boolean => columnOf(table, name) !== undefined;
