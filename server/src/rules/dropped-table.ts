import type { Judged } from "../facts/judged.ts";
import { isMovedAway } from "../facts/moved.ts";
import { wasParked } from "../facts/parked.ts";
import { keyOf } from "../schema/replay/schema.ts";
import { joinWords } from "../schema/wording.ts";
import { renderName } from "../sql/action.ts";
import { at, defineRule, type Found } from "./define.ts";
import { lossesIn, shared } from "./losses.ts";

interface Dropped extends Found {
  readonly table: string;
  readonly partitions: readonly string[];
}

/** Tables that a batch block of Alembic copies into: one that is there was left by an attempt that failed. */
const leftover = "_alembic_tmp_";

/** It is dropped only if it is there. */
const isAsked = ({ operation: { details, context } }: Judged): boolean =>
  details.ifExists === true || context.some((one) => one.kind === "branch" && one.on === "existence");

export const droppedTable = defineRule({
  id: "dropped-table",
  group: "compatibility",
  severity: "warning",
  recommended: true,
  dialects: shared,
  summary: "A table is dropped that the running code may still use.",
  why: `While the revision runs, and until the last instance of the old release has stopped, queries of that release reach the database.
Each that names the table fails. And its rows are gone: a downgrade brings back an empty table.`,
  instead: `Release code that does not know the table any more, and drop it in a later release; until then it can be renamed, which is undone at once.
If nothing uses it, say so: \`# retort: allow dropped-table because …\` with the release that stopped using it.`,
  allowed: [
    "A table whose rows were copied elsewhere by this revision or by one of the ten before: that is the last step of a move.",
    "A table that an earlier revision has parked: renamed to a name that ends in `_parked`.",
    "A table that no revision makes and that is dropped only if it is there.",
    "A table or view that stands under the same name in the end: the table was made anew.",
    "Tables that the upgrade has made itself, temporary ones, and what Alembic's batch mode leaves behind when it fails.",
    "Downgrades: the way back of a created table drops it by nature.",
    "A partition, as the history tells: what is old goes with its partition, and code names the whole table.",
    "SQLite, whose database belongs to one program.",
  ],
  counted: ["A partitioned table takes its partitions with it; those that the history knows are named."],
  sources: ["https://www.postgresql.org/docs/current/sql-droptable.html"],
  options: {},
  examples: [
    {
      title: "A table that no code uses any more",
      before: `op.drop_table("audit_log")
`,
      after: [
        `# retort: allow dropped-table because no release since 4.2 uses it
op.drop_table("audit_log")
`,
      ],
    },
  ],
  catches: [
    { title: "As SQL, each of several", code: `op.execute("DROP TABLE audit_log, audit_kinds")\n` },
    {
      title: "In a helper",
      code: `def clean(names):
    for name in names:
        op.drop_table(name)


def upgrade():
    clean(["audit_log"])
`,
    },
    { title: "On MySQL", code: `op.drop_table("audit_log")\n`, dialect: "mysql" },
  ],
  passes: [
    {
      title: "A table that is made anew and filled from the old one",
      code: `op.execute("CREATE TABLE users_new (id bigint PRIMARY KEY, name text)")
op.execute("INSERT INTO users_new SELECT id, name FROM users")
op.drop_table("users")
op.rename_table("users_new", "users")
`,
    },
    {
      title: "A table whose rows were moved in the revision before",
      code: `-- versions/0001_move.py --
op.execute("INSERT INTO people (name) SELECT name FROM customers")
-- versions/0002_drop.py --
op.drop_table("customers")
`,
    },
    {
      title: "A table that an earlier revision has parked",
      code: `-- versions/0001_park.py --
op.rename_table("audit_log", "audit_log_parked")
-- versions/0002_drop.py --
op.drop_table("audit_log_parked")
`,
    },
    {
      title: "A scratch table",
      code: `op.execute("CREATE TABLE scratch AS SELECT id FROM users")\nop.drop_table("scratch")\n`,
    },
    {
      title: "The downgrade of a created table",
      code: `def upgrade():
    op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade():
    op.drop_table("t")
`,
    },
    { title: "What Alembic's batch mode left behind", code: `op.execute("DROP TABLE IF EXISTS _alembic_tmp_users")\n` },
  ],
  yieldsTo: ["cascade", "rename-as-drop-and-add"],
  refactorings: ["park-dropped-table"],
  *detect(subject) {
    const { project, file, upgrade } = subject;
    for (const { one, thing } of lossesIn(subject)) {
      if (one.operation.kind !== "drop_table" || thing.type !== "table") continue;
      if (thing.name.name.startsWith(leftover) || isMovedAway(project, file, upgrade, thing)) continue;
      if (wasParked(project, file, thing)) continue;
      const known = one.schema.table(thing.name);
      if (isAsked(one) && known === "absent") continue;
      if (typeof known === "object" && known.partitionOf !== undefined) continue;
      const dropped: Dropped = {
        ...at(one),
        table: renderName(thing.name),
        partitions: [...one.schema.related(thing.name)].flatMap(({ name, partitionOf }) =>
          partitionOf && keyOf(partitionOf) === keyOf(thing.name) ? [`"${renderName(name)}"`] : [],
        ),
      };
      yield dropped;
    }
  },
  message: ({ table, partitions }) =>
    `Code that still uses "${table}" fails once this has run.${partitions.length === 0 ? "" : ` Its ${partitions.length === 1 ? "partition" : "partitions"} ${joinWords(partitions)} ${partitions.length === 1 ? "goes" : "go"} with it.`}`,
});
