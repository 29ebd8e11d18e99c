/** What one operation does to a running server. */
import type { QualifiedName } from "../sql/action.ts";
import { lockModes, type LockMode } from "../sql/lock-modes.ts";
import { postgresVersions, type PostgresVersion } from "../sql/postgres-version.ts";

export { lockModes, type LockMode };
export { postgresVersions, type PostgresVersion };

/** Where and on what an operation runs. */
export type Server =
  | { readonly dialect: "postgresql"; readonly version: PostgresVersion }
  | { readonly dialect: "mysql"; readonly version: "8.0" | "8.4" }
  | { readonly dialect: "mariadb"; readonly version: string }
  | { readonly dialect: "sqlite" };

/** A view or a sequence is locked as a table is. The locks on a table's own indexes are not told apart. */
export interface TableLock {
  readonly table: QualifiedName;
  readonly mode: LockMode;
  /** Whom it holds up: derived from the mode, but for REINDEX, which holds up readers by the lock on the index. */
  readonly blocks: readonly ("reads" | "writes" | "ddl")[];
}

/**
 * Each list names tables that were there before the transaction: nobody else sees those that it made. `undefined` in
 * place of an impact: nothing is known of it.
 */
export interface Impact {
  readonly locks: readonly TableLock[];
  /** Written anew, with all indexes, under the lock. */
  readonly rewrites: readonly QualifiedName[];
  /** Read from start to end, under the lock: to check rows, to build an index, for a query. Not those that are rewritten. */
  readonly scans: readonly QualifiedName[];
  /** Tables on which an index is built; they are among `scans`, too. Not those that are rewritten. */
  readonly builds: readonly QualifiedName[];
  /** May it run in a transaction block? */
  readonly transactional: boolean;
  /** It waits for transactions that were there before it to end (CONCURRENTLY). */
  readonly waitsForSnapshots: boolean;
  /** MySQL and MariaDB: as documented. Their locks have other modes than PostgreSQL's: `locks` is empty. */
  readonly algorithm?: "INSTANT" | "INPLACE" | "COPY";
  /** MySQL and MariaDB: what they let others do meanwhile, in the words of the clause LOCK. NONE: everything. */
  readonly lock?: "NONE" | "SHARED" | "EXCLUSIVE";
  /** `measured`: a test compares it with real servers. `documented`: from the manual of the server. */
  readonly basis: "measured" | "documented";
  /** What would make it different: versions, contexts. One sentence each. */
  readonly notes: readonly string[];
  /** `likely`: some part of the operation, or of the schema that it meets, is not known; the worst is assumed. */
  readonly confidence: "certain" | "likely";
}
