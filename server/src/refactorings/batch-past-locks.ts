import { applyApart, offerApart, type ApartPlan } from "./apart.ts";
import { inBatchesPastLocks } from "./batches/conversion.ts";
import { defineRefactoring } from "./define.ts";

export const batchPastLocks = defineRefactoring<ApartPlan>({
  id: "batch-past-locks",
  title: "Change the rows in batches past locked ones",
  summary:
    "Makes of one large UPDATE or DELETE many small ones that pass over rows which others hold locked (SKIP LOCKED), and come back for them.",
  why: `A batch that meets a row which somebody else has locked waits for it, and what it has locked itself waits along. With SKIP LOCKED it takes what is free.
What it left out is counted in the same statement, and the batches that lack rows are run once more at the end; only these wait.`,
  keeps: [
    "All that batch-data-change keeps: the WHERE, a certain end, a run that can be repeated, the plain statement for scripts.",
    "No row is forgotten: a batch that changed fewer rows than it has is run again, without SKIP LOCKED.",
  ],
  refuses: [
    "What batch-data-change refuses, and INSERT … SELECT, which waits for no row that it reads.",
    "SQLAlchemy's constructs.",
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
            free = sa.text(
                """WITH free_rows AS (SELECT users.id FROM users WHERE (full_name IS NULL) AND users.id >= :low AND users.id < :high FOR UPDATE SKIP LOCKED),
changed_rows AS (UPDATE users SET full_name = name WHERE (full_name IS NULL) AND users.id IN (SELECT id FROM free_rows) RETURNING 1)
SELECT (SELECT count(*) FROM users WHERE (full_name IS NULL) AND users.id >= :low AND users.id < :high), (SELECT count(*) FROM changed_rows)"""
            )
            last_free = sa.text(
                """WITH free_rows AS (SELECT users.id FROM users WHERE (full_name IS NULL) AND users.id >= :low FOR UPDATE SKIP LOCKED),
changed_rows AS (UPDATE users SET full_name = name WHERE (full_name IS NULL) AND users.id IN (SELECT id FROM free_rows) RETURNING 1)
SELECT (SELECT count(*) FROM users WHERE (full_name IS NULL) AND users.id >= :low), (SELECT count(*) FROM changed_rows)"""
            )
            batch = sa.text(
                "UPDATE users SET full_name = name WHERE (full_name IS NULL) AND users.id >= :low AND users.id < :high"
            )
            last_batch = sa.text(
                "UPDATE users SET full_name = name WHERE (full_name IS NULL) AND users.id >= :low"
            )
            waiting = []
            for number, low in enumerate(starts, 1):
                is_last = number == len(starts)
                bounds = {"low": low[0]} if is_last else {"low": low[0], "high": starts[number][0]}
                found, rows = op.get_bind().execute(last_free if is_last else free, bounds).fetchone()
                if rows < found:
                    waiting.append((is_last, bounds))
                logging.getLogger("alembic.runtime.migration").info(
                    "users: batch %s of %s, %s of %s rows", number, len(starts), rows, found
                )
            # Rows that somebody else had locked were left out: now their batches wait for them.
            for number, (is_last, bounds) in enumerate(waiting, 1):
                op.get_bind().execute(last_batch if is_last else batch, bounds)
                logging.getLogger("alembic.runtime.migration").info(
                    "users: batch %s of %s that had locked rows", number, len(waiting)
                )


def downgrade() -> None:
    pass
`,
      ],
    },
  ],
  plan: offerApart(inBatchesPastLocks),
  apply: applyApart,
});
