import { readRevision } from "../model/read.ts";
import type { RevisionFile } from "../model/revision.ts";
import { doesSameWork } from "../model/same-work.ts";
import type { Project } from "../project/snapshot.ts";
import { defineRule, type Found, type FoundInProject } from "./define.ts";

type Change = Found & { readonly says: (branch: string) => string };

interface Changed extends FoundInProject {
  readonly says: string;
}

/** Of each file, what it was compared with last. */
const compared = new WeakMap<RevisionFile, { readonly text: string; readonly changes: readonly Change[] }>();

function changesOf(file: RevisionFile, text: string, { config, modules }: Project): readonly Change[] {
  const known = compared.get(file);
  if (known?.text === text) return known.changes;
  const before = readRevision(file.path, text, { dialect: config.dialect, ...(modules ? { modules } : {}) });
  const changes = [...compare(before, file)];
  compared.set(file, { text, changes });
  return changes;
}

function* compare(before: RevisionFile, now: RevisionFile): Iterable<Change> {
  const [was, is] = [before.identifiers.revision, now.identifiers.revision];
  if (!was || !is || before.problems.length + now.problems.length > 0) return;
  if (was.value !== is.value) {
    // Of another revision there is no more to compare.
    yield { at: is.range, says: (branch) => idSays(was.value, is.value, branch) };
    return;
  }
  const { downRevision, dependsOn } = now.identifiers;
  const id = is.value;
  const parents = [before.identifiers.downRevision, downRevision] as const;
  if (downRevision && parents[0] && !areSame(parents[0].value, downRevision.value))
    yield {
      at: downRevision.range,
      says: (branch) => parentSays(id, parents[0]?.value ?? [], downRevision.value, branch),
    };
  if (dependsOn && !areSame(before.identifiers.dependsOn?.value ?? [], dependsOn.value))
    yield { at: dependsOn.range, says: (branch) => dependsSays(id, branch) };
  const [upgrade] = now.upgrades;
  if (upgrade && !doesSameWork(before, now))
    yield { at: upgrade.nameRange ?? is.range, direction: "upgrade", says: (branch) => workSays(id, branch) };
}

const areSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one) => b.includes(one));

const idSays = (was: string, is: string, branch: string): string =>
  `On ${branch} this revision is ${was}: a database that stands at ${was} does not find it any more, and would run ${is} anew.`;

const parentSays = (id: string, was: readonly string[], is: readonly string[], branch: string): string =>
  `On ${branch} revision ${id} follows ${named(was)} and not ${named(is)}: a database that has run ${id} never runs what now comes before it.`;

const named = (ids: readonly string[]): string => (ids.length === 0 ? "nothing" : ids.join(" and "));

const dependsSays = (id: string, branch: string): string =>
  `On ${branch} revision ${id} depends on other revisions than here: a database that has run ${id} never runs what it now asks for.`;

const workSays = (id: string, branch: string): string =>
  `This does something else than revision ${id} on ${branch}: a database that has run it keeps what it did there, and only new ones get this.`;

const published = `-- main:versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
`;

const longer = `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.Text()))
`;

const same = `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
`;

export const publishedRevisionChanged = defineRule({
  id: "published-revision-changed",
  group: "history",
  severity: "warning",
  recommended: true,
  summary: "A revision that git's default branch has was changed.",
  why: `Alembic runs a revision once and remembers only its id. Databases that have run it keep what it did then, new ones get what it does now, and the two
differ from that day on without anybody being told; a later revision may fail on one of them.`,
  instead: `Leave the revision as it is (\`git checkout origin/main -- FILE\`), and write a new one for the difference.`,
  allowed: [
    "Comments, docstrings, annotations, formatting, imports that nothing uses, another way to write the same operations.",
    "Another `downgrade()`: databases that have run the revision go back by the new one.",
    "What only this branch has, also where it was committed; and a file that has only moved.",
    "Where git cannot tell: outside of a repository, without a default branch, in a clone too shallow to hold what both have in common.",
  ],
  counted: [
    "Revisions before the baseline: this is about nothing else.",
    "A parent that was inserted before the revision, even if it does part of its work: databases that have run the revision skip it.",
  ],
  sources: [
    "https://alembic.sqlalchemy.org/en/latest/tutorial.html#running-our-first-migration",
    "https://alembic.sqlalchemy.org/en/latest/cookbook.html#building-an-up-to-date-database-from-scratch",
  ],
  options: {},
  examples: [
    {
      title: "A column that was forgotten",
      before: published + longer,
      after: [
        `${published}${same}-- versions/0002_name.py --
op.add_column("users", sa.Column("name", sa.Text()))
`,
      ],
    },
  ],
  catches: [
    {
      title: "Another id",
      code: `${published}-- versions/0001_users.py --
revision = "0001a"
down_revision = None
from alembic import op
import sqlalchemy as sa
def upgrade():
    op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
`,
    },
    {
      title: "A revision inserted before it",
      code: `-- main:versions/0002_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
-- versions/0001_first.py --
op.create_table("accounts", sa.Column("id", sa.Integer(), primary_key=True))
-- versions/0002_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
`,
    },
    {
      title: "Another value in its SQL",
      code: `-- main:versions/0001_role.py --
op.execute("UPDATE users SET role = 'guest' WHERE role = 'none'")
-- versions/0001_role.py --
op.execute("UPDATE users SET role = 'visitor' WHERE role = 'none'")
`,
    },
  ],
  passes: [
    {
      title: "A comment and other quotes",
      code: `${published}-- versions/0001_users.py --
# Nobody is in it yet.
op.create_table(
    'users',
    sa.Column('id', sa.Integer(), primary_key=True),
)
`,
    },
    {
      title: "A downgrade that was forgotten",
      code: `${published}-- versions/0001_users.py --
def upgrade():
    op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade():
    op.drop_table("users")
`,
    },
    {
      title: "A revision that the branch does not have",
      code: `${published}${same}-- versions/0002_name.py --
op.add_column("users", sa.Column("name", sa.Text()))
`,
    },
  ],
  *inspect(project) {
    const { branch, texts } = project.published ?? {};
    if (branch === undefined) return;
    for (const [path, text] of texts ?? []) {
      const file = project.files.get(path);
      if (!file || file.stale) continue;
      for (const { says, ...change } of changesOf(file, text, project))
        yield { ...change, path, says: says(branch) } satisfies Changed;
    }
  },
  message: ({ says }) => says,
});
