import type { Judged } from "../facts/judged.ts";
import { columnsOfType } from "../schema/dependants.ts";
import { joinWords } from "../schema/wording.ts";
import { renderName } from "../sql/action.ts";
import { at, defineRule, type Found } from "./define.ts";
import { lossesIn, upgradeOf } from "./losses.ts";

interface Dropped extends Found {
  readonly type: string;
  /** Columns that still have it: then PostgreSQL refuses. */
  readonly columns: readonly string[];
}

const changesColumns = ({ operation: { kind } }: Judged): boolean =>
  kind === "drop_column" || kind === "drop_table" || kind === "alter_column" || kind === "alter_type";

export const droppedType = defineRule({
  id: "dropped-type",
  group: "compatibility",
  severity: "warning",
  recommended: true,
  dialects: ["postgresql"],
  summary: "A type is dropped that columns still have, or that the running code may still use.",
  why: `PostgreSQL refuses to drop a type while a column has it. Where none does, the old release may still write casts to it (drivers do so for
enums and composite types, unseen), and each such statement fails.`,
  instead: `Change or drop the columns first, release code that does not use the type, and drop it in a later release.`,
  allowed: [
    "A type whose columns are changed or dropped by the same upgrade: that is what breaks the old code, and other rules speak of it.",
    "An enum that no column has, as far as the history tells.",
    "A type that stands there again in the end; one that the upgrade has made itself; downgrades.",
  ],
  sources: ["https://www.postgresql.org/docs/current/sql-droptype.html"],
  options: {},
  examples: [
    {
      title: "A type that a column has",
      before: `-- versions/0001_days.py --
op.create_table("days", sa.Column("mood", sa.Enum("sad", "ok", name="mood")))
-- versions/0002_drop.py --
op.execute("DROP TYPE mood")
`,
      after: [
        `-- versions/0001_days.py --
op.create_table("days", sa.Column("mood", sa.Enum("sad", "ok", name="mood")))
-- versions/0002_drop.py --
op.alter_column("days", "mood", type_=sa.Text(), postgresql_using="mood::text")
op.execute("DROP TYPE mood")
`,
      ],
    },
  ],
  catches: [
    { title: "A domain of which nothing is known", code: `op.execute("DROP DOMAIN positive")\n` },
    { title: "A composite type", code: `op.execute("DROP TYPE address")\n` },
  ],
  passes: [
    {
      title: "An enum whose table is gone",
      code: `-- versions/0001_days.py --
op.create_table("days", sa.Column("mood", sa.Enum("sad", "ok", name="mood")))
-- versions/0002_drop.py --
op.drop_table("days")
-- versions/0003_type.py --
op.execute("DROP TYPE mood")
`,
    },
    {
      title: "The old type of a rebuilt one",
      code: `op.execute("ALTER TYPE mood RENAME TO mood_old")
op.execute("CREATE TYPE mood AS ENUM ('sad')")
op.execute("ALTER TABLE days ALTER mood TYPE mood USING mood::text::mood")
op.execute("DROP TYPE mood_old")
`,
    },
  ],
  yieldsTo: ["cascade"],
  *detect(subject) {
    const upgrade = upgradeOf(subject);
    for (const { one, thing } of lossesIn(subject)) {
      if (one.operation.kind !== "drop_type" || thing.type !== "type") continue;
      const columns = columnsOfType(one.schema, thing.name).map(({ words }) => words);
      const type = one.schema.enumType(thing.name);
      const dropped: Dropped = { ...at(one), type: renderName(thing.name), columns };
      if (columns.length > 0) {
        if (!one.operation.details.cascade) yield dropped;
        continue;
      }
      // An enum of the history that no column has; and one that is dropped only if it is there, and is not.
      if (typeof type === "object" || (type === "absent" && one.operation.details.ifExists)) continue;
      if (!upgrade.some((other) => other.index < one.index && changesColumns(other))) yield dropped;
    }
  },
  message: ({ type, columns }) =>
    columns.length > 0
      ? `PostgreSQL refuses to drop the type "${type}" while ${joinWords(columns)} ${columns.length === 1 ? "has" : "have"} it.`
      : `Code that still uses the type "${type}" fails once this has run.`,
});
