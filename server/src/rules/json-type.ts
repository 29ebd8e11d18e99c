import { defineRule } from "./define.ts";
import { newColumns, type NewColumn } from "./new-columns.ts";

export const jsonType = defineRule({
  id: "json-type",
  group: "correctness",
  severity: "information",
  recommended: false,
  reach: "file",
  dialects: ["postgresql"],
  summary: "A column keeps JSON as text.",
  why: `\`json\` keeps the text as it came: it is parsed anew at each access, it has no equality, so SELECT DISTINCT and GROUP BY on it fail, and no index reaches inside.`,
  instead: `Use \`jsonb\`: \`postgresql.JSONB()\`.`,
  allowed: [
    "A column that must give back exactly what was put in, spaces and doubled keys included: allow the rule there with that reason.",
  ],
  sources: ["https://www.postgresql.org/docs/current/datatype-json.html"],
  options: {},
  examples: [
    {
      title: "A column of settings",
      before: `op.add_column("users", sa.Column("settings", sa.JSON()))\n`,
      after: [
        `from sqlalchemy.dialects import postgresql\nop.add_column("users", sa.Column("settings", postgresql.JSONB()))\n`,
      ],
    },
  ],
  catches: [
    { title: "SQL text", code: `op.execute("ALTER TABLE users ADD COLUMN settings json")\n` },
    { title: "A new table", code: `op.create_table("t", sa.Column("id", sa.Integer()), sa.Column("a", sa.JSON()))\n` },
  ],
  passes: [
    {
      title: "A column of type jsonb",
      code: `from sqlalchemy.dialects import postgresql\nop.add_column("users", sa.Column("settings", postgresql.JSONB()))\n`,
    },
    { title: "Text", code: `op.execute("ALTER TABLE users ADD COLUMN settings text")\n` },
  ],
  *detect(subject) {
    for (const one of newColumns(subject)) if (one.type.name === "json") yield one;
  },
  message: ({ column }: NewColumn) =>
    `${column} is json: jsonb can be compared and indexed, and is not parsed at each access.`,
});
