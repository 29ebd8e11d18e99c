import { isParkedName } from "../facts/parked.ts";
import { renderName } from "../sql/action.ts";
import { at, defineRule, type Found } from "./define.ts";
import { lossesIn, shared } from "./losses.ts";

interface Renamed extends Found {
  readonly column: string;
  readonly newName: string;
}

export const renamedColumn = defineRule({
  id: "renamed-column",
  group: "compatibility",
  severity: "warning",
  recommended: true,
  reach: "file",
  dialects: shared,
  summary: "A column is renamed in place.",
  why: `The old release names the column by its old name, the new one by its new name, and no moment suits both: whichever is deployed first
or last, the queries of one of them fail from the rename until its last instance has been replaced.`,
  instead: `Add a column of the new name, write to both (by the code or a trigger), copy the rows, read from the new one, and drop the old one in a later
release. Or give only the attribute of the model the new name: \`full_name = mapped_column("name")\` needs no migration.`,
  allowed: [
    "A name that ends in `_parked`: nothing is to use it, and the old one can be given back at once.",
    "A swap: a column of the old name stands there in the end.",
    "Columns that the upgrade has made itself.",
    "Downgrades: they run while the release is taken back.",
    "SQLite, whose database belongs to one program.",
  ],
  sources: [
    "https://www.postgresql.org/docs/current/sql-altertable.html",
    "https://docs.sqlalchemy.org/en/20/orm/declarative_tables.html#naming-declarative-mapped-columns-explicitly",
  ],
  options: {},
  examples: [
    {
      title: "A column with a better name",
      before: `op.alter_column("users", "name", new_column_name="full_name")
`,
      after: [
        `op.add_column("users", sa.Column("full_name", sa.Text()))
`,
        `op.execute("UPDATE users SET full_name = name WHERE full_name IS NULL")
`,
      ],
    },
  ],
  catches: [
    {
      title: "In a batch block",
      code: `with op.batch_alter_table("users") as batch:
    batch.alter_column("name", new_column_name="full_name")
`,
    },
    { title: "As SQL", code: `op.execute("ALTER TABLE users RENAME name TO full_name")\n` },
    {
      title: "On MySQL, where CHANGE repeats the type",
      code: `op.execute("ALTER TABLE users CHANGE name full_name VARCHAR(50)")\n`,
      dialect: "mysql",
    },
  ],
  passes: [
    { title: "Parked, to be dropped later", code: `op.alter_column("users", "fax", new_column_name="fax_parked")\n` },
    {
      title: "A swap with a column of another type",
      code: `op.alter_column("users", "id", new_column_name="id_old")\nop.alter_column("users", "id_new", new_column_name="id")\n`,
    },
    {
      title: "CHANGE that keeps the name",
      code: `op.execute("ALTER TABLE users CHANGE name name VARCHAR(90)")\n`,
      dialect: "mysql",
    },
    {
      title: "A column that the upgrade has made",
      code: `op.add_column("users", sa.Column("a", sa.Text()))\nop.alter_column("users", "a", new_column_name="b")\n`,
    },
  ],
  refactorings: ["stage-column-rename"],
  *detect(subject) {
    for (const { one, thing } of lossesIn(subject)) {
      const { newName } = one.operation.details;
      if (one.operation.kind !== "alter_column" || thing.type !== "column" || newName === undefined) continue;
      if (isParkedName(newName)) continue;
      const renamed: Renamed = { ...at(one), column: `${renderName(thing.name)}.${thing.column ?? ""}`, newName };
      yield renamed;
    }
  },
  message: ({ column, newName }) =>
    `Code that still says "${column}" fails once this has run, and code that says "${newName}" fails before.`,
});
