import type { Dialect } from "../../sql/action.ts";
import type { NamingConvention } from "./conventions.ts";

/** What the replay of a project's operations depends on beside them. Compared by identity: one value for one project. */
export interface Environment {
  readonly dialect: Dialect;
  /** Of the metadata that env.py hands to Alembic; empty where it has none. Undefined where it is not known. */
  readonly namingConvention: NamingConvention | undefined;
  /** Of a project with several databases: which one. */
  readonly engine?: string;
}
