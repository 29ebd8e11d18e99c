import type { Judged } from "../facts/judged.ts";
import { renderName, sameName } from "../sql/action.ts";
import { at, defineRule, type Found } from "./define.ts";
import { isOnPeoplesTable } from "./peoples-tables.ts";

interface Emptied extends Found {
  readonly table: string;
}

/** The table goes afterwards, and its rows with it: that is what there is to be said. */
const isDroppedAfter = ({ operation: { table }, direction, index }: Judged): boolean =>
  direction.operations
    .slice(index + 1)
    .some(
      (later) =>
        later.kind === "drop_table" &&
        table !== undefined &&
        later.touches.some(({ how, on }) => how === "drop" && sameName(on.name, table)),
    );

export const deleteWithoutWhere = defineRule({
  id: "delete-without-where",
  group: "data-loss",
  severity: "warning",
  recommended: true,
  reach: "file",
  summary: "A DELETE without WHERE empties an existing table.",
  why: `Every row is gone with the commit, and no downgrade brings one back. Rows of other tables go too where a foreign key says ON DELETE CASCADE, and the
running service finds the table empty.`,
  instead: `Say which rows are meant. Where the table really is to be emptied, write down in the revision why nobody needs the rows, or copy them into
another table first.`,
  allowed: [
    "A table that is dropped in the same direction, or that the revision itself has made.",
    "Temporary tables, and Alembic's own version table.",
    "A join that restricts: `DELETE FROM a USING b WHERE …`.",
    "Statements of which a part is not known: there may be a WHERE in it.",
  ],
  counted: ["The downgrade, one severity milder: rows that the upgrade inserted are seldom all that there are."],
  sources: ["https://www.postgresql.org/docs/current/sql-delete.html"],
  options: {},
  examples: [
    {
      title: "Old sessions",
      before: `op.execute("DELETE FROM sessions")
`,
      after: [
        `op.execute("DELETE FROM sessions WHERE expires_at < now()")
`,
      ],
    },
  ],
  catches: [
    { title: "SQLAlchemy's `delete()` without `where()`", code: `op.execute(sa.table("sessions").delete())\n` },
    {
      title: "A query of the ORM without a filter",
      code: `class Session(Base):\n    __tablename__ = "sessions"\n    id = sa.Column(sa.Integer, primary_key=True)\n\n\ndef upgrade():\n    session = sa.orm.Session(bind=op.get_bind())\n    session.query(Session).delete()\n`,
    },
  ],
  passes: [
    { title: "A condition", code: `op.execute("DELETE FROM sessions WHERE user_id IS NULL")\n` },
    { title: "A table that is dropped next", code: `op.execute("DELETE FROM sessions")\nop.drop_table("sessions")\n` },
    {
      title: "A table of the revision's own",
      code: `op.execute("CREATE TEMPORARY TABLE moved (id integer)")\nop.execute("DELETE FROM moved")\n`,
    },
  ],
  *detect(subject) {
    for (const one of subject.judged) {
      const { kind, table, details, incomplete } = one.operation;
      if (kind !== "delete" || details.hasWhere !== false || incomplete || table === undefined) continue;
      if (!isOnPeoplesTable(one, subject) || isDroppedAfter(one)) continue;
      const emptied: Emptied = { ...at(one), table: renderName(table) };
      yield emptied;
    }
  },
  message: ({ table }) => `This DELETE has no WHERE: it removes every row of ${table}.`,
});
