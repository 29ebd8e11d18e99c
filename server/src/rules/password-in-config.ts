import { defineRule, type FoundInProject } from "./define.ts";

export const passwordInConfig = defineRule({
  id: "password-in-config",
  group: "correctness",
  severity: "warning",
  recommended: true,
  summary: "The password of a database stands in the config file.",
  why: `The file is in version control, and so is the password, for good: in every clone, in the image that is built of it, in the logs of CI.
Changing it later takes it out of none of them.`,
  instead: `Let \`env.py\` take the URL, or the password, from the environment (\`os.environ["DATABASE_URL"]\`), and change the password.`,
  allowed: [
    "A server on this machine (`localhost`): its password opens nothing else.",
    "Placeholders, as the template of `alembic init` has them, and parts in `%(…)s`, which are given elsewhere.",
  ],
  sources: ["https://alembic.sqlalchemy.org/en/latest/tutorial.html#editing-the-ini-file"],
  options: {},
  examples: [
    {
      title: "A URL with everything",
      before: `-- alembic.ini --
[alembic]
script_location = %(here)s
path_separator = os
sqlalchemy.url = postgresql://app:s3cr3t@db.example.com/app
-- versions/0001_a.py --
pass
`,
      after: [
        `-- alembic.ini --
[alembic]
script_location = %(here)s
path_separator = os
sqlalchemy.url = postgresql://app:%(DB_PASSWORD)s@db.example.com/app
-- versions/0001_a.py --
pass
`,
      ],
    },
  ],
  catches: [
    {
      title: "A driver in the URL",
      code: `-- alembic.ini --\n[alembic]\nscript_location = %(here)s\nsqlalchemy.url = mysql+pymysql://root:hunter2@db.example.com/app\n-- versions/0001_a.py --\npass\n`,
    },
    {
      title: "The engine of a project with several databases",
      code: `-- alembic.ini --\n[alembic]\nscript_location = %(here)s\ndatabases = one\n[one]\nsqlalchemy.url = postgresql://app:hunter2@db.example.com/app\n-- versions/0001_a.py --\npass\n`,
    },
  ],
  passes: [
    {
      title: "What the template shows",
      code: `-- alembic.ini --\n[alembic]\nscript_location = %(here)s\nsqlalchemy.url = driver://user:pass@localhost/dbname\n-- versions/0001_a.py --\npass\n`,
    },
    {
      title: "A server on this machine",
      code: `-- alembic.ini --\n[alembic]\nscript_location = %(here)s\nsqlalchemy.url = postgresql://app:app@localhost/app\n-- versions/0001_a.py --\npass\n`,
    },
    {
      title: "A user without a password",
      code: `-- alembic.ini --\n[alembic]\nscript_location = %(here)s\nsqlalchemy.url = postgresql://app@localhost/app\n-- versions/0001_a.py --\npass\n`,
    },
  ],
  *inspect({ config }) {
    for (const { path, range } of config.passwords ?? []) yield { at: range, path } satisfies FoundInProject;
  },
  message: () => "A password stands here in plain text; let env.py take it from the environment, and change it.",
});
