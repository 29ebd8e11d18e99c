import { defineRule } from "./define.ts";
import { newColumns, type NewColumn } from "./new-columns.ts";

export const timestampWithoutZone = defineRule({
  id: "timestamp-without-zone",
  group: "correctness",
  severity: "information",
  recommended: false,
  reach: "file",
  dialects: ["postgresql"],
  summary: "A point in time is kept without its time zone.",
  why: `Nobody can tell which moment is meant: each client reads the digits in its own time zone, and twice a year an hour is there twice or not at all.`,
  instead: `Use \`timestamptz\`: \`sa.DateTime(timezone=True)\`. It takes no more room.`,
  allowed: [
    "Dates, times of day, and columns whose name ends in `_utc` or `_local`: there somebody has thought of it.",
  ],
  sources: [
    "https://wiki.postgresql.org/wiki/Don%27t_Do_This#Don.27t_use_timestamp_.28without_time_zone.29",
    "https://www.postgresql.org/docs/current/datatype-datetime.html",
  ],
  options: {},
  examples: [
    {
      title: "When a row was made",
      before: `op.add_column("users", sa.Column("created", sa.DateTime()))\n`,
      after: [`op.add_column("users", sa.Column("created", sa.DateTime(timezone=True)))\n`],
    },
  ],
  catches: [{ title: "SQL text", code: `op.execute("ALTER TABLE users ADD COLUMN created timestamp")\n` }],
  passes: [
    { title: "With a time zone", code: `op.add_column("users", sa.Column("created", sa.DateTime(timezone=True)))\n` },
    { title: "A date", code: `op.add_column("users", sa.Column("born", sa.Date()))\n` },
  ],
  *detect(subject) {
    for (const one of newColumns(subject))
      if (one.type.name === "timestamp without time zone" && !/_(?:utc|local)$/.test(one.name)) yield one;
  },
  message: ({ column }: NewColumn) => `${column} has no time zone: nobody can tell which moment it means.`,
});
