import { isBookkeeping } from "../schema/changes.ts";
import { renderName } from "../sql/action.ts";
import { isCatalogue } from "./catalogues.ts";
import { at, defineRule, type Found } from "./define.ts";
import { isSmall, minimumRows } from "./small-tables.ts";

interface Fetch extends Found {
  readonly table: string;
}

export const unboundedFetch = defineRule({
  id: "unbounded-fetch",
  group: "locking",
  severity: "warning",
  recommended: true,
  reach: "file",
  summary: "All rows of an existing table are read into the memory of the migration.",
  why: `On the developer's database that is nothing; in production it is the whole table, in the one process that must not die halfway: where the migration's container
runs out of memory it is killed, and the deployment with it. The rows also grow stale while Python works on them.`,
  instead: `Let the server change the rows without reading them. Where Python has to, read a few thousand at a time by the primary key (\`WHERE id > :last ORDER BY id LIMIT 5000\`), or
stream them: \`execution_options(yield_per=5000)\`.`,
  allowed: [
    "A query with a WHERE, a join, LIMIT, GROUP BY, DISTINCT or an aggregate: how many rows it gives is not in the text.",
    "Tables that the revision creates, the catalogue, and Alembic's own version table.",
    "A loop over the result that keeps nothing.",
  ],
  sources: ["https://docs.sqlalchemy.org/en/20/core/connections.html#using-server-side-cursors-a-k-a-stream-results"],
  options: { minimumRows },
  examples: [
    {
      title: "All users",
      before: `connection = op.get_bind()
rows = connection.execute(sa.text("SELECT id, name FROM users")).fetchall()
`,
      after: [
        `connection = op.get_bind()
rows = connection.execute(sa.text("SELECT id, name FROM users WHERE id > 0 ORDER BY id LIMIT 5000")).fetchall()
`,
      ],
    },
  ],
  catches: [
    {
      title: "A list of SQLAlchemy's rows",
      code: `users = sa.table("users", sa.column("id"))\nrows = list(op.get_bind().execute(sa.select(users.c.id)))\n`,
    },
    {
      title: "`all()` of the ORM",
      code: `class User(Base):\n    __tablename__ = "users"\n\n\ndef upgrade():\n    users = sa.orm.Session(bind=op.get_bind()).query(User).all()\n`,
    },
  ],
  passes: [
    { title: "A count", code: `total = op.get_bind().execute(sa.text("SELECT count(*) FROM users")).fetchall()\n` },
    {
      title: "A condition",
      code: `rows = op.get_bind().execute(sa.text("SELECT id FROM users WHERE role IS NULL")).fetchall()\n`,
    },
    {
      title: "The catalogue",
      code: `rows = op.get_bind().execute(sa.text("SELECT conname FROM pg_constraint")).fetchall()\n`,
    },
  ],
  *detect({ judged, project }, { minimumRows: minimum }) {
    for (const one of judged) {
      const { kind, table, fetched, details, incomplete } = one.operation;
      if (kind !== "select" || !fetched || incomplete || table === undefined || !one.isOnExistingTable) continue;
      if (details.hasWhere !== false || details.digest) continue;
      if (isCatalogue(table) || isBookkeeping(table, project.config.versionTable)) continue;
      if (isSmall(project, table, minimum)) continue;
      const found: Fetch = { ...at(one), table: renderName(table) };
      yield found;
    }
  },
  message: ({ table }) => `This reads every row of ${table} into memory at once.`,
});
