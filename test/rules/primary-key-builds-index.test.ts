import { describe, test } from "vitest";
import { primaryKeyBuildsIndex as rule } from "../../server/src/rules/primary-key-builds-index.ts";
import { allows, flags } from "../support/cases.ts";

describe("finds", () => {
  test("a primary key for an existing table, and says who waits", () =>
    flags(
      rule,
      `
op.create_primary_key("pk", "events", ["id"])
   ^^^^^^^^^^^^^^^^^^ warning: Adding the primary key pk builds an index; meanwhile nobody can read or write events.
`,
    ));
  test("an index whose column may be NULL", () =>
    flags(
      rule,
      `-- versions/0001_events.py --
op.create_table("events", sa.Column("id", sa.Integer()))
op.create_index("ix", "events", ["id"], unique=True)
-- versions/0002_key.py --
op.execute("ALTER TABLE events ADD PRIMARY KEY USING INDEX ix")
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: The columns of ix may be NULL, so that making it the primary key reads every row; meanwhile nobody can read or write events.
`,
    ));
});

describe("allows", () => {
  test.each([
    ["a new table", `op.create_table("events", sa.Column("id", sa.Integer(), primary_key=True))\n`],
    ["an emptied table", `op.execute("TRUNCATE events")\nop.create_primary_key("pk", "events", ["id"])\n`],
    ["a serial column added as text", `op.execute("ALTER TABLE events ADD COLUMN n serial")\n`],
  ])("%s", (_, source) => allows(rule, source));
});
