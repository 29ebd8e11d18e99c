import { defineRule } from "./define.ts";
import { newColumns, type NewColumn } from "./new-columns.ts";

export const charType = defineRule({
  id: "char-type",
  group: "correctness",
  severity: "information",
  recommended: false,
  reach: "file",
  dialects: ["postgresql"],
  summary: "A column is padded with spaces to its full length.",
  why: `\`char(n)\` stores the spaces, ignores them when it compares and loses them in a cast to text: lengths and concatenations come out otherwise than anybody expects. It is no faster than text.`,
  instead: `Use \`text\` or \`varchar\`, with a CHECK on the length where it must be exact.`,
  allowed: ["Columns of one character, and arrays."],
  sources: ["https://www.postgresql.org/docs/current/datatype-character.html"],
  options: {},
  examples: [
    {
      title: "A code of a country",
      before: `op.add_column("users", sa.Column("country", sa.CHAR(2)))\n`,
      after: [`op.add_column("users", sa.Column("country", sa.String(2)))\n`],
    },
  ],
  catches: [{ title: "SQL text", code: `op.execute("ALTER TABLE users ADD COLUMN country char(2)")\n` }],
  passes: [
    { title: "A string of limited length", code: `op.add_column("users", sa.Column("country", sa.String(2)))\n` },
    { title: "One character", code: `op.add_column("users", sa.Column("sex", sa.CHAR(1)))\n` },
  ],
  *detect(subject) {
    for (const one of newColumns(subject))
      if (one.type.name === "character" && one.type.arguments[0] !== undefined && one.type.arguments[0] !== "1")
        yield one;
  },
  message: ({ column, type }: NewColumn) =>
    `${column} is char(${type.arguments[0]}): it is padded with spaces that comparisons ignore and casts lose.`,
});
