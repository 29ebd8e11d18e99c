import { defineRefactoring, type Offer } from "./define.ts";
import { findInverses } from "./downgrade/inverses.ts";
import { writeDowngrade } from "./downgrade/write.ts";
import { applyEditsPlan, type EditsPlan } from "./edited.ts";
import { orUnavailable, remembered } from "./offering.ts";
import { isInHead, onlyUpgrade } from "./place.ts";
import { absent } from "./split/revision.ts";

const offerFor = remembered((project, file): Offer<EditsPlan> => {
  const upgrade = onlyUpgrade(file);
  const downgrade = file.downgrades[0] ?? absent;
  const isEmpty = downgrade.form === "absent" || downgrade.form === "pass";
  if (!file.isRevision || !upgrade || !isEmpty || downgrade.operations.length > 0) return undefined;
  if (!upgrade.operations.some(({ effect }) => effect === "schema")) return undefined;
  return orUnavailable(() => {
    const undoings = findInverses(project, file, upgrade);
    if (!undoings.some(({ actions }) => actions.length > 0)) return undefined;
    return {
      plan: writeDowngrade(project, file, downgrade, undoings),
      title: "Write downgrade() from what upgrade() does",
    };
  });
});

export const generateDowngrade = defineRefactoring<EditsPlan>({
  id: "generate-downgrade",
  title: "Write downgrade() from what upgrade() does",
  summary: "Writes the exact inverse of upgrade() where downgrade() is missing or empty.",
  why: `A revision that cannot be taken back makes a failed deployment a night's work. What upgrade() drops is known from the revisions before it, so
that the way back can be written, and proven on the replayed schema, before it is needed.`,
  keeps: [
    "upgrade(), and the comments around an empty body.",
    "The schema: the way back is played on the replayed schema, and gives what was there before, to the last constraint.",
    "The order: what was made last is taken away first.",
    "Tests of the dialect and of offline mode: what runs under one is taken back under the same.",
    "The values of an enum: one that was added goes by making the type anew, with a place to say what becomes of rows that hold it.",
    "What was dropped, with the type, the default, the constraints and the indexes that it had.",
    "Names: what was named by the server or by a naming convention is called by that name.",
  ],
  refuses: [
    "A statement that is not understood, or that a query or a test decides about, unless that asks for the dialect or offline mode only.",
    "What the revisions before it do not tell: a table that none of them makes, a type that cannot be read.",
    "What has no inverse, and a value added to an enum that a check, an index or a view compares with.",
    "A downgrade() that does something, or that refuses to run.",
    "What upgrade() does on another dialect than the project's: what is there is not known.",
    "Rows: what was done to them is told in a comment, and not taken back.",
  ],
  keepsSchema: true,
  examples: [
    {
      title: "Columns added and dropped",
      given: `op.create_table(
    "users",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("name", sa.String(100), server_default="x", nullable=False),
)
op.create_index("ix_users_name", "users", ["name"], unique=True)
`,
      before: `def upgrade() -> None:
    op.add_column("users", sa.Column("full_name", sa.Text()))
    op.execute("UPDATE users SET full_name = name")
    op.drop_column("users", "name")


def downgrade() -> None:
    <|>pass
`,
      after: [
        `def upgrade() -> None:
    op.add_column("users", sa.Column("full_name", sa.Text()))
    op.execute("UPDATE users SET full_name = name")
    op.drop_column("users", "name")


def downgrade() -> None:
    op.add_column("users", sa.Column("name", sa.String(100), server_default=sa.text("'x'"), nullable=False))
    op.create_index(op.f("ix_users_name"), "users", ["name"], unique=True)
    op.drop_column("users", "full_name")
`,
      ],
    },
  ],
  plan: (place) => (isInHead(place) ? offerFor(place.project, place.file) : undefined),
  apply: applyEditsPlan,
});
