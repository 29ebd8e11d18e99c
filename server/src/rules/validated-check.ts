import { addedConstraints, renderConstraint } from "./added-constraints.ts";
import { defineRule } from "./define.ts";
import { minimumRows } from "./small-tables.ts";

export const validatedCheck = defineRule({
  id: "validated-check",
  group: "locking",
  severity: "warning",
  recommended: true,
  dialects: ["postgresql"],
  summary: "A CHECK constraint is added and all rows are checked at once, under the strongest lock.",
  why: `ADD CHECK takes ACCESS EXCLUSIVE and then tries the condition on every row. Until the last one is read, not even a SELECT on the table runs.`,
  instead: `Add it with \`postgresql_not_valid=True\`: that takes a moment, and new rows are checked from then on. In a later revision run
\`ALTER TABLE … VALIDATE CONSTRAINT …\`, which reads the rows and lets everybody work.`,
  allowed: [
    "Constraints that are NOT VALID (or, since PostgreSQL 18, NOT ENFORCED).",
    "Tables that the same revision creates, empties or drops.",
    "Conditions of domains and of new tables.",
  ],
  counted: [
    "A column that is added with a condition of its own, and the CHECK that SQLAlchemy makes of `sa.Enum(native_enum=False, create_constraint=True)`.",
  ],
  sources: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES"],
  options: { minimumRows },
  yieldsTo: ["required-column", "rewriting-column"],
  examples: [
    {
      title: "A condition on an existing table",
      before: `op.create_check_constraint("ck_orders_total", "orders", "total >= 0")
`,
      after: [
        `op.create_check_constraint(
    "ck_orders_total", "orders", "total >= 0", postgresql_not_valid=True
)
`,
        `op.execute("ALTER TABLE orders VALIDATE CONSTRAINT ck_orders_total")
`,
      ],
    },
  ],
  catches: [
    {
      title: "In a batch block",
      code: `with op.batch_alter_table("orders") as batch_op:
    batch_op.create_check_constraint("ck_orders_total", sa.text("total >= 0"))
`,
    },
    { title: "As text", code: `op.execute("ALTER TABLE orders ADD CONSTRAINT ck CHECK (total >= 0)")\n` },
    {
      title: "With a new column",
      code: `op.execute("ALTER TABLE orders ADD COLUMN total integer CHECK (total >= 0)")\n`,
    },
  ],
  passes: [
    {
      title: "NOT VALID as text",
      code: `op.execute("ALTER TABLE orders ADD CONSTRAINT ck CHECK (total >= 0) NOT VALID")\n`,
    },
    {
      title: "On a table that the revision creates",
      code: `op.create_table("orders", sa.Column("total", sa.Integer()))
op.create_check_constraint("ck_orders_total", "orders", "total >= 0")
`,
    },
    {
      title: "Of a table that is created with it",
      code: `op.create_table("orders", sa.Column("total", sa.Integer()), sa.CheckConstraint("total >= 0"))\n`,
    },
  ],
  detect: (subject, options) => addedConstraints(subject, "check", ({ scans }) => scans, options),
  message: (found) => `Adding the ${renderConstraint(found, "check")} reads every row; meanwhile ${found.waiting}.`,
  refactorings: ["validate-constraint-later"],
});
