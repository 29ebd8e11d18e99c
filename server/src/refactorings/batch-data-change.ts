import { applyApart, offerApart, type ApartPlan } from "./apart.ts";
import { inBatches } from "./batches/conversion.ts";
import { defineRefactoring } from "./define.ts";

export const batchDataChange = defineRefactoring<ApartPlan>({
  id: "batch-data-change",
  title: "Change the rows in batches",
  summary: "Makes of one large UPDATE, DELETE or INSERT … SELECT many small ones that walk the primary key.",
  why: `One statement over a large table locks every row that it changes until all are done, writes them all anew before the first old one can be
cleaned up, and starts again from nothing when it fails. In batches each transaction is short, nobody waits long, and what is done stays done.`,
  keeps: [
    "The statement, with its WHERE, for the rows of each batch; all rows that are there when it begins are in one.",
    "An end that is certain: the batches are counted before the first begins, whatever values the rows get.",
    "A run that failed can be repeated: it goes through all batches again, which changes nothing where they were done.",
    "The plain statement, for a script of `alembic upgrade --sql`.",
    "A construct of SQLAlchemy as it is: it is made once, and gets the rows of each batch by one more `where()`.",
    "Everything else of the revision, in a revision of its own where it would be committed too early.",
  ],
  refuses: [
    "Tables whose primary key the revisions before do not tell, and statements that change it.",
    "Joins, RETURNING, parameters, and queries that read the same table again.",
    "Values that are others when they are set again, such as `n = n + 1`, or random ones without a condition that passes over them; INSERT without ON CONFLICT DO NOTHING.",
    "INSERT … SELECT that joins, groups, limits or computes.",
    "SQL that is put together from parts, and what stands in a helper, a loop or under a test.",
    "SQLAlchemy's constructs that speak of other tables, or hold values whose SQL is not known for certain.",
  ],
  keepsSchema: true,
  createsFiles: true,
  examples: [
    {
      title: "A column is filled",
      given: `op.create_table(
    "users",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("name", sa.Text()),
    sa.Column("full_name", sa.Text()),
)
`,
      before: `def upgrade() -> None:
    <|>op.execute("UPDATE users SET full_name = name WHERE full_name IS NULL")


def downgrade() -> None:
    pass
`,
      after: [
        `def upgrade() -> None:
    if op.get_context().as_sql:
        op.execute("UPDATE users SET full_name = name WHERE full_name IS NULL")
    else:
        with op.get_context().autocommit_block():
            # Each batch is committed by itself; after a failure, run the revision again.
            starts = op.get_bind().execute(
                sa.text(
                    "SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS row_number FROM users) AS keys"
                    " WHERE mod(row_number - 1, :size) = 0 ORDER BY id"
                ),
                {"size": BATCH_SIZE},
            ).fetchall()
            batch = sa.text(
                "UPDATE users SET full_name = name WHERE (full_name IS NULL) AND users.id >= :low AND users.id < :high"
            )
            last_batch = sa.text(
                "UPDATE users SET full_name = name WHERE (full_name IS NULL) AND users.id >= :low"
            )
            for number, low in enumerate(starts, 1):
                is_last = number == len(starts)
                bounds = {"low": low[0]} if is_last else {"low": low[0], "high": starts[number][0]}
                rows = op.get_bind().execute(last_batch if is_last else batch, bounds).rowcount
                logging.getLogger("alembic.runtime.migration").info(
                    "users: batch %s of %s, %s rows", number, len(starts), rows
                )


def downgrade() -> None:
    pass
`,
      ],
    },
  ],
  plan: offerApart(inBatches),
  apply: applyApart,
});
