import type { Judged } from "../facts/judged.ts";
import { includesTable, isEmptied, isLive, liveLocks } from "../facts/live.ts";
import type { Impact } from "../locks/impact.ts";
import { typeChangeOf } from "../locks/postgres/alter-column.ts";
import { renderName, type QualifiedName } from "../sql/action.ts";
import { at, defineRule } from "./define.ts";
import { isSmall, minimumRows } from "./small-tables.ts";
import { renderWaiting } from "./waiting.ts";

/** What the server does with the table; undefined where nothing, or where it is not sure. */
function workOf({ operation, schema }: Judged, impact: Impact, table: QualifiedName): string | undefined {
  const found = schema.table(table);
  const known = typeof found === "object" ? found : undefined;
  const change = typeChangeOf(
    operation,
    schema,
    known?.columns.find(({ name }) => name === operation.columns[0]),
  );
  if (change.effect === "time zone")
    return includesTable(impact.rewrites, table)
      ? "writes every row and every index anew, unless the session's time zone is UTC"
      : undefined;
  if (change.doubt !== undefined) return undefined;
  if (includesTable(impact.rewrites, table)) return "writes every row and every index anew";
  if (includesTable(impact.builds, table)) return "leaves the rows as they are, but builds indexes anew";
  const isRead = includesTable(impact.scans, table) && operation.details.nullable !== false;
  return isRead ? "leaves the rows as they are, but checks them again" : undefined;
}

export const rewritingTypeChange = defineRule({
  id: "rewriting-type-change",
  group: "locking",
  severity: "warning",
  recommended: true,
  dialects: ["postgresql"],
  summary:
    "The type of a column changes in a way that makes the server write or read the whole table under the strongest lock.",
  why: `Where old and new type are not stored alike, ALTER COLUMN TYPE writes every row and every index anew under ACCESS EXCLUSIVE: nobody can read or write the table until that is
done, and it needs the space a second time. Foreign keys that touch the column are checked again.`,
  instead: `Add a column of the new type, fill it from the old one in batches while a trigger keeps both alike, let the code move over, and drop the old column in a later release.`,
  allowed: [
    "Changes that leave what is stored as it is: `varchar(50)` to `varchar(200)` or `text`, `numeric(10, 2)` to `numeric(12, 2)`, a time with more digits.",
    "Changes of which one of the two types is not known, and expressions of USING of which it is not known what they change.",
    "Tables that the same revision creates, empties or drops.",
  ],
  counted: [
    "A change that leaves the rows as they are, where an index or a CHECK on the column is built or checked anew, as the history tells.",
  ],
  sources: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES"],
  options: { minimumRows },
  examples: [
    {
      title: "A key that becomes a bigint",
      before: `op.alter_column("orders", "id", existing_type=sa.Integer(), type_=sa.BigInteger())
`,
      after: [
        `op.add_column("orders", sa.Column("id_new", sa.BigInteger()))
`,
      ],
    },
  ],
  catches: [
    {
      title: "As text, with the old type known from the history",
      code: `-- versions/0001_orders.py --
op.create_table("orders", sa.Column("id", sa.Integer(), primary_key=True))
-- versions/0002_bigint.py --
op.execute("ALTER TABLE orders ALTER COLUMN id TYPE bigint")
`,
    },
    {
      title: "A shorter text, which is checked by writing it",
      code: `op.alter_column("users", "name", existing_type=sa.String(200), type_=sa.String(50))\n`,
    },
    {
      title: "A time that gets a zone",
      code: `op.alter_column("users", "at", existing_type=sa.DateTime(), type_=sa.DateTime(timezone=True))\n`,
    },
    {
      title: "In a batch block",
      code: `with op.batch_alter_table("users") as batch_op:
    batch_op.alter_column("n", existing_type=sa.Integer(), type_=sa.Text())
`,
    },
    {
      title: "A longer text with a CHECK on it",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("name", sa.String(50)), sa.CheckConstraint("name <> ''", name="ck"))
-- versions/0002_longer.py --
op.alter_column("users", "name", existing_type=sa.String(50), type_=sa.String(200))
`,
    },
  ],
  passes: [
    {
      title: "A longer text",
      code: `op.alter_column("users", "name", existing_type=sa.String(50), type_=sa.String(200))\n`,
    },
    {
      title: "A text without limit",
      code: `op.alter_column("users", "name", existing_type=sa.String(50), type_=sa.Text())\n`,
    },
    {
      title: "More digits before the point",
      code: `op.alter_column("orders", "total", existing_type=sa.Numeric(10, 2), type_=sa.Numeric(12, 2))\n`,
    },
    { title: "An old type that is not known", code: `op.execute("ALTER TABLE orders ALTER COLUMN id TYPE bigint")\n` },
    {
      title: "On a table that the revision creates",
      code: `op.create_table("orders", sa.Column("id", sa.Integer()))
op.alter_column("orders", "id", existing_type=sa.Integer(), type_=sa.BigInteger())
`,
    },
    {
      title: "The same type",
      code: `op.alter_column("orders", "id", existing_type=sa.Integer(), type_=sa.Integer())\n`,
    },
  ],
  yieldsTo: ["narrowing-type-change", "collation-change"],
  refactorings: ["stage-type-change"],
  *detect({ judged, project }, options) {
    for (const one of judged) {
      const { kind, table, details, columns } = one.operation;
      if (kind !== "alter_column" || details.newSqlType === undefined || !one.isUnderstood) continue;
      if (table === undefined || !isLive(one, table) || isEmptied(one, table)) continue;
      if (isSmall(project, table, options.minimumRows)) continue;
      const { impact } = one;
      const work = impact && workOf(one, impact, table);
      const waiting = impact && renderWaiting(liveLocks(one, impact));
      if (work === undefined || waiting === undefined) continue;
      const column = `${renderName(table)}.${columns[0] ?? ""}`;
      yield { ...at(one), column, type: details.newType ?? details.newSqlType.name, work, waiting };
    }
  },
  message: ({ column, type, work, waiting }) => `Changing ${column} to ${type} ${work}; meanwhile ${waiting}.`,
});
