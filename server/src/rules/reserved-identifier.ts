import { quoteName } from "../model/calls/compile/names.ts";
import { defineRule } from "./define.ts";
import { namesMade } from "./made-names.ts";

/** SQLAlchemy quotes a plain name only where a server keeps the word for itself. */
const isReserved = (name: string): boolean => /^[a-z_][a-z0-9_]*$/.test(name) && quoteName(name, "postgresql") !== name;

export const reservedIdentifier = defineRule({
  id: "reserved-identifier",
  group: "portability",
  severity: "information",
  recommended: false,
  reach: "file",
  summary: "A table or column is called by a word that SQL keeps for itself.",
  why: `SQLAlchemy quotes such names, people do not: \`SELECT * FROM user\` asks PostgreSQL for the name of the current user and is no error. Every query that
is written by hand has to quote the name, for as long as it lives.`,
  instead: `Choose another word: \`users\`, \`position\`, \`sort_order\`.`,
  allowed: [
    "Names of indexes and constraints, which nobody writes in queries.",
    "Words that are reserved in other dialects only.",
  ],
  sources: ["https://www.postgresql.org/docs/current/sql-keywords-appendix.html"],
  options: {},
  examples: [
    {
      title: "A table of users",
      before: `op.create_table("user", sa.Column("id", sa.Integer(), primary_key=True))
`,
      after: [
        `op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
`,
      ],
    },
  ],
  catches: [
    { title: "A column", code: `op.add_column("items", sa.Column("order", sa.Integer()))\n` },
    { title: "A renamed column", code: `op.alter_column("items", "position", new_column_name="offset")\n` },
  ],
  passes: [
    { title: "A word that is not reserved", code: `op.add_column("items", sa.Column("name", sa.Text()))\n` },
    { title: "A column of such a name that is dropped", code: `op.drop_column("items", "order")\n` },
  ],
  *detect(subject) {
    for (const named of namesMade(subject, ["table", "column"])) if (isReserved(named.name)) yield named;
  },
  message: ({ type, name }) =>
    `The ${type} "${name}" is called by a reserved word: every query by hand has to quote it.`,
});
