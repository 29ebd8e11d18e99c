import { defineRule } from "./define.ts";
import { newColumns, type NewColumn } from "./new-columns.ts";

export const moneyType = defineRule({
  id: "money-type",
  group: "correctness",
  severity: "information",
  recommended: false,
  reach: "file",
  dialects: ["postgresql"],
  summary: "A column is of the type money.",
  why: `How it is read and printed depends on the setting \`lc_monetary\` of the server: a dump that is restored elsewhere is in another currency, or fails. It knows no currency and no fractions of a cent.`,
  instead: `Use \`numeric(12, 2)\`, and a column for the currency.`,
  allowed: ["Arrays."],
  sources: [
    "https://wiki.postgresql.org/wiki/Don%27t_Do_This#Don.27t_use_money",
    "https://www.postgresql.org/docs/current/datatype-money.html",
  ],
  options: {},
  examples: [
    {
      title: "A price",
      before: `op.execute("ALTER TABLE users ADD COLUMN price money")\n`,
      after: [`op.execute("ALTER TABLE users ADD COLUMN price numeric(12, 2)")\n`],
    },
  ],
  catches: [
    {
      title: "The type of SQLAlchemy",
      code: `from sqlalchemy.dialects import postgresql\nop.add_column("users", sa.Column("price", postgresql.MONEY()))\n`,
    },
  ],
  passes: [
    { title: "Exact numbers", code: `op.add_column("users", sa.Column("price", sa.Numeric(12, 2)))\n` },
    { title: "A name alone", code: `op.add_column("users", sa.Column("money", sa.Integer()))\n` },
  ],
  *detect(subject) {
    for (const one of newColumns(subject)) if (one.type.name === "money" && one.type.dimensions === 0) yield one;
  },
  message: ({ column }: NewColumn) =>
    `${column} is of the type money, whose meaning depends on a setting of the server: use numeric.`,
});
