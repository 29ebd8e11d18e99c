import { defineRule } from "./define.ts";

export const versionPathSeparator = defineRule({
  id: "version-path-separator",
  group: "portability",
  severity: "information",
  recommended: true,
  tag: "deprecated",
  summary: "The config says by a deprecated name how folders are separated.",
  why: `Alembic 1.16 has given the option a new name, \`path_separator\`, since it counts for \`prepend_sys_path\` too. The older one still
works, and every command prints a warning about it, also in a deployment's log.`,
  instead: "Write `path_separator` in its place; the values are the same, and `newline` is new among them.",
  allowed: ["A config that has both names: Alembic reads the new one.", "Projects without `version_locations`."],
  sources: ["https://alembic.sqlalchemy.org/en/latest/branches.html#setting-up-multiple-version-directories"],
  options: {},
  examples: [
    {
      title: "The older name",
      before: `-- alembic.ini --
[alembic]
script_location = %(here)s
version_path_separator = os
version_locations = %(here)s/versions
-- versions/0001_a.py --
pass
`,
      after: [
        `-- alembic.ini --
[alembic]
script_location = %(here)s
path_separator = os
version_locations = %(here)s/versions
-- versions/0001_a.py --
pass
`,
      ],
    },
  ],
  catches: [
    {
      title: "With several folders",
      code: `-- alembic.ini --\n[alembic]\nscript_location = %(here)s\nversion_path_separator = space\nversion_locations = %(here)s/versions %(here)s/more\n-- versions/0001_a.py --\npass\n-- more/x.txt --\n`,
    },
    {
      title: "Below the folders",
      code: `-- alembic.ini --\n[alembic]\nscript_location = %(here)s\nversion_locations = %(here)s/versions\nversion_path_separator = os\n-- versions/0001_a.py --\npass\n`,
    },
  ],
  passes: [
    {
      title: "Both names",
      code: `-- alembic.ini --\n[alembic]\nscript_location = %(here)s\npath_separator = os\nversion_path_separator = os\nversion_locations = %(here)s/versions\n-- versions/0001_a.py --\npass\n`,
    },
    {
      title: "Nothing to separate",
      code: `-- alembic.ini --\n[alembic]\nscript_location = %(here)s\nversion_path_separator = os\n-- versions/0001_a.py --\npass\n`,
    },
  ],
  *inspect({ config: { oldSeparator } }) {
    if (oldSeparator) yield { at: oldSeparator.range, path: oldSeparator.path };
  },
  message: () => `"version_path_separator" is deprecated: Alembic reads "path_separator", and warns at every command.`,
});
