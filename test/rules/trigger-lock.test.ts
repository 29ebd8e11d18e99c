import { expect, test } from "vitest";
import { triggerLock as rule } from "../../server/src/rules/trigger-lock.ts";
import { allows, says } from "../support/cases.ts";

const create = `op.execute("CREATE TRIGGER tr BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION f()")\n`;

test("tells whom it keeps waiting, and for what", async () => {
  expect(await says(rule, `${create}op.execute("UPDATE orders SET a = 1")\n`)).toEqual([
    "Once the trigger is made, nobody can write to users until the transaction ends, and that is after UPDATE orders.",
  ]);
  expect(await says(rule, `op.execute("DROP TRIGGER tr ON users")\nop.execute("UPDATE orders SET a = 1")\n`)).toEqual([
    "Once the trigger is dropped, nobody can read or write users until the transaction ends, and that is after UPDATE orders.",
  ]);
});

test("a few rows and new columns are done at once", async () => {
  await allows(rule, `${create}op.execute("INSERT INTO kinds VALUES (1)")\n`);
  await allows(rule, `${create}op.add_column("users", sa.Column("a", sa.Integer()))\n`);
});

test("rows of a table that the revision has made itself are few", () =>
  allows(rule, `op.create_table("t", sa.Column("a", sa.Integer()))\n${create}op.execute("UPDATE t SET a = 1")\n`));

test("a scan after it takes as long", async () => {
  expect(await says(rule, `${create}op.create_index("ix", "orders", ["a"])\n`)).toHaveLength(1);
});
