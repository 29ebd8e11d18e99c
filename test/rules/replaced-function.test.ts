import { expect, test } from "vitest";
import { replacedFunction as rule } from "../../server/src/rules/replaced-function.ts";
import { allows, says } from "../support/cases.ts";

const body = (text: string): string => `FUNCTION slug(t text) RETURNS text LANGUAGE sql AS 'SELECT ${text}'`;

test("names it", async () => {
  expect(
    await says(
      rule,
      `-- versions/0001_a.py --
op.execute("CREATE ${body("lower(t)")}")
-- versions/0002_b.py --
op.execute("CREATE OR REPLACE ${body("upper(t)")}")
`,
    ),
  ).toEqual(['Whoever calls "slug", the old release too, gets the new body as soon as this is committed.']);
});

test("a function of a later revision is not there yet", () =>
  allows(
    rule,
    `-- versions/0001_a.py --
op.execute("CREATE OR REPLACE ${body("lower(t)")}")
-- versions/0002_b.py --
op.execute("DROP FUNCTION slug(text)")
`,
  ));
