import { addedBy, isOneTransaction } from "../facts/enum-values.ts";
import type { Judged } from "../facts/judged.ts";
import { tryEdit } from "../rewrite/edit.ts";
import { keyOf } from "../schema/replay/schema.ts";
import { renderName } from "../sql/action.ts";
import { at, defineRule, type Found } from "./define.ts";

interface Added extends Found {
  readonly value: string;
  readonly type: string;
  readonly one: Judged;
}

export const enumValueInTransaction = defineRule({
  id: "enum-value-in-transaction",
  group: "correctness",
  severity: "information",
  recommended: false,
  reach: "file",
  dialects: ["postgresql"],
  summary: "A value is added to an enum in the transaction that all revisions of an upgrade share.",
  why: `PostgreSQL (from 12 on) adds the value in a transaction, but lets nobody use it before the transaction has ended. With Alembic's usual
env.py that is the end of the whole upgrade: a later revision that uses the value works on a database that is one step behind, and fails on
one that is two. Servers before 12 refuse ADD VALUE in a transaction altogether.`,
  instead: `Add the value in an autocommit block, or give each revision a transaction of its own (\`transaction_per_migration=True\` in env.py).`,
  allowed: [
    "Projects whose env.py gives each revision its own transaction, or of which that is not known.",
    "Values of a type that the revision creates.",
  ],
  sources: [
    "https://www.postgresql.org/docs/current/sql-altertype.html#SQL-ALTERTYPE-NOTES",
    "https://alembic.sqlalchemy.org/en/latest/api/runtime.html#alembic.runtime.environment.EnvironmentContext.configure.params.transaction_per_migration",
  ],
  options: {},
  examples: [
    {
      title: "A new value",
      before: `-- env.py --
from alembic import context

context.configure(connection=None)
-- versions/0001_glad.py --
op.execute("ALTER TYPE mood ADD VALUE 'glad'")
`,
      after: [
        `-- env.py --
from alembic import context

context.configure(connection=None)
-- versions/0001_glad.py --
with op.get_context().autocommit_block():
    op.execute("ALTER TYPE mood ADD VALUE 'glad'")
`,
      ],
    },
  ],
  catches: [
    {
      title: "In a loop",
      code: `-- env.py --
from alembic import context

context.configure(connection=None)
-- versions/0001_glad.py --
for value in ("glad", "angry"):
    op.execute(f"ALTER TYPE mood ADD VALUE '{value}'")
`,
    },
    {
      title: "With IF NOT EXISTS",
      code: `-- env.py --
from alembic import context

context.configure(connection=None)
-- versions/0001_glad.py --
op.get_bind().execute(sa.text("ALTER TYPE mood ADD VALUE IF NOT EXISTS 'glad' BEFORE 'ok'"))
`,
    },
  ],
  passes: [
    {
      title: "Where each revision has its own transaction",
      code: `op.execute("ALTER TYPE mood ADD VALUE 'glad'")\n`,
    },
    {
      title: "A value of a type that is created beside it",
      code: `-- env.py --
from alembic import context

context.configure(connection=None)
-- versions/0001_glad.py --
op.execute("CREATE TYPE mood AS ENUM ('sad')")
op.execute("ALTER TYPE mood ADD VALUE 'glad'")
`,
    },
  ],
  refactorings: ["add-enum-value"],
  *detect({ judged, project }) {
    if (!isOneTransaction(project)) return;
    for (const [i, one] of judged.entries()) {
      const added = one.isAutocommit ? undefined : addedBy(one);
      if (added === undefined) continue;
      const isOwn = judged
        .slice(0, i)
        .some(({ operation }) =>
          (operation.details.enumTypes ?? []).some(({ name }) => keyOf(name) === keyOf(added.type)),
        );
      const found: Added = { ...at(one), value: added.value, type: renderName(added.type), one };
      if (!isOwn) yield found;
    }
  },
  message: ({ value, type }) =>
    `No revision of the same upgrade can use "${value}" of the enum "${type}": env.py runs all of them in one transaction.`,
  repair: {
    safety: "unsafe",
    title: ({ value }) => `Add "${value}" in an autocommit block`,
    edits: ({ one: { operation } }, { file }) =>
      tryEdit(file, (edit) => {
        edit.autocommit(operation);
      }),
  },
});
