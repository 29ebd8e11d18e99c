import { judgedIn, type Judged } from "../facts/judged.ts";
import { isLive, liveLocks } from "../facts/live.ts";
import { setsTimeout, timeoutAt, type InForce } from "../facts/timeouts.ts";
import type { RevisionFile } from "../model/revision.ts";
import type { Project, ProjectConfig } from "../project/snapshot.ts";
import { renderName } from "../sql/action.ts";
import { at, defineRule, option, type Found } from "./define.ts";

const settings = {
  lock_timeout: "how long a migration waits for a lock",
  statement_timeout: "how long a statement of a migration runs",
  idle_in_transaction_session_timeout: "how long a migration that does nothing keeps its locks",
} as const;

type Setting = keyof typeof settings;

const asked = (names: readonly string[]): readonly Setting[] =>
  (Object.keys(settings) as readonly Setting[]).filter((name) => names.includes(name));

interface Missing extends Found {
  readonly message: string;
}

/** The first operation that lets nobody use a table. */
const shutting = (judged: readonly Judged[]): Judged | undefined =>
  judged.find((one) => mayShut(one) && one.impact !== undefined && liveLocks(one, one.impact).some(isShut));

const isShut = ({ blocks }: { readonly blocks: readonly string[] }): boolean => blocks.includes("reads");

/** Whether it changes a table that people use, at little cost: for projects of thousands of revisions. */
const mayShut = (one: Judged): boolean => {
  const { effect, table, kind, ownConnection } = one.operation;
  return (
    effect === "schema" &&
    one.isUnderstood &&
    !ownConnection &&
    kind !== "create_table" &&
    table !== undefined &&
    isLive(one, table)
  );
};

/** What is wrong with what is set there; undefined where nothing is, or where it is not known. */
function faultOf(limit: InForce, setting: Setting, longest: number): string | undefined {
  if (limit === "none" || limit === "unknown" || limit.by === undefined) return undefined;
  if (limit.milliseconds === 0) return `${setting} is set to 0 here, which means no limit`;
  if (setting !== "lock_timeout" || limit.milliseconds <= longest * 1000) return undefined;
  return `A lock_timeout of ${limit.milliseconds / 1000} seconds keeps everybody waiting for as long`;
}

function* inRevision(
  judged: readonly Judged[],
  config: ProjectConfig,
  names: readonly Setting[],
  { longest, everyRevision }: { readonly longest: number; readonly everyRevision: boolean },
): Iterable<Missing> {
  const first = shutting(judged);
  if (first === undefined) return;
  const table = first.operation.table ? renderName(first.operation.table) : "its table";
  for (const name of names) {
    const limit = timeoutAt(judged, first, name, config);
    const fault = faultOf(limit, name, longest);
    if (fault !== undefined && typeof limit === "object" && limit.by)
      yield { ...at(limit.by), message: `${fault}: ${table} is shut for readers and writers further down.` };
    else if (limit === "none") {
      const late = judged.find(({ operation }) => setsTimeout(operation, name));
      const isLost = late?.isAutocommit === true && late.operation.details.setting?.local === true;
      if (late && isLost)
        yield {
          ...at(late),
          message: `SET LOCAL does nothing in an autocommit block: there is no transaction that it could last for.`,
        };
      else if (late) yield { ...at(late), message: lateMessage(late, first, name, table) };
      else if (everyRevision)
        yield {
          ...at(first),
          message: `Nothing limits ${settings[name]} (${name}), and this one wants ${table} for itself.`,
        };
    }
  }
}

const lateMessage = (late: Judged, first: Judged, name: Setting, table: string): string =>
  late.index > first.index
    ? `${name} is set too late: ${table} is locked above.`
    : `This SET LOCAL of ${name} is over when its transaction ends: ${table} is locked in another.`;

/** The newest revision that shuts a table in use; undefined where there is none, or where it looks after itself. */
function newestWithout(project: Project, name: Setting): RevisionFile | undefined {
  for (const id of project.history.order.toReversed()) {
    const file = project.history.revisions.get(id)?.file;
    const judged = (file?.upgrades ?? []).flatMap((upgrade) => (file ? judgedIn(project, file, upgrade) : []));
    const first = shutting(judged);
    if (file && first) return timeoutAt(judged, first, name, project.config) === "none" ? file : undefined;
  }
  return undefined;
}

export const missingLockTimeout = defineRule({
  id: "missing-lock-timeout",
  group: "locking",
  severity: "warning",
  recommended: true,
  dialects: ["postgresql"],
  summary: "Migrations wait for locks without a limit, or with one that does not help.",
  why: `ALTER TABLE waits for the queries that are running on its table, and while it waits, every new query on that table, even a SELECT, waits behind it. One long report is then enough to
bring the service to a stand, for as long as the report runs.`,
  instead: `Set a \`lock_timeout\` of a few seconds in \`env.py\`, on the connection and right before \`context.run_migrations()\`: \`connection.execute(sa.text("SET lock_timeout = '5s'"))\`. (Not before
\`context.configure()\`: on a connection that is in a transaction already Alembic commits nothing.) The migration then fails instead of the service, and can be tried again. A revision that needs another limit sets it itself, with SET LOCAL.`,
  allowed: [
    "Projects whose `env.py` sets it, in a statement or in the arguments of the connection, or whose URL does; and those whose `env.py` leaves it to other code to configure Alembic.",
    "Projects whose newest revision that locks a table in use sets it itself.",
    "Values that are not known, and values set under a test of what is not known.",
  ],
  counted: [
    "It is one finding for the project, in env.py. Revisions are told only what is wrong with what they set: no limit, one that is too long, one that comes too late or is over too early.",
  ],
  sources: [
    "https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-LOCK-TIMEOUT",
    "https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES",
  ],
  options: {
    settings: option.strings({
      default: ["lock_timeout"],
      description: "Which limits must be set: also `statement_timeout` and `idle_in_transaction_session_timeout`.",
    }),
    longest: option.integer({ default: 60, description: "How many seconds a `lock_timeout` may be." }),
    everyRevision: option.boolean({
      default: false,
      description: "Ask each revision that shuts a table in use to set the limits, in place of env.py.",
    }),
    setByRole: option.boolean({
      default: false,
      description:
        "The role or the database that migrations connect to sets the limits (`ALTER ROLE … SET lock_timeout`).",
    }),
  },
  examples: [
    {
      title: "A limit in env.py",
      before: `-- env.py --
from alembic import context
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
-- versions/0001_users.py --
op.add_column("users", sa.Column("age", sa.Integer()))
`,
      after: [
        `-- env.py --
import sqlalchemy as sa
from alembic import context
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        connection.execute(sa.text("SET lock_timeout = '5s'"))
        context.run_migrations()
-- versions/0001_users.py --
op.add_column("users", sa.Column("age", sa.Integer()))
`,
      ],
    },
  ],
  catches: [
    {
      title: "A limit that comes too late",
      code: `op.add_column("users", sa.Column("age", sa.Integer()))
op.execute("SET lock_timeout = '5s'")
`,
    },
    {
      title: "No limit",
      code: `op.execute("SET lock_timeout = 0")\nop.add_column("users", sa.Column("age", sa.Integer()))\n`,
    },
    {
      title: "A limit of an hour",
      code: `op.execute("SET LOCAL lock_timeout = '1h'")\nop.add_column("users", sa.Column("age", sa.Integer()))\n`,
    },
    {
      title: "A limit that is over with its transaction",
      code: `op.execute("SET LOCAL lock_timeout = '5s'")
with op.get_context().autocommit_block():
    op.execute("CREATE INDEX CONCURRENTLY ix ON users (age)")
op.add_column("users", sa.Column("age", sa.Integer()))
`,
    },
  ],
  passes: [
    {
      title: "A limit for the revision",
      code: `op.execute("SET LOCAL lock_timeout = '5s'")\nop.add_column("users", sa.Column("age", sa.Integer()))\n`,
    },
    {
      title: "A limit through a function",
      code: `op.execute("SELECT set_config('lock_timeout', '5s', true)")\nop.add_column("users", sa.Column("age", sa.Integer()))\n`,
    },
    {
      title: "A revision that shuts nothing",
      code: `op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))\n`,
    },
    {
      title: "A revision after it that only validates, which shuts nobody out",
      code: `-- versions/0001_age.py --
op.execute("SET LOCAL lock_timeout = '5s'")
op.execute("ALTER TABLE users ADD CONSTRAINT grown CHECK (age > 17) NOT VALID")
-- versions/0002_validate.py --
op.execute("ALTER TABLE users VALIDATE CONSTRAINT grown")
`,
    },
    {
      title: "A limit in the arguments of the connection",
      code: `-- env.py --
from sqlalchemy import create_engine
from alembic import context
engine = create_engine("postgresql:///app", connect_args={"options": "-c lock_timeout=5s"})
with engine.connect() as connection:
    context.configure(connection=connection)
    context.run_migrations()
-- versions/0001_users.py --
op.add_column("users", sa.Column("age", sa.Integer()))
`,
    },
    {
      title: "No limit for an index that is built concurrently",
      code: `op.execute("SET lock_timeout = 0")
with op.get_context().autocommit_block():
    op.execute("CREATE INDEX CONCURRENTLY ix ON users (age)")
`,
    },
  ],
  *detect({ judged, project }, { settings: names, longest, everyRevision, setByRole }) {
    const upgrade = judged.filter(({ direction }) => direction.name === "upgrade");
    yield* inRevision(upgrade, project.config, asked(names), { longest, everyRevision: everyRevision && !setByRole });
  },
  *inspect(project, { settings: names, everyRevision, setByRole }) {
    const { env } = project.config;
    if (env?.configure === undefined || env.broken || everyRevision || setByRole) return;
    for (const name of asked(names)) {
      if (env.timeouts.some(({ setting }) => setting === name)) continue;
      const revision = newestWithout(project, name)?.identifiers.revision?.value;
      if (revision === undefined) continue;
      yield { at: env.configure, path: env.path, message: environmentMessage(name, revision) };
    }
  },
  message: ({ message }) => message,
  refactorings: ["set-lock-timeout"],
});

const environmentMessage = (name: Setting, revision: string): string =>
  name === "lock_timeout"
    ? `env.py sets no lock_timeout: while a migration such as ${revision} waits behind a long query, everybody else waits behind it.`
    : `env.py does not limit ${settings[name]} (${name}), nor does ${revision}.`;
