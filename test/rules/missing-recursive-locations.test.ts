import { test } from "vitest";
import { missingRecursiveLocations as rule } from "../../server/src/rules/missing-recursive-locations.ts";
import { allows, flags } from "../support/cases.ts";

const ini = (rest: string): string => `-- alembic.ini --
[alembic]
script_location = %(here)s
path_separator = os
${rest}-- versions/0001_a.py --
pass
`;

test("is told at the template", () =>
  flags(
    rule,
    ini(`file_template = %%(year)d/%%(rev)s
                ^^^^^^^^^^^^^^^^^^ warning: This puts new revisions into a folder below, which Alembic does not read without "recursive_version_locations = true": it will not find them.
`),
  ));

test("a folder that is a version location of its own is read", () =>
  allows(
    rule,
    `${ini(`file_template = 2026/%%(rev)s
version_locations = %(here)s/versions:%(here)s/versions/2026
`)}-- versions/2026/0002_b.py --
pass
`,
  ));

test("a template without a folder, and folders that are read, are right", async () => {
  await allows(rule, ini(`file_template = %%(rev)s_%%(slug)s\n`));
  await allows(rule, ini(`file_template = %%(year)d/%%(rev)s\nrecursive_version_locations = true\n`));
  await allows(rule, ini(""));
});
