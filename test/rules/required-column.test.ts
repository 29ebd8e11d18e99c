import { describe, expect, test } from "vitest";
import { requiredColumn as rule } from "../../server/src/rules/required-column.ts";
import { allows, findsIn, flags } from "../support/cases.ts";

const required = `op.add_column("users", sa.Column("active", sa.Boolean(), nullable=False))\n`;

describe("finds", () => {
  test("a column that the rows have no value for", () =>
    flags(
      rule,
      `
${required.trim()}
   ^^^^^^^^^^ error: users.active is NOT NULL and has no default: adding it fails where users has rows.
`,
    ));
  test("one on a table that is filled again", () =>
    flags(
      rule,
      `
op.execute("DELETE FROM users")
op.execute("INSERT INTO users (id) VALUES (1)")
${required.trim()}
   ^^^^^^^^^^ error: *
`,
    ));
  test("one in a downgrade, more mildly", async () => {
    const source = `-- versions/0001_a.py --
revision = "0001"
down_revision = None
from alembic import op
import sqlalchemy as sa
def upgrade():
    op.drop_column("users", "active")
def downgrade():
    ${required}`;
    expect(await findsIn(rule, source)).toEqual([expect.stringContaining(" warning ")]);
  });
});

describe("allows", () => {
  test.each([
    ["a default", `op.add_column("users", sa.Column("a", sa.Text(), server_default="", nullable=False))\n`],
    ["a nullable column", `op.add_column("users", sa.Column("a", sa.Text()))\n`],
    ["arguments that are not known", `op.add_column("users", sa.Column("a", sa.Text(), nullable=False, **more()))\n`],
    [
      "a default that is not known",
      `op.add_column("users", sa.Column("a", sa.Text(), server_default=other(), nullable=False))\n`,
    ],
    [
      "a table under its new name, emptied before",
      `op.execute("DELETE FROM a")\nop.rename_table("a", "users")\n${required}`,
    ],
    [
      "DELETE with a WHERE empties nothing, but a TRUNCATE does",
      `op.execute("TRUNCATE users")\nop.execute("DELETE FROM users WHERE a")\n${required}`,
    ],
  ])("%s", (_, source) => allows(rule, source));

  test("MySQL, which fills in a value", () => allows(rule, required, { dialect: "mysql" }));
});
