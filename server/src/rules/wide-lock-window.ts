import type { Judged } from "../facts/judged.ts";
import { liveLocks } from "../facts/live.ts";
import { timeoutAt } from "../facts/timeouts.ts";
import { sameTable } from "../locks/names.ts";
import { renderName } from "../sql/action.ts";
import { at, defineRule, option, type Found } from "./define.ts";

interface Window extends Found {
  readonly tables: readonly string[];
}

/** Each table that people use with the operation that shuts it, in the order in which they are shut. */
function shutTables(judged: readonly Judged[]): ReadonlyMap<string, Judged> {
  const found = new Map<string, Judged>();
  for (const one of judged) {
    const { effect, kind, table } = one.operation;
    if (effect !== "schema" || kind === "drop_table" || table === undefined || one.impact === undefined) continue;
    // What else the statement locks cannot be cut apart from it.
    const own = liveLocks(one, one.impact).find((lock) => sameTable(lock.table, table));
    if (own?.mode === "AccessExclusiveLock" && !found.has(renderName(own.table))) found.set(renderName(own.table), one);
  }
  return found;
}

/** What locks what is worked out only where there are enough tables. */
const tablesIn = (judged: readonly Judged[]): ReadonlySet<string> =>
  new Set(
    judged.flatMap(({ operation: { effect, table }, isOnExistingTable }) =>
      effect === "schema" && table && isOnExistingTable ? [renderName(table)] : [],
    ),
  );

export const wideLockWindow = defineRule({
  id: "wide-lock-window",
  group: "locking",
  severity: "warning",
  recommended: true,
  dialects: ["postgresql"],
  summary: "One transaction shuts several tables in use, one after the other, and waits for each without a limit.",
  why: `While the transaction waits for the lock on the next table, it keeps all that it has: everybody who uses the first one waits as well. A request that holds the tables in another order makes it a deadlock, and one
of the two is thrown out.`,
  instead: `Give each table a revision of its own, with a transaction of its own, or set a \`lock_timeout\`, so that the wait is short.`,
  allowed: [
    "Where a `lock_timeout` is set, in the revision or in env.py.",
    "Locks that one statement takes on several tables, as that of a foreign key.",
    "Tables that the same revision creates or drops: nobody is to use the latter any more.",
  ],
  sources: ["https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-DEADLOCKS"],
  options: {
    tables: option.integer({ default: 3, description: "How many tables in one transaction are too many." }),
  },
  examples: [
    {
      title: "Three tables in one revision",
      before: `op.add_column("users", sa.Column("tenant", sa.Integer()))
op.add_column("orders", sa.Column("tenant", sa.Integer()))
op.add_column("invoices", sa.Column("tenant", sa.Integer()))
`,
      after: [
        `op.add_column("users", sa.Column("tenant", sa.Integer()))
`,
        `op.add_column("orders", sa.Column("tenant", sa.Integer()))
`,
        `op.add_column("invoices", sa.Column("tenant", sa.Integer()))
`,
      ],
    },
  ],
  catches: [
    {
      title: "In a loop",
      code: `for table in ("users", "orders", "invoices"):
    op.add_column(table, sa.Column("tenant", sa.Integer()))
`,
    },
  ],
  passes: [
    {
      title: "Two tables",
      code: `op.add_column("users", sa.Column("tenant", sa.Integer()))
op.add_column("orders", sa.Column("tenant", sa.Integer()))
`,
    },
    {
      title: "With a limit",
      code: `op.execute("SET LOCAL lock_timeout = '5s'")
for table in ("users", "orders", "invoices"):
    op.add_column(table, sa.Column("tenant", sa.Integer()))
`,
    },
    {
      title: "Each in a transaction of its own",
      code: `for table in ("users", "orders", "invoices"):
    with op.get_context().autocommit_block():
        op.add_column(table, sa.Column("tenant", sa.Integer()))
`,
    },
    {
      title: "New tables",
      code: `for table in ("users", "orders", "invoices"):
    op.create_table(table, sa.Column("id", sa.Integer()))
    op.add_column(table, sa.Column("tenant", sa.Integer()))
`,
    },
  ],
  *detect({ judged, project }, { tables: limit }) {
    const groups = new Map<number, Judged[]>();
    for (const one of judged) {
      if (one.direction.name !== "upgrade" || one.operation.ownConnection || !one.isUnderstood) continue;
      groups.set(one.transaction, [...(groups.get(one.transaction) ?? []), one]);
    }
    for (const group of groups.values()) {
      if (tablesIn(group).size < limit) continue;
      const shut = [...shutTables(group)];
      const [, last] = shut[limit - 1] ?? [];
      if (last === undefined || timeoutAt(judged, last, "lock_timeout", project.config) !== "none") continue;
      const found: Window = { ...at(last), tables: shut.map(([table]) => table) };
      yield found;
    }
  },
  message: ({ tables }) =>
    `This transaction shuts ${tables.length} tables, one after the other and without a lock_timeout (${tables.slice(0, 4).join(", ")}${tables.length > 4 ? ", …" : ""}): while it waits for one, nobody can use those before.`,
  refactorings: ["set-lock-timeout", "transaction-per-migration", "split-by-table"],
});
