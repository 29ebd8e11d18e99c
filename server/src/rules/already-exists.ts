import { contradicting, renderContradicting } from "./contradictions.ts";
import { defineRule } from "./define.ts";

export const alreadyExists = defineRule({
  id: "already-exists",
  group: "correctness",
  severity: "error",
  recommended: true,
  summary: "Something is created that exists already at this point of the history.",
  why: `The upgrade stops here with an error, on every database that is built from the history. It happens when two branches are merged that both add the same column, or when autogenerate ran against a database that was behind.`,
  instead: `Take out the second creation, or drop what was there first. Where databases differ, ask the database (\`if_not_exists=True\`, or a test of the inspector).`,
  allowed: [
    "A test of what exists around it (`if inspector.has_table(…)`, `try`), and `if_not_exists`.",
    "An operation that could not be read may have changed anything: what was there before it is doubtful from then on, and no longer judged.",
    "Tables, columns, indexes, constraints and types whose table may have lost them in a way that was not understood.",
  ],
  counted: ["What a merge brings together counts for the revisions after it."],
  sources: [
    "https://alembic.sqlalchemy.org/en/latest/ops.html",
    "https://www.postgresql.org/docs/current/errcodes-appendix.html",
  ],
  options: {},
  // Of a type it says why, and how it comes about.
  yieldsTo: ["enum-created-twice"],
  examples: [
    {
      title: "A column added twice",
      before: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.String()))
-- versions/0002_age.py --
op.add_column("users", sa.Column("age", sa.Integer()))
-- versions/0003_again.py --
op.add_column("users", sa.Column("age", sa.Integer()))
op.add_column("users", sa.Column("name", sa.String()))
`,
      after: [
        `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.String()))
-- versions/0002_age.py --
op.add_column("users", sa.Column("age", sa.Integer()))
-- versions/0003_again.py --
op.add_column("users", sa.Column("name", sa.String()))
`,
      ],
    },
  ],
  catches: [
    {
      title: "A table made twice",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.String()))
-- versions/0002_again.py --
op.execute("CREATE TABLE users (id integer)")
`,
    },
    {
      title: "An index made twice in one revision",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.String()))
-- versions/0002_index.py --
op.create_index("ix_users_email", "users", ["email"])
op.create_index("ix_users_email", "users", ["email"], unique=True)
`,
    },
    {
      title: "A column renamed to the name of another",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.String()))
-- versions/0002_rename.py --
op.alter_column("users", "id", new_column_name="email")
`,
    },
  ],
  passes: [
    {
      title: "A column dropped and added anew",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.String()))
-- versions/0002_anew.py --
op.drop_column("users", "email")
op.add_column("users", sa.Column("email", sa.Text()))
`,
    },
    {
      title: "A column added with IF NOT EXISTS",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.String()))
-- versions/0002_again.py --
op.execute("ALTER TABLE users ADD COLUMN IF NOT EXISTS email text")
`,
    },
    {
      title: "A table made only where it is not there",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.String()))
-- versions/0002_again.py --
if not sa.inspect(op.get_bind()).has_table("users"):
    op.create_table("users", sa.Column("id", sa.Integer()))
`,
    },
  ],
  detect: (subject) => contradicting(subject, ({ how }) => how === "present"),
  message: renderContradicting,
});
