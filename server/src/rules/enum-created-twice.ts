import type { Judged } from "../facts/judged.ts";
import { tryEdit } from "../rewrite/edit.ts";
import { renderName, type QualifiedName } from "../sql/action.ts";
import { keyOf } from "../schema/replay/schema.ts";
import { at, defineRule, type Found } from "./define.ts";

interface Twice extends Found {
  readonly type: string;
  /** It was made by an earlier revision: where both run in one `alembic upgrade`, SQLAlchemy makes it only once. */
  readonly earlier: boolean;
  readonly one: Judged;
}

const isGuarded = ({ operation: { context, details } }: Judged): boolean =>
  details.ifNotExists === true ||
  context.some((one) => one.kind === "try" || (one.kind === "branch" && one.on !== "dialect"));

/** Made with a table of it: SQLAlchemy remembers these, and makes each only once in a run of Alembic. */
const remembers = ({ operation: { kind } }: Judged): boolean => kind !== "create_type";

const makes = ({ operation }: Judged, name: QualifiedName): boolean =>
  (operation.details.enumTypes ?? []).some((type) => keyOf(type.name) === keyOf(name));

export const enumCreatedTwice = defineRule({
  id: "enum-created-twice",
  group: "correctness",
  severity: "error",
  recommended: true,
  dialects: ["postgresql"],
  summary: "An enum type is created that exists already.",
  why: `PostgreSQL has no CREATE TYPE IF NOT EXISTS: the second creation fails, and the revision with it. \`op.create_table\` creates the types
of its Enum columns by itself and without looking whether they are there. Within one run of Alembic it does so only once for each
name, so that all revisions from the first to the last may well run through on an empty database, and this one alone fails on a real one.`,
  instead: `Give the type \`create_type=False\` where a column only uses it: \`postgresql.ENUM("a", "b", name="mood", create_type=False)\`. Where it is
created by hand, \`create(op.get_bind(), checkfirst=True)\` looks first.`,
  allowed: [
    "`create(…, checkfirst=True)`, a creation in a `try` or under a test.",
    "One type in several tables that one revision creates: SQLAlchemy creates it with the first.",
    "A type that was dropped or renamed before.",
    "Types of which an earlier revision may have done something that was not understood.",
  ],
  sources: [
    "https://docs.sqlalchemy.org/en/20/dialects/postgresql.html#sqlalchemy.dialects.postgresql.ENUM",
    "https://www.postgresql.org/docs/current/sql-createtype.html",
  ],
  options: {},
  examples: [
    {
      title: "A type that is created by hand, and again with the table",
      before: `mood = postgresql.ENUM("sad", "ok", name="mood")
sa.Enum("sad", "ok", name="mood").create(op.get_bind())
op.create_table("days", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("mood", sa.Enum("sad", "ok", name="mood")))
`,
      after: [
        `from sqlalchemy.dialects import postgresql

sa.Enum("sad", "ok", name="mood").create(op.get_bind())
op.create_table(
    "days",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("mood", postgresql.ENUM("sad", "ok", name="mood", create_type=False)),
)
`,
      ],
    },
  ],
  catches: [
    {
      title: "A second table with the type, in a later revision",
      code: `-- versions/0001_days.py --
op.create_table("days", sa.Column("mood", sa.Enum("sad", "ok", name="mood")))
-- versions/0002_nights.py --
op.create_table("nights", sa.Column("mood", sa.Enum("sad", "ok", name="mood")))
`,
    },
    {
      title: "CREATE TYPE twice, as SQL",
      code: `op.execute("CREATE TYPE mood AS ENUM ('sad', 'ok')")\nop.execute("CREATE TYPE mood AS ENUM ('sad')")\n`,
    },
  ],
  passes: [
    {
      title: "One type in two tables of one revision",
      code: `op.create_table("days", sa.Column("mood", sa.Enum("sad", "ok", name="mood")))
op.create_table("nights", sa.Column("mood", sa.Enum("sad", "ok", name="mood")))
`,
    },
    {
      title: "A creation that looks first",
      code: `op.execute("CREATE TYPE mood AS ENUM ('sad', 'ok')")
sa.Enum("sad", "ok", name="mood").create(op.get_bind(), checkfirst=True)
`,
    },
    {
      title: "A type that is made anew",
      code: `-- versions/0001_days.py --
op.create_table("days", sa.Column("mood", sa.Enum("sad", "ok", name="mood")))
-- versions/0002_anew.py --
op.execute("ALTER TYPE mood RENAME TO mood_old")
op.execute("CREATE TYPE mood AS ENUM ('ok', 'sad')")
`,
    },
    {
      title: "A column with a type that is there already",
      code: `op.execute("CREATE TYPE mood AS ENUM ('sad', 'ok')")
op.add_column("users", sa.Column("mood", sa.Enum("sad", "ok", name="mood")))
`,
    },
  ],
  *detect({ judged }) {
    for (const [i, one] of judged.entries()) {
      const types = one.operation.details.enumTypes ?? [];
      if (types.length === 0 || !one.isUnderstood || isGuarded(one) || one.operation.kind === "alter_type") continue;
      for (const { name } of types) {
        const there = one.schema.enumType(name);
        if (typeof there === "string" || there.values === undefined) continue;
        const makers = judged.slice(0, i).filter((other) => other.direction === one.direction && makes(other, name));
        if (remembers(one) && makers.some(remembers)) continue;
        const earlier = makers.length === 0 && one.direction.name === "upgrade";
        const twice: Twice = { ...at(one), type: renderName(name), earlier: earlier && remembers(one), one };
        yield twice;
      }
    }
  },
  message: ({ type, earlier }) =>
    earlier
      ? `The enum "${type}" exists already: this fails wherever the revision that created it has been run before.`
      : `The enum "${type}" exists already at this point: this fails.`,
  repair: {
    safety: "safe",
    title: ({ type }) => `Create "${type}" only if it is not there`,
    edits: ({ one: { operation } }, { file }) =>
      operation.kind === "create_type" && operation.via === "core"
        ? tryEdit(file, (edit) => {
            edit.setArgument(operation, "checkfirst", "True");
          })
        : undefined,
  },
});
