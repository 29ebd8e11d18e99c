import { defineRule, type FoundInProject } from "./define.ts";

interface Unseparated extends FoundInProject {
  readonly option: string;
}

export const pathSeparatorMissing = defineRule({
  id: "path-separator-missing",
  group: "portability",
  severity: "warning",
  recommended: true,
  summary: "An option lists folders, and no path_separator says how they are separated.",
  why: `Without it Alembic falls back to the old rule, which splits at spaces and commas, and prints a warning at every command. A folder
with a space in its name, as on many desktops, is then two that do not exist.`,
  instead: `Add \`path_separator = os\` and separate the folders by ":" (";" on Windows), or \`path_separator = newline\` and write one on each line.`,
  allowed: ["Projects without `version_locations`.", "The older `version_path_separator`."],
  sources: ["https://alembic.sqlalchemy.org/en/latest/branches.html#setting-up-multiple-version-directories"],
  options: {},
  examples: [
    {
      title: "Two folders",
      before: `-- alembic.ini --
[alembic]
script_location = %(here)s
version_locations = %(here)s/versions %(here)s/more
-- versions/0001_a.py --
pass
-- more/x.txt --
`,
      after: [
        `-- alembic.ini --
[alembic]
script_location = %(here)s
path_separator = space
version_locations = %(here)s/versions %(here)s/more
-- versions/0001_a.py --
pass
-- more/x.txt --
`,
      ],
    },
  ],
  catches: [
    {
      title: "A single folder",
      code: `-- alembic.ini --\n[alembic]\nscript_location = %(here)s\nversion_locations = %(here)s/versions\n-- versions/0001_a.py --\npass\n`,
    },
    {
      title: "A comma between them",
      code: `-- alembic.ini --\n[alembic]\nscript_location = %(here)s\nversion_locations = %(here)s/versions, %(here)s/versions\n-- versions/0001_a.py --\npass\n`,
    },
  ],
  passes: [
    {
      title: "No list of folders",
      code: `-- alembic.ini --\n[alembic]\nscript_location = %(here)s\n-- versions/0001_a.py --\npass\n`,
    },
    {
      title: "The older name",
      code: `-- alembic.ini --\n[alembic]\nscript_location = %(here)s\nversion_path_separator = os\nversion_locations = %(here)s/versions\n-- versions/0001_a.py --\npass\n`,
    },
  ],
  *inspect({ config: { unseparated } }) {
    if (unseparated)
      yield { at: unseparated.range, path: unseparated.path, option: unseparated.option } satisfies Unseparated;
  },
  message: ({ option }) =>
    `"${option}" lists folders, and no "path_separator" says how they are separated: Alembic splits at spaces and commas, and warns.`,
});
