import { expect, test } from "vitest";
import { narrowingTypeChange as rule } from "../../server/src/rules/narrowing-type-change.ts";
import { allows, findsIn, says } from "../support/cases.ts";

const change = (from: string, to: string, more = ""): string =>
  `op.alter_column("users", "a", existing_type=${from}, type_=${to}${more})\n`;

test.each([
  [
    "sa.String(200)",
    "sa.String(50)",
    'This fails at the first row in which "users.a" does not fit character varying(50); so far it is character varying(200).',
  ],
  [
    "sa.Text()",
    "sa.Integer()",
    'This fails at the first row in which "users.a" does not fit integer; so far it is text.',
  ],
  [
    "sa.BigInteger()",
    "sa.SmallInteger()",
    'This fails at the first row in which "users.a" does not fit smallint; so far it is bigint.',
  ],
  [
    "sa.Numeric(10, 2)",
    "sa.Numeric(6, 2)",
    'This fails at the first row in which "users.a" does not fit numeric(6,2); so far it is numeric(10,2).',
  ],
  [
    "sa.Numeric(10, 4)",
    "sa.Numeric(12, 2)",
    'Values of "users.a" are rounded from numeric(10,4) to numeric(12,2), for good.',
  ],
  ["sa.Double()", "sa.Integer()", 'Values of "users.a" are rounded from double precision to integer, for good.'],
  [
    "sa.DateTime()",
    "sa.Date()",
    '"users.a" loses its time of day, for good: timestamp without time zone becomes date.',
  ],
])("%s to %s", async (from, to, message) => {
  expect(await says(rule, change(from, to))).toEqual([message]);
});

test.each([
  ["sa.String(50)", "sa.Text()"],
  ["sa.Integer()", "sa.BigInteger()"],
  ["sa.Integer()", "sa.Numeric(12, 2)"],
  ["sa.Integer()", "sa.Text()"],
  ["sa.Date()", "sa.DateTime()"],
  ["sa.Float()", "sa.Double()"],
  ["sa.JSON()", "sa.Text()"],
])("%s to %s fits", (from, to) => allows(rule, change(from, to)));

test("a cast cuts, an expression is a decision", async () => {
  expect(await says(rule, change("sa.Text()", "sa.String(3)", `, postgresql_using="a::varchar(3)"`))).toEqual([
    'Values of "users.a" that are longer than character varying(3) are cut, and nothing says so.',
  ]);
  await allows(rule, change("sa.Text()", "sa.String(3)", `, postgresql_using="left(a, 3)"`));
});

test("MySQL does it differently by its mode", async () => {
  expect(await says(rule, change("sa.String(200)", "sa.String(50)"), { dialect: "mysql" })).toEqual([
    'This fails at the first row in which "users.a" does not fit VARCHAR(50); so far it is VARCHAR(200) (in strict SQL mode; else it is changed).',
  ]);
});

test("the history knows the old type, whatever Alembic is told", async () => {
  const made = `-- versions/0001_a.py --
op.create_table("users", sa.Column("a", sa.String(20)))
-- versions/0002_b.py --
`;
  await allows(rule, `${made}${change("sa.Text()", "sa.String(50)")}`);
});

test("another column that is prepared is no help", async () => {
  expect(
    await says(rule, `op.execute("UPDATE users SET b = left(b, 50)")\n${change("sa.Text()", "sa.String(50)")}`),
  ).toHaveLength(1);
});

test("a downgrade is not judged", () =>
  allows(rule, `def upgrade():\n    pass\n\n\ndef downgrade():\n    ${change("sa.Text()", "sa.String(50)")}`));

test("MySQL's TEXT is shorter than its MEDIUMTEXT, and longer than its TINYTEXT", async () => {
  const change = (from: string, to: string): string =>
    `-- versions/0001_a.py --\nop.execute("CREATE TABLE t (id int PRIMARY KEY, a ${from})")\n-- versions/0002_b.py --\nop.execute("ALTER TABLE t MODIFY a ${to}")\n`;
  const counts = [];
  for (const [from, to] of [
    ["TEXT", "MEDIUMTEXT"],
    ["TEXT", "LONGTEXT"],
    ["TINYTEXT", "TEXT"],
    ["MEDIUMTEXT", "TEXT"],
    ["TEXT", "TINYTEXT"],
    ["TEXT", "VARCHAR(99)"],
  ] as const)
    counts.push((await findsIn(rule, change(from, to), { dialect: "mysql" })).length);
  expect(counts).toEqual([0, 0, 0, 1, 1, 1]);
});
