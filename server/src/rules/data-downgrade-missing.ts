import type { Judged } from "../facts/judged.ts";
import { renderDataChange } from "../schema/wording.ts";
import { sameName, type QualifiedName } from "../sql/action.ts";
import { at, defineRule, type Found, type Subject } from "./define.ts";
import { hasReason, isForwardOnly } from "./reversal.ts";

interface Kept extends Found {
  readonly change: string;
}

const changes: ReadonlySet<string> = new Set([
  "insert",
  "bulk_insert",
  "update",
  "delete",
  "merge",
  "truncate",
  "copy",
]);

const isDataChange = ({ operation, isUnderstood }: Judged): boolean =>
  isUnderstood && operation.effect === "data" && changes.has(operation.kind) && operation.table !== undefined;

const isOn = (table: QualifiedName, { operation: { touches } }: Judged): boolean =>
  touches.some(({ on }) => on.type === "table" && sameName(on.name, table));

/** Rows go with their table, values with their column. */
function takesAlong({ operation: change }: Judged, back: Judged): boolean {
  const { kind, table, columns } = back.operation;
  if (!table || !change.table || !sameName(table, change.table)) return false;
  if (kind === "drop_table") return true;
  return (
    kind === "drop_column" &&
    change.kind === "update" &&
    change.columns.length > 0 &&
    change.columns.every((one) => columns.includes(one))
  );
}

function undone(change: Judged, back: readonly Judged[]): boolean {
  const { table, columns, kind } = change.operation;
  if (!table) return true;
  if (back.some((one) => one.operation.effect === "data" && isOn(table, one))) return true;
  if (back.some((one) => takesAlong(change, one))) return true;
  const dropped = back.flatMap(({ operation }) =>
    operation.kind === "drop_column" && operation.table && sameName(operation.table, table) ? operation.columns : [],
  );
  return kind === "update" && columns.length > 0 && columns.every((one) => dropped.includes(one));
}

/** Values that are copied to a column, or out of one that goes, belong to the change of the schema around them. */
const servesSchema = (change: Judged, { judged, upgrade }: Subject): boolean =>
  judged.some(
    ({ direction, operation: { kind, table, columns } }) =>
      direction === upgrade &&
      table !== undefined &&
      change.operation.table !== undefined &&
      sameName(table, change.operation.table) &&
      (kind === "add_column" || kind === "alter_column") &&
      columns.some((one) => change.operation.columns.includes(one)),
  );

export const dataDowngradeMissing = defineRule({
  id: "data-downgrade-missing",
  group: "reversibility",
  severity: "information",
  recommended: true,
  summary: "Rows are changed, and nothing in downgrade() changes them back.",
  why: `Going back a revision leaves the rows as the new code wanted them. The next upgrade meets its own rows again: an INSERT fails on a
duplicate key or puts everything in twice.`,
  instead: `Delete what was inserted, by its key; write back what was there. Where that cannot be, say so in downgrade(), in a docstring or by a raise.`,
  allowed: [
    "A downgrade that raises, or says in words of your own what it leaves out.",
    "Rows of a table, or values of a column, that the downgrade drops.",
    "Values that a column gets when it is added or altered: the change of the schema is what is undone.",
    "Projects whose revisions have no way back as a rule, and downgrades with parts that could not be read.",
  ],
  sources: ["https://alembic.sqlalchemy.org/en/latest/cookbook.html#data-migrations-general-techniques"],
  options: {},
  examples: [
    {
      title: "Rows that are put in and stay",
      before: `def upgrade():
    op.execute("INSERT INTO roles (name) VALUES ('auditor')")


def downgrade():
    pass
`,
      after: [
        `def upgrade():
    op.execute("INSERT INTO roles (name) VALUES ('auditor')")


def downgrade():
    op.execute("DELETE FROM roles WHERE name = 'auditor'")
`,
      ],
    },
  ],
  catches: [
    {
      title: "An update that nothing turns back",
      code: `def upgrade():
    op.execute("UPDATE users SET plan = 'free' WHERE plan = 'basic'")


def downgrade():
    op.execute("SELECT 1")
`,
    },
    {
      title: "Rows in bulk",
      code: `def upgrade():
    op.bulk_insert(sa.table("roles", sa.column("name")), [{"name": "auditor"}])


def downgrade():
    """Downgrade schema."""
`,
    },
  ],
  passes: [
    {
      title: "Rows of a table that goes again",
      code: `def upgrade():
    roles = op.create_table("roles", sa.Column("name", sa.String(20)))
    op.bulk_insert(roles, [{"name": "auditor"}])


def downgrade():
    op.drop_table("roles")
`,
    },
    {
      title: "The values of a new column",
      code: `def upgrade():
    op.add_column("users", sa.Column("plan", sa.String(20)))
    op.execute("UPDATE users SET plan = 'free'")


def downgrade():
    op.drop_column("users", "plan")
`,
    },
    {
      title: "A reason",
      code: `def upgrade():
    op.execute("UPDATE users SET email = lower(email)")


def downgrade():
    """Nobody minds that they are in small letters."""
`,
    },
  ],
  *detect(subject) {
    const { judged, upgrade, downgrade, project } = subject;
    if (!downgrade || downgrade.form === "absent" || hasReason(downgrade) || downgrade.unfinished) return;
    const back = judged.filter(({ direction }) => direction === downgrade);
    if (back.some(({ isUnderstood }) => !isUnderstood)) return;
    for (const one of judged) {
      if (one.direction !== upgrade || !isDataChange(one) || !one.isOnExistingTable) continue;
      if (undone(one, back) || servesSchema(one, subject) || isForwardOnly(project)) continue;
      yield { ...at(one), change: renderDataChange(one.operation) } satisfies Kept;
    }
  },
  message: ({ change }) => `${change}: nothing in downgrade() changes these rows back.`,
});
