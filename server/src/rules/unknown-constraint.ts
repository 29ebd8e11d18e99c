import { contradicting, renderContradicting } from "./contradictions.ts";
import { defineRule } from "./define.ts";

export const unknownConstraint = defineRule({
  id: "unknown-constraint",
  group: "correctness",
  severity: "error",
  recommended: true,
  summary: "A constraint or an index is dropped or renamed that does not exist at this point of the history.",
  why: `The upgrade stops here with an error, on every database that is built from the history. Often the constraint was made without a name, and the server or a naming convention gave it another one than is written here.`,
  instead: `Write the name that it has at this revision, or give constraints their names where they are made.`,
  allowed: [
    "A test of what exists around it (`if inspector.has_table(…)`, `try`), and `if_exists`.",
    "An operation that could not be read may have changed anything: what was there before it is doubtful from then on, and no longer judged.",
    "What a revision of another branch makes: nobody promises which of the two runs first.",
    "Constraints of tables with some constraint whose name is not known: made without a name, where `env.py` does not show the naming convention.",
    "CHECK constraints of tables with booleans, enums or strings: SQLAlchemy before 1.4 made one for each `Boolean` and `Enum`.",
    "MySQL and MariaDB: indexes of tables with foreign keys, which make some of their own.",
  ],
  counted: [
    "The name counts that PostgreSQL gives, as `users_email_key`, and the one by the naming convention of the metadata in `env.py`.",
  ],
  sources: [
    "https://alembic.sqlalchemy.org/en/latest/naming.html",
    "https://www.postgresql.org/docs/current/errcodes-appendix.html",
  ],
  options: {},
  examples: [
    {
      title: "The name that PostgreSQL gave",
      before: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("age", sa.Integer(), unique=True))
-- versions/0002_drop.py --
op.drop_constraint("uq_users_age", "users", type_="unique")
`,
      after: [
        `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("age", sa.Integer(), unique=True))
-- versions/0002_drop.py --
op.drop_constraint("users_age_key", "users", type_="unique")
`,
      ],
    },
  ],
  catches: [
    {
      title: "An index dropped twice",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.String()))
-- versions/0002_index.py --
op.create_index("ix_users_email", "users", ["email"])
-- versions/0003_drop.py --
op.drop_index("ix_users_email", "users")
-- versions/0004_again.py --
op.execute("DROP INDEX ix_users_email")
`,
    },
    {
      title: "A constraint that went with its column",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("age", sa.Integer()))
op.create_unique_constraint("uq_users_age", "users", ["age"])
-- versions/0002_drop.py --
op.drop_column("users", "age")
op.drop_constraint("uq_users_age", "users", type_="unique")
`,
    },
  ],
  passes: [
    {
      title: "A drop with IF EXISTS",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.String()))
-- versions/0002_drop.py --
op.drop_index("ix_users_email", "users", if_exists=True)
`,
    },
    {
      title: "A name that the server cuts at 63 bytes",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.String()))
-- versions/0002_index.py --
op.execute("CREATE INDEX ix_users_email_of_all_the_users_that_were_ever_made_in_this_data_base ON users (email)")
op.execute("DROP INDEX ix_users_email_of_all_the_users_that_were_ever_made_in_this_data_base")
`,
    },
    {
      title: "The CHECK of a boolean, which SQLAlchemy before version one point four made",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("is_new", sa.Boolean(name="ck_users_is_new")))
-- versions/0002_drop.py --
op.drop_constraint("ck_users_is_new", "users", type_="check")
`,
    },
  ],
  detect: (subject) =>
    contradicting(
      subject,
      ({ how, thing }) => how === "missing" && (thing.type === "constraint" || thing.type === "index"),
    ),
  message: renderContradicting,
});
