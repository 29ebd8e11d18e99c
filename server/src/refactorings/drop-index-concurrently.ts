import { applyApart, offerApart, type ApartPlan } from "./apart.ts";
import { concurrently } from "./concurrently/conversion.ts";
import { defineRefactoring } from "./define.ts";

export const dropIndexConcurrently = defineRefactoring<ApartPlan>({
  id: "drop-index-concurrently",
  title: "Drop the index concurrently",
  summary: "Drops indexes of existing tables with CONCURRENTLY, in an autocommit block.",
  why: `DROP INDEX lets nobody read or write the table from the moment in which it begins to wait for its lock. CONCURRENTLY waits until nobody uses the
index any more, and lets everybody go on meanwhile; it runs outside of a transaction.`,
  keeps: [
    "The index that is dropped, in upgrade() or in downgrade().",
    "A revision that can be run again: IF EXISTS passes over what an earlier run has dropped.",
    "Everything else of the upgrade, in a revision of its own where it would be committed too early.",
  ],
  refuses: [
    "Indexes that belong to a constraint, indexes of partitioned tables, and CASCADE.",
    "Batch blocks that cannot be taken apart, and try blocks.",
    "SQL that is not given to op.execute(), that is put together, or that runs with other commands.",
    "A downgrade that has changed something before it drops the index.",
    "A revision whose other statements need the index to go both before and after them.",
  ],
  keepsSchema: true,
  createsFiles: true,
  examples: [
    {
      title: "An index that nobody needs any more",
      given: `op.create_table("orders", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("total", sa.Integer()))
op.create_index("ix_orders_total", "orders", ["total"])
`,
      before: `def upgrade() -> None:
    <|>op.drop_index("ix_orders_total", "orders")


def downgrade() -> None:
    op.create_index("ix_orders_total", "orders", ["total"])
`,
      after: [
        `def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ix_orders_total", "orders", postgresql_concurrently=True, if_exists=True)


def downgrade() -> None:
    op.create_index("ix_orders_total", "orders", ["total"])
`,
      ],
    },
  ],
  plan: offerApart(concurrently("drop_index", "Drop")),
  apply: applyApart,
});
