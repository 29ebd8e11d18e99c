import { expect, test } from "vitest";
import { defaultPartition as rule } from "../../server/src/rules/default-partition.ts";
import { allows, says } from "../support/cases.ts";

const given = (check = ""): string => `-- versions/0001_a.py --
op.execute("CREATE TABLE events (id int, kind int) PARTITION BY LIST (kind)")
op.execute("CREATE TABLE rest PARTITION OF events DEFAULT")
${check}-- versions/0002_b.py --
op.execute("CREATE TABLE events_1 PARTITION OF events FOR VALUES IN (1)")
`;

test("names the default partition", async () => {
  expect(await says(rule, given())).toEqual([
    'All of the default partition "rest" is read to see that no row belongs to the new one, and nobody can read or write rest meanwhile.',
  ]);
});

test("with a validated CHECK nothing is said, with one that is not validated it is", async () => {
  await allows(rule, given(`op.execute("ALTER TABLE rest ADD CHECK (kind <> 1)")\n`));
  expect(await says(rule, given(`op.execute("ALTER TABLE rest ADD CHECK (kind <> 1) NOT VALID")\n`))).toHaveLength(1);
});
