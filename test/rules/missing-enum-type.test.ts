import { expect, test } from "vitest";
import { missingEnumType as rule } from "../../server/src/rules/missing-enum-type.ts";
import { allows, findsIn, fixes, says } from "../support/cases.ts";

const users = `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
-- versions/0002_mood.py --
`;
const add = `op.add_column("users", sa.Column("mood", sa.Enum("sad", "ok", name="mood")))`;

test("names the type", async () => {
  expect(await says(rule, `${users}${add}\n`)).toEqual([
    'The type "mood" does not exist at this point, and add_column does not create it: this fails.',
  ]);
});

test("a type that was dropped in between is missing again", async () => {
  const made = `op.create_table("days", sa.Column("mood", sa.Enum("sad", "ok", name="mood")))\n`;
  await allows(rule, `${users}${made}${add}\n`);
  expect(await says(rule, `${users}${made}op.drop_table("days")\nop.execute("DROP TYPE mood")\n${add}\n`)).toHaveLength(
    1,
  );
});

test("after something that was not understood nothing is said", () =>
  allows(rule, `${users}op.execute(make_types())\n${add}\n`));

test("a type of another schema is another type", async () => {
  const other = `op.execute("CREATE TYPE app.mood AS ENUM ('sad', 'ok')")\n`;
  expect(await says(rule, `${users}${other}${add}\n`)).toHaveLength(1);
  await allows(rule, `${users}${other}${add.replace('name="mood"', 'name="mood", schema="app"')}\n`);
});

test("is created before the statement", () =>
  fixes(rule, `${users}${add}\n`, `sa.Enum("sad", "ok", name="mood").create(op.get_bind(), checkfirst=True)\n${add}`));

test("is created before the whole batch block", () =>
  fixes(
    rule,
    `${users}with op.batch_alter_table("users") as batch:
    batch.add_column(sa.Column("mood", sa.Enum("sad", "ok", name="mood")))
`,
    `with op.batch_alter_table("users") as batch:
    sa.Enum("sad", "ok", name="mood").create(op.get_bind(), checkfirst=True)
    batch.add_column(sa.Column("mood", sa.Enum("sad", "ok", name="mood")))`,
  ));

test("other servers have no such types", () => allows(rule, `${users}${add}\n`, { dialect: "mysql" }));

test("a history that starts on a database that exists may have found the type there", async () => {
  const made = `-- versions/0002_days.py --\nop.create_table("days", sa.Column("id", sa.Integer(), primary_key=True))\nop.add_column("days", sa.Column("mood", sa.Enum("sad", "ok", name="mood")))\n`;
  const outside = (id: string): string =>
    `-- versions/${id}.py --\nop.add_column("shops", sa.Column("a${id}", sa.Integer()))\n`;
  await allows(rule, outside("0001_a") + made + outside("0003_c"));
  expect(
    await findsIn(
      rule,
      `-- versions/0001_a.py --\nop.create_table("shops", sa.Column("id", sa.Integer()))\n${made}${outside("0003_c")}`,
    ),
  ).toHaveLength(1);
});
