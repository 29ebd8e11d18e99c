import { describe, test } from "vitest";
import { pathSeparatorMissing as rule } from "../../server/src/rules/path-separator-missing.ts";
import { allows, flags } from "../support/cases.ts";

const config = (lines: string): string => `-- alembic.ini --
[alembic]
script_location = %(here)s
${lines}
-- versions/0001_a.py --
pass
`;

describe("finds", () => {
  test("the option that lists folders", () =>
    flags(
      rule,
      config(`version_locations = %(here)s/versions
^^^^^^^^^^^^^^^^^ warning: "version_locations" lists folders, and no "path_separator" says how they are separated: Alembic splits at spaces and commas, and warns.`),
    ));
});

describe("allows", () => {
  test.each([
    ["a separator", "path_separator = os\nversion_locations = %(here)s/versions"],
    ["the older separator", "version_path_separator = os\nversion_locations = %(here)s/versions"],
    ["no folders", "prepend_sys_path = ."],
  ])("%s", (_, lines) => allows(rule, config(lines)));
});
