import { renderName } from "../sql/action.ts";
import { at, defineRule, type Found } from "./define.ts";
import { lossesIn } from "./losses.ts";

interface Moved extends Found {
  readonly name: string;
  readonly schema: string;
}

export const movedSchema = defineRule({
  id: "moved-schema",
  group: "compatibility",
  severity: "warning",
  recommended: true,
  reach: "file",
  dialects: ["postgresql"],
  summary: "A table, view, type, function, sequence or extension is moved to another schema.",
  why: `Code that names it with its old schema fails at once, and so does code that names it without one, unless the new schema is in its
\`search_path\`. Views and foreign keys follow; the bodies of functions and what runs elsewhere do not.`,
  instead: `Put the new schema into the \`search_path\` of the application's role first, or leave a view of the old name: \`CREATE VIEW
public.users AS SELECT * FROM app.users\`. Drop it once no release needs it.`,
  allowed: [
    "A view, or another thing of its kind, that stands under the old name in the end.",
    "Things that the upgrade has made itself; downgrades.",
  ],
  sources: [
    "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-SCHEMA",
    "https://www.postgresql.org/docs/current/ddl-schemas.html#DDL-SCHEMAS-PATH",
  ],
  options: {},
  examples: [
    {
      title: "A table that goes into a schema of its own",
      before: `op.execute("ALTER TABLE users SET SCHEMA app")
`,
      after: [
        `op.execute("ALTER TABLE users SET SCHEMA app")
op.execute("CREATE VIEW users AS SELECT * FROM app.users")
`,
      ],
    },
  ],
  catches: [
    { title: "A type", code: `op.execute("ALTER TYPE mood SET SCHEMA app")\n` },
    { title: "A function", code: `op.execute("ALTER FUNCTION slug(text) SET SCHEMA app")\n` },
    { title: "An extension with all that is in it", code: `op.execute("ALTER EXTENSION hstore SET SCHEMA ext")\n` },
  ],
  passes: [
    {
      title: "A table of its own",
      code: `op.create_table("t", sa.Column("id", sa.Integer()))\nop.execute("ALTER TABLE t SET SCHEMA app")\n`,
    },
    { title: "Another owner", code: `op.execute("ALTER TABLE users OWNER TO app")\n` },
  ],
  *detect(subject) {
    for (const { one, thing } of lossesIn(subject)) {
      const { alteration } = one.operation.details;
      if (alteration?.command !== "set_schema") continue;
      const moved: Moved = { ...at(one), name: renderName(thing.name), schema: alteration.argument ?? "" };
      yield moved;
    }
  },
  message: ({ name, schema }) =>
    `Code that looks for "${name}" where it is now fails once this has run, unless "${schema}" is in its search_path.`,
});
