import { at, defineRule, type Found } from "./define.ts";
import { lossesIn } from "./losses.ts";

interface Dropped extends Found {
  readonly name: string;
}

export const droppedExtension = defineRule({
  id: "dropped-extension",
  group: "compatibility",
  severity: "warning",
  recommended: true,
  dialects: ["postgresql"],
  summary: "An extension is dropped, and its functions, types and operators with it.",
  why: `Every query that calls a function of the extension, uses one of its types or operators, or profits from one of its index methods fails or
gets slow. With CASCADE the columns of its types and the indexes of its methods go as well. Other applications in the database may need it.`,
  instead: `See what depends on it (\`SELECT … FROM pg_depend\` or a try in a transaction that is rolled back), release code that does without it,
and drop it in a later release, without CASCADE.`,
  allowed: ["An extension that the upgrade has made itself or makes anew; downgrades."],
  sources: ["https://www.postgresql.org/docs/current/sql-dropextension.html"],
  options: {},
  examples: [
    {
      title: "An extension that no code uses any more",
      before: `op.execute("DROP EXTENSION hstore")
`,
      after: [
        `# retort: allow dropped-extension because no release since 4.2 uses it
op.execute("DROP EXTENSION hstore")
`,
      ],
    },
  ],
  catches: [
    { title: "If it is there", code: `op.execute('DROP EXTENSION IF EXISTS "uuid-ossp"')\n` },
    { title: "On a connection", code: `op.get_bind().execute(sa.text("DROP EXTENSION postgis CASCADE"))\n` },
  ],
  passes: [
    {
      title: "An extension that is made anew",
      code: `op.execute("DROP EXTENSION hstore")\nop.execute("CREATE EXTENSION hstore SCHEMA ext")\n`,
    },
    {
      title: "A downgrade",
      code: `def upgrade():
    op.execute("CREATE EXTENSION hstore")


def downgrade():
    op.execute("DROP EXTENSION hstore")
`,
    },
  ],
  *detect(subject) {
    for (const { one, thing } of lossesIn(subject)) {
      if (one.operation.kind !== "drop_extension" || thing.type !== "extension") continue;
      const dropped: Dropped = { ...at(one), name: thing.name.name };
      yield dropped;
    }
  },
  message: ({ name }) =>
    `Code that still uses functions, types or operators of the extension "${name}" fails once this has run.`,
});
