import type { Judged } from "../facts/judged.ts";
import type { Operation } from "../model/revision.ts";
import { sourcesOf } from "../schema/tables.ts";
import { renderDataChange } from "../schema/wording.ts";
import { renderName, sameName, type QualifiedName } from "../sql/action.ts";
import { at, defineRule, type Found, type Subject } from "./define.ts";
import { isOnPeoplesTable } from "./peoples-tables.ts";
import { isSmall, minimumRows } from "./small-tables.ts";

interface Sweep extends Found {
  readonly change: string;
  /** The one whose rows are many. */
  readonly table: QualifiedName;
  readonly kind: "update" | "delete" | "insert";
  /** It has a WHERE, which may pass every row. */
  readonly wide: boolean;
}

/** Each turn of the loop may take other rows. */
const isInLoop = ({ context }: Operation): boolean =>
  context.some((one) => one.kind === "loop" && one.over !== "constant");

/** A join with rows that the revision has put together is as long as those; its way back finds what the way there has made. */
const joinsOwnTable = (one: Judged, { upgrade }: Subject): boolean =>
  sourcesOf(one.operation).some(
    (name) =>
      one.origin(name) !== "existing" ||
      (one.direction !== upgrade &&
        upgrade.operations.some(({ touches }) =>
          touches.some(({ how, on }) => how === "create" && on.type === "table" && sameName(on.name, name)),
        )),
  );

function sweepOf(one: Judged, subject: Subject): Sweep | undefined {
  const { operation } = one;
  const { kind, table, details, incomplete } = operation;
  if (table === undefined || incomplete) return undefined;
  const sweep = { ...at(one), change: renderDataChange(operation), table };
  if (kind === "update" || kind === "delete") {
    if (details.hasWhere === false) return { ...sweep, kind, wide: false };
    const wide =
      kind === "update" && details.wideWhere === true && !isInLoop(operation) && !joinsOwnTable(one, subject);
    return wide ? { ...sweep, kind, wide } : undefined;
  }
  const copies = kind === "insert" && details.source === "query" && details.hasWhere === false;
  const [source, ...others] = copies ? sourcesOf(operation).filter((name) => one.holdsOldRows(name)) : [];
  return source && others.every((other) => sameName(other, source))
    ? { ...sweep, kind: "insert", wide: false, table: source }
    : undefined;
}

export const unbatchedDataChange = defineRule({
  id: "unbatched-data-change",
  group: "locking",
  severity: "warning",
  recommended: true,
  reach: "file",
  // SQLite has one writer at a time, whatever the size of its transactions.
  dialects: ["postgresql", "mysql", "mariadb", "mssql", "oracle"],
  summary: "One statement changes all rows of an existing table at once.",
  why: `Every row that it has changed stays locked until the transaction ends, so writers of the service wait for the whole run. Meanwhile dead rows cannot be cleaned
up, replicas fall behind, and if it fails at the last row, everything is done in vain.`,
  instead: `Walk the primary key and change a few thousand rows at a time, each batch in a transaction of its own (\`with op.get_context().autocommit_block():\`).
A table that will always be small needs none of it: allow the rule there with that reason, or let \`retort stats\` note how large tables are.`,
  allowed: [
    "Tables that the same revision creates, temporary tables, and Alembic's own version table.",
    "Any condition that compares a column with a value, or takes rows from a subquery: how many rows it passes is not in the text.",
    "A join with a table, a list or a query that the revision has put together itself, also from its way back.",
    "A DELETE with any WHERE.",
    "Statements in a loop whose condition changes from turn to turn: that is a batch.",
    "SQLite: it has one writer at a time, however the work is cut.",
  ],
  counted: [
    "An UPDATE whose WHERE only tests for NULL (`WHERE full_name IS NULL`): of a column that was just added it passes every row.",
    "An UPDATE whose WHERE only joins whole tables (`UPDATE a … FROM b WHERE b.id = a.b_id`): every row with a match changes.",
    "INSERT … SELECT of a whole existing table into another existing one.",
  ],
  yieldsTo: ["update-without-where", "delete-without-where"],
  sources: [
    "https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-ROWS",
    "https://dev.mysql.com/doc/refman/8.4/en/innodb-locks-set.html",
    "https://alembic.sqlalchemy.org/en/latest/api/runtime.html#alembic.runtime.migration.MigrationContext.autocommit_block",
  ],
  options: { minimumRows },
  examples: [
    {
      title: "A new column is filled",
      before: `op.execute("UPDATE orders SET status = 'pending' WHERE status IS NULL")
`,
      after: [
        `connection = op.get_bind()
with op.get_context().autocommit_block():
    last = connection.execute(sa.text("SELECT max(id) FROM orders")).scalar() or 0
    for start in range(0, last + 1, 5000):
        connection.execute(
            sa.text("UPDATE orders SET status = 'pending' WHERE status IS NULL AND id >= :start AND id < :stop"),
            {"start": start, "stop": start + 5000},
        )
`,
      ],
    },
  ],
  catches: [
    {
      title: "A WHERE that only tests for NULL",
      code: `op.execute("UPDATE orders SET status = 'new' WHERE status IS NULL")\n`,
    },
    {
      title: "A WHERE that only joins",
      code: `op.execute("UPDATE orders SET email = u.email FROM users u WHERE u.id = orders.user_id")\n`,
    },
    {
      title: "SQLAlchemy's `update()` of a column that was just added",
      code: `op.add_column("orders", sa.Column("status", sa.String(20)))\norders = sa.table("orders", sa.column("status"))\nop.execute(orders.update().values(status="new"))\n`,
    },
    {
      title: "A whole table copied into another",
      code: `op.execute("INSERT INTO archive (id) SELECT id FROM orders")\n`,
    },
  ],
  passes: [
    { title: "A condition on a value", code: `op.execute("UPDATE orders SET status = 'new' WHERE status = 'open'")\n` },
    {
      title: "Rows of a subquery with LIMIT, in a loop",
      code: `connection = op.get_bind()\nwhile True:\n    result = connection.execute(sa.text("UPDATE orders SET status = 'new' WHERE id IN (SELECT id FROM orders WHERE status IS NULL LIMIT 1000)"))\n    if result.rowcount == 0:\n        break\n`,
    },
    {
      title: "A join with a list of values",
      code: `op.execute("UPDATE plans SET price = v.price FROM (VALUES (1, 10), (2, 20)) AS v (id, price) WHERE v.id = plans.id")\n`,
    },
    {
      title: "A table that the revision creates",
      code: `op.create_table("plans", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("price", sa.Integer()))\nop.execute("INSERT INTO plans SELECT id, price FROM old_plans")\nop.execute("UPDATE plans SET price = 0")\n`,
    },
  ],
  *detect(subject, { minimumRows: minimum }) {
    for (const one of subject.judged) {
      const sweep = isOnPeoplesTable(one, subject) ? sweepOf(one, subject) : undefined;
      if (sweep && !isSmall(subject.project, sweep.table, minimum)) yield sweep;
    }
  },
  message: ({ change, table, kind, wide }) =>
    kind === "insert"
      ? `${change} copies all of ${renderName(table)} in one statement and one transaction.`
      : `${change} ${wide ? "has a WHERE that may pass every row" : `${kind === "delete" ? "removes" : "changes"} every row`} of ${renderName(table)}: each row stays locked against other writers until the transaction ends.`,
  refactorings: ["batch-data-change", "split-and-batch", "extract-data-script"],
});
