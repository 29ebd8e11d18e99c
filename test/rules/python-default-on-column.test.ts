import { describe, expect, test } from "vitest";
import { pythonDefaultOnColumn as rule } from "../../server/src/rules/python-default-on-column.ts";
import { allows, findsIn, fixes, flags, leaves, marked } from "../support/cases.ts";

describe("finds", () => {
  test("and says what the rows keep", () =>
    flags(
      rule,
      `` +
        marked(
          `op.add_column("users", sa.Column("level", sa.Integer(), default=0))`,
          `add_column`,
          `warning: \`default=\` does nothing in the database: the rows that are there keep NULL in users.level. Use \`server_default=\`.`,
        ) +
        ``,
    ));
  test.each([
    [
      "a batch block",
      `with op.batch_alter_table("users") as batch:\n    batch.add_column(sa.Column("level", sa.Integer(), default=0))`,
    ],
    ["a function of Python", `import uuid\nop.add_column("users", sa.Column("key", sa.Uuid(), default=uuid.uuid4))`],
    ["an explicit NULL", `op.add_column("users", sa.Column("a", sa.Integer(), default=0, nullable=True))`],
    [
      "another column that is filled",
      `op.add_column("users", sa.Column("a", sa.Integer(), default=0))\nop.execute("UPDATE users SET b = 0 WHERE id = 1")`,
    ],
  ])("%s", async (_, code) => {
    expect(await findsIn(rule, `${code}\n`)).toHaveLength(1);
  });
});

describe("is silent about", () => {
  test.each([
    ["a server default", `op.add_column("users", sa.Column("level", sa.Integer(), server_default="0"))`],
    ["both", `op.add_column("users", sa.Column("level", sa.Integer(), default=0, server_default="0"))`],
    ["None", `op.add_column("users", sa.Column("level", sa.Integer(), default=None))`],
    [
      "a new table",
      `op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))\nop.add_column("users", sa.Column("level", sa.Integer(), default=0))`,
    ],
    ["a NOT NULL column", `op.add_column("users", sa.Column("level", sa.Integer(), default=0, nullable=False))`],
    [
      "a column that is filled",
      `op.add_column("users", sa.Column("level", sa.Integer(), default=0))\nop.execute("UPDATE users SET level = 0")`,
    ],
    [
      "a server default that follows",
      `op.add_column("users", sa.Column("a", sa.Integer(), default=0))\nop.alter_column("users", "a", server_default="0")`,
    ],
    ["SQL text", `op.execute("ALTER TABLE users ADD COLUMN level integer DEFAULT 0")`],
  ])("%s", (_, code) => allows(rule, `${code}\n`));
});

describe("repairs", () => {
  test.each([
    ["0", `"0"`],
    ["False", "sa.false()"],
    [`'new'`, `'new'`],
  ])("default=%s", (value, server) =>
    fixes(
      rule,
      `op.add_column("users", sa.Column("level", sa.String(), default=${value}))\n`,
      `op.add_column("users", sa.Column("level", sa.String(), server_default=${server}))\n`,
    ),
  );
  test("not what is no constant", () =>
    leaves(rule, `op.add_column("users", sa.Column("level", sa.DateTime(), default=sa.func.now()))\n`));
});
