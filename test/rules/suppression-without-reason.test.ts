import { test } from "vitest";
import { suppressionWithoutReason as rule } from "../../server/src/rules/suppression-without-reason.ts";
import { allows, flags } from "../support/cases.ts";

const message = "information: This comment does not say why it allows what it allows: write `because` and the reason.";

test("finds comments that give no reason, or the dots that stand for one", () =>
  flags(
    rule,
    `
# retort: allow mixed-schema-and-data
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ ${message}
op.drop_column("users", "name")
# retort: allow mixed-schema-and-data because
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ ${message}
op.execute("SELECT 1")
# retort: allow mixed-schema-and-data because …
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ ${message}
op.execute("UPDATE users SET full_name = 'x'")
`,
  ));

test("is silent about reasons in any script, and about other comments", () =>
  allows(
    rule,
    `
# retort: allow mixed-schema-and-data because 表很小
op.drop_column("users", "name")
# allow this
op.execute("UPDATE users SET full_name = 'x'")  # retort: allow mixed-schema-and-data because of 12 rows
`,
  ));
