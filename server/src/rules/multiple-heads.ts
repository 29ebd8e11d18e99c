import { branchOf, siblingsOf } from "../history/forks.ts";
import { defineRule, type FoundInProject } from "./define.ts";

interface Heads extends FoundInProject {
  readonly heads: readonly string[];
  readonly fork: string;
}

export const multipleHeads = defineRule({
  id: "multiple-heads",
  group: "history",
  severity: "error",
  recommended: true,
  summary: "The history parts and has several heads.",
  why: `\`alembic upgrade head\` refuses to choose between them, and so does the deployment. It happens when two people add a revision to the
same parent: each alone was right.`,
  instead: `If one of the heads has not been published or run anywhere yet, let it follow the other: set its \`down_revision\` to that. Else join them: \`alembic merge heads\`.`,
  allowed: [
    "Branches with a label (`branch_labels`) after the place where they part: they are meant to go on side by side, and run with `upgrade heads`.",
    "Histories that have no revision in common.",
  ],
  sources: ["https://alembic.sqlalchemy.org/en/latest/branches.html"],
  options: {},
  examples: [
    {
      title: "Two revisions of one parent",
      before: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer()))
-- versions/0002_age.py --
op.add_column("users", sa.Column("age", sa.Integer()))
-- versions/0003_name.py --
revision = "0003"
down_revision = "0001"
from alembic import op
import sqlalchemy as sa
def upgrade():
    op.add_column("users", sa.Column("name", sa.Text()))
`,
      after: [
        `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer()))
-- versions/0002_age.py --
op.add_column("users", sa.Column("age", sa.Integer()))
-- versions/0003_name.py --
op.add_column("users", sa.Column("name", sa.Text()))
`,
      ],
    },
  ],
  catches: [
    {
      title: "Three heads, told at each but the first",
      code: `-- versions/0001_a.py --
pass
-- versions/0002_b.py --
pass
-- versions/0003_c.py --
revision = "0003"
down_revision = "0001"
-- versions/0004_d.py --
revision = "0004"
down_revision = "0001"
`,
    },
    {
      title: "A head whose branch has a label before the fork",
      code: `-- versions/0001_a.py --
revision = "0001"
down_revision = None
branch_labels = ("main",)
-- versions/0002_b.py --
pass
-- versions/0003_c.py --
revision = "0003"
down_revision = "0001"
`,
    },
  ],
  passes: [
    {
      title: "A branch with a label",
      code: `-- versions/0001_a.py --
pass
-- versions/0002_b.py --
pass
-- versions/0003_c.py --
revision = "0003"
down_revision = "0001"
branch_labels = ("plugin",)
`,
    },
    {
      title: "Two histories side by side",
      code: `-- versions/0001_a.py --
pass
-- versions/0002_b.py --
revision = "0002"
down_revision = None
`,
    },
  ],
  *inspect({ history }) {
    if (history.heads.length < 2) return;
    const branches = history.heads.map((head) => branchOf(history, head));
    for (const [index, branch] of branches.entries()) {
      const others = siblingsOf(history, branch, branches.slice(0, index));
      const [first] = others;
      const file = history.revisions.get(branch.head)?.file;
      const { downRevision, revision } = file?.identifiers ?? {};
      const at = downRevision?.range ?? revision?.range;
      if (!first || !file || !at) continue;
      const heads = [...others.map(({ head }) => head), branch.head];
      yield { at, path: file.path, heads, fork: first.fork } satisfies Heads;
    }
  },
  message: ({ heads, fork }) =>
    `The history has ${heads.length} heads since ${fork}: ${heads.join(", ")}; "alembic upgrade head" refuses. If ${heads.at(-1) ?? ""} has run nowhere yet, let it follow ${heads[0] ?? ""}; else join them by "alembic merge heads".`,
  refactorings: ["move-onto-head", "merge-heads"],
});
