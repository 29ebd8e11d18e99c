import { describe, expect, test } from "vitest";
import { downgradeNotInverse as rule } from "../../server/src/rules/downgrade-not-inverse.ts";
import { allows, findsIn, flags } from "../support/cases.ts";

const users = `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.String(200), server_default="x"), sa.Column("is_new", sa.Boolean(), server_default="0"))
op.create_index("ix_users_email", "users", ["email"], unique=True)
`;
const second = (up: string, down: string): string =>
  `${users}-- versions/0002_case.py --\ndef upgrade():\n    ${up}\n\n\ndef downgrade():\n    ${down}\n`;

describe("finds", () => {
  test("what remains and what is missing, each by name", () =>
    flags(
      rule,
      `${users}-- versions/0002_case.py --
def upgrade():
    op.add_column("users", sa.Column("full_name", sa.String(200)))
    op.drop_index("ix_users_email")


def downgrade():
    ^^^^^^^^^ warning: After upgrade() and downgrade() the schema is not what it was: column users.full_name remains; index ix_users_email of users is missing.
    op.execute("SELECT 1")
`,
    ));

  test.each([
    [
      "a default",
      `op.drop_column("users", "email")`,
      `op.add_column("users", sa.Column("email", sa.String(200)))`,
      "default is none, was 'x'",
    ],
    [
      "an index that is no longer unique",
      `op.drop_index("ix_users_email")`,
      `op.create_index("ix_users_email", "users", ["email"])`,
      "definition is btree (email), was UNIQUE btree (email)",
    ],
    [
      "NOT NULL",
      `op.alter_column("users", "email", nullable=False)`,
      `op.alter_column("users", "email", type_=sa.String(200))`,
      "nullable is false, was true",
    ],
    ["a table", `op.create_table("t", sa.Column("a", sa.Integer()))`, `op.execute("SELECT 1")`, "table t remains"],
    [
      "too much",
      `op.add_column("users", sa.Column("age", sa.Integer()))`,
      `op.drop_table("users")`,
      "table users is missing",
    ],
  ])("%s", async (_, up, down, said) => {
    expect(await findsIn(rule, second(up, down))).toEqual([expect.stringContaining(said)]);
  });

  test("many, of which three are in the message", async () => {
    const up = ["a", "b", "c", "d", "e"]
      .map((name) => `op.add_column("users", sa.Column("${name}", sa.Integer()))`)
      .join("\n    ");
    expect(await findsIn(rule, second(up, `op.execute("SELECT 1")`))).toEqual([
      expect.stringContaining("column users.a remains; column users.b remains; column users.c remains; and 2 more."),
    ]);
  });
});

describe("allows", () => {
  test.each([
    [
      "the exact way back",
      `op.drop_index("ix_users_email")`,
      `op.create_index("ix_users_email", "users", ["email"], unique=True)`,
    ],
    [
      "another spelling of a boolean default",
      `op.alter_column("users", "is_new", server_default=sa.false())`,
      `op.alter_column("users", "is_new", server_default=sa.text("false"))`,
    ],
    [
      "a reason",
      `op.add_column("users", sa.Column("age", sa.Integer()))`,
      `"""Old code does not mind the column."""\n    op.execute("SELECT 1")`,
    ],
    ["a raise", `op.drop_table("users")`, `raise NotImplementedError()`],
    ["what a helper may have undone", `op.add_column("users", sa.Column("age", sa.Integer()))`, `undo(op.get_bind())`],
    [
      "a view that is replaced",
      `op.execute("DROP VIEW IF EXISTS v")\n    op.execute("CREATE VIEW v AS SELECT id FROM users")`,
      `op.execute("SELECT 1")`,
    ],
    [
      "a table that no revision makes",
      `op.add_column("teams", sa.Column("age", sa.Integer()))`,
      `op.execute("SELECT 1")`,
    ],
  ])("%s", (_, up, down) => allows(rule, second(up, down)));
});

test("a default is the same however its lines are broken and with parentheses around it", () =>
  allows(
    rule,
    `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Text(), server_default=sa.text("((\\n  lower( 'a' )\\n  || 'b'))")), sa.Column("n", sa.Text()))
-- versions/0002_drop.py --
def upgrade():
    op.drop_column("users", "id")


def downgrade():
    op.add_column("users", sa.Column("id", sa.Text(), server_default=sa.text("lower('a') || 'b'")))
`,
  ));

test("SQLite keeps names of any length", () =>
  allows(
    rule,
    `-- versions/0001_users.py --
op.create_table("users", sa.Column("a", sa.Integer()))
op.execute("CREATE INDEX ix_${"a".repeat(70)} ON users (a)")
-- versions/0002_drop.py --
def upgrade():
    op.drop_index("ix_${"a".repeat(70)}", "users")


def downgrade():
    op.create_index("ix_${"a".repeat(70)}", "users", ["a"])
`,
    { dialect: "sqlite" },
  ));

test("a table that comes back by a rename from a name that is not known is not missing", () =>
  allows(
    rule,
    `-- versions/0001_a.py --
op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("host", sa.String()))
-- versions/0002_b.py --
from uuid import uuid4
def upgrade():
    op.drop_column("t", "host")


def downgrade():
    name = f"moving_{uuid4()}"
    op.create_table(name, sa.Column("id", sa.Integer(), primary_key=True), sa.Column("host", sa.String()))
    op.drop_table("t")
    op.rename_table(name, "t")
`,
  ));
