/** Where one transaction of a direction ends and the next begins. */
import type { Operation } from "../model/revision.ts";
import type { ActionKind, Dialect } from "../sql/action.ts";

/** Dialects whose servers commit at each DDL statement, whatever the client wants. */
const commitsAtDdl: readonly Dialect[] = ["mysql", "mariadb", "oracle"];

/** What PostgreSQL's BEGIN within a transaction and everything about savepoints leave as it is. */
const within: ReadonlySet<string | undefined> = new Set(["begin", "start", "savepoint", "release", "rollback_to"]);

/**
 * A session that is bound to Alembic's connection joins its transaction: its commit and close end nothing, only its
 * rollback does.
 */
function endsTransaction({ effect, via, name }: Operation): boolean {
  if (effect !== "transaction") return false;
  return via === "orm" ? name === "rollback" : !within.has(name);
}

/** A batch block on SQLite does all but these by copying the table, and that writes rows. */
const inPlace: readonly ActionKind[] = ["add_column", "create_index", "drop_index"];

/** Python's driver for SQLite begins a transaction at the first change of rows; definitions before it commit on their own. */
const beginsOnSqlite = ({ effect, via, kind }: Operation): boolean =>
  effect === "data" || (effect === "schema" && via === "batch" && !inPlace.includes(kind));

/** The number of the transaction of each operation: an autocommit block and a COMMIT each end one. */
export function countTransactions(operations: readonly Operation[], dialect: Dialect): readonly number[] {
  let current = 0;
  let block: number | undefined;
  let begun = dialect !== "sqlite";
  return operations.map((operation) => {
    const autocommit = operation.context.find((context) => context.kind === "autocommit")?.range.start;
    if (autocommit !== block || autocommit !== undefined) current++;
    block = autocommit;
    if (endsTransaction(operation)) {
      current++;
      begun = dialect !== "sqlite";
    }
    begun ||= beginsOnSqlite(operation);
    const defines = operation.effect === "schema" || operation.kind === "truncate";
    const commits = defines && (!begun || commitsAtDdl.includes(dialect));
    // Such a statement commits what was before it, and then itself.
    return commits ? (current += 2) - 1 : current;
  });
}
