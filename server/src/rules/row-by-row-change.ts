import type { Judged } from "../facts/judged.ts";
import { renderDataChange } from "../schema/wording.ts";
import { renderName, type QualifiedName } from "../sql/action.ts";
import type { Range } from "../text/range.ts";
import { isCatalogue } from "./catalogues.ts";
import { at, defineRule, type Found } from "./define.ts";
import { isSmall, minimumRows } from "./small-tables.ts";

interface RowByRow extends Found {
  readonly change: string;
  readonly table: string;
  /** All turns are in one transaction. */
  readonly together: boolean;
}

/** The innermost loop over rows of a table that was there before. */
function loopOf(one: Judged): { readonly table: QualifiedName; readonly range: Range } | undefined {
  for (const context of one.operation.context.toReversed()) {
    if (context.kind !== "loop" || context.over !== "query") continue;
    const table = context.rowsOf?.find((name) => !isCatalogue(name) && one.origin(name) === "existing");
    return table && { table, range: context.range };
  }
  return undefined;
}

export const rowByRowChange = defineRule({
  id: "row-by-row-change",
  group: "locking",
  severity: "warning",
  recommended: true,
  reach: "file",
  // SQLite is in the same process: there are no round trips, and nobody else writes meanwhile in any case.
  dialects: ["postgresql", "mysql", "mariadb", "mssql", "oracle"],
  summary: "Rows of an existing table are read into Python and changed one statement each.",
  why: `Each row is a round trip to the server: a million rows take many minutes, all in one transaction. Every row that has been changed stays locked until the last one is
done, so writers of the service wait for the rest, and rows that change meanwhile are overwritten with what was read before.`,
  instead: `Let the server do it in one statement per batch: \`UPDATE … SET score = posts * 10 + comments * 5 WHERE id BETWEEN …\`. Where only Python can compute the value, read the
rows in batches by their key, write each batch with one \`executemany\`, and commit in between.`,
  allowed: [
    "Loops over constants, over the catalogue (names of tables, of constraints), and over rows of tables that the revision has made.",
    "Loops over what a query sums up: with LIMIT, GROUP BY, DISTINCT or an aggregate.",
    "Loops over what is not known.",
    "One statement that is given all rows at once (`executemany`, `bulk_insert`) after the loop.",
  ],
  sources: ["https://docs.sqlalchemy.org/en/20/tutorial/dbapi_transactions.html#sending-multiple-parameters"],
  options: { minimumRows },
  examples: [
    {
      title: "A score for each user",
      before: `connection = op.get_bind()
for user in connection.execute(sa.text("SELECT id, posts, comments FROM users")):
    connection.execute(
        sa.text("UPDATE users SET score = :score WHERE id = :id"),
        {"score": user.posts * 10 + user.comments * 5, "id": user.id},
    )
`,
      after: [
        `op.execute("UPDATE users SET score = posts * 10 + comments * 5 WHERE id BETWEEN 1 AND 10000")
`,
      ],
    },
  ],
  catches: [
    {
      title: "Rows that were fetched before the loop",
      code: `connection = op.get_bind()\nusers = sa.table("users", sa.column("id"), sa.column("name"))\nrows = connection.execute(sa.select(users.c.id, users.c.name)).fetchall()\nfor row in rows:\n    connection.execute(users.update().where(users.c.id == row.id).values(name=row.name.strip()))\n`,
    },
    {
      title: "Objects of the ORM",
      code: `class User(Base):\n    __tablename__ = "users"\n    name = sa.Column(sa.String)\n\n\ndef upgrade():\n    session = sa.orm.Session(bind=op.get_bind())\n    for user in session.query(User):\n        user.name = user.name.strip()\n`,
    },
  ],
  passes: [
    {
      title: "A loop over constants",
      code: `for role in ("admin", "member"):\n    op.execute(f"INSERT INTO roles (name) VALUES ('{role}')")\n`,
    },
    {
      title: "A loop over the catalogue",
      code: `connection = op.get_bind()\nfor (name,) in connection.execute(sa.text("SELECT table_name FROM information_schema.tables")):\n    connection.execute(sa.text("INSERT INTO seen (name) VALUES (:name)"), {"name": name})\n`,
    },
    {
      title: "All rows at once",
      code: `connection = op.get_bind()\nvalues = [{"id": row.id, "name": row.name.strip()} for row in connection.execute(sa.text("SELECT id, name FROM users"))]\nconnection.execute(sa.text("UPDATE users SET name = :name WHERE id = :id"), values)\n`,
    },
  ],
  refactorings: ["set-based-update"],
  *detect({ judged, project }, { minimumRows: minimum }) {
    const loops = new Set<string>();
    for (const one of judged) {
      const { operation, direction, isUnderstood } = one;
      if (operation.effect !== "data" || !isUnderstood || operation.kind === "truncate") continue;
      const loop = loopOf(one);
      if (!loop || isSmall(project, loop.table, minimum)) continue;
      const key = `${direction.name}:${String(loop.range.start)}`;
      if (loops.has(key)) continue;
      loops.add(key);
      const found: RowByRow = {
        ...at(one),
        change: renderDataChange(operation),
        table: renderName(loop.table),
        together: !one.isAutocommit,
        related: [{ range: loop.range, message: `once for each row of ${renderName(loop.table)}` }],
      };
      yield found;
    }
  },
  message: ({ change, table, together }) =>
    `${change} runs once for each row of ${table}, with a round trip each${together ? " and all in one transaction" : ""}.`,
});
