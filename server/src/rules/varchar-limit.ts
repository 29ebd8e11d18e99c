import { defineRule } from "./define.ts";
import { newColumns, type NewColumn } from "./new-columns.ts";

export const varcharLimit = defineRule({
  id: "varchar-limit",
  group: "correctness",
  severity: "information",
  recommended: false,
  reach: "file",
  dialects: ["postgresql"],
  summary: "A length is part of a column's type.",
  why: `The limit saves nothing, and to lower it reads and locks the whole table. Values that are too long fail at the INSERT of whoever meets the limit first.`,
  instead: `Use \`text\` (\`sa.Text()\`), and where the limit means something a CHECK constraint, which can be replaced without a rewrite.`,
  allowed: ["Strings without a length."],
  sources: ["https://www.postgresql.org/docs/current/datatype-character.html"],
  options: {},
  examples: [
    {
      title: "A name",
      before: `op.add_column("users", sa.Column("name", sa.String(50)))\n`,
      after: [`op.add_column("users", sa.Column("name", sa.Text()))\n`],
    },
  ],
  catches: [{ title: "SQL text", code: `op.execute("ALTER TABLE users ADD COLUMN name varchar(50)")\n` }],
  passes: [
    { title: "Text", code: `op.add_column("users", sa.Column("name", sa.Text()))\n` },
    { title: "A string without a length", code: `op.add_column("users", sa.Column("name", sa.String()))\n` },
  ],
  *detect(subject) {
    for (const one of newColumns(subject))
      if (one.type.name === "character varying" && one.type.arguments.length > 0 && one.type.enum === undefined)
        yield one;
  },
  message: ({ column, type }: NewColumn) =>
    `${column} is limited to ${type.arguments[0]} characters by its type: text with a CHECK can be changed more easily.`,
});
