/**
 * The schema of a database at one point of a history, as far as the operations before it tell. Immutable; a step shares
 * with its predecessor all that it does not change. What an opaque operation may have touched is unknown, never wrong.
 */
import type { QualifiedName } from "../sql/action.ts";
import type {
  ColumnType,
  ConstraintDefinition,
  IdentityDefinition,
  IndexDefinition,
  SqlExpression,
  TableOptions,
} from "../sql/definition.ts";

/** - `absent`: it is certainly not there. `unknown`: it may be, and nothing more can be said. */
export type Found<T> = T | "absent" | "unknown";

export interface Column {
  readonly name: string;
  /** Undefined: not known. */
  readonly type: ColumnType | undefined;
  readonly nullable: boolean | undefined;
  /** `null`: none. Undefined: not known. */
  readonly default: SqlExpression | null | undefined;
  readonly serial?: true;
  readonly identity?: IdentityDefinition;
  readonly computed?: SqlExpression & { readonly stored: boolean };
  readonly collation?: string;
  readonly comment?: string;
}

/** With the name that the server or the naming convention gives it; undefined where that is not known. */
export type Constraint = Omit<ConstraintDefinition, "name"> & {
  readonly name: string | undefined;
  /** It may be gone, or be another one; why, in words. */
  readonly doubt?: string;
};
export type Index = Omit<IndexDefinition, "name"> & {
  readonly name: string | undefined;
  /** It comes and goes with a constraint; of which name, where that is known. */
  readonly ofConstraint?: { readonly name: string | undefined };
};

export interface Table {
  readonly name: QualifiedName;
  readonly kind: "table" | "partitioned" | "foreign";
  /** In the order of the server. */
  readonly columns: readonly Column[];
  readonly constraints: readonly Constraint[];
  readonly indexes: readonly Index[];
  readonly comment?: string;
  readonly partitionOf?: QualifiedName;
  /** Of a partition, as written: `FOR VALUES IN (1)`, `DEFAULT`. */
  readonly bound?: string;
  /** Tables that it was made to inherit from. */
  readonly inherits?: readonly QualifiedName[];
  readonly partitionBy?: TableOptions["partitionBy"];
  readonly unlogged?: true;
  /** It may have more or other columns, constraints and indexes than are listed; why, in words. */
  readonly doubt?: string;
}

export interface EnumType {
  readonly name: QualifiedName;
  /** Undefined: not known. */
  readonly values: readonly string[] | undefined;
}

export interface Sequence {
  readonly name: QualifiedName;
  readonly ownedBy?: { readonly table: QualifiedName; readonly column: string };
}

export interface View {
  readonly name: QualifiedName;
  readonly materialized: boolean;
  /** Tables and views that its query names. */
  readonly reads?: readonly QualifiedName[];
}

export interface Schema {
  /** Of several spellings the default schema's is the one without `schema`. */
  table(name: QualifiedName): Found<Table>;
  enumType(name: QualifiedName): Found<EnumType>;
  sequence(name: QualifiedName): Found<Sequence>;
  view(name: QualifiedName): Found<View>;
  /** Tables with a foreign key to this one, its partitions, and tables that inherit from it; in the order of their names. */
  related(name: QualifiedName): Iterable<Table>;
  /** The sequences that belong to the table or to one of its columns; in the order of their names. */
  owned(table: QualifiedName): Iterable<Sequence>;
  /** The table that an index or a constraint of that name is on. */
  tableOfIndex(name: QualifiedName): Found<Table>;
  /** In the order of their names. */
  readonly tables: Iterable<Table>;
  readonly enumTypes: Iterable<EnumType>;
  readonly sequences: Iterable<Sequence>;
  readonly views: Iterable<View>;
  readonly schemas: Iterable<string>;
  /** Anything may be there beside what is listed: some operation before was not understood. Why, in words. */
  readonly doubt: string | undefined;
}
