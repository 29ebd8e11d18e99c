/** What one directive of `alembic.op` is: its parameters, on `op` and on a batch object, and how its call is read. */
import type { Dialect, QualifiedName } from "../../../sql/action.ts";
import type { Bound } from "../arguments.ts";
import type { Sketch } from "../draft.ts";

/** The arguments of one call, with the table they are about already resolved. */
export interface Scene {
  readonly bound: Bound;
  /** Absent where its name is not known; `bound.doubts` says why. */
  readonly table: QualifiedName | undefined;
  readonly schema: string | undefined;
  readonly dialect: Dialect;
}

export interface Directive {
  /**
   * Parameters in their order, as `name` or `name|older name`. Older versions took trailing options by position too,
   * so these come after the parameters that are positional today.
   */
  readonly parameters: readonly string[];
  /** On a batch object; absent where batch objects do not have the directive. */
  readonly batch?: readonly string[];
  /** The parameters that name the table and its schema, `table_name` and `schema` unless said otherwise. */
  readonly table?: string | null;
  readonly schema?: string;
  /** The directive does without a table: `drop_index("x")`. */
  readonly tableOptional?: true;
  readonly read: (scene: Scene) => readonly Sketch[];
}
