import { expect, test } from "vitest";
import { disabledTrigger as rule } from "../../server/src/rules/disabled-trigger.ts";
import { allows, says } from "../support/cases.ts";

const off = `op.execute("ALTER TABLE users DISABLE TRIGGER tr")\n`;
const on = `op.execute("ALTER TABLE users ENABLE TRIGGER tr")\n`;
const change = `op.execute("UPDATE users SET a = 1")\n`;

test("tells what comes of it", async () => {
  expect(await says(rule, off)).toEqual([
    'Nobody\'s writes fire the trigger "tr" of "users" any more: nothing here switches it on again.',
  ]);
  expect(await says(rule, `${off}${change}${on}`)).toEqual([
    'Rows change with the trigger "tr" of "users" switched off, and nobody can write to users until the transaction ends.',
  ]);
  expect(await says(rule, `${off}with op.get_context().autocommit_block():\n    ${change}${on}`)).toEqual([
    'Until they are switched on again in a later transaction, nobody\'s writes fire the trigger "tr" of "users".',
  ]);
});

test("off and on with nothing in between changes nothing", () => allows(rule, `${off}${on}`));
test("another trigger that is switched on is no help", async () => {
  expect(await says(rule, `${off}${on.replace('tr"', 'other"')}`)).toHaveLength(1);
});
test("ALL switches it on as well", () => allows(rule, `${off}op.execute("ALTER TABLE users ENABLE TRIGGER ALL")\n`));
