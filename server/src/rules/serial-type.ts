import { defineRule } from "./define.ts";
import { newColumns, type NewColumn } from "./new-columns.ts";

export const serialType = defineRule({
  id: "serial-type",
  group: "correctness",
  severity: "information",
  recommended: false,
  reach: "file",
  dialects: ["postgresql"],
  summary: "A column is numbered by serial.",
  why: `The sequence of a serial column is a thing of its own: rights on the table do not reach it, it survives in surprising ways when the column is copied or renamed, and anybody may write over its values.`,
  instead: `Use an identity column: \`sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True)\`.`,
  allowed: ["Identity columns, and keys that nothing numbers."],
  sources: [
    "https://wiki.postgresql.org/wiki/Don%27t_Do_This#Don.27t_use_serial",
    "https://www.postgresql.org/docs/current/ddl-identity-columns.html",
  ],
  options: {},
  examples: [
    {
      title: "A key",
      before: `op.execute("CREATE TABLE t (id serial PRIMARY KEY)")\n`,
      after: [`op.execute("CREATE TABLE t (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY)")\n`],
    },
  ],
  catches: [
    {
      title: "What SQLAlchemy makes of an integer key",
      code: `op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True))\n`,
    },
  ],
  passes: [
    {
      title: "An identity",
      code: `op.create_table("t", sa.Column("id", sa.Integer(), sa.Identity(), primary_key=True))\n`,
    },
    {
      title: "A key that nothing numbers",
      code: `op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False))\n`,
    },
  ],
  *detect(subject) {
    for (const one of newColumns(subject)) if (one.definition.serial === true) yield one;
  },
  message: ({ column }: NewColumn) => `${column} is a serial column: an identity column keeps its sequence to itself.`,
});
