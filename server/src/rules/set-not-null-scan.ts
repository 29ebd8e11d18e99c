import { includesTable, isEmptied, isLive, liveLocks } from "../facts/live.ts";
import type { Judged } from "../facts/judged.ts";
import { renderName } from "../sql/action.ts";
import { at, defineRule } from "./define.ts";
import { isSmall, minimumRows } from "./small-tables.ts";
import { renderWaiting } from "./waiting.ts";

/** Columns of an existing table that become NOT NULL. */
function columnsMadeNotNull({ operation: { kind, details, columns } }: Judged): readonly string[] {
  if (kind === "alter_column") return details.nullable === false ? columns.slice(0, 1) : [];
  if (kind === "create_table" || kind === "add_column") return [];
  return (details.constraints ?? []).flatMap((one) =>
    one.type === "not_null" && !one.notValid ? (one.columns ?? []) : [],
  );
}

export const setNotNullScan = defineRule({
  id: "set-not-null-scan",
  group: "locking",
  severity: "warning",
  recommended: true,
  dialects: ["postgresql"],
  summary:
    "A column is made NOT NULL without a constraint that proves it, so that all rows are read under the strongest lock.",
  why: `SET NOT NULL takes ACCESS EXCLUSIVE and then looks at every row for a NULL. Until it has seen the last one, not even a SELECT on the table
runs, and one NULL makes the whole revision fail.`,
  instead: `Add \`CHECK (column IS NOT NULL) NOT VALID\`, and validate it in a later revision, which lets everybody work. SET NOT NULL then
believes the constraint and reads nothing; drop the constraint after it. Since PostgreSQL 18, \`ADD CONSTRAINT … NOT NULL … NOT VALID\` and VALIDATE do the same.`,
  allowed: [
    "Columns for which a validated CHECK (… IS NOT NULL) stands in the history: the rows are not read.",
    "Columns that are NOT NULL already, as the history tells.",
    "Tables that the same revision creates, empties or drops.",
  ],
  counted: ["A column that was added and filled in the same revision: the rows are read all the same."],
  sources: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DROP-NOT-NULL"],
  options: { minimumRows },
  examples: [
    {
      title: "A column that becomes NOT NULL",
      before: `op.alter_column("users", "email", existing_type=sa.Text(), nullable=False)
`,
      after: [
        `op.create_check_constraint(
    "ck_users_email", "users", "email IS NOT NULL", postgresql_not_valid=True
)
`,
        `op.execute("ALTER TABLE users VALIDATE CONSTRAINT ck_users_email")
`,
        `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.Text()))
op.create_check_constraint("ck_users_email", "users", "email IS NOT NULL")
-- versions/0002_not_null.py --
op.alter_column("users", "email", existing_type=sa.Text(), nullable=False)
op.drop_constraint("ck_users_email", "users", type_="check")
`,
      ],
    },
  ],
  catches: [
    {
      title: "In a batch block",
      code: `with op.batch_alter_table("users") as batch_op:\n    batch_op.alter_column("email", nullable=False)\n`,
    },
    { title: "SET NOT NULL as text", code: `op.execute("ALTER TABLE users ALTER COLUMN email SET NOT NULL")\n` },
    {
      title: "After a backfill",
      code: `op.add_column("users", sa.Column("age", sa.Integer()))
op.execute("UPDATE users SET age = 0")
op.alter_column("users", "age", nullable=False)
`,
    },
    {
      title: "With a CHECK that is not validated",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.Text()))
-- versions/0002_not_null.py --
op.create_check_constraint("ck_users_email", "users", "email IS NOT NULL", postgresql_not_valid=True)
op.alter_column("users", "email", nullable=False)
`,
    },
  ],
  passes: [
    {
      title: "With a CHECK that was validated before",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.Text()))
-- versions/0002_check.py --
op.create_check_constraint("ck_users_email", "users", "email IS NOT NULL", postgresql_not_valid=True)
-- versions/0003_validate.py --
op.execute("ALTER TABLE users VALIDATE CONSTRAINT ck_users_email")
-- versions/0004_not_null.py --
op.alter_column("users", "email", nullable=False)
`,
    },
    {
      title: "A column that is NOT NULL already",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.Text(), nullable=False))
-- versions/0002_again.py --
op.alter_column("users", "email", nullable=False)
`,
    },
    { title: "NOT NULL taken away", code: `op.alter_column("users", "email", nullable=True)\n` },
    {
      title: "A column of a table that the revision creates",
      code: `op.create_table("users", sa.Column("id", sa.Integer()), sa.Column("email", sa.Text()))
op.alter_column("users", "email", nullable=False)
`,
    },
    {
      title: "Only the type and the default named",
      code: `op.alter_column("users", "email", existing_type=sa.Text(), existing_nullable=False, server_default=None)\n`,
    },
  ],
  *detect({ judged, project }, options) {
    for (const one of judged) {
      const { table } = one.operation;
      const columns = columnsMadeNotNull(one);
      if (!one.isUnderstood || table === undefined || columns.length === 0) continue;
      if (!isLive(one, table) || isEmptied(one, table)) continue;
      if (isSmall(project, table, options.minimumRows)) continue;
      const { impact } = one;
      if (impact === undefined || !includesTable(impact.scans, table)) continue;
      const waiting = renderWaiting(liveLocks(one, impact));
      if (waiting !== undefined) yield { ...at(one), columns, table, waiting };
    }
  },
  message: ({ columns, table, waiting }) =>
    `Making ${columns.map((column) => `${renderName(table)}.${column}`).join(", ")} NOT NULL reads every row; meanwhile ${waiting}.`,
  refactorings: ["stage-not-null-column"],
});
