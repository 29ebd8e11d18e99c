import type { Judged } from "../facts/judged.ts";
import { namesTaken } from "../schema/names.ts";
import { keyOf, plainName } from "../schema/replay/schema.ts";
import { joinWords } from "../schema/wording.ts";
import { renderName, type QualifiedName } from "../sql/action.ts";
import type { ColumnType } from "../sql/definition.ts";
import { at, defineRule, type Found } from "./define.ts";
import { typeOf, upgradeOf } from "./losses.ts";

interface Removed extends Found {
  /** Of what: an enum type, or a column that holds the list itself. */
  readonly of: string;
  readonly values: readonly string[];
  /** Rows of the catalog are deleted by hand. */
  readonly catalog?: true;
}

interface Change {
  readonly of: string;
  readonly before: readonly string[] | undefined;
  readonly after: readonly string[] | undefined;
  readonly renamed?: readonly string[];
}

/** `ENUM('a','b')` of MySQL lists its values as it was written. */
const listOf = (type: ColumnType | undefined): readonly string[] | undefined =>
  type?.name.toUpperCase() === "ENUM"
    ? type.arguments.map((text) => text.slice(1, -1).replaceAll("''", "'"))
    : type?.enum?.values;

/** The type is given all of its values anew (alembic_postgresql_enum). */
function replaced(one: Judged): Change | undefined {
  const type = typeOf(one);
  const [whole] = one.operation.details.enumTypes ?? [];
  const known = type && whole ? one.schema.enumType(type) : undefined;
  if (!type || !whole || typeof known !== "object") return undefined;
  const renamed = (one.operation.details.renamedValues ?? []).map(({ from }) => from);
  return { of: `the enum "${renderName(plainName(type))}"`, before: known.values, after: whole.values, renamed };
}

/** A type of the same name was renamed or dropped before: this is the usual way to get rid of a value. */
function rebuilt(one: Judged, before: readonly Judged[]): Change | undefined {
  const [type] = one.operation.details.enumTypes ?? [];
  if (!type) return undefined;
  const taking = before.find(({ operation }) =>
    namesTaken(operation).some((thing) => thing.type === "type" && keyOf(thing.name) === keyOf(type.name)),
  );
  const old = taking?.schema.enumType(type.name);
  if (typeof old !== "object") return undefined;
  return { of: `the enum "${renderName(plainName(type.name))}"`, before: old.values, after: type.values };
}

/** The column gets another list, or another type with one. */
function retyped(one: Judged): Change | undefined {
  const { table, columns, details } = one.operation;
  const [column] = columns;
  const known = table && one.schema.table(table);
  if (!table || column === undefined || !one.isOnExistingTable) return undefined;
  const standing = typeof known === "object" ? known.columns.find(({ name }) => name === column)?.type : undefined;
  const [from, to] = [standing ?? details.existing?.type, details.newSqlType];
  // PostgreSQL converts to the type of that name as it is there, whatever values are listed here.
  if (from?.enum && to?.enum && keyOf(from.enum.name) === keyOf(to.enum.name)) return undefined;
  return { of: `"${renderName(table)}.${column}"`, before: listOf(from), after: listOf(to) };
}

function changeOf(one: Judged, upgrade: readonly Judged[]): Change | undefined {
  switch (one.operation.kind) {
    case "alter_type":
      return replaced(one);
    case "create_type":
      return rebuilt(
        one,
        upgrade.filter(({ index }) => index < one.index),
      );
    case "alter_column":
      return retyped(one);
    default:
      return undefined;
  }
}

const isCatalog = ({ name, schema }: QualifiedName): boolean =>
  name === "pg_enum" && (schema === undefined || schema === "pg_catalog");

export const enumValueRemoved = defineRule({
  id: "enum-value-removed",
  group: "compatibility",
  severity: "warning",
  recommended: true,
  dialects: ["postgresql", "mysql", "mariadb"],
  summary: "A value of an enum is taken away.",
  why: `The old release may still write the value, or compare with it, and each such statement then fails. If a row holds it, the change
itself fails: PostgreSQL refuses to convert it, and so does MySQL in strict mode (else it puts an empty string in its place). On PostgreSQL
the type must be made anew, and every table with a column of it is written anew while nobody can read it.`,
  instead: `Leave the value where it is: one that nobody uses costs nothing. Else release code that does not use it, change the rows that hold
it in batches, and make the type anew in a later revision.`,
  allowed: [
    "Values that were not known before: those of a type that the history does not create, or that something was done to that was not understood.",
    "Values that `enum_values_to_rename` renames: `enum-value-renamed` speaks of them.",
    "Downgrades: the way back of an added value removes it by nature.",
  ],
  counted: [
    "DELETE FROM pg_enum: PostgreSQL checks nothing, and rows that hold the value cannot be read any more.",
    "A column that is converted to another enum with fewer values.",
  ],
  sources: [
    "https://www.postgresql.org/docs/current/datatype-enum.html",
    "https://dev.mysql.com/doc/refman/8.4/en/enum.html",
  ],
  options: {},
  examples: [
    {
      title: "A type that is made anew with fewer values",
      before: `-- versions/0001_days.py --
op.create_table("days", sa.Column("mood", sa.Enum("sad", "ok", "meh", name="mood")))
-- versions/0002_drop.py --
op.execute("ALTER TYPE mood RENAME TO mood_old")
op.execute("CREATE TYPE mood AS ENUM ('sad', 'ok')")
op.execute("ALTER TABLE days ALTER mood TYPE mood USING mood::text::mood")
op.execute("DROP TYPE mood_old")
`,
      after: [
        `-- versions/0001_days.py --
op.create_table("days", sa.Column("mood", sa.Enum("sad", "ok", "meh", name="mood")))
-- versions/0002_change.py --
op.execute("UPDATE days SET mood = 'ok' WHERE mood = 'meh'")
`,
      ],
    },
  ],
  catches: [
    {
      title: "By alembic_postgresql_enum",
      code: `-- versions/0001_days.py --
op.create_table("days", sa.Column("mood", sa.Enum("sad", "ok", "meh", name="mood")))
-- versions/0002_drop.py --
op.sync_enum_values("public", "mood", ["sad", "ok"], [("days", "mood")])
`,
    },
    { title: "Out of the catalog", code: `op.execute("DELETE FROM pg_enum WHERE enumlabel = 'meh'")\n` },
    {
      title: "A column's own list on MySQL",
      code: `op.alter_column("days", "mood", existing_type=sa.Enum("sad", "ok", "meh"), type_=sa.Enum("sad", "ok"))\n`,
      dialect: "mysql",
    },
  ],
  passes: [
    {
      title: "A type that is made anew with more values",
      code: `-- versions/0001_days.py --
op.create_table("days", sa.Column("mood", sa.Enum("sad", "ok", name="mood")))
-- versions/0002_add.py --
op.execute("ALTER TYPE mood RENAME TO mood_old")
op.execute("CREATE TYPE mood AS ENUM ('sad', 'ok', 'meh')")
op.execute("ALTER TABLE days ALTER mood TYPE mood USING mood::text::mood")
op.execute("DROP TYPE mood_old")
`,
    },
    {
      title: "A list in another order",
      code: `op.alter_column("days", "mood", existing_type=sa.Enum("sad", "ok"), type_=sa.Enum("ok", "sad"))\n`,
      dialect: "mysql",
    },
    {
      title: "The downgrade of an added value",
      code: `def upgrade():
    op.sync_enum_values("public", "mood", ["sad", "ok"], [("days", "mood")])


def downgrade():
    op.sync_enum_values("public", "mood", ["sad"], [("days", "mood")])
`,
    },
  ],
  refactorings: ["rebuild-enum"],
  *detect(subject) {
    const upgrade = upgradeOf(subject);
    for (const one of upgrade) {
      if (!one.isUnderstood) continue;
      const { kind, table } = one.operation;
      if (kind === "delete" && table && isCatalog(table)) {
        const removed: Removed = { ...at(one), of: "", values: [], catalog: true };
        yield removed;
        continue;
      }
      const change = changeOf(one, upgrade);
      const { before, after } = change ?? {};
      if (!change || !before || !after) continue;
      const gone = before.filter((value) => !after.includes(value) && !change.renamed?.includes(value));
      const removed: Removed = { ...at(one), of: change.of, values: gone.map((value) => `"${value}"`) };
      if (gone.length > 0) yield removed;
    }
  },
  message: ({ of, values, catalog }) =>
    catalog
      ? "Rows that hold the value cannot be read any more once it is deleted from pg_enum: PostgreSQL does not look for them."
      : `Rows of ${of} that hold ${joinWords(values)} make this fail, and code that still says so fails once it has run.`,
});
