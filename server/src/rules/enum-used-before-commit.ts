import type { Judged } from "../facts/judged.ts";
import { addedBefore, addedBy, usesValue, type AddedBefore, type AddedValue } from "../facts/enum-values.ts";
import { tryEdit } from "../rewrite/edit.ts";
import { keyOf } from "../schema/replay/schema.ts";
import { renderName } from "../sql/action.ts";
import { at, defineRule, type Found } from "./define.ts";

interface Used extends Found {
  readonly value: string;
  readonly type: string;
  /** The operation of this revision that adds it. */
  readonly adding?: Judged;
  /** The revision that adds it, in the same transaction. */
  readonly revision?: string;
}

/** From 17 on a value may be used where its type was made in the same transaction as well. */
const isOwnType = (before: readonly Judged[], { type }: AddedValue): boolean =>
  before.some(({ operation }) =>
    (operation.details.enumTypes ?? []).some(
      (made) => operation.kind !== "alter_type" && keyOf(made.name) === keyOf(type),
    ),
  );

interface Adding {
  readonly adding: Judged;
  readonly added: AddedValue;
}

/** With IF NOT EXISTS, too: where it is there already, the use is right, but who would add it then? */
const addingIn = (judged: readonly Judged[]): readonly Adding[] =>
  judged.flatMap((adding) => {
    const added = adding.isAutocommit ? undefined : addedBy(adding);
    return added ? [{ adding, added }] : [];
  });

const isOpenAt = ({ adding }: Adding, one: Judged): boolean =>
  adding.direction === one.direction && adding.index < one.index && adding.transaction === one.transaction;

const foundOf = (one: Judged, { value, type }: AddedValue): Pick<Used, "at" | "value" | "type"> => ({
  at: at(one).at,
  value,
  type: renderName(type),
});

export const enumUsedBeforeCommit = defineRule({
  id: "enum-used-before-commit",
  group: "correctness",
  severity: "error",
  recommended: true,
  dialects: ["postgresql"],
  summary: "A new value of an enum is used in the transaction that adds it.",
  why: `PostgreSQL refuses: *unsafe use of new value of enum type*. A new value can be used only after the transaction that added it has been
committed, be it in an INSERT, an UPDATE, a comparison, a default or the condition of an index. With Alembic's usual env.py all revisions of
one \`alembic upgrade\` share a transaction, so that two revisions that were right one after the other fail together: on a new
database, in CI, on a server that is several revisions behind.`,
  instead: `Add the value in an autocommit block: \`with op.get_context().autocommit_block():\`. Where another revision uses it,
\`transaction_per_migration=True\` in env.py does as well.`,
  allowed: [
    "A value that is added in an autocommit block, or before one that ends the transaction.",
    "Two revisions, where env.py gives each a transaction of its own.",
    "A comparison as text (`mood::text = 'glad'`).",
    "Constants that are parameters of a statement, and columns whose type is not known.",
  ],
  sources: [
    "https://www.postgresql.org/docs/current/sql-altertype.html#SQL-ALTERTYPE-NOTES",
    "https://alembic.sqlalchemy.org/en/latest/api/runtime.html#alembic.runtime.migration.MigrationContext.autocommit_block",
  ],
  options: {},
  examples: [
    {
      title: "A new value that is the default at once",
      before: `-- versions/0001_days.py --
op.execute("CREATE TYPE mood AS ENUM ('sad', 'ok')")
op.execute("CREATE TABLE days (mood mood)")
-- versions/0002_glad.py --
op.execute("ALTER TYPE mood ADD VALUE 'glad'")
op.alter_column("days", "mood", server_default="glad")
`,
      after: [
        `-- versions/0001_days.py --
op.execute("CREATE TYPE mood AS ENUM ('sad', 'ok')")
op.execute("CREATE TABLE days (mood mood)")
-- versions/0002_glad.py --
with op.get_context().autocommit_block():
    op.execute("ALTER TYPE mood ADD VALUE 'glad'")
op.alter_column("days", "mood", server_default="glad")
`,
      ],
    },
  ],
  catches: [
    {
      title: "An UPDATE in the next revision, where all share a transaction",
      code: `-- env.py --
from alembic import context

context.configure(connection=None)
-- versions/0001_days.py --
op.execute("CREATE TYPE mood AS ENUM ('sad', 'ok')")
op.execute("CREATE TABLE days (id int, mood mood)")
-- versions/0002_glad.py --
op.execute("ALTER TYPE mood ADD VALUE 'glad'")
-- versions/0003_use.py --
op.execute("UPDATE days SET mood = 'glad' WHERE id = 1")
`,
    },
    {
      title: "Rows that are inserted by SQLAlchemy",
      code: `-- versions/0001_days.py --
op.create_table("days", sa.Column("mood", sa.Enum("sad", "ok", name="mood")))
-- versions/0002_glad.py --
op.execute("ALTER TYPE mood ADD VALUE 'glad'")
op.bulk_insert(sa.table("days", sa.column("mood")), [{"mood": "glad"}])
`,
    },
    {
      title: "A comparison",
      code: `-- versions/0001_days.py --
op.create_table("days", sa.Column("id", sa.Integer()), sa.Column("mood", sa.Enum("sad", "ok", name="mood")))
-- versions/0002_glad.py --
op.execute("ALTER TYPE mood ADD VALUE 'glad'")
op.create_index("ix", "days", ["id"], postgresql_where=sa.text("mood = 'glad'"))
`,
    },
  ],
  passes: [
    {
      title: "An UPDATE in the next revision, where each has its own transaction",
      code: `-- versions/0001_days.py --
op.execute("CREATE TYPE mood AS ENUM ('sad', 'ok')")
op.execute("CREATE TABLE days (id int, mood mood)")
-- versions/0002_glad.py --
op.execute("ALTER TYPE mood ADD VALUE 'glad'")
-- versions/0003_use.py --
op.execute("UPDATE days SET mood = 'glad' WHERE id = 1")
`,
    },
    {
      title: "The same word in a column of text",
      code: `-- versions/0001_days.py --
op.execute("CREATE TYPE mood AS ENUM ('sad', 'ok')")
op.execute("CREATE TABLE days (note text, mood mood)")
-- versions/0002_glad.py --
op.execute("ALTER TYPE mood ADD VALUE 'glad'")
op.execute("UPDATE days SET note = 'glad'")
`,
    },
    {
      title: "Another value",
      code: `-- versions/0001_days.py --
op.execute("CREATE TYPE mood AS ENUM ('sad', 'ok')")
op.execute("CREATE TABLE days (note text, mood mood)")
-- versions/0002_glad.py --
op.execute("ALTER TYPE mood ADD VALUE 'glad'")
op.execute("UPDATE days SET mood = 'ok'")
`,
    },
    {
      title: "A comparison as text",
      code: `-- versions/0001_days.py --
op.execute("CREATE TYPE mood AS ENUM ('sad', 'ok')")
op.execute("CREATE TABLE days (note text, mood mood)")
-- versions/0002_glad.py --
op.execute("ALTER TYPE mood ADD VALUE 'glad'")
op.execute("UPDATE days SET note = 'x' WHERE mood::text = 'glad'")
`,
    },
  ],
  *detect({ judged, project, file, versions }) {
    const before = addedBefore(project, file);
    const isAlwaysNew = versions?.every((version) => version >= 17) ?? false;
    const all = addingIn(judged);
    if (all.length === 0 && before.length === 0) return;
    const [first] = judged;
    for (const [i, one] of judged.entries()) {
      if (!one.isUnderstood) continue;
      for (const { adding, added } of all.filter((each) => isOpenAt(each, one))) {
        if (isAlwaysNew && isOwnType(judged.slice(0, i), added)) continue;
        const used: Used = {
          ...foundOf(one, added),
          adding,
          direction: one.direction.name,
          related: [{ range: adding.operation.nameRange, message: `"${added.value}" is added here` }],
        };
        if (usesValue(one, added)) yield used;
      }
      const begins = one.direction.name === "upgrade" && one.transaction === first?.transaction && !one.isAutocommit;
      const [other] = begins ? before.filter((added) => usesValue(one, added)) : [];
      if (other) yield fromBefore(one, other);
    }
  },
  message: ({ value, type, revision }) =>
    revision === undefined
      ? `PostgreSQL refuses to use "${value}" of the enum "${type}" before the transaction that adds it has ended.`
      : `This fails where it runs in one upgrade with ${revision}, which adds "${value}" to the enum "${type}": env.py runs both in one transaction.`,
  repair: {
    safety: "unsafe",
    title: ({ value }) => `Add "${value}" in an autocommit block`,
    edits: ({ adding }, { file }) =>
      adding &&
      tryEdit(file, (edit) => {
        edit.autocommit(adding.operation);
      }),
  },
});

const fromBefore = (one: Judged, other: AddedBefore): Used => ({
  ...foundOf(one, other),
  direction: one.direction.name,
  revision: other.revision,
});
