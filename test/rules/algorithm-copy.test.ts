import { expect, test } from "vitest";
import { algorithmCopy as rule } from "../../server/src/rules/algorithm-copy.ts";
import { allows, says } from "../support/cases.ts";

const mysql = { dialect: "mysql" } as const;

test("tells whether the statement asks for it", async () => {
  expect(await says(rule, `op.execute("ALTER TABLE users CONVERT TO CHARACTER SET utf8mb4")\n`, mysql)).toEqual([
    'The server copies every row of "users" for this, and nobody can write to it meanwhile.',
  ]);
  expect(await says(rule, `op.execute("ALTER TABLE users ADD COLUMN a INT, ALGORITHM=COPY")\n`, mysql)).toEqual([
    'ALGORITHM=COPY copies every row of "users", and nobody can write to it meanwhile.',
  ]);
});

test("a primary key that goes is a copy, unless another comes in the same statement", async () => {
  expect(await says(rule, `op.execute("ALTER TABLE users DROP PRIMARY KEY")\n`, mysql)).toHaveLength(1);
  await allows(rule, `op.execute("ALTER TABLE users DROP PRIMARY KEY, ADD PRIMARY KEY (a)")\n`, mysql);
});

test("the old type may come from the history", async () => {
  const made = `-- versions/0001_a.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String(50)))
-- versions/0002_b.py --
`;
  expect(await says(rule, `${made}op.execute("ALTER TABLE users MODIFY name INT")\n`, mysql)).toHaveLength(1);
  await allows(rule, `${made}op.execute("ALTER TABLE users MODIFY name VARCHAR(60)")\n`, mysql);
});

test("foreign keys that are checked again are copied for", async () => {
  const key = `op.create_foreign_key("fk", "users", "teams", ["a"], ["id"])\n`;
  await allows(rule, `op.execute("SET SESSION foreign_key_checks = OFF")\n${key}`, mysql);
  expect(
    await says(
      rule,
      `op.execute("SET foreign_key_checks = 0")\nop.execute("SET foreign_key_checks = 1")\n${key}`,
      mysql,
    ),
  ).toHaveLength(1);
});
