import type { Judged } from "../facts/judged.ts";
import { isAddedBefore, isAddedShortlyBefore } from "../facts/chain.ts";
import type { Operation } from "../model/revision.ts";
import { renderName, sameName } from "../sql/action.ts";
import { at, defineRule, type Found, type Subject } from "./define.ts";
import { isOnPeoplesTable } from "./peoples-tables.ts";

interface Overwrite extends Found {
  readonly table: string;
  readonly columns: readonly string[];
}

/** Every column that it sets was added by this change: it fills what was empty. */
function isBackfill(one: Judged, { file, project }: Subject): boolean {
  const { table, columns } = one.operation;
  const place = { project, revision: file.identifiers.revision?.value, direction: one.direction.name };
  return (
    table !== undefined &&
    columns.length > 0 &&
    columns.every((column) => isAddedBefore(one, table, column) || isAddedShortlyBefore(place, table, column))
  );
}

/** `SET email = lower(email)`: what is made of the old value is meant for every row. */
const isTransformation = ({ columns, table, touches }: Operation): boolean =>
  columns.length > 0 &&
  columns.every((column) =>
    touches.some(
      ({ how, on, possible }) =>
        how === "read" && !possible && on.column === column && table !== undefined && sameName(on.name, table),
    ),
  );

export const updateWithoutWhere = defineRule({
  id: "update-without-where",
  group: "data-loss",
  severity: "warning",
  recommended: true,
  summary: "An UPDATE without WHERE overwrites a column in every row of an existing table.",
  why: `What the rows held before is gone, and no downgrade knows it. If the WHERE was forgotten, nothing tells: the statement succeeds, and the
running service reads the new values the moment the migration commits.`,
  instead: `Say which rows are meant, even if they are all that need it: \`WHERE status IS DISTINCT FROM 'active'\` changes the same rows, leaves the others alone,
and can be run again. Where every row really is to change, keep the old value in a second column until you are sure.`,
  allowed: [
    "A column that the same revision has added, or one of the ten revisions before it: it is filled for the first time. If the table is large, that is `unbatched-data-change`.",
    "A new value that is made of the old one, as in `SET email = lower(email)`: that is meant for every row.",
    "Tables that the same revision creates, temporary tables, and Alembic's own version table.",
    "A join that restricts: `UPDATE a SET … FROM b WHERE …`, and MySQL's `UPDATE a JOIN b …`.",
    "Statements of which a part is not known: there may be a WHERE in it.",
  ],
  counted: [
    "A WHERE inside of a subquery does not restrict the UPDATE: `UPDATE t SET x = (SELECT y FROM u WHERE u.id = t.u_id)` sets every row, to NULL where there is no match.",
  ],
  sources: ["https://www.postgresql.org/docs/current/sql-update.html"],
  options: {},
  examples: [
    {
      title: "All roles become one",
      before: `op.execute("UPDATE users SET role = 'member'")
`,
      after: [
        `op.execute("UPDATE users SET role = 'member' WHERE role = 'user'")
`,
      ],
    },
  ],
  catches: [
    {
      title: "SQLAlchemy's `update()` without `where()`",
      code: `users = sa.table("users", sa.column("role"))\nop.execute(users.update().values(role="member"))\n`,
    },
    {
      title: "A WHERE that is only in a subquery",
      code: `op.execute("UPDATE orders SET customer_name = (SELECT name FROM customers c WHERE c.id = orders.customer_id)")\n`,
    },
  ],
  passes: [
    {
      title: "A column that the revision has just added",
      code: `op.add_column("users", sa.Column("role", sa.String(20)))\nop.execute("UPDATE users SET role = 'member'")\n`,
    },
    {
      title: "A join that restricts",
      code: `op.execute("UPDATE users u JOIN teams t ON t.owner_id = u.id SET u.role = 'owner'")\n`,
      dialect: "mysql",
    },
    { title: "A condition", code: `op.execute("UPDATE users SET role = 'member' WHERE role = 'user'")\n` },
  ],
  *detect(subject) {
    for (const one of subject.judged) {
      const { kind, table, columns, details, incomplete } = one.operation;
      if (kind !== "update" || details.hasWhere !== false || incomplete || table === undefined) continue;
      if (isTransformation(one.operation) || !isOnPeoplesTable(one, subject) || isBackfill(one, subject)) continue;
      const overwrite: Overwrite = { ...at(one), table: renderName(table), columns };
      yield overwrite;
    }
  },
  message: ({ table, columns }) =>
    `This UPDATE has no WHERE: it overwrites ${columns.length > 0 ? columns.map((column) => `${table}.${column}`).join(", ") : `columns of ${table}`} in every row.`,
});
