import type { Judged } from "../facts/judged.ts";
import { cascadedWithColumn, cascadedWithTable, columnsOfType, viewsOver, type Hanging } from "../schema/dependants.ts";
import { namesMade, namesTaken, sameEntity } from "../schema/names.ts";
import { joinWords } from "../schema/wording.ts";
import { renderName, type Entity } from "../sql/action.ts";
import { at, defineRule, type Found } from "./define.ts";

interface Along extends Found {
  readonly what: string;
  readonly along: readonly string[];
  /** More may hang on it than the history tells. */
  readonly more: boolean;
}

interface Known {
  readonly along: readonly Hanging[];
  readonly more: boolean;
}

/** What the history knows to hang on a thing, and whether that is all. */
function hangingOn({ schema, operation }: Judged, { type, name, column }: Entity): Known {
  const table = type === "table" || type === "column" ? schema.table(name) : undefined;
  const more =
    schema.doubt !== undefined || typeof table === "string" || (typeof table === "object" && table.doubt !== undefined);
  switch (type) {
    case "table":
      return { along: cascadedWithTable(schema, name), more };
    case "column":
      // Of a view it is not known which columns it reads.
      return {
        along: cascadedWithColumn(schema, name, column ?? ""),
        more: more || viewsOver(schema, name).length > 0,
      };
    case "view":
      return { along: viewsOver(schema, name), more: schema.doubt !== undefined };
    case "type":
      return { along: columnsOfType(schema, name), more };
    case "constraint": {
      const own = operation.table && schema.table(operation.table);
      const key = typeof own === "object" ? own.constraints.find((one) => one.name === name.name) : undefined;
      const isKey = key === undefined || key.type === "primary_key" || key.type === "unique";
      if (!isKey || !operation.table) return { along: [], more: false };
      const columns = key?.columns ?? [];
      const along = columns.flatMap((one) => (operation.table ? cascadedWithColumn(schema, operation.table, one) : []));
      return {
        along: along.filter((one, i) => along.findIndex(({ words }) => words === one.words) === i),
        more: more || key === undefined,
      };
    }
    default:
      return { along: [], more: true };
  }
}

const words = ({ type, name, column }: Entity): string =>
  type === "column" ? `"${renderName(name)}.${column ?? ""}"` : `the ${type} "${renderName(name)}"`;

/** A constraint or view that the same direction makes again: it is replaced. */
const isMadeAgain = (name: string | undefined, one: Judged, after: readonly Judged[]): boolean =>
  name !== undefined &&
  after.some(
    ({ operation, direction }) =>
      direction === one.direction && operation.kind.startsWith("create_") && operation.name === name,
  );

export const cascade = defineRule({
  id: "cascade",
  group: "compatibility",
  severity: "warning",
  recommended: true,
  dialects: ["postgresql"],
  summary: "CASCADE drops what hangs on a thing as well, without naming it.",
  why: `Views, foreign keys, defaults, columns of a type, tables of a schema: all that depends goes without a word, also what was made by others
and what no revision knows. No downgrade brings it back.`,
  instead: `Leave CASCADE out and drop what hangs on it by name: then the revision says what goes, its downgrade can bring it back, and
PostgreSQL refuses where something was forgotten.`,
  allowed: [
    "A thing of which the history knows all, and on which nothing hangs.",
    "What hangs on it and is made again under its name by the same revision.",
    "Schemas and extensions: `dropped-schema` and `dropped-extension` speak of them.",
    "TRUNCATE … CASCADE: `truncate` speaks of it.",
    "Things that the revision has made itself; downgrades, where nothing is known to hang on it.",
  ],
  counted: ["A constraint that foreign keys of other tables need."],
  sources: ["https://www.postgresql.org/docs/current/ddl-depend.html"],
  options: {},
  examples: [
    {
      title: "A table that a view reads",
      before: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
op.execute("CREATE VIEW active_users AS SELECT id FROM users")
-- versions/0002_drop.py --
op.execute("DROP TABLE users CASCADE")
`,
      after: [
        `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
op.execute("CREATE VIEW active_users AS SELECT id FROM users")
-- versions/0002_drop.py --
op.execute("DROP VIEW active_users")
op.execute("DROP TABLE users")
`,
      ],
    },
  ],
  catches: [
    {
      title: "A key that a foreign key needs",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
op.create_table("orders", sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id")))
-- versions/0002_drop.py --
op.execute("ALTER TABLE users DROP CONSTRAINT users_pkey CASCADE")
`,
    },
    { title: "A function, of which nothing is known", code: `op.execute("DROP FUNCTION slug(text) CASCADE")\n` },
    {
      title: "A type that columns have",
      code: `-- versions/0001_days.py --
op.create_table("days", sa.Column("mood", sa.Enum("sad", "ok", name="mood")))
-- versions/0002_drop.py --
op.execute("DROP TYPE mood CASCADE")
`,
    },
  ],
  passes: [
    {
      title: "A table on which nothing hangs",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
-- versions/0002_drop.py --
op.execute("DROP TABLE users CASCADE")
`,
    },
    {
      title: "A view of its own",
      code: `op.execute("CREATE VIEW v AS SELECT 1 AS a")\nop.execute("DROP VIEW v CASCADE")\n`,
    },
    {
      title: "ON DELETE CASCADE",
      code: `op.create_foreign_key("fk", "a", "b", ["b_id"], ["id"], ondelete="CASCADE")\n`,
    },
  ],
  *detect({ judged }) {
    for (const [i, one] of judged.entries()) {
      const { kind, details } = one.operation;
      const speaks = kind !== "drop_schema" && kind !== "drop_extension" && kind.startsWith("drop_");
      if (!details.cascade || !speaks || !one.isUnderstood) continue;
      const before = judged.slice(0, i).filter(({ direction }) => direction === one.direction);
      for (const thing of namesTaken(one.operation)) {
        const isOwn = before.some(({ operation }) => namesMade(operation).some((made) => sameEntity(made, thing)));
        if (isOwn || (thing.type === "table" && one.origin(thing.name) !== "existing")) continue;
        const known = hangingOn(one, thing);
        const along = known.along
          .filter(({ name }) => !isMadeAgain(name, one, judged.slice(i + 1)))
          .map(({ words: said }) => said);
        const more = known.more && known.along.length === along.length;
        const found: Along = { ...at(one), what: words(thing), along, more };
        if (along.length > 0 || (more && one.direction.name === "upgrade")) yield found;
      }
    }
  },
  message: ({ what, along, more }) =>
    along.length === 0
      ? `CASCADE drops whatever hangs on ${what} as well, and says nothing of it.`
      : `CASCADE drops ${joinWords(along)} with ${what}${more ? ", and whatever else hangs on it" : ""}.`,
});
