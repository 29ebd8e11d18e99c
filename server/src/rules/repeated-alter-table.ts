import type { Judged } from "../facts/judged.ts";
import { tablesGoneThrough } from "../facts/passes.ts";
import { sameTable } from "../locks/names.ts";
import { renderName, type QualifiedName } from "../sql/action.ts";
import { renderSchemaChange } from "../schema/wording.ts";
import { at, defineRule } from "./define.ts";

/** What ALTER TABLE can do along with other changes in one pass. */
const joinable: readonly string[] = ["alter_column", "create_check_constraint"];

/** The table of which it writes or reads all rows by an ALTER TABLE. */
const passesOver = (one: Judged): QualifiedName | undefined =>
  joinable.includes(one.operation.kind)
    ? tablesGoneThrough(one).find((table) => one.operation.table && sameTable(table, one.operation.table))
    : undefined;

export const repeatedAlterTable = defineRule({
  id: "repeated-alter-table",
  group: "locking",
  severity: "information",
  recommended: false,
  dialects: ["postgresql"],
  summary: "Several ALTER TABLE go through all rows of one table, each on its own, where one could do all of it.",
  why: `Each of them reads or writes the whole table under its lock. Joined in one ALTER TABLE, PostgreSQL goes through the rows once, and the table is shut for a fraction of the time.`,
  instead: `Write one statement: \`op.execute("ALTER TABLE t ALTER COLUMN a TYPE bigint, ALTER COLUMN b TYPE bigint")\`. Better still, use a form that goes through no rows.`,
  allowed: [
    "Changes in different transactions.",
    "Changes that go through no rows.",
    "Several parts of one ALTER TABLE.",
  ],
  sources: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES"],
  options: {},
  examples: [
    {
      title: "Two columns of a new type",
      before: `op.alter_column("orders", "a", existing_type=sa.Integer(), type_=sa.BigInteger())
op.alter_column("orders", "b", existing_type=sa.Integer(), type_=sa.BigInteger())
`,
      after: [
        `op.execute("ALTER TABLE orders ALTER COLUMN a TYPE bigint, ALTER COLUMN b TYPE bigint")
`,
      ],
    },
  ],
  catches: [
    {
      title: "Two columns made NOT NULL",
      code: `op.alter_column("users", "a", nullable=False)\nop.alter_column("users", "b", nullable=False)\n`,
    },
  ],
  passes: [
    {
      title: "Two columns added without a default",
      code: `op.add_column("users", sa.Column("a", sa.Text()))\nop.add_column("users", sa.Column("b", sa.Text()))\n`,
    },
    {
      title: "Two tables",
      code: `op.alter_column("users", "a", nullable=False)\nop.alter_column("orders", "b", nullable=False)\n`,
    },
  ],
  *detect({ judged }) {
    const first = new Map<string, Judged>();
    for (const one of judged) {
      const table = passesOver(one);
      if (table === undefined) continue;
      const key = `${one.direction.name} ${one.transaction} ${renderName(table)}`;
      const before = first.get(key);
      first.set(key, before ?? one);
      if (before === undefined || before.operation.range.start === one.operation.range.start) continue;
      const related = [{ range: before.operation.nameRange, message: renderSchemaChange(before.operation) }];
      yield { ...at(one), related, table };
    }
  },
  message: ({ table }) => `All rows of ${renderName(table)} are gone through once more: one ALTER TABLE could do both.`,
});
