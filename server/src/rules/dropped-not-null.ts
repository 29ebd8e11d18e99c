import { namesMade, sameEntity } from "../schema/names.ts";
import { columnEntity, renderName } from "../sql/action.ts";
import { at, defineRule, type Found } from "./define.ts";
import { shared, upgradeOf } from "./losses.ts";

interface Relaxed extends Found {
  readonly column: string;
}

export const droppedNotNull = defineRule({
  id: "dropped-not-null",
  group: "compatibility",
  severity: "information",
  recommended: false,
  dialects: shared,
  summary: "A column may be NULL from now on, which the running code does not expect.",
  why: `The old release reads the column without a thought of NULL: it adds, compares, renders it. As soon as the new release writes the first NULL
while the old one still runs, the old one meets it.`,
  instead: `Let the code that reads cope with NULL first, and write NULL only once all that runs does.`,
  allowed: [
    "Columns that were not known to be NOT NULL, and those that the upgrade has made itself.",
    "Downgrades; SQLite, whose database belongs to one program.",
  ],
  sources: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DROP-NOT-NULL"],
  options: {},
  examples: [
    {
      title: "An optional name",
      before: `op.alter_column("users", "name", existing_type=sa.Text(), existing_nullable=False, nullable=True)
`,
      after: [
        `# retort: allow dropped-not-null because 4.2 reads a missing name
op.alter_column("users", "name", existing_type=sa.Text(), existing_nullable=False, nullable=True)
`,
      ],
    },
  ],
  catches: [
    {
      title: "As SQL",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("name", sa.Text(), nullable=False))
-- versions/0002_drop.py --
op.execute("ALTER TABLE users ALTER name DROP NOT NULL")
`,
    },
    {
      title: "In a batch block",
      code: `with op.batch_alter_table("users") as batch:
    batch.alter_column("name", existing_nullable=False, nullable=True)
`,
    },
  ],
  passes: [
    { title: "A column of which nothing is known", code: `op.alter_column("users", "name", nullable=True)\n` },
    {
      title: "A column that may be NULL already",
      code: `op.alter_column("users", "name", existing_nullable=True, nullable=True)\n`,
    },
  ],
  *detect(subject) {
    const upgrade = upgradeOf(subject);
    for (const [i, one] of upgrade.entries()) {
      const { table, columns, details, kind } = one.operation;
      const [name] = columns;
      if (kind !== "alter_column" || details.nullable !== true || !table || name === undefined) continue;
      if (!one.isUnderstood || !one.isOnExistingTable) continue;
      const known = one.schema.table(table);
      const column = typeof known === "object" ? known.columns.find((each) => each.name === name) : undefined;
      if ((column?.nullable ?? details.existing?.nullable) !== false) continue;
      const thing = columnEntity(table, name);
      const isOwn = upgrade
        .slice(0, i)
        .some((before) => namesMade(before.operation).some((made) => sameEntity(made, thing)));
      const relaxed: Relaxed = { ...at(one), column: `${renderName(table)}.${name}` };
      if (!isOwn) yield relaxed;
    }
  },
  message: ({ column }) => `"${column}" may be NULL from now on, and code that still runs was written for a value.`,
});
