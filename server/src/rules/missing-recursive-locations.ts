import { isWithin } from "../project/paths.ts";
import { defineRule, type FoundInProject } from "./define.ts";

export const missingRecursiveLocations = defineRule({
  id: "missing-recursive-locations",
  group: "history",
  severity: "warning",
  recommended: true,
  summary: "New revisions are written into folders that Alembic does not read.",
  why: `Alembic makes the folder that \`file_template\` names and puts the new file there, but looks for revisions only in the version location itself: the file is never found. The next
revision gets the same parent, or none, and \`alembic upgrade\` runs neither.`,
  instead: `Add \`recursive_version_locations = true\` beside the template.`,
  allowed: ["Projects that list folders below a version location as version locations of their own."],
  sources: ["https://alembic.sqlalchemy.org/en/latest/tutorial.html#editing-the-ini-file"],
  options: {},
  examples: [
    {
      title: "A folder for each year",
      before: `-- alembic.ini --
[alembic]
script_location = %(here)s
file_template = %%(year)d/%%(rev)s_%%(slug)s
-- versions/0001_a.py --
pass
`,
      after: [
        `-- alembic.ini --
[alembic]
script_location = %(here)s
file_template = %%(year)d/%%(rev)s_%%(slug)s
recursive_version_locations = true
-- versions/0001_a.py --
pass
`,
      ],
    },
  ],
  catches: [
    {
      title: "Switched off in words",
      code: `-- alembic.ini --\n[alembic]\nscript_location = %(here)s\nfile_template = %%(year)d/%%(month).2d/%%(rev)s\nrecursive_version_locations = false\n-- versions/0001_a.py --\npass\n`,
    },
    {
      title: "In pyproject.toml",
      code: `-- pyproject.toml --\n[tool.alembic]\nscript_location = "%(here)s"\nfile_template = "%%(year)d/%%(rev)s"\n-- versions/0001_a.py --\npass\n`,
    },
  ],
  passes: [
    {
      title: "A template without a folder",
      code: `-- alembic.ini --\n[alembic]\nscript_location = %(here)s\nfile_template = %%(year)d_%%(rev)s_%%(slug)s\n-- versions/0001_a.py --\npass\n`,
    },
    {
      title: "Folders that are read",
      code: `-- alembic.ini --\n[alembic]\nscript_location = %(here)s\nfile_template = %%(year)d/%%(rev)s\nrecursive_version_locations = true\n-- versions/0001_a.py --\npass\n`,
    },
  ],
  *inspect({ config: { unreadFolders, versionLocations } }) {
    const isListed = versionLocations.some((one) =>
      versionLocations.some((other) => one !== other && isWithin(other, one)),
    );
    if (unreadFolders && !isListed)
      yield { at: unreadFolders.range, path: unreadFolders.path } satisfies FoundInProject;
  },
  message: () =>
    `This puts new revisions into a folder below, which Alembic does not read without "recursive_version_locations = true": it will not find them.`,
});
