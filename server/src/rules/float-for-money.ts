import { defineRule } from "./define.ts";
import { newColumns, type NewColumn } from "./new-columns.ts";

const inexact = new Set(["real", "double precision", "FLOAT", "DOUBLE", "REAL"]);
const ofMoney = new Set(
  "price prices amount total cost costs fee fees balance salary tax discount revenue currency".split(" "),
);

export const floatForMoney = defineRule({
  id: "float-for-money",
  group: "correctness",
  severity: "information",
  recommended: false,
  reach: "file",
  dialects: ["postgresql", "mysql", "mariadb", "sqlite", "mssql"],
  summary: "An amount of money is kept as a binary fraction.",
  why: `0.1 has no binary fraction: sums come out a cent off, and two amounts that look alike are not equal. Bookkeeping notices at the end of the year.`,
  instead: `Use \`numeric(12, 2)\` (\`sa.Numeric(12, 2)\`), or whole cents in a bigint.`,
  allowed: [
    "Columns whose name has no word of money in it: `price`, `amount`, `total`, `cost`, `fee`, `balance`, `salary`, `tax`, `discount`, `revenue`, `currency`.",
  ],
  sources: ["https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-FLOAT"],
  options: {},
  examples: [
    {
      title: "A price",
      before: `op.add_column("users", sa.Column("price", sa.Float()))\n`,
      after: [`op.add_column("users", sa.Column("price", sa.Numeric(12, 2)))\n`],
    },
  ],
  catches: [{ title: "SQL text", code: `op.execute("ALTER TABLE users ADD COLUMN total_amount double precision")\n` }],
  passes: [
    { title: "Exact numbers", code: `op.add_column("users", sa.Column("price", sa.Numeric(12, 2)))\n` },
    { title: "A score", code: `op.add_column("users", sa.Column("score", sa.Float()))\n` },
  ],
  *detect(subject) {
    for (const one of newColumns(subject))
      if (
        inexact.has(one.type.name) &&
        one.name
          .toLowerCase()
          .split("_")
          .some((word) => ofMoney.has(word))
      )
        yield one;
  },
  message: ({ column }: NewColumn) =>
    `${column} sounds like money and is a binary fraction: sums come out a cent off. Use numeric.`,
});
