import { defineRule, type FoundInProject } from "./define.ts";

export const envWithoutTargetMetadata = defineRule({
  id: "env-without-target-metadata",
  group: "history",
  severity: "information",
  recommended: false,
  summary: "No metadata of the models is given to Alembic by env.py.",
  why: `\`alembic revision --autogenerate\` and \`alembic check\` have nothing to compare the database with, and refuse. A naming convention of the models does not
reach the revisions either: constraints without a name get another one than the models say.`,
  instead: `Import the models and hand on their metadata: \`target_metadata = Base.metadata\`.`,
  allowed: ["Metadata that comes from elsewhere, so that it cannot be told from the file."],
  sources: ["https://alembic.sqlalchemy.org/en/latest/autogenerate.html"],
  options: {},
  examples: [
    {
      title: "As the template leaves it",
      before: `-- env.py --
from alembic import context

context.configure(target_metadata=None)
-- versions/0001_a.py --
pass
`,
      after: [
        `-- env.py --
from alembic import context
from app.models import Base

context.configure(target_metadata=Base.metadata)
-- versions/0001_a.py --
pass
`,
      ],
    },
  ],
  catches: [
    {
      title: "A variable that is None",
      code: `-- env.py --\nfrom alembic import context\n\ntarget_metadata = None\ncontext.configure(target_metadata=target_metadata)\n-- versions/0001_a.py --\npass\n`,
    },
    {
      title: "No word of it",
      code: `-- env.py --\nfrom alembic import context\n\ncontext.configure(transaction_per_migration=True)\n-- versions/0001_a.py --\npass\n`,
    },
  ],
  passes: [
    {
      title: "Options that the file does not tell",
      code: `-- env.py --\nfrom alembic import context\nfrom app import options\n\ncontext.configure(**options)\n-- versions/0001_a.py --\npass\n`,
    },
    {
      title: "A list of metadata",
      code: `-- env.py --\nfrom alembic import context\nfrom app import a, b\n\ncontext.configure(target_metadata=[a.metadata, b.metadata])\n-- versions/0001_a.py --\npass\n`,
    },
  ],
  *inspect({ config: { env } }) {
    // The convention is known, and none is given: so there is no metadata that could have another.
    if (!env?.importsAlembic || env.broken || env.targetMetadata || env.namingConvention === undefined) return;
    const start = Math.max(0, env.text.indexOf("configure("));
    yield { at: { start, end: start + "configure".length }, path: env.path } satisfies FoundInProject;
  },
  message: () => "No target_metadata is given here: autogenerate has nothing to compare the database with.",
});
