/**
 * Definitions of columns, constraints, indexes and types as the text gives them, the same for SQL and for SQLAlchemy.
 * A part that the text does not give is absent. A part that it gives and that cannot be read is `undefined` where the
 * type says so (`sql`, `values`), never a guess.
 */
import type { QualifiedName } from "./action.ts";

/** A piece of SQL that stays text: a default, a condition, an expression of an index. */
export interface SqlExpression {
  /** As the server would be given it: constants of Python are literals. Undefined where a part of it is not known. */
  readonly sql: string | undefined;
  /** Functions that it calls, folded, with their schema where it is written; `current_timestamp` and its like too. */
  readonly calls?: readonly string[];
  /** It is one constant: a literal, a cast literal, TRUE, NULL. */
  readonly constant?: true;
}

/**
 * A column type. PostgreSQL's are spelled as its `format_type()` spells them (`character varying`, `timestamp without
 * time zone`), `serial` and its like aside; other dialects' in capitals as their DDL shows them (`VARCHAR`).
 */
export interface ColumnType {
  readonly name: string;
  readonly schema?: string;
  /** What stands in parentheses: `["200"]`, `["10", "2"]`. */
  readonly arguments: readonly string[];
  /** PostgreSQL: how many pairs of brackets follow; 0 for no array. */
  readonly dimensions: number;
  /** It is an enum (or SQLAlchemy's boolean or enum without a native type, which is a VARCHAR with a CHECK). */
  readonly enum?: EnumDefinition;
}

export interface EnumDefinition {
  readonly name: QualifiedName;
  /** In order; undefined where they cannot be read. */
  readonly values: readonly string[] | undefined;
}

/** What CREATE SEQUENCE, ALTER SEQUENCE and GENERATED … AS IDENTITY say of the numbers; absent where they do not. */
export interface SequenceOptions {
  readonly start?: number;
  readonly increment?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly cache?: number;
  readonly cycle?: boolean;
}

export interface IdentityDefinition extends SequenceOptions {
  readonly always: boolean;
  /** `SEQUENCE NAME`: where it is defined; else the server makes a name. */
  readonly sequence?: QualifiedName;
}

/** `REFERENCES`, on a column or a table. */
export interface Reference {
  readonly table: QualifiedName;
  /** Empty: the primary key of that table. */
  readonly columns: readonly string[];
  /** As SQL writes them: `CASCADE`, `SET NULL`, `RESTRICT` … */
  readonly onDelete?: string;
  readonly onUpdate?: string;
  /** `ON DELETE SET NULL (…)`: only these columns. */
  readonly onDeleteColumns?: readonly string[];
  /** `FULL`; absent for the usual `SIMPLE`. */
  readonly match?: string;
}

/** A name as it was given. Absent: the server or a naming convention makes one. */
interface Named {
  readonly name?: string;
  /** The name is not to be passed through the metadata's naming convention: of SQL, and of `op.f("…")`. */
  readonly nameIsFinal?: true;
  /** A name is given, but which is not known: nobody else makes one. */
  readonly nameIsUnknown?: true;
}

export interface ConstraintDefinition extends Named {
  readonly type: "primary_key" | "foreign_key" | "unique" | "check" | "exclude" | "not_null";
  /** Constrained columns in order; of a check those that it mentions. Undefined where they cannot be read. */
  readonly columns: readonly string[] | undefined;
  readonly references?: Reference;
  /** Of a check: its condition. Of an exclusion constraint: all that follows EXCLUDE. */
  readonly expression?: SqlExpression;
  readonly notValid?: true;
  readonly notEnforced?: true;
  readonly deferrable?: true;
  readonly initiallyDeferred?: true;
  readonly noInherit?: true;
  readonly nullsNotDistinct?: true;
  /** `UNIQUE USING INDEX name`. */
  readonly usingIndex?: string;
  /** Columns of INCLUDE. */
  readonly include?: readonly string[];
  /** Of a key with WITHOUT OVERLAPS, or a foreign key with PERIOD: its last column is a period. */
  readonly period?: true;
}

export interface IndexKey {
  /** A plain column; absent for an expression. */
  readonly column?: string;
  readonly expression?: SqlExpression;
  readonly descending?: true;
  readonly nulls?: "first" | "last";
  readonly operatorClass?: string;
  readonly collation?: string;
}

export interface IndexDefinition extends Named {
  /** Undefined where they cannot be read. */
  readonly keys: readonly IndexKey[] | undefined;
  readonly unique: boolean;
  /** `btree` where the text does not say. */
  readonly method: string;
  readonly include?: readonly string[];
  readonly where?: SqlExpression;
  readonly nullsNotDistinct?: true;
  readonly concurrently?: true;
  /** `ON ONLY`: the partitions get none. */
  readonly only?: true;
  /** How it is stored is said, by WITH or TABLESPACE; what is said is not told. */
  readonly hasSettings?: true;
}

/** What CREATE TABLE says beside columns, constraints and indexes. */
export interface TableOptions {
  readonly comment?: string;
  readonly unlogged?: true;
  readonly partitionBy?: { readonly strategy: "range" | "list" | "hash"; readonly columns: readonly string[] };
  readonly partitionOf?: QualifiedName;
  /** Of a partition, as written: `FOR VALUES IN (1)`, `DEFAULT`. Undefined where it cannot be read. */
  readonly bound?: string;
  readonly inherits?: readonly QualifiedName[];
  readonly like?: readonly QualifiedName[];
  /** CREATE TABLE AS: the columns come from a query. */
  readonly asQuery?: true;
  /** CREATE TABLE AS, CREATE MATERIALIZED VIEW: the query is not run. */
  readonly withoutData?: true;
  /** A foreign table: its rows are on another server. */
  readonly foreign?: true;
  /** MySQL and MariaDB: `ENGINE`, `CHARSET` and their like, in capitals, with what they are set to. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** When an expression is NULL: where one of the columns is; `otherwise`: perhaps at other times as well. */
export interface NullWhen {
  readonly columns: readonly string[];
  readonly otherwise?: true;
}

/** Of an UPDATE of those rows that a subquery with LIMIT over the same table chooses. */
export interface BatchDefinition {
  /** Columns that a chosen row has NULL in, and not NULL. */
  readonly isNull: readonly string[];
  readonly isNotNull: readonly string[];
  /** All columns that the choice depends on. */
  readonly mentions: readonly string[];
  /** The choice depends on nothing but the rows: no parameter, nothing unknown. */
  readonly fixed: boolean;
  readonly sets: readonly { readonly column: string; readonly nullWhen: NullWhen }[];
}

/** Of CREATE SEQUENCE and ALTER SEQUENCE. */
export interface SequenceDefinition extends SequenceOptions {
  readonly type?: ColumnType;
  /** `null`: OWNED BY NONE. */
  readonly ownedBy?: { readonly table: QualifiedName; readonly column: string } | null;
  /** ALTER SEQUENCE … RESTART. */
  readonly restarts?: true;
}

/** Of CREATE TRIGGER. */
export interface TriggerDefinition {
  readonly timing: "before" | "after" | "instead_of";
  readonly events: readonly ("insert" | "update" | "delete" | "truncate")[];
  readonly forEachRow: boolean;
  readonly function?: QualifiedName;
}

/** What ALTER does where the kind and the other details do not tell; PostgreSQL's words in the manner of its kinds. */
export type AlterCommand =
  | "add_attribute"
  | "alter_attribute"
  | "alter_constraint"
  | "attach_partition"
  | "cluster_on"
  | "detach_partition"
  | "detach_partition_finalize"
  | "disable_row_security"
  | "disable_rule"
  | "disable_trigger"
  | "drop_attribute"
  | "drop_constraint"
  | "enable_row_security"
  | "enable_rule"
  | "enable_trigger"
  | "force_row_security"
  | "inherit"
  | "no_force_row_security"
  | "no_inherit"
  | "not_of"
  | "of"
  | "options"
  | "owner_to"
  | "replica_identity"
  | "reset_column_options"
  | "reset_options"
  | "set_access_method"
  | "set_column_options"
  | "set_compression"
  | "set_expression"
  | "set_identity"
  | "set_logged"
  | "set_options"
  | "set_schema"
  | "set_statistics"
  | "set_storage"
  | "set_tablespace"
  | "set_unlogged"
  | "set_without_cluster";

export interface Alteration {
  readonly command: AlterCommand;
  /** The tablespace, schema, owner, access method, index or constraint; `full`, `nothing`, `default` of REPLICA IDENTITY. */
  readonly argument?: string;
  /** The partition (of an index: the index attached), or the parent of INHERIT. */
  readonly table?: QualifiedName;
  /** ATTACH PARTITION: as written, `FOR VALUES IN (1)` or `DEFAULT`. */
  readonly bound?: string;
  /** `set_options` and its like: names of the options, in the order of the text. */
  readonly options?: readonly string[];
}
