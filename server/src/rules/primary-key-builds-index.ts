import { addedConstraints, renderConstraint } from "./added-constraints.ts";
import { defineRule } from "./define.ts";
import { minimumRows } from "./small-tables.ts";

export const primaryKeyBuildsIndex = defineRule({
  id: "primary-key-builds-index",
  group: "locking",
  severity: "warning",
  recommended: true,
  dialects: ["postgresql"],
  summary: "A primary key is added to an existing table and builds its index under the strongest lock.",
  why: `ADD PRIMARY KEY takes ACCESS EXCLUSIVE, makes the columns NOT NULL, which reads every row, and builds the index: nobody can read or write the table until
all of that is done. A NULL or a duplicate makes the whole revision fail at the end.`,
  instead: `Prove first that the columns hold no NULL (CHECK … NOT VALID, VALIDATE, SET NOT NULL), build a unique index concurrently, then make it the key, which
takes a moment: \`ALTER TABLE … ADD CONSTRAINT … PRIMARY KEY USING INDEX …\`. To change a key, drop the old one in the same revision.`,
  allowed: [
    "`ADD CONSTRAINT … PRIMARY KEY USING INDEX …` on columns that are NOT NULL, as the history tells.",
    "Tables that the same revision creates, empties or drops.",
  ],
  counted: ["`PRIMARY KEY USING INDEX` on columns that may be NULL: the rows are read under the lock."],
  sources: [
    "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT-USING-INDEX",
  ],
  options: { minimumRows },
  yieldsTo: ["required-column", "rewriting-column"],
  examples: [
    {
      title: "A primary key for an existing table",
      before: `op.create_primary_key("pk_events", "events", ["id"])
`,
      after: [
        `-- versions/0001_events.py --
op.create_table("events", sa.Column("id", sa.Integer(), nullable=False))
-- versions/0002_index.py --
with op.get_context().autocommit_block():
    op.create_index("pk_events", "events", ["id"], unique=True, postgresql_concurrently=True)
-- versions/0003_key.py --
op.execute("ALTER TABLE events ADD CONSTRAINT pk_events PRIMARY KEY USING INDEX pk_events")
`,
      ],
    },
  ],
  catches: [
    { title: "As text", code: `op.execute("ALTER TABLE events ADD PRIMARY KEY (id)")\n` },
    {
      title: "In a batch block",
      code: `with op.batch_alter_table("events") as batch_op:\n    batch_op.create_primary_key("pk_events", ["id"])\n`,
    },
    {
      title: "With an index on a column that may be NULL",
      code: `-- versions/0001_events.py --
op.create_table("events", sa.Column("id", sa.Integer()))
op.create_index("ix_events_id", "events", ["id"], unique=True)
-- versions/0002_key.py --
op.execute("ALTER TABLE events ADD CONSTRAINT pk_events PRIMARY KEY USING INDEX ix_events_id")
`,
    },
  ],
  passes: [
    {
      title: "On a table that the revision creates",
      code: `op.create_table("events", sa.Column("id", sa.Integer()))\nop.create_primary_key("pk_events", "events", ["id"])\n`,
    },
    {
      title: "With a unique index on a NOT NULL column",
      code: `-- versions/0001_events.py --
op.create_table("events", sa.Column("id", sa.Integer(), nullable=False))
op.create_index("ix_events_id", "events", ["id"], unique=True)
-- versions/0002_key.py --
op.execute("ALTER TABLE events ADD CONSTRAINT pk_events PRIMARY KEY USING INDEX ix_events_id")
`,
    },
    {
      title: "With an index of which nothing is known",
      code: `op.execute("ALTER TABLE events ADD CONSTRAINT pk_events PRIMARY KEY USING INDEX ix_events_id")\n`,
    },
  ],
  *detect(subject, options) {
    for (const found of addedConstraints(subject, "primary_key", ({ builds, scans }) => [...builds, ...scans], options))
      if (found.constraint.usingIndex === undefined || found.judged.impact?.confidence === "certain") yield found;
  },
  message: (found) =>
    found.constraint.usingIndex === undefined
      ? `Adding the ${renderConstraint(found, "primary key")} builds an index; meanwhile ${found.waiting}.`
      : `The columns of ${found.constraint.usingIndex} may be NULL, so that making it the primary key reads every row; meanwhile ${found.waiting}.`,
  refactorings: ["attach-unique-index"],
});
