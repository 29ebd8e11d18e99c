import { applyApart, offerApart, type ApartPlan } from "./apart.ts";
import { inBatchesWithPauses } from "./batches/conversion.ts";
import { defineRefactoring } from "./define.ts";

export const batchWithPauses = defineRefactoring<ApartPlan>({
  id: "batch-with-pauses",
  title: "Change the rows in batches with pauses",
  summary: "Makes of one large UPDATE, DELETE or INSERT … SELECT many small ones, and sleeps between them.",
  why: `Batches that follow each other without a break still take all that the server has: replicas fall behind, the log fills up, and the cleaning of old rows does not keep
up. A pause after each batch, in no transaction, leaves room for everybody else; it costs a hundred seconds for a thousand batches.`,
  keeps: [
    "All that batch-data-change keeps: the WHERE, a certain end, a run that can be repeated, the plain statement for scripts.",
    "No transaction and no lock during a pause; none after the last batch.",
  ],
  refuses: ["What batch-data-change refuses."],
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
                if not is_last:
                    time.sleep(PAUSE_SECONDS)


def downgrade() -> None:
    pass
`,
      ],
    },
  ],
  plan: offerApart(inBatchesWithPauses),
  apply: applyApart,
});
