import { expect, test } from "vitest";
import { movedSchema as rule } from "../../server/src/rules/moved-schema.ts";
import { allows, says } from "../support/cases.ts";

test("names the thing and the schema", async () => {
  expect(await says(rule, `op.execute("ALTER TABLE users SET SCHEMA app")\n`)).toEqual([
    'Code that looks for "users" where it is now fails once this has run, unless "app" is in its search_path.',
  ]);
});

test("a view of the old name is enough", () =>
  allows(
    rule,
    `op.execute("ALTER TABLE users SET SCHEMA app")\nop.execute("CREATE VIEW users AS SELECT * FROM app.users")\n`,
  ));
