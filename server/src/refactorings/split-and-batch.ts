import type { Operation, RevisionFile } from "../model/revision.ts";
import { lineOf, Refused } from "../rewrite/refused.ts";
import type { TextEdit } from "../text/edit.ts";
import { foundIn, rewriteParts, sharedTransaction } from "./apart.ts";
import { inBatches } from "./batches/conversion.ts";
import { defineRefactoring, type Offer, type Place } from "./define.ts";
import { orUnavailable, remembered } from "./offering.ts";
import { onlyUpgrade } from "./place.ts";
import { applySplit } from "./split/write.ts";
import { splitMixedMigration } from "./split-mixed-migration.ts";
import type { SplitPlan } from "./split/revision.ts";

interface Plan {
  readonly split: SplitPlan;
  readonly convert: (part: RevisionFile) => readonly TextEdit[];
  readonly notes: readonly string[];
}

const offerFor = remembered((project, file): Offer<Plan> => {
  const upgrade = onlyUpgrade(file);
  const candidates = upgrade && inBatches.find(project, file, upgrade);
  if (!candidates) return undefined;
  const offer: Offer<SplitPlan> = splitMixedMigration.plan({ project, file, range: { start: 0, end: 0 } });
  if (offer === undefined || "unavailable" in offer) return offer;
  return orUnavailable(() => {
    const { operations } = candidates;
    const known = inBatches.learn(file, candidates);
    // Whether each can be rewritten at all shows in the original.
    inBatches.edits(file, operations, known);
    for (const { upgrade: part, name } of offer.plan.cut.parts)
      refuseMixed(
        file,
        part.leaves.flatMap((leaf) => leaf.operations),
        operations,
        name,
      );
    return {
      plan: {
        split: offer.plan,
        convert: (part) => {
          const here = foundIn(part, operations);
          return here.length === 0 ? [] : inBatches.edits(part, here, known);
        },
        notes: [...sharedTransaction(project), ...inBatches.notes(operations)],
      },
      title: `${offer.title}, and change the rows in batches`,
    };
  });
});

/** What stands before the batches would be committed by the first of them. */
function refuseMixed(
  file: RevisionFile,
  inside: readonly Operation[],
  batched: readonly Operation[],
  name: string,
): void {
  const last = inside.findLastIndex((operation) => batched.includes(operation));
  const before = inside
    .slice(0, Math.max(0, last))
    .find((one) => !batched.includes(one) && one.effect !== "read" && one.effect !== "session");
  if (before)
    throw new Refused(
      `What is done on ${lineOf(file, before.range)} would be committed by the batches of the ${name} part before that part is done.`,
    );
}

export const splitAndBatch = defineRefactoring<Plan>({
  id: "split-and-batch",
  title: "Split into schema and data revisions, and change the rows in batches",
  summary:
    "Cuts a revision that mixes schema and data, and makes its large data changes walk the primary key in batches.",
  why: `Apart from the schema, a data change holds no lock on the table itself, but still one on every row until it is done. In batches of its own
revision neither is held for long. This is split-mixed-migration and batch-data-change in one step.`,
  keeps: [
    "All that split-mixed-migration keeps: statements, orders, ids, downgrades.",
    "All that batch-data-change keeps: the WHERE, a certain end, a run that can be repeated.",
  ],
  refuses: [
    "What split-mixed-migration or batch-data-change refuses.",
    "A data part that changes something before its batches, which would commit it.",
  ],
  keepsSchema: true,
  createsFiles: true,
  examples: [
    {
      title: "Two columns become one",
      given: `op.create_table(
    "users",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("first_name", sa.Text()),
    sa.Column("last_name", sa.Text()),
)
`,
      before: `def upgrade() -> None:
    op.add_column("users", sa.Column("full_name", sa.Text()))
    op.execute("UPDATE users SET full_name = first_name || ' ' || last_name")
    op.drop_column("users", "first_name")
    op.drop_column("users", "last_name")


def downgrade() -> None:
    op.add_column("users", sa.Column("last_name", sa.Text()))
    op.add_column("users", sa.Column("first_name", sa.Text()))
    op.drop_column("users", "full_name")
`,
      after: [
        `def upgrade() -> None:
    op.add_column("users", sa.Column("full_name", sa.Text()))


def downgrade() -> None:
    op.drop_column("users", "full_name")
`,
        `def upgrade() -> None:
    if op.get_context().as_sql:
        op.execute("UPDATE users SET full_name = first_name || ' ' || last_name")
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
                "UPDATE users SET full_name = first_name || ' ' || last_name WHERE users.id >= :low AND users.id < :high"
            )
            last_batch = sa.text(
                "UPDATE users SET full_name = first_name || ' ' || last_name WHERE users.id >= :low"
            )
            for number, low in enumerate(starts, 1):
                is_last = number == len(starts)
                bounds = {"low": low[0]} if is_last else {"low": low[0], "high": starts[number][0]}
                rows = op.get_bind().execute(last_batch if is_last else batch, bounds).rowcount
                logging.getLogger("alembic.runtime.migration").info(
                    "users: batch %s of %s, %s rows", number, len(starts), rows
                )


def downgrade() -> None:
    op.execute("UPDATE users SET full_name = NULL")
`,
        `def upgrade() -> None:
    op.drop_column("users", "first_name")
    op.drop_column("users", "last_name")


def downgrade() -> None:
    op.add_column("users", sa.Column("last_name", sa.Text()))
    op.add_column("users", sa.Column("first_name", sa.Text()))
`,
      ],
    },
  ],
  plan: ({ project, file }: Place) => offerFor(project, file),
  apply: ({ project, file }, { split, convert, notes }) => {
    const made = applySplit({ project, file }, split);
    const rewritten = rewriteParts(project, made, convert);
    return { ...rewritten, notes: [...rewritten.notes, ...notes] };
  },
});
