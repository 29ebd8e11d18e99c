/**
 * What a statement does to a database, whichever way it was written. SQL text, directives of `op`, SQLAlchemy
 * expressions and ORM calls all become actions; only where they come from differs.
 */

import type { Range } from "../text/range.ts";
import type {
  Alteration,
  BatchDefinition,
  ColumnType,
  ConstraintDefinition,
  EnumDefinition,
  IdentityDefinition,
  IndexDefinition,
  SequenceDefinition,
  SqlExpression,
  TableOptions,
  TriggerDefinition,
} from "./definition.ts";

/** Dialects in SQLAlchemy's names. */
export type Dialect = "postgresql" | "mysql" | "mariadb" | "sqlite" | "mssql" | "oracle";

export const dialects: readonly Dialect[] = ["postgresql", "mysql", "mariadb", "sqlite", "mssql", "oracle"];

/**
 * - `schema` definitions of objects; `data` rows that outlive the revision; `read` rows, changing none;
 * - `maintenance` REINDEX, ANALYZE, REFRESH, COMMENT, GRANT, setval: neither schema nor data;
 * - `session` SET, LOCK, advisory locks, PRAGMA; `transaction` BEGIN, COMMIT, savepoints;
 * - `unknown` could be any of them.
 */
export type Effect = "schema" | "data" | "read" | "maintenance" | "session" | "transaction" | "unknown";

/** A name as the server compares it: unquoted parts folded as the dialect folds them. */
export interface QualifiedName {
  readonly schema?: string;
  readonly name: string;
}

export type EntityType =
  | "table"
  | "column"
  | "index"
  | "constraint"
  | "type"
  | "view"
  | "sequence"
  | "function"
  | "trigger"
  | "policy"
  | "schema"
  | "extension"
  | "other";

/**
 * One thing in the database. For a column, `name` is its table and `column` its own name; `"*"` is every column.
 * For an index, constraint, trigger or policy `name` is its own name, in its table's schema; a `require` of the type
 * "index" with a table's name stands for some unique index or constraint of that table (what ON CONFLICT needs).
 */
export interface Entity {
  readonly type: EntityType;
  readonly name: QualifiedName;
  readonly column?: string;
}

/**
 * How an action touches a thing. `require` needs it to exist as it is; `read`, `insert`, `update` and `delete` are
 * about rows; `constrain` adds a condition that existing rows must meet; the others are about the definition.
 */
export type Touching =
  "create" | "drop" | "alter" | "rename" | "require" | "constrain" | "relax" | "read" | "insert" | "update" | "delete";

export interface Touch {
  readonly how: Touching;
  readonly on: Entity;
  /** The text does not tell which of several tables an unqualified column belongs to; this is one of them. */
  readonly possible?: true;
}

/** Alembic's function name where it has one (`add_column`), else the SQL command in the same manner (`create_view`). */
export type ActionKind =
  | "add_column"
  | "alter_column"
  | "drop_column"
  | "create_table"
  | "drop_table"
  | "rename_table"
  | "create_table_comment"
  | "drop_table_comment"
  | "create_index"
  | "drop_index"
  | "create_check_constraint"
  | "create_exclude_constraint"
  | "create_foreign_key"
  | "create_primary_key"
  | "create_unique_constraint"
  | "drop_constraint"
  | "validate_constraint"
  | "rename_constraint"
  | "rename_index"
  | "alter_table"
  | "bulk_insert"
  | "insert"
  | "update"
  | "delete"
  | "merge"
  | "truncate"
  | "copy"
  | "select"
  | "create_type"
  | "alter_type"
  | "drop_type"
  | "create_view"
  | "alter_view"
  | "drop_view"
  | "create_sequence"
  | "alter_sequence"
  | "drop_sequence"
  | "create_function"
  | "drop_function"
  | "create_trigger"
  | "drop_trigger"
  | "create_policy"
  | "drop_policy"
  | "create_schema"
  | "drop_schema"
  | "create_extension"
  | "drop_extension"
  | "create_other"
  | "alter_other"
  | "drop_other"
  | "maintenance"
  | "set"
  | "lock"
  | "transaction"
  | "do"
  | "call"
  | "opaque";

/** What is known of a column where it is defined. `undefined` means that the text does not say or cannot be read. */
export interface ColumnDefinition {
  readonly name: string;
  /** The type as it is written: `sa.String(length=200)` or `varchar(200)`. */
  readonly type?: string;
  readonly nullable?: boolean;
  /** The same type in the server's words. */
  readonly sqlType?: ColumnType;
  readonly hasServerDefault?: boolean;
  readonly default?: SqlExpression;
  /** DEFAULT NULL is written out: no default, and yet PostgreSQL then checks a foreign key of the new column. */
  readonly nullDefault?: true;
  readonly generated?: "computed" | "identity";
  readonly identity?: IdentityDefinition;
  readonly computed?: SqlExpression & { readonly stored: boolean };
  /** PostgreSQL: a sequence of the column's own gives the default, as of `serial` and SQLAlchemy's autoincrement. */
  readonly serial?: true;
  /** MySQL, MariaDB, SQLite: AUTO_INCREMENT; SQL Server: IDENTITY. */
  readonly autoIncrement?: true;
  readonly collation?: string;
  readonly comment?: string;
}

/** Details that rules and refactorings ask for; each is present only where it applies and could be read. */
export interface Details {
  /** Columns defined: of `create_table` and `add_column`. */
  readonly definitions?: readonly ColumnDefinition[];
  /**
   * `add_column`: a value that only Python fills in (`default=`) and the server does not know: the argument, its value
   * in the file, and what that is where it is a constant.
   */
  readonly pythonDefault?: {
    readonly range: Range;
    readonly value: Range;
    readonly constant?: string | number | boolean;
  };
  /**
   * Constraints that the action makes, inline ones of columns included: of `create_table`, `add_column`,
   * `create_check_constraint` and its like. A column's own NOT NULL is in `definitions`.
   */
  readonly constraints?: readonly ConstraintDefinition[];
  /** Indexes that the action makes, those of `sa.Column(index=True)` included. */
  readonly indexes?: readonly IndexDefinition[];
  /**
   * Enum types that the action itself creates: of `create_type`, and of `create_table` where SQLAlchemy does (each only
   * once in a run of Alembic). Of `alter_type` that replaces all values: the type as it is afterwards.
   */
  readonly enumTypes?: readonly EnumDefinition[];
  readonly options?: TableOptions;
  /** `alter_column`: what changes. */
  readonly nullable?: boolean;
  readonly newType?: string;
  readonly newSqlType?: ColumnType;
  /** The expression of `USING`. */
  readonly using?: SqlExpression;
  readonly newName?: string;
  /** `true`: set; `false`: removed. */
  readonly serverDefault?: boolean;
  readonly newDefault?: SqlExpression;
  /**
   * Identity added; `"dropped"` for DROP IDENTITY. Where `alteration` says `set_identity` it is changed, and what it
   * does not give stays. Likewise the expression of a computed column, which SET EXPRESSION replaces.
   */
  readonly identity?: Partial<IdentityDefinition> | "dropped";
  readonly computed?: SqlExpression | "dropped";
  /** The collation of the new type. */
  readonly collation?: string;
  /** `null`: removed. Of a column, a table, or whatever COMMENT ON names. */
  readonly comment?: string | null;
  /** `existing_type` and its like: what Alembic is told that the column is. */
  readonly existing?: {
    readonly type?: ColumnType;
    readonly nullable?: boolean;
    readonly default?: SqlExpression | null;
  };
  /** Indexes and constraints. */
  readonly unique?: boolean;
  readonly concurrently?: boolean;
  readonly notValid?: boolean;
  readonly referencedTable?: QualifiedName;
  /** `create_table`, `add_column`: tables that the foreign keys it defines point at, each once. */
  readonly references?: readonly QualifiedName[];
  /** `add_column`: a statement of its own makes the foreign key, once the column is there, as Alembic's directive does. */
  readonly referencesApart?: true;
  /** An index over an expression or with a predicate: its build evaluates rows and may fail on them. */
  readonly expression?: boolean;
  readonly constraintType?: string;
  /** `drop_constraint`: the name that it is given is None. */
  readonly unnamed?: true;
  /**
   * `update`, `delete`: the outermost statement has a WHERE (or a join that restricts). `insert` with a query: the query
   * has one, or is otherwise known not to give all rows of a table.
   */
  readonly hasWhere?: boolean;
  /**
   * `update`: the WHERE may pass every row of the table: it holds nothing but tests for NULL and comparisons of columns with each
   * other, as a join has them. Absent where it may restrict.
   */
  readonly wideWhere?: true;
  /**
   * `update`, `delete`, `insert` with a query, of SQLAlchemy: the same as SQL, where all of it is known and it asks for nothing
   * but the rows of one table.
   */
  readonly statement?: string;
  /** `insert`: constants (`values`) or the result of a query (`query`). */
  readonly source?: "values" | "query";
  /** `insert`, `bulk_insert`: how many rows the text lists; absent where it does not tell. */
  readonly rows?: number;
  readonly onConflict?: boolean;
  /** `insert`, `bulk_insert`, `update` of SQLAlchemy: text that columns are set to. */
  readonly constants?: readonly { readonly column: string; readonly value: string }[];
  /** `update`: columns that are set to the constant NULL only. */
  readonly setsNull?: boolean;
  readonly temporary?: boolean;
  readonly ifExists?: boolean;
  readonly cascade?: boolean;
  /** `alter_table`: triggers are switched; `name` is the trigger, or absent for all of them. */
  readonly triggers?: "disabled" | "enabled";
  /** `alter_table`: only how the server keeps the table changes (fill factor, statistics, clustering), never its definition. */
  readonly tuning?: true;
  /** `alter_type`: what becomes of a value of the enum. */
  readonly enumValue?: "added" | "renamed";
  /** `alter_type` with `enumValue`: the value, its new name, and beside which other it is put. */
  readonly value?: {
    readonly name: string;
    readonly newName?: string;
    readonly before?: string;
    readonly after?: string;
  };
  /** `alter_type` that replaces all values: those that rows keep under another name. */
  readonly renamedValues?: readonly { readonly from: string; readonly to: string }[];
  readonly ifNotExists?: boolean;
  /** `set`: the name, the value as text (absent for RESET and for what is not known), and whether LOCAL. */
  readonly setting?: { readonly name: string; readonly value?: string; readonly local?: true };
  /** `lock`: the mode in PostgreSQL's words (`AccessExclusiveLock`). */
  readonly lockMode?: string;
  readonly nowait?: true;
  /** `update`: how it takes some rows at a time. */
  readonly batch?: BatchDefinition;
  /** `insert` with a query: it takes some rows of this table, and would take the same ones again. */
  readonly recopies?: QualifiedName;
  /** `insert`, `update`: a part of a column is set, an element of an array or a field; then its name may come twice. */
  readonly setsParts?: true;
  /** `insert`, `update`, `delete`, and `select` of other servers than PostgreSQL: functions that it calls. */
  readonly functions?: readonly string[];
  /** `select`: not the rows of a table as they are, but a count of them, a LIMIT, a group, a constant. */
  readonly digest?: true;
  /** `select`: rows are locked, as by FOR UPDATE. */
  readonly locksRows?: true;
  /** `select`, `call`: functions that it calls, the server's own among them. What they do, `body` of their definition tells. */
  readonly calls?: readonly string[];
  /** ALTER of whatever, where neither the kind nor another detail tells what changes. */
  readonly alteration?: Alteration;
  /** `maintenance`: the command in capitals: `VACUUM`, `VACUUM FULL`, `REINDEX TABLE`, `COMMENT`, `GRANT` … */
  readonly command?: string;
  /** `create_extension`: the schema that its things are put into, where one is named. */
  readonly inSchema?: string;
  readonly materialized?: true;
  /** `create_view` and its like: CREATE OR REPLACE. */
  readonly orReplace?: true;
  /** `create_type`, `alter_type`, `drop_type`. Attributes of a composite type are in `definitions`; of a domain the type is `newSqlType`. */
  readonly typeKind?: "enum" | "composite" | "domain" | "range" | "base";
  readonly sequence?: SequenceDefinition;
  readonly trigger?: TriggerDefinition;
  /**
   * `create_function`: it runs with its owner's rights, under a `search_path` of its own or the caller's.
   * `maintenance`: rights for everybody, or all rights that there are. `create_other`, `alter_other`: of a role.
   */
  readonly privilege?: "definer" | "definer-open" | "public" | "all" | "superuser";
  /** `create_function`: the language in which it is written. */
  readonly language?: string;
  /** `create_function`: what its body does whenever it is called. Absent where the body could not be read. */
  readonly body?: readonly Action[];
  /** MySQL and MariaDB: the clauses ALGORITHM and LOCK, in capitals. */
  readonly algorithm?: string;
  readonly lockClause?: string;
}

/** In a DO block or the body of a function: a test of what exists, another one, a handler of exceptions, a loop. */
export type Within = "existence" | "test" | "try" | "loop";

export interface Action {
  readonly kind: ActionKind;
  readonly effect: Effect;
  /** The table that the action is about; for an index or constraint the table it is on, where known. */
  readonly table?: QualifiedName;
  /** Its own name: of the index, constraint, type, view … */
  readonly name?: string;
  /** Columns added, dropped, altered, set, indexed or constrained, in the order of the text. */
  readonly columns: readonly string[];
  /** All that it touches, its own target included; what the order of two actions depends on. */
  readonly touches: readonly Touch[];
  readonly details: Details;
  /** It touches more than `touches` lists: a name or a part of the statement is made at run time or was not understood. */
  readonly incomplete?: true;
  /** What stands around it within its own statement, outermost first. */
  readonly within?: readonly Within[];
}

export const tableEntity = (name: QualifiedName): Entity => ({ type: "table", name });

export const columnEntity = (table: QualifiedName, column: string): Entity => ({
  type: "column",
  name: table,
  column,
});

export const touch = (how: Touching, on: Entity): Touch => ({ how, on });

/** Something named beside its table and in the same schema: an index, a constraint, a trigger, a policy. */
export const besideTable = (type: EntityType, name: string, table?: QualifiedName): Entity => ({
  type,
  name: table?.schema === undefined ? { name } : { schema: table.schema, name },
});

export const sameName = (a: QualifiedName, b: QualifiedName): boolean =>
  a.name === b.name && (a.schema ?? "") === (b.schema ?? "");

export const renderName = (name: QualifiedName): string => (name.schema ? `${name.schema}.${name.name}` : name.name);
