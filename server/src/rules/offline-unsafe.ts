import type { Judged } from "../facts/judged.ts";
import { defineRule, at, type Found, type Related } from "./define.ts";

interface Reading extends Found {
  readonly what: string;
}

/** Whoever asks whether there is a database has seen to it. */
const isGuarded = ({ operation: { context } }: Judged): boolean =>
  context.some((one) => one.kind === "branch" && one.on === "offline");

const reads = ({ operation: { effect, runner } }: Judged): boolean =>
  effect === "read" && (runner === "connection" || runner === "session" || runner === "inspector");

const words = ({ operation }: Judged): string =>
  operation.runner === "inspector" ? "asks the database what it holds" : "reads rows";

export const offlineUnsafe = defineRule({
  id: "offline-unsafe",
  group: "correctness",
  severity: "information",
  recommended: true,
  reach: "file",
  summary: "The revision needs an answer from the database, so `alembic upgrade --sql` stops at it.",
  why: `Offline there is no database: what \`execute\` gives is None, and the first method called on it raises. No SQL can then be written for this revision or for any
revision after it, which whoever hands scripts to a database administrator notices late.`,
  instead: `Guard it: \`if not context.is_offline_mode():\` around what needs the answer, with plain statements for the script in the other branch. Where nobody uses \`--sql\`, turn
the rule off.`,
  allowed: [
    "What stands under a test of `context.is_offline_mode()`, or after an early return by one.",
    "Statements that are only executed, through the connection too: those are written into the script.",
  ],
  counted: ["Only the first place of each function is shown, with the others beside it."],
  sources: ["https://alembic.sqlalchemy.org/en/latest/offline.html"],
  options: {},
  examples: [
    {
      title: "A column that may be there",
      before: `from alembic import context
inspector = sa.inspect(op.get_bind())
if "email" not in [column["name"] for column in inspector.get_columns("users")]:
    op.add_column("users", sa.Column("email", sa.String(255)))
`,
      after: [
        `from alembic import context
if context.is_offline_mode():
    op.execute("ALTER TABLE users ADD COLUMN IF NOT EXISTS email varchar(255)")
else:
    inspector = sa.inspect(op.get_bind())
    if "email" not in [column["name"] for column in inspector.get_columns("users")]:
        op.add_column("users", sa.Column("email", sa.String(255)))
`,
      ],
    },
  ],
  catches: [
    {
      title: "Rows of a query",
      code: `for row in op.get_bind().execute(sa.text("SELECT id FROM users WHERE name = ''")):\n    print(row.id)\n`,
    },
    {
      title: "A single value",
      code: `count = op.get_bind().execute(sa.text("SELECT count(*) FROM users")).scalar()\n`,
    },
  ],
  passes: [
    {
      title: "A statement through the connection",
      code: `op.get_bind().execute(sa.text("UPDATE users SET name = 'x' WHERE id = 1"))\n`,
    },
    {
      title: "An early return",
      code: `from alembic import context\nif context.is_offline_mode():\n    return\ncount = op.get_bind().execute(sa.text("SELECT count(*) FROM users")).scalar()\n`,
    },
  ],
  *detect({ judged, upgrade, downgrade }) {
    for (const direction of [upgrade, downgrade]) {
      const found = judged.filter((one) => one.direction === direction && reads(one) && !isGuarded(one));
      const [first, ...others] = found;
      if (!first) continue;
      const related: readonly Related[] = others
        .filter(({ operation }) => operation.nameRange.start !== first.operation.nameRange.start)
        .map((one) => ({ range: one.operation.nameRange, message: `also ${words(one)}` }));
      const reading: Reading = { ...at(first), what: words(first), related };
      yield reading;
    }
  },
  message: ({ what }) => `This ${what}, which \`alembic upgrade --sql\` cannot: it stops at this revision.`,
});
