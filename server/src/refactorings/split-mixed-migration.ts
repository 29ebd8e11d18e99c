import type { Direction } from "../model/revision.ts";
import type { Project } from "../project/snapshot.ts";
import { findChanges, runsOn } from "../schema/changes.ts";
import { defineRefactoring, type Offer } from "./define.ts";
import { orUnavailable, remembered } from "./offering.ts";
import { cutRevision } from "./split/cut.ts";
import { judgeHalves } from "./split/halves.ts";
import { absent, list, whyNever, type SplitPlan } from "./split/revision.ts";
import { applySplit } from "./split/write.ts";

const offerFor = remembered((project, file): Offer<SplitPlan> => {
  if (!file.isRevision || (file.identifiers.downRevision?.value.length ?? 0) > 1) return undefined;
  if (!file.upgrades.some((upgrade) => isMixed(upgrade, project))) return undefined;
  const upgrade = file.upgrades[0];
  if (upgrade === undefined) return undefined;
  const reason = whyNever(project, file);
  if (reason !== undefined) return { unavailable: reason };
  const downgrade = file.downgrades[0] ?? absent;
  return orUnavailable(() => {
    const cut = cutRevision(file, upgrade, downgrade, project);
    if (cut === undefined) return undefined;
    return {
      plan: { upgrade, downgrade, cut },
      title: `Split into ${list(cut.parts.map(({ name }) => name))} revisions`,
    };
  });
});

/** What the rule finds; and rows that come through Python, which the split must follow to be right. */
function isMixed(upgrade: Direction, project: Project): boolean {
  const { schema, data } = findChanges(upgrade, project.config);
  if (schema.length > 0 && data.length > 0) return true;
  const halves = judgeHalves(upgrade, upgrade, project);
  const here = upgrade.operations.filter((operation) => runsOn(operation, project.config.dialect));
  return here.some(halves.changesExisting) && here.some((operation) => halves.of(operation) === "data");
}

export const splitMixedMigration = defineRefactoring<SplitPlan>({
  id: "split-mixed-migration",
  title: "Split into schema and data revisions",
  summary: "Cuts a revision that mixes schema and data into expand, backfill and contract revisions.",
  why: `A schema change holds its lock until the transaction ends, and a data change can run for minutes. Apart, the locks are short,
each step can be checked, repeated and undone alone, and the code that uses the old columns has time to go.`,
  keeps: [
    "Every statement, with its comments and its formatting, exactly once.",
    "Every order that matters: over Python names, over tables, columns, rows, constraints and indexes.",
    "The original revision id, on the last part: children, stamped databases and merges stay true.",
    "Branch labels on the last part, dependencies on the first.",
    "A downgrade that is pass, raise or absent, in every part; any other is cut by what each statement undoes.",
    "In each part exactly the imports, constants and helpers that it uses.",
  ],
  refuses: [
    "Rows that are read before and used after a schema change in Python.",
    "A loop, a helper, a try block or one SQL text that changes both, unless it can be repeated around each half.",
    "A test of what the database holds that guards both halves, or that returns early, unless it asks for tables and columns that the revision leaves.",
    "A statement between the halves that is not understood, or one in downgrade() that is not.",
    "A row change that must not run twice, where what undoes it would be in another part.",
    "Tables that are rebuilt by copying, revisions of several databases, and projects on SQLite.",
  ],
  keepsSchema: true,
  keepsOperations: true,
  createsFiles: true,
  examples: [
    {
      title: "Two columns become one",
      given: `op.create_table(
    "users",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("first_name", sa.String(100)),
    sa.Column("last_name", sa.String(100)),
)
`,
      before: `def upgrade() -> None:
    op.add_column("users", sa.Column("full_name", sa.String(200)))
    op.execute("UPDATE users SET full_name = first_name || ' ' || last_name")
    op.drop_column("users", "first_name")
    op.drop_column("users", "last_name")


def downgrade() -> None:
    op.add_column("users", sa.Column("last_name", sa.String(100)))
    op.add_column("users", sa.Column("first_name", sa.String(100)))
    op.drop_column("users", "full_name")
`,
      after: [
        `def upgrade() -> None:
    op.add_column("users", sa.Column("full_name", sa.String(200)))


def downgrade() -> None:
    op.drop_column("users", "full_name")
`,
        `def upgrade() -> None:
    op.execute("UPDATE users SET full_name = first_name || ' ' || last_name")


def downgrade() -> None:
    op.execute("UPDATE users SET full_name = NULL")
`,
        `def upgrade() -> None:
    op.drop_column("users", "first_name")
    op.drop_column("users", "last_name")


def downgrade() -> None:
    op.add_column("users", sa.Column("last_name", sa.String(100)))
    op.add_column("users", sa.Column("first_name", sa.String(100)))
`,
      ],
    },
  ],
  plan: ({ project, file }) => offerFor(project, file),
  apply: applySplit,
});
