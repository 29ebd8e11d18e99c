/** What, beside the operation itself, decides what it does to a server. */
import type { QualifiedName } from "../sql/action.ts";
import type { Schema } from "../schema/state.ts";
import type { Server } from "./impact.ts";

export interface Circumstances {
  readonly server: Server;
  /** As the operation meets it. */
  readonly schema: Schema;
  /** Tables and views that the same transaction has made: nobody else sees them before it ends. */
  readonly created?: readonly QualifiedName[];
  /** In a block of `batch_alter_table`, which on SQLite may copy the table. */
  readonly inBatch?: boolean;
  /** Whether the time zone of the session is UTC. Absent: not known. */
  readonly utc?: boolean;
}
