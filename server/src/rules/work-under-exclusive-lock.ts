import type { Judged } from "../facts/judged.ts";
import { liveLocks } from "../facts/live.ts";
import { mayGoThrough, tablesGoneThrough } from "../facts/passes.ts";
import { renderName, type QualifiedName } from "../sql/action.ts";
import { renderSchemaChange } from "../schema/wording.ts";
import { at, defineRule, type Found } from "./define.ts";
import { renderWaiting } from "./waiting.ts";

/** It shuts a table that people use. */
const shuts = (one: Judged): boolean =>
  one.operation.effect === "schema" &&
  one.operation.kind !== "drop_table" &&
  one.isOnExistingTable &&
  one.impact !== undefined &&
  liveLocks(one, one.impact).some(({ mode }) => mode === "AccessExclusiveLock");

interface Held extends Found {
  readonly read: QualifiedName;
  readonly holder: string;
  readonly waiting: string;
}

function* inTransaction(judged: readonly Judged[]): Iterable<Held> {
  // What locks what is worked out only where something long may follow.
  const last = judged.findLastIndex(mayGoThrough);
  const holder = judged.slice(0, Math.max(last, 0)).find(shuts);
  if (holder?.impact === undefined) return;
  for (const one of judged) {
    const [read] = one.index > holder.index ? tablesGoneThrough(one) : [];
    const waiting = renderWaiting(
      liveLocks(holder, holder.impact).filter(({ mode }) => mode === "AccessExclusiveLock"),
    );
    if (read === undefined || waiting === undefined) continue;
    const words = renderSchemaChange(holder.operation);
    const related = [{ range: holder.operation.nameRange, message: `${words} takes the lock` }];
    yield { ...at(one), related, read, holder: words, waiting };
    return;
  }
}

export const workUnderExclusiveLock = defineRule({
  id: "work-under-exclusive-lock",
  group: "locking",
  severity: "warning",
  recommended: true,
  dialects: ["postgresql"],
  summary: "The server goes through all rows of a table while the transaction has another change's table shut.",
  why: `ALTER TABLE takes ACCESS EXCLUSIVE for a moment's work, but keeps it until the transaction ends. Whatever long follows in the same transaction, on whatever table, is time in which nobody can read or write
the one that was altered.`,
  instead: `Put the long statement into a revision of its own, with a transaction of its own (\`transaction_per_migration=True\` in \`env.py\`), or put it first.`,
  allowed: [
    "Changes of rows, which the rule `mixed-schema-and-data` is about, and queries.",
    "Tables that the same revision creates, empties or drops.",
    "What stands before the lock is taken.",
  ],
  sources: ["https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES"],
  options: {},
  yieldsTo: [
    "non-concurrent-index",
    "set-not-null-scan",
    "validated-foreign-key",
    "validated-check",
    "unique-constraint-builds-index",
    "primary-key-builds-index",
    "exclusion-constraint",
    "rewriting-column",
    "rewriting-type-change",
    "required-column",
    "validated-in-same-transaction",
    "non-concurrent-reindex",
    "blocking-refresh",
  ],
  examples: [
    {
      title: "A constraint of yesterday is validated after a column was added",
      before: `op.add_column("users", sa.Column("age", sa.Integer()))
op.execute("ALTER TABLE orders VALIDATE CONSTRAINT ck_orders_total")
`,
      after: [
        `op.add_column("users", sa.Column("age", sa.Integer()))
`,
        `op.execute("ALTER TABLE orders VALIDATE CONSTRAINT ck_orders_total")
`,
      ],
    },
  ],
  catches: [
    {
      title: "An index of another table",
      code: `op.drop_column("users", "age")\nop.create_index("ix_orders_total", "orders", ["total"])\n`,
    },
  ],
  passes: [
    {
      title: "The long statement first",
      code: `op.execute("ALTER TABLE orders VALIDATE CONSTRAINT ck_orders_total")
op.add_column("users", sa.Column("age", sa.Integer()))
`,
    },
    {
      title: "Two short changes",
      code: `op.add_column("users", sa.Column("age", sa.Integer()))\nop.drop_column("orders", "total")\n`,
    },
    {
      title: "In another transaction",
      code: `op.add_column("users", sa.Column("age", sa.Integer()))
with op.get_context().autocommit_block():
    op.execute("ALTER TABLE orders VALIDATE CONSTRAINT ck_orders_total")
`,
    },
    {
      title: "An index of a new table",
      code: `op.add_column("users", sa.Column("age", sa.Integer()))
op.create_table("t", sa.Column("a", sa.Integer()))
op.create_index("ix_t_a", "t", ["a"])
`,
    },
  ],
  *detect({ judged }) {
    const groups = new Map<string, Judged[]>();
    for (const one of judged) {
      if (one.operation.ownConnection || !one.isUnderstood) continue;
      const key = `${one.direction.name} ${one.transaction}`;
      groups.set(key, [...(groups.get(key) ?? []), one]);
    }
    for (const group of groups.values()) yield* inTransaction(group);
  },
  message: ({ read, holder, waiting }) =>
    `All rows of ${renderName(read)} are gone through under the lock of ${holder}: meanwhile ${waiting}.`,
  refactorings: ["extract-operations"],
});
