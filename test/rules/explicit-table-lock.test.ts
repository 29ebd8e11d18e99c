import { expect, test } from "vitest";
import { explicitTableLock as rule } from "../../server/src/rules/explicit-table-lock.ts";
import { allows, says } from "../support/cases.ts";

test("tells whom the mode keeps waiting", async () => {
  const after = `op.execute("UPDATE users SET a = 1")\n`;
  expect(await says(rule, `op.execute("LOCK TABLE users")\n${after}`)).toEqual([
    "From here to the end of the transaction nobody can read or write users.",
  ]);
  expect(await says(rule, `op.execute("LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE")\n${after}`)).toEqual([
    "From here to the end of the transaction nobody can write to users.",
  ]);
});

test("a weaker lock of the next statement is no excuse", async () => {
  const lock = `op.execute("LOCK TABLE users IN ACCESS EXCLUSIVE MODE")\n`;
  await allows(rule, `${lock}op.execute("ALTER TABLE users ADD COLUMN a int")\n`);
  expect(await says(rule, `${lock}op.execute("ALTER TABLE app.users ADD COLUMN a int")\n`)).toHaveLength(1);
  expect(await says(rule, `${lock}op.create_index("ix", "users", ["a"])\n`)).toHaveLength(1);
});
