/** What a single call does to the database, before it is placed into a direction: see `calls/`. */
import type { Action, Dialect } from "../sql/action.ts";
import type { Call, Value } from "../syntax/value.ts";
import type { Range } from "../text/range.ts";
import type { Confidence, Handing, Operation } from "./revision.ts";

export interface Draft extends Action, Handing {
  readonly range: Range;
  readonly nameRange: Range;
  readonly via: Operation["via"];
  readonly sql?: string;
  readonly confidence: Confidence;
  readonly why?: string;
}

export interface CallReading {
  readonly drafts: readonly Draft[];
}

/**
 * Reads one call. `undefined`: the call has nothing to do with the database (building a construct, `print`, `len`).
 * The callee and the arguments are values already: names, constants and imports are resolved.
 */
export type ReadCall = (call: Call, dialect: Dialect) => CallReading | undefined;

/** What a value is in the terms of Alembic and SQLAlchemy, as far as its construction tells. */
export type Role =
  "op" | "batch" | "connection" | "session" | "inspector" | "result" | "table" | "executable" | "context" | "other";
export type RoleOf = (value: Value) => Role;
