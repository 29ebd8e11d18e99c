import { renderSchemaChange } from "../schema/wording.ts";
import { defineRule, type Found } from "./define.ts";
import { isForwardOnly, placeOf, undoableChanges } from "./reversal.ts";

interface Missing extends Found {
  readonly change: string;
}

export const missingDowngrade = defineRule({
  id: "missing-downgrade",
  group: "reversibility",
  severity: "warning",
  recommended: true,
  summary: "A revision that changes the schema has no downgrade().",
  why: `\`alembic downgrade\` does not stop at such a revision with a reason: it fails with an AttributeError, in the hour in which somebody needs
to go back. Neither does a test that walks the history up and down get past it.`,
  instead: `Write the way back. Where there is none, say so: \`raise NotImplementedError("why")\`.`,
  allowed: [
    "Revisions that change nothing, as merges, or only rows.",
    "Projects whose revisions have no way back as a rule (more than half, and at least eight of them): that is decided already.",
    "Functions that the revision imports, and a `downgrade` that is assigned.",
  ],
  sources: ["https://alembic.sqlalchemy.org/en/latest/tutorial.html#downgrading"],
  options: {},
  examples: [
    {
      title: "A column without a way back",
      before: `def upgrade():
    op.add_column("users", sa.Column("age", sa.Integer()))
`,
      after: [
        `def upgrade():
    op.add_column("users", sa.Column("age", sa.Integer()))


def downgrade():
    op.drop_column("users", "age")
`,
      ],
    },
  ],
  catches: [
    { title: "A column added by SQL", code: `def upgrade():\n    op.execute("ALTER TABLE users ADD age integer")\n` },
    { title: "A dropped table", code: `def upgrade():\n    op.drop_table("users")\n` },
  ],
  passes: [
    {
      title: "A way back that is refused with a reason",
      code: `def upgrade():\n    op.drop_table("users")\n\n\ndef downgrade():\n    raise NotImplementedError("the rows are gone")\n`,
    },
    {
      title: "A revision that changes rows only",
      code: `def upgrade():\n    op.execute("UPDATE users SET age = 1")\n`,
    },
  ],
  *detect(subject) {
    const { file, upgrade, downgrade } = subject;
    const at = placeOf(upgrade);
    if ((downgrade ?? { form: "absent" }).form !== "absent" || (downgrade?.operations ?? []).length > 0 || !at) return;
    if (file.module.some(({ binds }) => binds.includes("downgrade"))) return;
    const [change] = undoableChanges(subject);
    if (change && !isForwardOnly(subject.project))
      yield { at, change: renderSchemaChange(change.operation) } satisfies Missing;
  },
  message: ({ change }) => `This revision changes the schema (${change}) and has no downgrade().`,
  refactorings: ["generate-downgrade"],
});
