import type { Judged } from "../facts/judged.ts";
import { keyOf } from "../schema/replay/schema.ts";
import { renderName } from "../sql/action.ts";
import { at, defineRule, type Found } from "./define.ts";
import { shared, upgradeOf } from "./losses.ts";

interface Dropped extends Found {
  readonly column: string;
  readonly isNew: boolean;
}

const isAbout = ({ operation }: Judged, one: Judged): boolean =>
  operation.table !== undefined &&
  one.operation.table !== undefined &&
  keyOf(operation.table) === keyOf(one.operation.table) &&
  operation.columns.includes(one.operation.columns[0] ?? "");

/** The column gets another default, may be NULL, or goes. */
const isRelieved = (later: Judged, one: Judged): boolean =>
  isAbout(later, one) &&
  (later.operation.kind === "drop_column" ||
    later.operation.details.serverDefault === true ||
    later.operation.details.identity !== undefined ||
    later.operation.details.nullable === true);

export const droppedDefault = defineRule({
  id: "dropped-default",
  group: "compatibility",
  severity: "warning",
  recommended: false,
  dialects: shared,
  summary: "A NOT NULL column loses its default while code still inserts rows without it.",
  why: `An INSERT that leaves the column out took the default so far, and fails from now on. That is what the old release does, above all with a
column that the same upgrade has added, which it cannot know.`,
  instead: `Keep the default until every release that runs gives a value by itself, and drop it in a later revision; or keep it for good.`,
  allowed: [
    "Columns that may be NULL, and those of which that is not known.",
    "A default that is replaced by another, or by an identity, in the same upgrade.",
    "Tables that the revision has made itself; downgrades; SQLite.",
  ],
  sources: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DROP-DEFAULT"],
  options: {},
  examples: [
    {
      title: "A default that was only meant for the rows that were there",
      before: `op.add_column("users", sa.Column("status", sa.Text(), nullable=False, server_default="new"))
op.alter_column("users", "status", server_default=None)
`,
      after: [
        `op.add_column("users", sa.Column("status", sa.Text(), nullable=False, server_default="new"))
`,
      ],
    },
  ],
  catches: [
    {
      title: "A default of long ago",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("status", sa.Text(), nullable=False, server_default="new"))
-- versions/0002_drop.py --
op.execute("ALTER TABLE users ALTER status DROP DEFAULT")
`,
    },
    {
      title: "What Alembic is told of the column",
      code: `op.alter_column("users", "status", existing_nullable=False, existing_server_default="new", server_default=None)\n`,
    },
  ],
  passes: [
    {
      title: "A column that may be NULL",
      code: `op.add_column("users", sa.Column("status", sa.Text(), server_default="new"))\nop.alter_column("users", "status", server_default=None)\n`,
    },
    {
      title: "Another default",
      code: `op.alter_column("users", "status", existing_nullable=False, existing_server_default="new", server_default=None)
op.alter_column("users", "status", server_default="fresh")
`,
    },
    { title: "A column of which nothing is known", code: `op.alter_column("users", "status", server_default=None)\n` },
  ],
  *detect(subject) {
    const upgrade = upgradeOf(subject);
    for (const [i, one] of upgrade.entries()) {
      const { table, columns, details, kind } = one.operation;
      const [name] = columns;
      if (kind !== "alter_column" || details.serverDefault !== false || !table || name === undefined) continue;
      if (!one.isUnderstood || !one.isOnExistingTable || details.nullable === true) continue;
      const known = one.schema.table(table);
      const column = typeof known === "object" ? known.columns.find((each) => each.name === name) : undefined;
      const nullable = details.nullable ?? column?.nullable ?? details.existing?.nullable;
      const had = column?.default ?? details.existing?.default;
      if (nullable !== false || !had || column?.computed || column?.identity || details.identity !== undefined)
        continue;
      if (upgrade.slice(i + 1).some((later) => isRelieved(later, one))) continue;
      const isNew = upgrade
        .slice(0, i)
        .some((before) => before.operation.kind === "add_column" && isAbout(before, one));
      const dropped: Dropped = { ...at(one), column: `${renderName(table)}.${name}`, isNew };
      yield dropped;
    }
  },
  message: ({ column, isNew }) =>
    isNew
      ? `INSERTs of code that does not know "${column}" yet fail once this has run: it is NOT NULL and has no default any more.`
      : `INSERTs that leave out "${column}" fail once this has run: it is NOT NULL and has no default any more.`,
});
