import { contradicting, renderContradicting } from "./contradictions.ts";
import { defineRule } from "./define.ts";

export const unknownTable = defineRule({
  id: "unknown-table",
  group: "correctness",
  severity: "error",
  recommended: true,
  summary: "A table is used that does not exist at this point of the history.",
  why: `The upgrade stops here with an error, on every database that is built from the history: in CI, on a new colleague's machine, in the restored copy. Where it has run by luck, on a database that somebody changed by hand, that database is no longer what the history says.`,
  instead: `Use the table's name as it is at this revision: a later revision may have renamed or dropped it, or one may be meant that is not an ancestor (then name it in \`depends_on\`).`,
  allowed: [
    "A test of what exists around it (`if inspector.has_table(…)`, `try`), and `if_exists`.",
    "An operation that could not be read may have changed anything: what was there before it is doubtful from then on, and no longer judged.",
    "What a revision of another branch makes: nobody promises which of the two runs first.",
    "Tables that no revision makes, where the history evidently starts on a database that exists: its first revision, or more than one revision, touches such tables. Nothing is known of them.",
    "Tables of a framework that only a foreign key or a query names, unless the name is a slip of one that exists.",
    "Temporary tables, the server's own catalogs and the version table.",
  ],
  counted: ["Foreign keys, views and data changes need their tables too."],
  sources: [
    "https://alembic.sqlalchemy.org/en/latest/ops.html",
    "https://www.postgresql.org/docs/current/errcodes-appendix.html",
  ],
  options: {},
  examples: [
    {
      title: "A table under its old name",
      before: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.String()))
-- versions/0002_people.py --
op.rename_table("users", "people")
-- versions/0003_age.py --
op.add_column("users", sa.Column("age", sa.Integer()))
`,
      after: [
        `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.String()))
-- versions/0002_people.py --
op.rename_table("users", "people")
-- versions/0003_age.py --
op.add_column("people", sa.Column("age", sa.Integer()))
`,
      ],
    },
  ],
  catches: [
    {
      title: "A table dropped twice",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.String()))
-- versions/0002_drop.py --
op.drop_table("users")
-- versions/0003_again.py --
op.drop_table("users")
`,
    },
    {
      title: "A slip in a data change",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.String()))
-- versions/0002_fill.py --
op.execute("UPDATE userz SET email = lower(email)")
`,
    },
    {
      title: "A foreign key to a table that is made later",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.String()))
-- versions/0002_orders.py --
op.create_table("orders", sa.Column("shop_id", sa.Integer(), sa.ForeignKey("shops.id")))
-- versions/0003_shops.py --
op.create_table("shops", sa.Column("id", sa.Integer(), primary_key=True))
`,
    },
  ],
  passes: [
    {
      title: "A history that starts on a database that exists",
      code: `-- versions/0001_age.py --
op.add_column("users", sa.Column("age", sa.Integer()))
-- versions/0002_drop.py --
op.drop_table("logs")
`,
    },
    {
      title: "A drop with IF EXISTS",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.String()))
-- versions/0002_drop.py --
op.drop_table("users")
-- versions/0003_again.py --
op.drop_table("users", if_exists=True)
`,
    },
    {
      title: "A table of a framework that a foreign key names",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.String()))
-- versions/0002_orders.py --
op.create_table("orders", sa.Column("by_id", sa.Integer(), sa.ForeignKey("auth_account.id")))
`,
    },
    {
      title: "A table that may have come from what could not be read",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.String()))
-- versions/0002_make.py --
make_tables(op.get_bind())
op.add_column("orders", sa.Column("age", sa.Integer()))
`,
    },
  ],
  detect: (subject) => contradicting(subject, ({ how, thing }) => how === "missing" && thing.type === "table"),
  message: renderContradicting,
});
