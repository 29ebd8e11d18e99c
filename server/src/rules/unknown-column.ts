import { contradicting, renderContradicting } from "./contradictions.ts";
import { defineRule } from "./define.ts";

export const unknownColumn = defineRule({
  id: "unknown-column",
  group: "correctness",
  severity: "error",
  recommended: true,
  summary: "A column is used that its table does not have at this point of the history.",
  why: `The upgrade stops here with an error, on every database that is built from the history. A column dropped twice, or a name with a slip, is seldom seen before the release: the database that it was tried on had been changed by hand.`,
  instead: `Use the column's name as it is at this revision; the hover on the table shows its columns.`,
  allowed: [
    "A test of what exists around it (`if inspector.has_table(…)`, `try`), and `if_exists`.",
    "An operation that could not be read may have changed anything: what was there before it is doubtful from then on, and no longer judged.",
    "What a revision of another branch makes: nobody promises which of the two runs first.",
    "Columns of tables that are not known in full: made elsewhere, by reflection, or under a condition.",
    "Another case of the letters where the server does not tell it apart (all but PostgreSQL and Oracle).",
  ],
  counted: [
    "Indexes, constraints, foreign keys and data changes need their columns too.",
    "On PostgreSQL the case counts: `userId` without quotes in SQL is `userid`.",
  ],
  sources: [
    "https://alembic.sqlalchemy.org/en/latest/ops.html",
    "https://www.postgresql.org/docs/current/errcodes-appendix.html",
  ],
  options: {},
  examples: [
    {
      title: "A slip in a name",
      before: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.String()))
-- versions/0002_index.py --
op.create_index("ix_users_email", "users", ["emial"])
`,
      after: [
        `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.String()))
-- versions/0002_index.py --
op.create_index("ix_users_email", "users", ["email"])
`,
      ],
    },
  ],
  catches: [
    {
      title: "A column dropped twice",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.String()))
-- versions/0002_drop.py --
op.drop_column("users", "email")
-- versions/0003_again.py --
op.drop_column("users", "email")
`,
    },
    {
      title: "A column set by SQL",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.String()))
-- versions/0002_fill.py --
op.execute("UPDATE users SET mail = lower(email)")
`,
    },
    {
      title: "A foreign key to a column that is not there",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.String()))
-- versions/0002_orders.py --
op.create_table("orders", sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.user_id")))
`,
    },
    {
      title: "A column that is still wanted after it has gone",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.String()))
-- versions/0002_drop.py --
with op.batch_alter_table("users") as batch:
    batch.drop_column("email")
op.execute("UPDATE users SET email = ''")
`,
    },
  ],
  passes: [
    {
      title: "A column that a helper may have added",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.String()))
-- versions/0002_fill.py --
add_columns(op.get_bind())
op.drop_column("users", "mail")
`,
    },
    {
      title: "A test of what exists",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.String()))
-- versions/0002_drop.py --
columns = [one["name"] for one in sa.inspect(op.get_bind()).get_columns("users")]
if "mail" in columns:
    op.drop_column("users", "mail")
`,
    },
    {
      title: "The server's own columns",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.String()))
-- versions/0002_delete.py --
op.execute("DELETE FROM users WHERE ctid = '(0,1)'")
`,
    },
    {
      title: "The name of a result, in the order of a query",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.String()))
-- versions/0002_read.py --
op.execute("SELECT lower(email) AS mail, count(*) AS n FROM users GROUP BY mail ORDER BY n")
`,
    },
  ],
  detect: (subject) => contradicting(subject, ({ how, thing }) => how === "missing" && thing.type === "column"),
  message: renderContradicting,
});
