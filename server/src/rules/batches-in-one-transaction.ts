import type { Judged } from "../facts/judged.ts";
import type { Context } from "../model/revision.ts";
import type { ActionKind } from "../sql/action.ts";
import { renderDataChange } from "../schema/wording.ts";
import { at, defineRule, type Found } from "./define.ts";
import { isOnPeoplesTable } from "./peoples-tables.ts";
import { isSmall, minimumRows } from "./small-tables.ts";

interface Batched extends Found {
  readonly change: string;
  readonly table: string;
}

/** New rows keep nobody waiting. */
const locking = new Set<ActionKind>(["update", "delete", "merge"]);

/** `while True:` and its like, within the direction's own transaction. */
const endlessLoopOf = ({ operation: { context } }: Judged): Context | undefined =>
  context.find((one) => one.kind === "loop" && one.over === "endless");

/** Somebody ends the transaction in the loop, in whatever way; that this is Alembic's own is another finding. */
const commitsWithin = (loop: Context, judged: readonly Judged[]): boolean =>
  judged.some(
    ({ operation: { effect, kind, context } }) =>
      (effect === "transaction" || kind === "opaque") && context.some(({ range }) => range.start === loop.range.start),
  );

export const batchesInOneTransaction = defineRule({
  id: "batches-in-one-transaction",
  group: "locking",
  severity: "warning",
  recommended: true,
  reach: "file",
  // SQLite has one writer at a time, whatever the size of its transactions.
  dialects: ["postgresql", "mysql", "mariadb", "mssql", "oracle"],
  summary: "Rows are changed in batches, and all batches are in one transaction.",
  why: `Every row of every batch stays locked until the last batch is done, as if it were one statement: writers of the service wait, dead rows cannot be cleaned up, and a failure in the last batch
undoes all of them. The loop only makes it slower.`,
  instead: `Put the loop into \`with op.get_context().autocommit_block():\`: each batch is then committed by itself.`,
  allowed: [
    "A loop in an autocommit block, one with a commit in it, and one over a connection of its own.",
    "INSERT: nobody waits for rows that nobody sees yet.",
    "Tables that the same revision creates, temporary ones, and those that are known to be small.",
    "Loops over constants, over rows and over what is not known: each turn may be about another thing.",
  ],
  yieldsTo: ["endless-batch", "update-without-where", "delete-without-where"],
  sources: [
    "https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-ROWS",
    "https://alembic.sqlalchemy.org/en/latest/api/runtime.html#alembic.runtime.migration.MigrationContext.autocommit_block",
  ],
  options: { minimumRows },
  examples: [
    {
      title: "A backfill",
      before: `connection = op.get_bind()
while True:
    result = connection.execute(
        sa.text("UPDATE orders SET status = 'new' WHERE id IN (SELECT id FROM orders WHERE status IS NULL LIMIT 1000)")
    )
    if result.rowcount == 0:
        break
`,
      after: [
        `connection = op.get_bind()
with op.get_context().autocommit_block():
    while True:
        result = connection.execute(
            sa.text("UPDATE orders SET status = 'new' WHERE id IN (SELECT id FROM orders WHERE status IS NULL LIMIT 1000)")
        )
        if result.rowcount == 0:
            break
`,
      ],
    },
  ],
  catches: [
    {
      title: "Rows that are deleted a thousand at a time",
      code: `while True:\n    gone = op.get_bind().execute(sa.text("DELETE FROM logs WHERE id IN (SELECT id FROM logs WHERE old LIMIT 1000)"))\n    if gone.rowcount < 1000:\n        break\n`,
    },
    {
      title: "SQLAlchemy's `update()`",
      code: `orders = sa.table("orders", sa.column("id"), sa.column("status"))\nsome = sa.select(orders.c.id).where(orders.c.status.is_(None)).limit(1000)\nwhile True:\n    done = op.get_bind().execute(sa.update(orders).where(orders.c.id.in_(some)).values(status="new"))\n    if not done.rowcount:\n        break\n`,
    },
  ],
  passes: [
    {
      title: "A commit after each batch",
      code: `connection = op.get_bind().engine.connect()\nwhile True:\n    gone = connection.execute(sa.text("DELETE FROM logs WHERE id IN (SELECT id FROM logs WHERE old LIMIT 1000)"))\n    connection.commit()\n    if gone.rowcount < 1000:\n        break\n`,
    },
    {
      title: "A loop over constants",
      code: `for status in ("open", "new"):\n    op.execute(f"UPDATE orders SET status = 'x' WHERE status = '{status}'")\n`,
    },
  ],
  *detect(subject, { minimumRows: minimum }) {
    for (const one of subject.judged) {
      const { table, kind, ownConnection } = one.operation;
      if (!locking.has(kind) || !one.isUnderstood || one.isAutocommit || ownConnection || table === undefined) continue;
      const loop = endlessLoopOf(one);
      if (!loop || !isOnPeoplesTable(one, subject) || isSmall(subject.project, table, minimum)) continue;
      const beside = subject.judged.filter(({ direction }) => direction === one.direction);
      if (commitsWithin(loop, beside)) continue;
      const found: Batched = {
        ...at(one),
        change: renderDataChange(one.operation),
        table: table.name,
        related: [{ range: loop.range, message: "the loop, whose batches are all in one transaction" }],
      };
      yield found;
    }
  },
  message: ({ change, table }) =>
    `${change} runs in batches that share one transaction: every row of ${table} that it has changed stays locked until the last batch is done.`,
});
