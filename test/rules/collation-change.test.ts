import { expect, test } from "vitest";
import { collationChange as rule } from "../../server/src/rules/collation-change.ts";
import { allows, says } from "../support/cases.ts";

const made = `-- versions/0001_a.py --
op.create_table("users", sa.Column("name", sa.String(50, collation="C")))
-- versions/0002_b.py --
`;

test("names the old one, where it is known", async () => {
  expect(
    await says(rule, `${made}op.alter_column("users", "name", type_=sa.String(50, collation="de-x-icu"))\n`),
  ).toEqual(['Texts of "users.name" are sorted and compared by "de-x-icu" from here on, and were by "C".']);
});

test("a type without one takes it away, once", async () => {
  expect(await says(rule, `${made}op.alter_column("users", "name", type_=sa.String(60))\n`)).toEqual([
    '"users.name" loses its collation "C": a change of the type without COLLATE gives it that of the type.',
  ]);
  expect(
    await says(
      rule,
      `${made}op.alter_column("users", "name", type_=sa.String(60))\nop.alter_column("users", "name", type_=sa.String(70))\n`,
    ),
  ).toHaveLength(1);
});

test("the same on MySQL, where a table has one", async () => {
  expect(await says(rule, `op.execute("ALTER TABLE users COLLATE utf8mb4_bin")\n`, { dialect: "mysql" })).toEqual([
    'Texts of "users" are sorted and compared in another way from here on.',
  ]);
});

test("a character set alone is none", () =>
  allows(rule, `op.execute("ALTER TABLE users DEFAULT CHARACTER SET utf8mb4")\n`, { dialect: "mysql" }));
