import { describe, expect, test } from "vitest";
import { dropOrder as rule } from "../../server/src/rules/drop-order.ts";
import { allows, findsIn, flags } from "../support/cases.ts";

const tables = `-- versions/0001_tables.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("mail", sa.String(), unique=True))
op.create_table("orders", sa.Column("id", sa.Integer()), sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id")), sa.Column("mail", sa.String(), sa.ForeignKey("users.mail", name="fk_mail")))
`;
const second = (body: string): string => `${tables}-- versions/0002_case.py --\n${body}\n`;

describe("finds", () => {
  test("a table that foreign keys of another point at", () =>
    flags(
      rule,
      second(`op.drop_table("users")
   ^^^^^^^^^^ error: The server refuses to drop the table users: the foreign key orders_user_id_fkey of orders and the foreign key fk_mail of orders still need it.`),
    ));

  test.each([
    [
      "a column",
      `op.drop_column("users", "mail")`,
      "the column users.mail: the foreign key fk_mail of orders still needs it.",
    ],
    [
      "a key",
      `op.drop_constraint("users_mail_key", "users", type_="unique")`,
      "the constraint users_mail_key of users: the foreign key fk_mail of orders still needs it.",
    ],
    ["SQL", `op.execute("DROP TABLE users")`, "the table users"],
    [
      "a view",
      `op.execute("CREATE VIEW v AS SELECT id FROM orders")\nop.drop_table("orders")`,
      "the table orders: the view v still needs it.",
    ],
    [
      "a type",
      `op.execute("CREATE TYPE mood AS ENUM ('a')")\nop.execute("ALTER TABLE users ADD mood mood")\nop.execute("DROP TYPE mood")`,
      "the type mood: the column users.mood still needs it.",
    ],
  ])("%s", async (_, body, said) => {
    expect(await findsIn(rule, second(body))).toEqual([expect.stringContaining(said)]);
  });

  test("in a downgrade", async () => {
    const found = await findsIn(
      rule,
      `def upgrade():
    op.create_table("a", sa.Column("id", sa.Integer(), primary_key=True))
    op.create_table("b", sa.Column("a_id", sa.Integer(), sa.ForeignKey("a.id")))


def downgrade():
    op.drop_table("a")
    op.drop_table("b")
`,
    );
    expect(found).toEqual([expect.stringContaining("warning «drop_table» The server refuses to drop the table a")]);
  });
});

describe("allows", () => {
  test.each([
    ["the right order", `op.drop_table("orders")\nop.drop_table("users")`],
    ["CASCADE", `op.execute("DROP TABLE users CASCADE")`],
    ["a column that nothing points at", `op.drop_column("orders", "mail")`],
    ["a referring table that is not known in full", `alter(op.get_bind())\nop.drop_table("users")`],
    [
      "a type whose column went first",
      `op.execute("CREATE TYPE mood AS ENUM ('a')")\nop.execute("ALTER TABLE users ADD mood mood")\nop.drop_column("users", "mood")\nop.execute("DROP TYPE mood")`,
    ],
    [
      "a key that has a twin",
      `op.create_unique_constraint("uq", "users", ["mail"])\nop.drop_constraint("uq", "users")`,
    ],
  ])("%s", (_, body) => allows(rule, second(body)));

  test("SQLite, which does not look", async () => {
    await allows({ ...rule, dialects: undefined } as never, second(`op.execute("SELECT 1")`), { dialect: "sqlite" });
    await allows(rule, second(`op.drop_table("users")`), { dialect: "sqlite" });
  });
});
