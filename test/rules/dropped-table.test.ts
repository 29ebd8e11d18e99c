import { expect, test } from "vitest";
import { droppedTable as rule } from "../../server/src/rules/dropped-table.ts";
import { allows, flags, says } from "../support/cases.ts";

test("names the table", () =>
  flags(
    rule,
    `
op.drop_table("audit_log")
   ^^^^^^^^^^ warning: Code that still uses "audit_log" fails once this has run.
`,
  ));

test("names the partitions that go with it", () =>
  flags(
    rule,
    `-- versions/0001_events.py --
op.execute("CREATE TABLE events (id int, kind int) PARTITION BY LIST (kind)")
op.execute("CREATE TABLE events_1 PARTITION OF events FOR VALUES IN (1)")
op.execute("CREATE TABLE events_2 PARTITION OF events FOR VALUES IN (2)")
-- versions/0002_drop.py --
op.drop_table("events")
   ^^^^^^^^^^ warning: Code that still uses "events" fails once this has run. Its partitions "events_1" and "events_2" go with it.
`,
  ));

test("a table of the same name in another schema has partitions of its own", async () => {
  const made = `-- versions/0001_events.py --
op.execute("CREATE TABLE app.events (id int, kind int) PARTITION BY LIST (kind)")
op.execute("CREATE TABLE app.events_1 PARTITION OF app.events FOR VALUES IN (1)")
op.execute("CREATE TABLE events (id int)")
-- versions/0002_drop.py --
op.drop_table("events")
`;
  expect(await says(rule, made)).toEqual(['Code that still uses "events" fails once this has run.']);
});

test("a table that is dropped only if it exists, and does not, is nobody's loss", () =>
  allows(rule, `op.execute("DROP TABLE IF EXISTS nothing")\n`));

test("the same where the revision asks for it", async () => {
  const guarded = `if "nothing" in sa.inspect(op.get_bind()).get_table_names():\n    op.drop_table("nothing")\n`;
  await allows(rule, guarded);
  const made = `-- versions/0001_a.py --\nop.create_table("nothing", sa.Column("id", sa.Integer()))\n-- versions/0002_b.py --\n`;
  expect(await says(rule, `${made}${guarded}`)).toHaveLength(1);
});

test("a table that a view takes the place of is found by its old code", () =>
  allows(rule, `op.drop_table("users")\nop.execute("CREATE VIEW users AS SELECT * FROM people")\n`));

test("a DELETE that looks into the table moves no rows out of it", () =>
  flags(
    rule,
    `
op.execute("DELETE FROM users WHERE id IN (SELECT user_id FROM banned)")
op.drop_table("banned")
   ^^^^^^^^^^ warning: *
`,
  ));
