import { describe, expect, test } from "vitest";
import { generateDowngrade as generate } from "../../server/src/refactorings/generate-downgrade.ts";
import { ignores, refactors, refuses } from "../support/cases.ts";
import { downgradesOf } from "./upgrades.ts";

const given = `-- versions/0001_base.py --
op.create_table(
    "users",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("email", sa.String(200), nullable=False),
    sa.Column("age", sa.SmallInteger(), server_default=sa.text("18")),
    sa.Column("seen", sa.DateTime(timezone=True)),
    sa.Column("price", sa.Numeric(10, 2)),
    sa.Column("tags", sa.ARRAY(sa.Text())),
    sa.UniqueConstraint("email", name="uq_email"),
    sa.CheckConstraint("age > 0", name="ck_age"),
)
op.create_table(
    "orders",
    sa.Column("id", sa.BigInteger(), primary_key=True),
    sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id", ondelete="CASCADE", name="fk_user")),
)
op.create_index("ix_age", "users", ["age"], postgresql_where=sa.text("age > 3"))
op.execute("CREATE TYPE mood AS ENUM ('good', 'bad')")
op.execute("CREATE INDEX ix_lower ON users (lower(email))")
-- versions/0002_case.py --
`;

const givenMood = given.replace(
  "-- versions/0002_case.py --",
  `op.execute("ALTER TABLE users ADD COLUMN m mood")\n-- versions/0002_case.py --`,
);

const back = async (body: string): Promise<readonly string[]> =>
  (downgradesOf(await refactors(generate, given + body, { cursor: "downgrade" }))[0] ?? "").split("\n");

describe("what is taken back", () => {
  test.each<[string, string, readonly string[]]>([
    ["a table", `op.create_table("n", sa.Column("id", sa.Integer()))`, [`op.drop_table("n")`]],
    [
      "an index and its column, the last first",
      `op.add_column("users", sa.Column("a", sa.Text()))\nop.create_index("ix_a", "users", ["a"])`,
      [`op.drop_index(op.f("ix_a"), table_name="users")`, `op.drop_column("users", "a")`],
    ],
    [
      "a constraint, with its type",
      `op.create_foreign_key("fk", "users", "orders", ["age"], ["id"])`,
      [`op.drop_constraint(op.f("fk"), "users", type_="foreignkey")`],
    ],
    [
      "a name that the server gave",
      `op.execute("ALTER TABLE users ADD CHECK (age < 200)")`,
      [`op.drop_constraint(op.f("users_age_check"), "users", type_="check")`],
    ],
    [
      "a column with its type and its default",
      `op.drop_column("users", "age")`,
      [
        `op.add_column("users", sa.Column("age", sa.SmallInteger(), server_default=sa.text("18")))`,
        `op.create_check_constraint(op.f("ck_age"), "users", sa.text("age > 0"))`,
        `op.create_index(op.f("ix_age"), "users", ["age"], postgresql_where=sa.text("age > 3"))`,
      ],
    ],
    [
      "a type",
      `op.alter_column("users", "price", type_=sa.Numeric(12, 3))`,
      [`op.alter_column("users", "price", type_=sa.Numeric(10, 2))`],
    ],
    [
      "NOT NULL and a default",
      `op.alter_column("users", "age", nullable=False, server_default="1")`,
      [`op.alter_column("users", "age", nullable=True, server_default=sa.text("18"))`],
    ],
    [
      "a new name",
      `op.alter_column("users", "age", new_column_name="years")`,
      [`op.alter_column("users", "years", new_column_name="age")`],
    ],
    ["a table's new name", `op.rename_table("orders", "sales")`, [`op.rename_table("sales", "orders")`]],
    [
      "an index that SQL has to say",
      `op.drop_index("ix_lower")`,
      [`op.execute("CREATE INDEX ix_lower ON users ((lower(email)))")`],
    ],
    [
      "a loop",
      `for name in ("a", "b"):\n    op.add_column("users", sa.Column(name, sa.Text()))`,
      [`op.drop_column("users", "b")`, `op.drop_column("users", "a")`],
    ],
    [
      "a batch",
      `with op.batch_alter_table("users") as batch_op:\n    batch_op.drop_column("seen")`,
      [`op.add_column("users", sa.Column("seen", sa.DateTime(timezone=True)))`],
    ],
    [
      "a type of its own",
      `op.create_table("n", sa.Column("s", sa.Enum("a", "b", name="s")))`,
      [`op.drop_table("n")`, `op.execute("DROP TYPE s")`],
    ],
  ])("%s", async (_, body, lines) => {
    expect(await back(body)).toEqual(lines);
  });

  test("a table with all that it had, and what pointed at it", async () => {
    expect(await back(`op.drop_table("orders")`)).toEqual([
      `op.create_table(`,
      `    "orders",`,
      `    sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),`,
      `    sa.Column("user_id", sa.Integer()),`,
      `    sa.PrimaryKeyConstraint("id", name=op.f("orders_pkey")),`,
      `    sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user"), ondelete="CASCADE"),`,
      `)`,
    ]);
  });
});

describe("an index that is built concurrently", () => {
  const block = "with op.get_context().autocommit_block():";
  test("goes concurrently where it goes first", async () => {
    expect(
      await back(
        `op.add_column("users", sa.Column("a", sa.Text()))\n${block}\n    op.create_index("ix_a", "users", ["a"], postgresql_concurrently=True)`,
      ),
    ).toEqual([
      block,
      `    op.drop_index(op.f("ix_a"), table_name="users", if_exists=True, postgresql_concurrently=True)`,
      `op.drop_column("users", "a")`,
    ]);
  });

  test("goes in the transaction where something goes before it", async () => {
    expect(
      await back(
        `${block}\n    op.create_index("ix_a", "users", ["age"], postgresql_concurrently=True)\nop.add_column("users", sa.Column("a", sa.Text()))`,
      ),
    ).toEqual([`op.drop_column("users", "a")`, `op.drop_index(op.f("ix_a"), table_name="users")`]);
  });
});

describe("a test of the dialect, or of offline mode", () => {
  test("stands around what takes back what it decides about", async () => {
    expect(
      await back(
        `bind = op.get_bind()
if bind.dialect.name == "postgresql":
    op.add_column("users", sa.Column("a", sa.Text()))
    op.execute("UPDATE users SET a = 'x'")
    op.create_index("ix_a", "users", ["a"])
op.drop_column("users", "seen")
if not op.get_context().as_sql and bind.dialect.name not in ("sqlite", "mysql"):
    pass
if not op.get_context().as_sql:
    op.drop_column("users", "tags")
`,
      ),
    ).toEqual([
      `if not op.get_context().as_sql:`,
      `    op.add_column("users", sa.Column("tags", postgresql.ARRAY(sa.Text())))`,
      `op.add_column("users", sa.Column("seen", sa.DateTime(timezone=True)))`,
      `if op.get_context().dialect.name == "postgresql":`,
      `    op.drop_index(op.f("ix_a"), table_name="users")`,
      `    op.drop_column("users", "a")`,
    ]);
  });

  test("that leaves early, or stands around a batch block, does too", async () => {
    expect(
      await back(
        `if op.get_bind().dialect.name in ("sqlite", "mysql"):
    op.execute("PRAGMA foreign_keys=OFF")
    return
with op.batch_alter_table("users") as batch_op:
    batch_op.drop_column("seen")`,
      ),
    ).toEqual([
      `if op.get_context().dialect.name not in ("sqlite", "mysql"):`,
      `    op.add_column("users", sa.Column("seen", sa.DateTime(timezone=True)))`,
    ]);
  });

  test("is asked for by a loop over rows, which changes no schema", async () => {
    expect(
      await back(
        `for row in op.get_bind().execute(sa.text("SELECT id FROM users")):
    op.execute("UPDATE users SET email = 'x'")
op.drop_column("users", "seen")`,
      ),
    ).toEqual([
      `op.add_column("users", sa.Column("seen", sa.DateTime(timezone=True)))`,
      `# What UPDATE users has changed stays as it is.`,
    ]);
  });
});

describe("rows", () => {
  test("are told of where they stay changed", async () => {
    const made = await refactors(
      generate,
      `${given}op.execute("UPDATE users SET email = lower(email)")\nop.drop_column("users", "seen")`,
      { cursor: "downgrade" },
    );
    expect(downgradesOf(made)[0]?.split("\n")).toEqual([
      `op.add_column("users", sa.Column("seen", sa.DateTime(timezone=True)))`,
      `# What UPDATE users has changed stays as it is.`,
    ]);
    expect(made.result.notes).toEqual(["What UPDATE users has changed stays as it is."]);
  });

  test("that would be missing in a NOT NULL column are told of", async () => {
    const made = await refactors(generate, `${given}op.drop_column("users", "email")`, { cursor: "downgrade" });
    expect(downgradesOf(made)[0]).toContain("# The values are gone");
    expect(made.result.notes).toEqual([expect.stringMatching(/fails where there are rows/)]);
  });
});

test("a value of an enum goes with its type, and a place says what becomes of rows", async () => {
  expect(
    await back(
      `op.execute("ALTER TYPE mood ADD VALUE 'so' BEFORE 'bad'")\nop.add_column("users", sa.Column("m", sa.Enum(name="mood")))`,
    ),
  ).toEqual([
    `op.drop_column("users", "m")`,
    `op.execute("ALTER TYPE mood RENAME TO mood_old")`,
    `op.execute("CREATE TYPE mood AS ENUM ('good', 'bad')")`,
    `op.execute("DROP TYPE mood_old")`,
  ]);
  const used = givenMood + `op.execute("ALTER TYPE mood ADD VALUE 'so' BEFORE 'bad'")`;
  const [downgrade = ""] = downgradesOf(await refactors(generate, used, { cursor: "downgrade" }));
  expect(downgrade).toContain("# A row that holds so stops this: say in CASE what it becomes.");
  expect(downgrade).toContain("WHEN 'so' THEN 'so' /* is gone: say what it becomes */ ELSE m::text END)::mood");
});

test("comments around an empty body stay, and what is missing is imported", async () => {
  const source = `${given}from alembic import op


revision = "0002"
down_revision = "0001"


def upgrade():
    op.drop_column("users", "tags")


def downgrade():
    # ### commands auto generated by Alembic - please adjust! ###
    <|>pass
    # ### end Alembic commands ###
`;
  const { parts } = await refactors(generate, source);
  expect(parts[0]?.text).toContain(`    # ### commands auto generated by Alembic - please adjust! ###
    op.add_column("users", sa.Column("tags", postgresql.ARRAY(sa.Text())))
    # ### end Alembic commands ###
`);
  expect(parts[0]?.text).toContain("import sqlalchemy as sa\n");
  expect(parts[0]?.text).toContain("from sqlalchemy.dialects import postgresql\n");
});

describe("is refused", () => {
  test.each<[string, string, RegExp]>([
    ["what is not understood", `op.drop_column("users", "age")\nfix(op.get_bind())`, /line 23 does is not understood/],
    [
      "what a test decides",
      `if op.get_bind().scalar(sa.text("SELECT 1")):\n    op.drop_column("users", "age")`,
      /line 23 runs asks more than the dialect/,
    ],
    [
      "what the database decides",
      `if not sa.inspect(op.get_bind()).has_table("n"):\n    op.create_table("n", sa.Column("id", sa.Integer()))`,
      /line 23 runs depends on what the database holds, and afterwards nothing tells/,
    ],
    [
      "what a test of the dialect and of more decides",
      `import os\nif op.get_bind().dialect.name == "postgresql" and os.environ.get("X"):\n    op.drop_column("users", "age")`,
      /line 24 runs asks more than the dialect/,
    ],
    [
      "what may fail",
      `try:\n    op.drop_column("users", "age")\nexcept Exception:\n    pass`,
      /line 23 runs, or how often/,
    ],
    [
      "what another dialect does",
      `if op.get_bind().dialect.name == "postgresql":\n    op.drop_column("users", "age")\nelse:\n    op.drop_column("users", "seen")`,
      /line 25 runs only on another dialect/,
    ],
    ["what is not known", `op.drop_column("nobody", "age")`, /does not exist before this/],
    ["what has no inverse", `op.execute("ALTER TYPE nobody ADD VALUE 'so'")`, /cannot be taken from an enum/],
    ["what is no part of the replay", `op.execute("DROP VIEW v")`, /cannot be taken back|does not exist|not known/],
  ])("%s", (_, body, reason) => refuses(generate, given + body, reason, { cursor: "downgrade" }));
});

describe("is not offered", () => {
  test.each([
    [
      "where there is a way back",
      `def upgrade():\n    op.drop_column("users", "age")\n\n\ndef downgrade():\n    <|>op.execute("SELECT 1")\n`,
    ],
    [
      "where it refuses to run",
      `def upgrade():\n    op.drop_column("users", "age")\n\n\ndef downgrade():\n    <|>raise NotImplementedError\n`,
    ],
    [
      "where only rows change",
      `def upgrade():\n    op.execute("DELETE FROM users")\n\n\ndef downgrade():\n    <|>pass\n`,
    ],
    ["elsewhere", `def upgrade():\n    <|>op.drop_column("users", "age")\n\n\ndef downgrade():\n    pass\n`],
  ])("%s", (_, body) => ignores(generate, given + body));
});
