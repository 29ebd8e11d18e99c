import { describe, test } from "vitest";
import { blockingDetach as rule } from "../../server/src/rules/blocking-detach.ts";
import { allows, flags } from "../support/cases.ts";
import { defaultSettings } from "../../server/src/settings/settings.ts";

describe("finds", () => {
  test("a partition, and who waits", () =>
    flags(
      rule,
      `
op.execute("ALTER TABLE events DETACH PARTITION events_1")
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: Detaching events_1 waits for all queries, with all new ones waiting behind it; then nobody can read or write events or events_1 until the transaction ends.
`,
    ));
});

describe("allows", () => {
  test.each([
    [
      "CONCURRENTLY",
      `with op.get_context().autocommit_block():
    op.execute("ALTER TABLE events DETACH PARTITION events_1 CONCURRENTLY")
`,
    ],
    [
      "a table that is dropped after",
      `op.execute("ALTER TABLE events DETACH PARTITION events_1")
op.drop_table("events")
`,
    ],
  ])("%s", (_, source) => allows(rule, source));
});

test("PostgreSQL 13 knows no other way", () =>
  allows(rule, `op.execute("ALTER TABLE events DETACH PARTITION events_1")\n`, {
    settings: { ...defaultSettings, postgresqlVersion: 13 },
  }));
