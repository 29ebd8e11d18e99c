import { expect, test } from "vitest";
import { cascade as rule } from "../../server/src/rules/cascade.ts";
import { allows, says } from "../support/cases.ts";

const made = `-- versions/0001_a.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("mood", sa.Enum("a", name="mood")))
op.create_table("orders", sa.Column("u", sa.Integer(), sa.ForeignKey("users.id", name="fk_u")))
op.execute("CREATE VIEW v AS SELECT id FROM users")
op.execute("CREATE VIEW w AS SELECT id FROM v")
-- versions/0002_b.py --
`;

test.each([
  [
    "DROP TABLE users CASCADE",
    'CASCADE drops the foreign key "fk_u" of "orders", the view "v" and the view "w" with the table "users".',
  ],
  ["DROP VIEW v CASCADE", 'CASCADE drops the view "w" with the view "v".'],
  ["DROP TYPE mood CASCADE", 'CASCADE drops the column "users.mood" with the type "mood".'],
  [
    "ALTER TABLE users DROP COLUMN id CASCADE",
    'CASCADE drops the foreign key "fk_u" of "orders" with "users.id", and whatever else hangs on it.',
  ],
  [
    "ALTER TABLE users DROP CONSTRAINT users_pkey CASCADE",
    'CASCADE drops the foreign key "fk_u" of "orders" with the constraint "users_pkey".',
  ],
  [
    "DROP SEQUENCE numbers CASCADE",
    'CASCADE drops whatever hangs on the sequence "numbers" as well, and says nothing of it.',
  ],
])("%s", async (sql, message) => {
  expect(await says(rule, `${made}op.execute("${sql}")\n`)).toEqual([message]);
});

test("where nothing hangs on it, as the history knows, it is as good as without", async () => {
  await allows(rule, `${made}op.execute("DROP TABLE orders CASCADE")\n`);
  await allows(rule, `${made}op.execute("ALTER TABLE orders DROP CONSTRAINT fk_u CASCADE")\n`);
});

test("of what is not known it is said in upgrades only", async () => {
  const both = `def upgrade():\n    op.execute("DROP FUNCTION f() CASCADE")\n\n\ndef downgrade():\n    op.execute("DROP FUNCTION g() CASCADE")\n`;
  expect(await says(rule, both)).toEqual([
    'CASCADE drops whatever hangs on the function "f" as well, and says nothing of it.',
  ]);
});

test("a foreign key that is made again is replaced", () =>
  allows(
    rule,
    `${made}op.execute("ALTER TABLE users DROP CONSTRAINT users_pkey CASCADE")
op.create_foreign_key("fk_u", "orders", "users", ["u"], ["id"])
`,
  ));
