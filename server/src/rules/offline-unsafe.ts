import { gather, upgradesOnce } from "../facts/gathered.ts";
import { defineInquiry } from "../facts/inquiry.ts";
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
  (operation.effect === "read" || operation.answered === true) &&
  (operation.runner === "connection" || operation.runner === "session" || operation.runner === "inspector") &&
  !isGuarded(operation);

interface Stopping {
  readonly stops: Set<string>;
  /** The revisions behind one that stops the script; until others stop it. */
  behind?: ReadonlySet<string> | undefined;
}

const stoppingIn = gather<true, Stopping>({
  share: (file, { dialect }) =>
    upgradesOnce(file).some(({ operations }) =>
      operations.some((one) => appliesTo(one, dialect) && needsAnswer(one)),
    ) || undefined,
  empty: () => ({ stops: new Set() }),
  put(into, _stops, id) {
    into.stops.add(id);
    into.behind = undefined;
  },
  take(from, _stops, id) {
    from.stops.delete(id);
    from.behind = undefined;
  },
});

/** Nothing is news behind a revision that stops the script. */
const isStoppedBefore = defineInquiry("stopped before", (project, revision: string) => {
  const stopping = stoppingIn(project);
  stopping.behind ??= findBehind(project, stopping.stops);
  return stopping.behind.has(revision);
});

function findBehind({ history }: Project, stops: ReadonlySet<string>): ReadonlySet<string> {
  const behind = new Set<string>();
  const passed = new Set<string>();
  for (const id of history.order) {
    if ((history.before.get(id) ?? []).some((one) => behind.has(one) || passed.has(one))) behind.add(id);
    if (stops.has(id)) passed.add(id);
  }
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
    {
      title: "The id of a row that was inserted",
      code: `new = op.get_bind().execute(sa.text("INSERT INTO teams (name) VALUES ('x') RETURNING id")).scalar_one()\n`,
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
    if (!first || revision === undefined) return;
    if (isStoppedBefore(project, revision)) return;
    const related: readonly Related[] = others
      .filter(({ operation }) => operation.nameRange.start !== first.operation.nameRange.start)
      .map((one) => ({ range: one.operation.nameRange, message: `also ${words(one)}` }));
    const reading: Reading = { ...at(first), what: words(first), related };
    yield reading;
  },
  message: ({ what }) =>
    `This ${what}, which \`alembic upgrade --sql\` cannot: the script ends at this revision, the first of its line to do so.`,
});
