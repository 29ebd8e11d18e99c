import { describe, test } from "vitest";
import { versionPathSeparator as rule } from "../../server/src/rules/version-path-separator.ts";
import { allows, flags } from "../support/cases.ts";

const config = (lines: string): string => `-- alembic.ini --
[alembic]
script_location = %(here)s
${lines}
-- versions/0001_a.py --
pass
`;

describe("finds", () => {
  test("the older name", () =>
    flags(
      rule,
      config(`version_locations = %(here)s/versions
version_path_separator = os
^^^^^^^^^^^^^^^^^^^^^^ information: "version_path_separator" is deprecated: Alembic reads "path_separator", and warns at every command.`),
    ));
});

describe("allows", () => {
  test.each([
    ["the new name", "path_separator = os\nversion_locations = %(here)s/versions"],
    ["both names", "path_separator = os\nversion_path_separator = os\nversion_locations = %(here)s/versions"],
    ["no folders", "version_path_separator = os"],
  ])("%s", (_, lines) => allows(rule, config(lines)));
});
