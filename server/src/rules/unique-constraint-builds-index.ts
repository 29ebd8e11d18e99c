import { renderName } from "../sql/action.ts";
import { addedConstraints, renderConstraint, type Added } from "./added-constraints.ts";
import { defineRule } from "./define.ts";
import { minimumRows } from "./small-tables.ts";

/** The new column holds the same value in every row. */
function repeats({ judged: { operation }, constraint, column }: Added): boolean {
  if (column === undefined || constraint.columns?.length !== 1) return false;
  const value = operation.details.definitions?.find(({ name }) => name === column)?.default;
  return value?.constant === true && value.sql !== undefined && value.sql.toUpperCase() !== "NULL";
}

export const uniqueConstraintBuildsIndex = defineRule({
  id: "unique-constraint-builds-index",
  group: "locking",
  severity: "warning",
  recommended: true,
  dialects: ["postgresql"],
  summary: "A unique constraint is added to an existing table and builds its index under the strongest lock.",
  why: `ADD UNIQUE takes ACCESS EXCLUSIVE and builds the index while it holds it: nobody can read or write the table until that is done. One duplicate value makes the
whole revision fail at the end.`,
  instead: `Build a unique index concurrently in a revision of its own, then make it the constraint, which takes a moment:
\`ALTER TABLE … ADD CONSTRAINT … UNIQUE USING INDEX …\`.`,
  allowed: [
    "`ADD CONSTRAINT … UNIQUE USING INDEX …`: the index is there.",
    "Tables that the same revision creates, empties or drops.",
  ],
  counted: [
    "A column that is added with `unique=True`: the index is built over all rows. With a constant default it fails where the table has two rows.",
  ],
  sources: [
    "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT-USING-INDEX",
  ],
  options: { minimumRows },
  yieldsTo: ["required-column", "rewriting-column"],
  examples: [
    {
      title: "A unique constraint on an existing table",
      before: `op.create_unique_constraint("uq_users_email", "users", ["email"])
`,
      after: [
        `with op.get_context().autocommit_block():
    op.create_index(
        "uq_users_email", "users", ["email"], unique=True, postgresql_concurrently=True
    )
`,
        `op.execute("ALTER TABLE users ADD CONSTRAINT uq_users_email UNIQUE USING INDEX uq_users_email")
`,
      ],
    },
  ],
  catches: [
    {
      title: "In a batch block",
      code: `with op.batch_alter_table("users") as batch_op:
    batch_op.create_unique_constraint("uq_users_email", ["email"])
`,
    },
    { title: "As text", code: `op.execute("ALTER TABLE users ADD CONSTRAINT uq UNIQUE (email)")\n` },
    {
      title: "A column added with unique=True",
      code: `op.add_column("users", sa.Column("code", sa.Text(), unique=True))\n`,
    },
    {
      title: "A unique column with the same default for all rows",
      code: `op.add_column("users", sa.Column("code", sa.Text(), server_default="x", unique=True))\n`,
    },
  ],
  passes: [
    {
      title: "With an index that is there",
      code: `op.execute("ALTER TABLE users ADD CONSTRAINT uq_users_email UNIQUE USING INDEX ix_users_email")\n`,
    },
    {
      title: "On a table that the revision creates",
      code: `op.create_table("users", sa.Column("email", sa.Text()))
op.create_unique_constraint("uq_users_email", "users", ["email"])
`,
    },
    {
      title: "On a temporary table",
      code: `op.execute("CREATE TEMPORARY TABLE fresh (id integer)")\nop.execute("ALTER TABLE fresh ADD UNIQUE (id)")\n`,
    },
  ],
  *detect(subject, options) {
    for (const found of addedConstraints(subject, "unique", ({ builds }) => builds, options))
      if (found.constraint.usingIndex === undefined) yield found;
  },
  message: (found) =>
    repeats(found)
      ? `Every row gets the same ${renderName(found.table)}.${found.column ?? ""}: making it unique fails as soon as there are two rows, after building an index while ${found.waiting}.`
      : `Adding the ${renderConstraint(found, "unique constraint")} builds an index; meanwhile ${found.waiting}.`,
  refactorings: ["attach-unique-index"],
});
