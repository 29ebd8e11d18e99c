import { playedIn } from "../facts/played.ts";
import type { Judged } from "../facts/judged.ts";
import { tryEdit } from "../rewrite/edit.ts";
import type { Constraint } from "../schema/state.ts";
import { renderName } from "../sql/action.ts";
import { at, defineRule, type Found, type Subject } from "./define.ts";

interface Unnamed extends Found {
  readonly one: Judged;
  readonly table: string;
  /** The only constraint that can be meant, by its name in the replayed schema. */
  readonly name?: string;
}

/** In the words of Alembic's `type_`. */
const types: Readonly<Record<string, Constraint["type"]>> = {
  unique: "unique",
  foreignkey: "foreign_key",
  check: "check",
  primary: "primary_key",
};

/** The constraint that the upgrade has made, where it is the only one of its type. */
function meant({ operation: { table, details } }: Judged, { file, project, upgrade }: Subject): string | undefined {
  const played = playedIn(project, file, upgrade);
  const now = table && played?.after.table(table);
  const type = types[details.constraintType ?? ""];
  if (typeof now !== "object" || now.doubt !== undefined || !type) return undefined;
  const before = played?.before.table(now.name);
  const known = typeof before === "object" ? before.constraints.map(({ name }) => name) : [];
  const made = now.constraints.filter((one) => one.type === type && !known.includes(one.name));
  return made.length === 1 ? made[0]?.name : undefined;
}

/** A naming convention that asks for no column names the constraint all the same. */
function isNamedByConvention({ operation: { details } }: Judged, { project }: Subject): boolean {
  if (details.constraintType !== "primary") return false;
  const { env } = project.config;
  const template = env?.namingConvention?.get("pk");
  return (
    env !== undefined &&
    (env.namingConvention === undefined || (template !== undefined && !template.includes("column")))
  );
}

export const unnamedConstraint = defineRule({
  id: "unnamed-constraint",
  group: "correctness",
  severity: "error",
  recommended: true,
  summary: "A constraint without a name is dropped, which cannot work.",
  why: `Autogenerate writes \`drop_constraint(None, …)\` for a constraint that has no name in the models. SQLAlchemy cannot write the SQL for it and
raises "it has no name": the downgrade stops here, and is only tried when it is needed.`,
  instead: `Give the name that the server made (\`users_email_key\`), or let a naming convention of the metadata name all constraints.`,
  allowed: [
    "A name that is not a constant: it may be right.",
    "Primary keys where the metadata in `env.py` has a naming convention that needs no column.",
  ],
  sources: ["https://alembic.sqlalchemy.org/en/latest/naming.html"],
  options: {},
  examples: [
    {
      title: "The downgrade that autogenerate wrote",
      before: `def upgrade():
    op.create_unique_constraint(None, "users", ["email"])


def downgrade():
    op.drop_constraint(None, "users", type_="unique")
`,
      after: [
        `def upgrade():
    op.create_unique_constraint("uq_users_email", "users", ["email"])


def downgrade():
    op.drop_constraint("uq_users_email", "users", type_="unique")
`,
      ],
    },
  ],
  catches: [
    {
      title: "A batch block",
      code: `with op.batch_alter_table("users") as batch:\n    batch.drop_constraint(None, type_="foreignkey")\n`,
    },
    { title: "A keyword", code: `op.drop_constraint(constraint_name=None, table_name="users", type_="unique")\n` },
  ],
  passes: [
    { title: "A name that is worked out", code: `op.drop_constraint(name_of("users"), "users", type_="unique")\n` },
    {
      title: "A constraint that is made without a name",
      code: `op.create_foreign_key(None, "orders", "users", ["u"], ["id"])\n`,
    },
  ],
  *detect(subject) {
    for (const one of subject.judged) {
      if (!one.operation.details.unnamed || isNamedByConvention(one, subject)) continue;
      const name = meant(one, subject);
      const table = one.operation.table === undefined ? "its table" : renderName(one.operation.table);
      yield { ...at(one), one, table, ...(name !== undefined && { name }) } satisfies Unnamed;
    }
  },
  message: ({ table, name }) =>
    `This drops a constraint of ${table} whose name is None, and SQLAlchemy refuses to write the SQL for it${name === undefined ? "." : `; the server called it "${name}".`}`,
  repair: {
    safety: "safe",
    title: ({ name }) => `Write its name, "${name ?? ""}"`,
    edits: ({ one, name }, { file }) =>
      name === undefined
        ? undefined
        : tryEdit(file, (edit) => {
            edit.setArgument(one.operation, "constraint_name", `op.f(${JSON.stringify(name)})`);
          }),
  },
});
