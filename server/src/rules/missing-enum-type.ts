import type { Judged } from "../facts/judged.ts";
import { hasStrangersBeside } from "../facts/past.ts";
import { tryEdit } from "../rewrite/edit.ts";
import { keyOf } from "../schema/replay/schema.ts";
import { renderName } from "../sql/action.ts";
import type { ColumnType, EnumDefinition } from "../sql/definition.ts";
import { at, defineRule, type Found } from "./define.ts";

interface Missing extends Found {
  readonly type: EnumDefinition;
  readonly how: "add_column" | "alter_column";
  readonly one: Judged;
}

/** Types that the operation gives to columns and does not create. */
function typesGiven({ operation: { details } }: Judged): readonly EnumDefinition[] {
  const types: readonly (ColumnType | undefined)[] = [
    ...(details.definitions ?? []).map(({ sqlType }) => sqlType),
    details.newSqlType,
  ];
  const made = (details.enumTypes ?? []).map(({ name }) => keyOf(name));
  return types.flatMap((type) =>
    // One without a native type is a text with a CHECK.
    type?.enum && type.name === type.enum.name.name && !made.includes(keyOf(type.enum.name)) ? [type.enum] : [],
  );
}

const literal = (text: string): string => JSON.stringify(text);

export const missingEnumType = defineRule({
  id: "missing-enum-type",
  group: "correctness",
  severity: "error",
  recommended: true,
  dialects: ["postgresql"],
  summary: "A column gets an enum type that nothing has created.",
  why: `SQLAlchemy creates the type of an Enum column together with its table, but Alembic's \`add_column\` and \`alter_column\` do not:
PostgreSQL refuses, *type "mood" does not exist*. Autogenerate writes such revisions without a word.`,
  instead: `Create the type first, and drop it in the downgrade: \`sa.Enum("sad", "ok", name="mood").create(op.get_bind(), checkfirst=True)\`.`,
  allowed: [
    "A type that a revision before creates, by hand or with a table.",
    "Tables and histories of which not all is known: the type may have been made in a way that was not understood.",
    "Histories that start on a database that exists: they touch tables that no revision makes.",
    "Enums without a native type (`native_enum=False`), and other servers than PostgreSQL.",
  ],
  sources: [
    "https://docs.sqlalchemy.org/en/20/dialects/postgresql.html#sqlalchemy.dialects.postgresql.ENUM",
    "https://github.com/sqlalchemy/alembic/issues/278",
  ],
  options: {},
  examples: [
    {
      title: "What autogenerate makes of a new Enum attribute",
      before: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
-- versions/0002_mood.py --
op.add_column("users", sa.Column("mood", sa.Enum("sad", "ok", name="mood")))
`,
      after: [
        `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
-- versions/0002_mood.py --
sa.Enum("sad", "ok", name="mood").create(op.get_bind(), checkfirst=True)
op.add_column("users", sa.Column("mood", sa.Enum("sad", "ok", name="mood")))
`,
      ],
    },
  ],
  catches: [
    {
      title: "In a batch block",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
-- versions/0002_mood.py --
with op.batch_alter_table("users") as batch:
    batch.add_column(sa.Column("mood", sa.Enum("sad", "ok", name="mood")))
`,
    },
    {
      title: "A column that becomes an enum",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("mood", sa.Text()))
-- versions/0002_mood.py --
op.alter_column("users", "mood", type_=sa.Enum("sad", "ok", name="mood"), postgresql_using="mood::mood")
`,
    },
  ],
  passes: [
    {
      title: "A type that an earlier table brought along",
      code: `-- versions/0001_users.py --
op.create_table("days", sa.Column("mood", sa.Enum("sad", "ok", name="mood")))
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
-- versions/0002_mood.py --
op.add_column("users", sa.Column("mood", sa.Enum("sad", "ok", name="mood")))
`,
    },
    {
      title: "An enum that is a text with a CHECK",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
-- versions/0002_mood.py --
op.add_column("users", sa.Column("mood", sa.Enum("sad", "ok", name="mood", native_enum=False)))
`,
    },
    {
      title: "A table that no revision makes",
      code: `op.add_column("users", sa.Column("mood", sa.Enum("sad", "ok", name="mood")))\n`,
    },
  ],
  *detect({ judged, project, file }) {
    for (const one of judged) {
      const { kind, table } = one.operation;
      if ((kind !== "add_column" && kind !== "alter_column") || !table || !one.isUnderstood) continue;
      for (const type of typesGiven(one)) {
        const known = one.schema.table(table);
        if (typeof known !== "object" || known.doubt !== undefined || one.schema.doubt !== undefined) continue;
        if (one.schema.enumType(type.name) !== "absent") continue;
        // Where the history starts on a database that exists, its types are there, too.
        if (hasStrangersBeside(project, file.identifiers.revision?.value ?? "")) continue;
        const missing: Missing = { ...at(one), type, how: kind, one };
        yield missing;
      }
    }
  },
  message: ({ type, how }) =>
    `The type "${renderName(type.name)}" does not exist at this point, and ${how} does not create it: this fails.`,
  repair: {
    safety: "safe",
    title: ({ type }) => `Create the type "${renderName(type.name)}" first`,
    edits: ({ type: { name, values }, one }, { file }) =>
      values === undefined
        ? undefined
        : tryEdit(file, (edit) => {
            const schema = name.schema === undefined ? "" : `, schema=${literal(name.schema)}`;
            const type = `${edit.addImport("sqlalchemy.Enum")}(${[...values.map(literal), `name=${literal(name.name)}`].join(", ")}${schema})`;
            edit.insertBefore(
              one.operation,
              `${type}.create(${edit.addImport("alembic.op")}.get_bind(), checkfirst=True)`,
            );
          }),
  },
});
