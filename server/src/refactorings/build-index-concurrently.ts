import { applyApart, offerApart, type ApartPlan } from "./apart.ts";
import { concurrently } from "./concurrently/conversion.ts";
import { defineRefactoring } from "./define.ts";

const given = `op.create_table("orders", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("total", sa.Integer()))
`;

export const buildIndexConcurrently = defineRefactoring<ApartPlan>({
  id: "build-index-concurrently",
  title: "Build the index concurrently",
  summary: "Builds indexes of existing tables with CONCURRENTLY, in an autocommit block.",
  why: `A plain CREATE INDEX lets nobody write to the table until it is built. CONCURRENTLY lets everybody go on, but it runs outside of a transaction:
what the revision has done before it is committed, and a build that fails leaves an invalid index behind.`,
  keeps: [
    "The index: its name, its columns, its options.",
    "A revision that can be run again: what an earlier build left is dropped first, and nothing that comes before is committed half done.",
    "Everything else of the revision, in a revision of its own where it would be committed too early.",
    "IF NOT EXISTS where it was: an index that somebody has built beforehand is left as it is.",
  ],
  refuses: [
    "Partitioned tables, of which PostgreSQL builds no index concurrently.",
    "Batch blocks that cannot be taken apart, and try blocks.",
    "SQL that is not given to op.execute(), that is put together, or that runs with other commands.",
    "Indexes without a name, and those that are built in a helper.",
    "A revision whose other statements need the index both before and after them.",
  ],
  keepsSchema: true,
  createsFiles: true,
  examples: [
    {
      title: "An index on an existing table",
      given,
      before: `def upgrade() -> None:
    <|>op.create_index("ix_orders_total", "orders", ["total"])


def downgrade() -> None:
    op.drop_index("ix_orders_total", "orders")
`,
      after: [
        `def upgrade() -> None:
    with op.get_context().autocommit_block():
        # A build that failed before has left an invalid index.
        op.drop_index("ix_orders_total", table_name="orders", if_exists=True, postgresql_concurrently=True)
        op.create_index("ix_orders_total", "orders", ["total"], postgresql_concurrently=True)


def downgrade() -> None:
    op.drop_index("ix_orders_total", "orders")
`,
      ],
    },
    {
      title: "An index on a column that the revision adds",
      given,
      before: `def upgrade() -> None:
    op.add_column("orders", sa.Column("currency", sa.String(3)))
    <|>op.create_index("ix_orders_currency", "orders", ["currency"])


def downgrade() -> None:
    op.drop_index("ix_orders_currency", "orders")
    op.drop_column("orders", "currency")
`,
      after: [
        `def upgrade() -> None:
    op.add_column("orders", sa.Column("currency", sa.String(3)))


def downgrade() -> None:
    op.drop_column("orders", "currency")
`,
        `def upgrade() -> None:
    with op.get_context().autocommit_block():
        # A build that failed before has left an invalid index.
        op.drop_index("ix_orders_currency", table_name="orders", if_exists=True, postgresql_concurrently=True)
        op.create_index("ix_orders_currency", "orders", ["currency"], postgresql_concurrently=True)


def downgrade() -> None:
    op.drop_index("ix_orders_currency", "orders")
`,
      ],
    },
  ],
  plan: offerApart(concurrently("create_index", "Build")),
  apply: applyApart,
});
