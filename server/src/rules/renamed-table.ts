import { isParkedName } from "../facts/parked.ts";
import { renderName } from "../sql/action.ts";
import { at, defineRule, type Found } from "./define.ts";
import { lossesIn, shared } from "./losses.ts";

interface Renamed extends Found {
  readonly table: string;
  readonly newName: string;
}

export const renamedTable = defineRule({
  id: "renamed-table",
  group: "compatibility",
  severity: "warning",
  recommended: true,
  reach: "file",
  dialects: shared,
  summary: "A table is renamed in place.",
  why: `The old release names the table by its old name, the new one by its new name, and no moment suits both: whichever is deployed first
or last, the queries of one of them fail from the rename until its last instance has been replaced.`,
  instead: `Make a view of the old name in the same transaction (\`CREATE VIEW users AS SELECT * FROM people\`): a view of one table can be
written to as well. Drop it once no release uses the old name. Or give only the model another name: \`__tablename__\` may stay.`,
  allowed: [
    "A name that ends in `_parked`: nothing is to use it, and the old one can be given back at once.",
    "A view, or another table, that stands under the old name in the end.",
    "Tables that the upgrade has made itself.",
    "Downgrades: they run while the release is taken back.",
    "SQLite, whose database belongs to one program.",
  ],
  sources: [
    "https://www.postgresql.org/docs/current/sql-altertable.html",
    "https://www.postgresql.org/docs/current/sql-createview.html#SQL-CREATEVIEW-UPDATABLE-VIEWS",
  ],
  options: {},
  examples: [
    {
      title: "A table with a better name",
      before: `op.rename_table("users", "people")
`,
      after: [
        `op.rename_table("users", "people")
op.execute("CREATE VIEW users AS SELECT * FROM people")
`,
      ],
    },
  ],
  catches: [
    { title: "As SQL", code: `op.execute("ALTER TABLE users RENAME TO people")\n` },
    { title: "On MySQL", code: `op.execute("RENAME TABLE users TO people")\n`, dialect: "mysql" },
    {
      title: "A table that is made again under another name than the old one",
      code: `op.rename_table("users", "people")\nop.create_table("members", sa.Column("id", sa.Integer()))\n`,
    },
  ],
  passes: [
    { title: "Parked, to be dropped later", code: `op.rename_table("audit_log", "audit_log_parked")\n` },
    {
      title: "A swap with a table that was made anew",
      code: `op.rename_table("users", "users_old")\nop.rename_table("users_new", "users")\n`,
    },
    {
      title: "A table that the upgrade has made",
      code: `op.create_table("a", sa.Column("id", sa.Integer()))\nop.rename_table("a", "b")\n`,
    },
  ],
  *detect(subject) {
    for (const { one, thing } of lossesIn(subject)) {
      const { newName } = one.operation.details;
      if (one.operation.kind !== "rename_table" || thing.type !== "table" || newName === undefined) continue;
      if (isParkedName(newName)) continue;
      const renamed: Renamed = { ...at(one), table: renderName(thing.name), newName };
      yield renamed;
    }
  },
  message: ({ table, newName }) =>
    `Code that still says "${table}" fails once this has run, and code that says "${newName}" fails before.`,
});
