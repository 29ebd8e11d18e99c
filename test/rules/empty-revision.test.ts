import { describe, test } from "vitest";
import { emptyRevision as rule } from "../../server/src/rules/empty-revision.ts";
import { mergeSettings } from "../../server/src/settings/settings.ts";
import { allows, flags } from "../support/cases.ts";

const settings = mergeSettings([{ preset: "strict" }]);

describe("finds", () => {
  test("pass in both directions", () =>
    flags(
      rule,
      `def upgrade():\n    ^^^^^^^ information: This revision does nothing.\n    pass\n\n\ndef downgrade():\n    pass\n`,
      { settings },
    ));
});

describe("allows", () => {
  test.each([
    ["a change in the downgrade", `def upgrade():\n    pass\n\n\ndef downgrade():\n    op.drop_table("t")\n`],
    ["a word about it", `def upgrade():\n    pass  # it came with the hotfix of March\n`],
    [
      "a label",
      `-- versions/0001_a.py --\nrevision = "0001"\ndown_revision = None\nbranch_labels = ("plugin",)\n\ndef upgrade():\n    pass\n`,
    ],
  ])("%s", (_, source) => allows(rule, source, { settings }));
});
