import { addedConstraints, renderConstraint } from "./added-constraints.ts";
import { defineRule } from "./define.ts";
import { minimumRows } from "./small-tables.ts";

export const exclusionConstraint = defineRule({
  id: "exclusion-constraint",
  group: "locking",
  severity: "warning",
  recommended: true,
  dialects: ["postgresql"],
  summary: "An exclusion constraint is added to an existing table and builds its index under the strongest lock.",
  why: `ADD EXCLUDE takes ACCESS EXCLUSIVE, builds the index and compares the rows with each other: nobody can read or write the table until that is done. Unlike UNIQUE, there
is no way to build it beforehand: it knows neither NOT VALID nor USING INDEX.`,
  instead: `Put it on the table while that is small, or make a new table with the constraint, copy the rows over in batches while a trigger keeps both alike, and swap the
names. Where the table is small, set a \`lock_timeout\` and allow it with the reason.`,
  allowed: ["Tables that the same revision creates, empties or drops."],
  sources: ["https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-EXCLUDE"],
  options: { minimumRows },
  examples: [
    {
      title: "An exclusion constraint on an existing table",
      before: `op.create_exclude_constraint("ex_bookings", "bookings", ("room", "="), ("period", "&&"), using="gist")
`,
      after: [
        `op.create_table(
    "bookings_new",
    sa.Column("room", sa.Integer()),
    sa.Column("period", postgresql.TSTZRANGE()),
    postgresql.ExcludeConstraint(("room", "="), ("period", "&&"), name="ex_bookings", using="gist"),
)
`,
      ],
    },
  ],
  catches: [
    {
      title: "As text",
      code: `op.execute("ALTER TABLE bookings ADD CONSTRAINT ex EXCLUDE USING gist (period WITH &&)")\n`,
    },
    {
      title: "In a batch block",
      code: `with op.batch_alter_table("bookings") as batch_op:
    batch_op.create_exclude_constraint("ex_bookings", ("period", "&&"), using="gist")
`,
    },
  ],
  passes: [
    {
      title: "On a table that the revision creates",
      code: `op.create_table("bookings", sa.Column("period", sa.Text()))
op.create_exclude_constraint("ex_bookings", "bookings", ("period", "="))
`,
    },
    {
      title: "On a table that is emptied before",
      code: `op.execute("TRUNCATE bookings")
op.execute("ALTER TABLE bookings ADD CONSTRAINT ex EXCLUDE USING gist (period WITH &&)")
`,
    },
  ],
  detect: (subject, options) => addedConstraints(subject, "exclude", ({ builds }) => builds, options),
  message: (found) =>
    `Adding the ${renderConstraint(found, "exclusion constraint")} builds an index; meanwhile ${found.waiting}.`,
});
