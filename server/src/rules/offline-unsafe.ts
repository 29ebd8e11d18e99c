import type { Judged } from "../facts/judged.ts";
import { appliesTo } from "../model/applies.ts";
import type { Operation } from "../model/revision.ts";
import type { Project } from "../project/snapshot.ts";
import { defineRule, at, type Found, type Related } from "./define.ts";

interface Reading extends Found {
  readonly what: string;
}

/** Whoever asks whether there is a database has seen to it. */
const isGuarded = ({ context }: Operation): boolean =>
  context.some((one) => one.kind === "branch" && (one.on === "offline" || one.runsOffline === false));

const needsAnswer = (operation: Operation): boolean =>
  operation.effect === "read" &&
  (operation.runner === "connection" || operation.runner === "session" || operation.runner === "inspector") &&
  !isGuarded(operation);

/** By project, the revisions behind one that stops the script: nothing is news there any more. */
const stopped = new WeakMap<Project, ReadonlySet<string>>();

function stoppedIn(project: Project): ReadonlySet<string> {
  const known = stopped.get(project);
  if (known) return known;
  const { history, config } = project;
  const behind = new Set<string>();
  const stops = new Set<string>();
  for (const id of history.order) {
    if ((history.before.get(id) ?? []).some((one) => behind.has(one) || stops.has(one))) behind.add(id);
    const upgrades = history.revisions.get(id)?.file.upgrades ?? [];
    if (upgrades.some(({ operations }) => operations.some((one) => appliesTo(one, config.dialect) && needsAnswer(one))))
      stops.add(id);
  }
  stopped.set(project, behind);
  return behind;
}

const words = ({ operation }: Judged): string =>
  operation.runner === "inspector" ? "asks the database what it holds" : "reads rows";

export const offlineUnsafe = defineRule({
  id: "offline-unsafe",
  group: "correctness",
  severity: "information",
  recommended: true,
  summary: "The revision needs an answer from the database, so `alembic upgrade --sql` stops at it.",
  why: `Offline there is no database: what \`execute\` gives is None, and the first method called on it raises. No SQL can then be written for this revision or for any
revision after it, which whoever hands scripts to a database administrator notices late.`,
  instead: `Guard it: \`if not context.is_offline_mode():\` around what needs the answer, with plain statements for the script in the other branch. Where nobody uses \`--sql\`, turn
the rule off.`,
  allowed: [
    "What stands under a test of `context.is_offline_mode()`, or after an early return by one.",
    "The downgrade, and revisions behind another that needs an answer.",
    "Statements that are only executed, through the connection too: those are written into the script.",
  ],
  counted: [
    "Only the first revision of a line is shown, with all its places: for those behind it no script is written in any case.",
  ],
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
  *detect({ judged, upgrade, file, project }) {
    const [first, ...others] = judged.filter((one) => one.direction === upgrade && needsAnswer(one.operation));
    const revision = file.identifiers.revision?.value;
    if (!first || revision === undefined || stoppedIn(project).has(revision)) return;
    const related: readonly Related[] = others
      .filter(({ operation }) => operation.nameRange.start !== first.operation.nameRange.start)
      .map((one) => ({ range: one.operation.nameRange, message: `also ${words(one)}` }));
    const reading: Reading = { ...at(first), what: words(first), related };
    yield reading;
  },
  message: ({ what }) =>
    `This ${what}, which \`alembic upgrade --sql\` cannot: the script ends at this revision, the first of its line to do so.`,
});
