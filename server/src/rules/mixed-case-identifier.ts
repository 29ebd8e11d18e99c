import { defineRule } from "./define.ts";
import { namesMade } from "./made-names.ts";

export const mixedCaseIdentifier = defineRule({
  id: "mixed-case-identifier",
  group: "portability",
  severity: "information",
  recommended: false,
  reach: "file",
  dialects: ["postgresql", "oracle"],
  summary: "The name of a table or column has capital letters, or others that need quotes.",
  why: `Without quotes the server folds names to one case: \`SELECT userId\` asks for \`userid\` and fails. Every query that is written by hand has to quote the
name, for as long as it lives.`,
  instead: `Use small letters, digits and underscores.`,
  allowed: [
    "Names in SQL text without quotes: they are folded already.",
    "Names of indexes and constraints, which nobody writes in queries.",
  ],
  sources: ["https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS"],
  options: {},
  examples: [
    {
      title: "A column in camel case",
      before: `op.add_column("users", sa.Column("firstName", sa.Text()))
`,
      after: [
        `op.add_column("users", sa.Column("first_name", sa.Text()))
`,
      ],
    },
  ],
  catches: [
    { title: "A table", code: `op.create_table("Users", sa.Column("id", sa.Integer()))\n` },
    { title: "A quoted name in SQL", code: `op.execute('CREATE TABLE "User Data" (id integer)')\n` },
  ],
  passes: [
    { title: "Capital letters in SQL without quotes", code: `op.execute("CREATE TABLE Users (Id integer)")\n` },
    { title: "An index", code: `op.create_index("IX_users", "users", ["id"])\n` },
  ],
  *detect(subject) {
    for (const named of namesMade(subject, ["table", "column"]))
      if (!/^[\p{Ll}\p{Lo}_][\p{Ll}\p{Lo}\p{Nd}_$]*$/u.test(named.name)) yield named;
  },
  message: ({ type, name }) => `The ${type} "${name}" has to be written in quotes in every query.`,
});
