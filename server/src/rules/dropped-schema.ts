import { joinWords } from "../schema/wording.ts";
import { renderName } from "../sql/action.ts";
import { at, defineRule, type Found } from "./define.ts";
import { lossesIn } from "./losses.ts";

interface Dropped extends Found {
  readonly name: string;
  readonly along: readonly string[];
}

export const droppedSchema = defineRule({
  id: "dropped-schema",
  group: "compatibility",
  severity: "warning",
  recommended: true,
  dialects: ["postgresql", "mssql"],
  summary: "A schema is dropped that the running code may still use.",
  why: `With CASCADE all that is in the schema goes: tables with their rows, views, types, functions, also those that no revision has made. Code
that still uses any of it fails, and no downgrade brings the rows back.`,
  instead: `Drop what is in it one by one, in revisions that say what goes, once no release uses it; then \`DROP SCHEMA\` without CASCADE, which is
refused where something was forgotten. Or rename the schema first, which is undone at once.`,
  allowed: ["A schema that the upgrade has made itself; one that is made anew; downgrades."],
  sources: ["https://www.postgresql.org/docs/current/sql-dropschema.html"],
  options: {},
  examples: [
    {
      title: "A schema with all that is in it",
      before: `op.execute("DROP SCHEMA archive CASCADE")
`,
      after: [
        `# retort: allow dropped-schema because it is empty since 4.2
op.execute("DROP SCHEMA archive")
`,
      ],
    },
  ],
  catches: [
    { title: "Without CASCADE", code: `op.execute("DROP SCHEMA archive")\n` },
    { title: "By SQLAlchemy", code: `op.execute(sa.schema.DropSchema("archive", cascade=True))\n` },
  ],
  passes: [
    {
      title: "A schema of its own",
      code: `op.execute("CREATE SCHEMA scratch")\nop.execute("DROP SCHEMA scratch CASCADE")\n`,
    },
    {
      title: "A downgrade",
      code: `def upgrade():
    op.execute("CREATE SCHEMA app")


def downgrade():
    op.execute("DROP SCHEMA app")
`,
    },
  ],
  *detect(subject) {
    for (const { one, thing } of lossesIn(subject)) {
      if (one.operation.kind !== "drop_schema" || thing.type !== "schema") continue;
      const { name } = thing.name;
      const tables = [...one.schema.tables].filter((table) => table.name.schema === name);
      const along = one.operation.details.cascade ? tables.map((table) => `"${renderName(table.name)}"`) : [];
      const dropped: Dropped = { ...at(one), name, along };
      yield dropped;
    }
  },
  message: ({ name, along }) =>
    `Code that still uses the schema "${name}" fails once this has run.${along.length === 0 ? "" : ` With it ${along.length === 1 ? "goes" : "go"} ${joinWords(along)}, and whatever else is in it.`}`,
});
