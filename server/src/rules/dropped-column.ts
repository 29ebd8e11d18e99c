import { isMovedAway } from "../facts/moved.ts";
import { wasParked } from "../facts/parked.ts";
import { droppedWithColumn } from "../schema/dependants.ts";
import { keyOf } from "../schema/replay/schema.ts";
import { joinWords } from "../schema/wording.ts";
import { renderName } from "../sql/action.ts";
import type { Found, Table } from "../schema/state.ts";
import { at, defineRule, type Found as Finding } from "./define.ts";

import { lossesIn, shared, type Loss } from "./losses.ts";

interface Dropped extends Finding {
  readonly columns: readonly string[];
  readonly along: readonly string[];
}

/** Constraints and indexes that PostgreSQL drops with the column, where all of its table is known. */
function alongWith({ one, thing }: Loss): readonly string[] {
  const table = one.schema.table(thing.name);
  return typeof table === "object" && table.doubt === undefined ? droppedWithColumn(table, thing.column ?? "") : [];
}

/** The replay knows that the column is not there: whatever that is, nobody loses it here. */
const isMissing = (table: Found<Table>, column: string): boolean =>
  typeof table === "object" && table.doubt === undefined && !table.columns.some(({ name }) => name === column);

function byTable(losses: readonly Loss[]): Iterable<readonly Loss[]> {
  const groups = new Map<string, Loss[]>();
  for (const loss of losses) {
    const key = keyOf(loss.thing.name);
    groups.set(key, [...(groups.get(key) ?? []), loss]);
  }
  return groups.values();
}

export const droppedColumn = defineRule({
  id: "dropped-column",
  group: "compatibility",
  severity: "warning",
  recommended: true,
  dialects: shared,
  summary: "A column is dropped that the running code may still name.",
  why: `While the revision runs, and until the last instance of the old release has stopped, queries of that release reach the database.
Each that names the column fails; an ORM names every column of a model in each SELECT and INSERT, whether the code uses it or not. And what the
column held is gone: a downgrade brings back an empty one.`,
  instead: `Release code that does not know the column any more, and drop it in a later release; until then it can be renamed, which is undone at once. If that has been done, say so:
\`# retort: allow dropped-column because …\` with the release that stopped using it.`,
  allowed: [
    "The last step of an expand, backfill, contract chain: rows were copied out of the column by this revision or by one of the ten before.",
    "A column that an earlier revision has parked: renamed to a name that ends in `_parked`.",
    "A column that comes back under its name in the same upgrade.",
    "Downgrades: the way back of an added column drops it by nature.",
    "SQLite, whose database belongs to one program.",
  ],
  counted: [
    "On PostgreSQL constraints and indexes on the column go with it without a word, those on other columns beside it included: they are named.",
  ],
  sources: [
    "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-DROP-COLUMN",
    "https://docs.sqlalchemy.org/en/20/orm/queryguide/columns.html",
  ],
  options: {},
  examples: [
    {
      title: "A column that no code uses any more",
      before: `op.drop_column("users", "fax")
`,
      after: [
        `# retort: allow dropped-column because no release since 4.2 uses it
op.drop_column("users", "fax")
`,
      ],
    },
  ],
  catches: [
    {
      title: "In a batch block",
      code: `with op.batch_alter_table("users") as batch:
    batch.drop_column("fax")
`,
    },
    { title: "As SQL", code: `op.execute("ALTER TABLE users DROP COLUMN fax")\n` },
    { title: "On MySQL", code: `op.drop_column("users", "fax")\n`, dialect: "mysql" },
    {
      title: "A column that is replaced by another one with nothing copied",
      code: `op.add_column("users", sa.Column("email", sa.Text()))\nop.drop_column("users", "fax")\n`,
    },
  ],
  passes: [
    {
      title: "The contract step after a copy in the revision before",
      code: `-- versions/0001_backfill.py --
op.execute("UPDATE users SET full_name = first_name || ' ' || last_name WHERE id < 1000")
-- versions/0002_contract.py --
op.drop_column("users", "first_name")
op.drop_column("users", "last_name")
`,
    },
    {
      title: "A column that an earlier revision has parked",
      code: `-- versions/0001_park.py --
op.alter_column("users", "fax", new_column_name="fax_parked")
-- versions/0002_drop.py --
op.drop_column("users", "fax_parked")
`,
    },
    {
      title: "A helper column that the upgrade has made itself",
      code: `op.add_column("users", sa.Column("keep", sa.Boolean()))
op.execute("DELETE FROM users WHERE NOT keep")
op.drop_column("users", "keep")
`,
    },
    {
      title: "A column of a table that the upgrade has made",
      code: `op.create_table("t", sa.Column("a", sa.Integer()), sa.Column("b", sa.Integer()))\nop.drop_column("t", "b")\n`,
    },
    {
      title: "The downgrade of an added column",
      code: `def upgrade():
    op.add_column("users", sa.Column("fax", sa.Text()))


def downgrade():
    op.drop_column("users", "fax")
`,
    },
  ],
  yieldsTo: ["cascade", "rename-as-drop-and-add"],
  refactorings: ["park-dropped-column", "split-json-column", "normalize-list-column", "flag-from-nullable"],
  *detect(subject) {
    const { project, file, upgrade } = subject;
    const gone = lossesIn(subject).filter(
      ({ one, thing }) =>
        one.operation.kind === "drop_column" &&
        thing.type === "column" &&
        !isMovedAway(project, file, upgrade, thing) &&
        !wasParked(project, file, thing) &&
        !isMissing(one.schema.table(thing.name), thing.column ?? ""),
    );
    // Columns of one table go for one reason.
    for (const [first, ...others] of byTable(gone)) {
      if (first === undefined) continue;
      const all = [first, ...others];
      const dropped: Dropped = {
        ...at(first.one),
        columns: [...new Set(all.map(({ thing }) => `"${renderName(thing.name)}.${thing.column ?? ""}"`))],
        along: project.config.dialect === "postgresql" ? [...new Set(all.flatMap(alongWith))] : [],
        related: others
          .filter(({ one }) => one.operation.nameRange.start !== first.one.operation.nameRange.start)
          .map(({ one, thing }) => ({
            range: one.operation.nameRange,
            message: `drops "${renderName(thing.name)}.${thing.column ?? ""}"`,
          })),
      };
      yield dropped;
    }
  },
  message: ({ columns, along }) =>
    `Code that still names ${columns.length === 1 ? "" : "any of "}${joinWords(columns)} fails once this has run.${along.length === 0 ? "" : ` With ${columns.length === 1 ? "it" : "them"} ${along.length === 1 ? "goes" : "go"} ${joinWords(along)}.`}`,
});
