import { addedConstraints, renderConstraint } from "./added-constraints.ts";
import { defineRule } from "./define.ts";
import { minimumRows } from "./small-tables.ts";

export const validatedForeignKey = defineRule({
  id: "validated-foreign-key",
  group: "locking",
  severity: "warning",
  recommended: true,
  dialects: ["postgresql"],
  summary: "A foreign key is added and all rows are looked up at once, under a lock on both tables.",
  why: `ADD FOREIGN KEY locks the table and the one that it points at with SHARE ROW EXCLUSIVE, and then looks up every row. Both tables can be read, but
nobody writes to either until the last row is checked and the transaction ends.`,
  instead: `Add it with \`postgresql_not_valid=True\`: that takes a moment, and new rows are checked from then on. In a later revision run
\`ALTER TABLE … VALIDATE CONSTRAINT …\`, which looks up the rows and lets everybody work. A new column that refers to another table can be
given \`inline_references=True\`: there is nothing to look up in it.`,
  allowed: [
    "Foreign keys of tables that the same revision creates, empties or drops.",
    "Foreign keys that are NOT VALID (or, since PostgreSQL 18, NOT ENFORCED).",
    "A new column whose foreign key stands in the same statement (REFERENCES) and that has no default: the server knows that there is nothing to look up.",
  ],
  counted: [
    "A column added with `sa.ForeignKey`: Alembic makes the foreign key by a statement of its own after the column, which reads all rows, unless `inline_references=True` is given.",
  ],
  sources: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES"],
  options: { minimumRows },
  yieldsTo: ["required-column", "rewriting-column"],
  examples: [
    {
      title: "A foreign key between two existing tables",
      before: `op.create_foreign_key("fk_orders_user", "orders", "users", ["user_id"], ["id"])
`,
      after: [
        `op.create_foreign_key(
    "fk_orders_user", "orders", "users", ["user_id"], ["id"], postgresql_not_valid=True
)
`,
        `op.execute("ALTER TABLE orders VALIDATE CONSTRAINT fk_orders_user")
`,
      ],
    },
  ],
  catches: [
    {
      title: "In a batch block",
      code: `with op.batch_alter_table("orders") as batch_op:
    batch_op.create_foreign_key("fk_orders_user", "users", ["user_id"], ["id"])
`,
    },
    {
      title: "As text",
      code: `op.execute("ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (user_id) REFERENCES users (id)")\n`,
    },
    {
      title: "A column added with a foreign key, which Alembic makes after it",
      code: `op.add_column("orders", sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id")))\n`,
    },
    {
      title: "Between a table and itself",
      code: `op.create_foreign_key("fk_parent", "nodes", "nodes", ["parent_id"], ["id"])\n`,
    },
    {
      title: "To a table that the revision creates",
      code: `op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
op.create_foreign_key("fk_orders_user", "orders", "users", ["user_id"], ["id"])
`,
    },
  ],
  passes: [
    {
      title: "NOT VALID as text",
      code: `op.execute("ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID")\n`,
    },
    {
      title: "Of a table that the revision creates",
      code: `op.create_table("orders", sa.Column("user_id", sa.Integer()))
op.create_foreign_key("fk_orders_user", "orders", "users", ["user_id"], ["id"])
`,
    },
    {
      title: "A column added with its foreign key in one statement",
      code: `op.add_column("orders", sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id")), inline_references=True)\n`,
    },
    {
      title: "A column added with REFERENCES as text",
      code: `op.execute("ALTER TABLE orders ADD COLUMN user_id integer REFERENCES users (id)")\n`,
    },
    {
      title: "Of a table that is dropped further down",
      code: `op.create_foreign_key("fk_orders_user", "orders", "users", ["user_id"], ["id"])\nop.drop_table("orders")\n`,
    },
  ],
  detect: (subject, options) => addedConstraints(subject, "foreign_key", ({ scans }) => scans, options),
  message: (found) =>
    `Adding the ${renderConstraint(found, "foreign key")} looks up every row; meanwhile ${found.waiting}.`,
  refactorings: ["validate-constraint-later"],
});
