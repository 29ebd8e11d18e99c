/** The keyword arguments of Alembic's directives, with what they are for. */
import type { Dialect } from "../../sql/action.ts";

type Options = Readonly<Record<string, string>>;

const schema: Options = { schema: "the schema of the table" };
const ifExists: Options = { if_exists: "nothing is done where it is not there" };
const ifNotExists: Options = { if_not_exists: "nothing is done where it is there already" };
const existingComment: Options = {
  existing_comment: "the comment that it has; needed by the downgrade of some servers",
};
const inline: Options = {
  inline_references: "the foreign key is written in the definition of the column",
  inline_primary_key: "the primary key is written in the definition of the column",
};
const beside: Options = {
  insert_before: "the column that it comes before, where the table is copied",
  insert_after: "the column that it comes behind, where the table is copied",
};
const alteration: Options = {
  nullable: "whether the column may hold NULL from now on",
  server_default: "the default from now on; None takes it away",
  new_column_name: "the name from now on",
  type_: "the type from now on",
  existing_type: "the type that it has; needed by MySQL and SQL Server",
  existing_nullable: "whether it may hold NULL; needed by MySQL and SQL Server",
  existing_server_default: "the default that it has; needed by MySQL",
  comment: "the comment from now on; None takes it away",
  ...existingComment,
};
const foreignKey: Options = {
  ondelete: "what becomes of rows whose row is deleted",
  onupdate: "what becomes of rows whose key changes",
  deferrable: "whether it may be checked at the end of the transaction",
  initially: "DEFERRED or IMMEDIATE",
  match: "FULL, PARTIAL or SIMPLE",
};

/** On `op`. */
const onOperations: Readonly<Record<string, Options>> = {
  add_column: { ...schema, ...ifNotExists, ...inline },
  alter_column: { ...alteration, ...schema },
  batch_alter_table: {
    ...schema,
    recreate: "whether the table is copied: always, never or auto",
    copy_from: "the table as it is, so that it need not be read",
    table_args: "what else the new table has",
    table_kwargs: "options of the new table",
    reflect_args: "columns and constraints that reading the table misses",
    reflect_kwargs: "options for reading the table",
    naming_convention: "names for constraints that have none",
    partial_reordering: "the order of the columns",
  },
  bulk_insert: { multiinsert: "whether the rows go in one statement" },
  create_check_constraint: schema,
  create_foreign_key: {
    ...foreignKey,
    source_schema: "the schema of the table that it is on",
    referent_schema: "the schema of the table that it refers to",
  },
  create_index: { ...schema, unique: "whether it refuses equal values", ...ifNotExists },
  create_primary_key: schema,
  create_table: ifNotExists,
  create_table_comment: { ...existingComment, ...schema },
  create_unique_constraint: schema,
  drop_column: schema,
  drop_constraint: { type_: "the kind of the constraint; needed by MySQL", ...schema, ...ifExists },
  drop_index: { table_name: "the table that it is on", ...schema, ...ifExists },
  drop_table: { ...schema, ...ifExists },
  drop_table_comment: { ...existingComment, ...schema },
  execute: { execution_options: "options of the execution" },
  rename_table: schema,
};

/** On what `op.batch_alter_table(…)` gives: the table is that one's. */
const onBatch: Readonly<Record<string, Options>> = {
  add_column: { ...beside, ...ifNotExists, ...inline },
  alter_column: { ...alteration, ...beside },
  create_foreign_key: { ...foreignKey, referent_schema: "the schema of the table that it refers to" },
  create_table_comment: existingComment,
  drop_constraint: { type_: "the kind of the constraint" },
  drop_table_comment: existingComment,
  execute: { execution_options: "options of the execution" },
};

/** Passed on to SQLAlchemy's own index and constraint, and only of use on that server. */
const onDialect: Partial<Record<Dialect, Readonly<Record<string, Options>>>> = {
  postgresql: {
    create_index: {
      postgresql_concurrently: "built without keeping writers out; outside of a transaction only",
      postgresql_using: "the method: btree, hash, gist, spgist, gin or brin",
      postgresql_where: "the condition of a partial index",
      postgresql_ops: "operator classes by column",
      postgresql_include: "columns that are only carried along",
      postgresql_nulls_not_distinct: "whether NULLs count as equal",
      postgresql_with: "storage parameters",
    },
    drop_index: { postgresql_concurrently: "dropped without keeping anybody out; outside of a transaction only" },
    create_check_constraint: { postgresql_not_valid: "rows that are there are not checked" },
    create_foreign_key: { postgresql_not_valid: "rows that are there are not checked" },
  },
};

/** By name, in an order that puts the usual ones first. */
export function optionsOf(directive: string, isBatch: boolean, dialect: Dialect): ReadonlyMap<string, string> {
  const own = (isBatch ? onBatch : onOperations)[directive] ?? {};
  return new Map([...Object.entries(own), ...Object.entries(onDialect[dialect]?.[directive] ?? {})]);
}

export const directivesWithOptions = (isBatch: boolean): readonly string[] =>
  Object.keys(isBatch ? onBatch : onOperations);
