import { renderChange } from "../schema/wording.ts";
import { at, defineRule, type Found } from "./define.ts";

interface Change extends Found {
  readonly change: string;
}

export const mergeWithOperations = defineRule({
  id: "merge-with-operations",
  group: "history",
  severity: "information",
  recommended: false,
  reach: "file",
  summary: "A merge revision also changes schema or data.",
  why: `A merge says that two branches belong together, and nothing else: it can be made again, or left out where a branch is taken back. One that
also changes something can be neither, and nobody looks for a change in it.`,
  instead: `Put the change into a revision of its own, after the merge.`,
  allowed: ["Reads, settings and maintenance."],
  sources: ["https://alembic.sqlalchemy.org/en/latest/branches.html#merging-branches"],
  options: {},
  examples: [
    {
      title: "A column in a merge",
      before: `-- versions/0001_a.py --
pass
-- versions/0002_b.py --
pass
-- versions/0003_merge.py --
revision = "0003"
down_revision = ("0001", "0002")
from alembic import op
import sqlalchemy as sa
def upgrade():
    op.add_column("users", sa.Column("age", sa.Integer()))
`,
      after: [
        `op.add_column("users", sa.Column("age", sa.Integer()))
`,
      ],
    },
  ],
  catches: [
    {
      title: "Rows that are put right in a merge",
      code: `-- versions/0001_a.py --\npass\n-- versions/0002_b.py --\npass\n-- versions/0003_merge.py --\nrevision = "0003"\ndown_revision = ("0001", "0002")\nfrom alembic import op\ndef upgrade():\n    op.execute("UPDATE users SET age = 1")\n`,
    },
    {
      title: "A merge by a list",
      code: `-- versions/0001_a.py --\npass\n-- versions/0002_b.py --\npass\n-- versions/0003_merge.py --\nrevision = "0003"\ndown_revision = ["0001", "0002"]\nfrom alembic import op\ndef upgrade():\n    op.drop_table("users")\n`,
    },
  ],
  passes: [
    {
      title: "An empty merge",
      code: `-- versions/0001_a.py --\npass\n-- versions/0002_b.py --\npass\n-- versions/0003_merge.py --\nrevision = "0003"\ndown_revision = ("0001", "0002")\ndef upgrade():\n    pass\n`,
    },
    {
      title: "A change after one parent that depends on another",
      code: `-- versions/0001_a.py --\npass\n-- versions/0002_b.py --\npass\n-- versions/0003_x.py --\nrevision = "0003"\ndown_revision = "0001"\ndepends_on = "0002"\nfrom alembic import op\ndef upgrade():\n    op.drop_table("users")\n`,
    },
  ],
  *detect({ file, judged, upgrade }) {
    if ((file.identifiers.downRevision?.value.length ?? 0) < 2) return;
    const first = judged.find(
      ({ direction, isUnderstood, operation: { effect } }) =>
        direction === upgrade && isUnderstood && (effect === "schema" || effect === "data"),
    );
    if (first) yield { ...at(first), change: renderChange(first.operation) } satisfies Change;
  },
  message: ({ change }) => `This merge also makes a change (${change}), which deserves a revision of its own.`,
});
