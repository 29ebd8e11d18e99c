import type { Judged } from "../facts/judged.ts";
import { liveLocks } from "../facts/live.ts";
import { sameTransaction } from "../facts/transaction.ts";
import { sameTable } from "../locks/names.ts";
import { at, defineRule } from "./define.ts";
import { renderWaiting } from "./waiting.ts";

/** The operation of the same transaction that has added the constraint NOT VALID. */
function addition(judged: readonly Judged[], one: Judged): Judged | undefined {
  const { name, table } = one.operation;
  const before = sameTransaction(judged, one).filter(({ index }) => index < one.index);
  return before.find(
    ({ operation }) =>
      name !== undefined &&
      table !== undefined &&
      operation.table !== undefined &&
      sameTable(operation.table, table) &&
      operation.details.constraints?.some((constraint) => constraint.name === name && constraint.notValid),
  );
}

export const validatedInSameTransaction = defineRule({
  id: "validated-in-same-transaction",
  group: "locking",
  severity: "warning",
  recommended: true,
  dialects: ["postgresql"],
  summary: "A constraint is added NOT VALID and validated in the same transaction, which gains nothing.",
  why: `NOT VALID is there so that the strong lock of ADD CONSTRAINT lasts a moment only. Locks stay until the transaction ends: when VALIDATE reads the rows in the same transaction, it does so under the
strong lock after all.`,
  instead: `Validate in a later revision, and let each revision have a transaction of its own (\`transaction_per_migration=True\` in \`env.py\`).`,
  allowed: ["VALIDATE in a later revision, or in an autocommit block.", "Tables that the same revision creates."],
  sources: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES"],
  options: {},
  examples: [
    {
      title: "A foreign key added and validated",
      before: `op.create_foreign_key(
    "fk_orders_user", "orders", "users", ["user_id"], ["id"], postgresql_not_valid=True
)
op.execute("ALTER TABLE orders VALIDATE CONSTRAINT fk_orders_user")
`,
      after: [
        `op.create_foreign_key(
    "fk_orders_user", "orders", "users", ["user_id"], ["id"], postgresql_not_valid=True
)
`,
        `op.execute("ALTER TABLE orders VALIDATE CONSTRAINT fk_orders_user")
`,
      ],
    },
  ],
  catches: [
    {
      title: "Both in one text",
      code: `op.execute("""
    ALTER TABLE users ADD CONSTRAINT ck CHECK (age > 0) NOT VALID;
    ALTER TABLE users VALIDATE CONSTRAINT ck;
""")
`,
    },
  ],
  passes: [
    {
      title: "VALIDATE in an autocommit block",
      code: `op.execute("ALTER TABLE users ADD CONSTRAINT ck CHECK (age > 0) NOT VALID")
with op.get_context().autocommit_block():
    op.execute("ALTER TABLE users VALIDATE CONSTRAINT ck")
`,
    },
    {
      title: "Another constraint",
      code: `op.execute("ALTER TABLE users ADD CONSTRAINT ck CHECK (age > 0) NOT VALID")
op.execute("ALTER TABLE users VALIDATE CONSTRAINT ck_of_yesterday")
`,
    },
    {
      title: "On a table that the revision creates",
      code: `op.create_table("users", sa.Column("age", sa.Integer()))
op.execute("ALTER TABLE users ADD CONSTRAINT ck CHECK (age > 0) NOT VALID")
op.execute("ALTER TABLE users VALIDATE CONSTRAINT ck")
`,
    },
  ],
  *detect({ judged }) {
    for (const one of judged) {
      if (one.operation.kind !== "validate_constraint") continue;
      const added = addition(judged, one);
      const waiting = added?.impact && renderWaiting(liveLocks(added, added.impact));
      if (added === undefined || waiting === undefined) continue;
      const related = [{ range: added.operation.nameRange, message: "takes the lock" }];
      yield { ...at(one), related, name: one.operation.name ?? "The constraint", waiting };
    }
  },
  message: ({ name, waiting }) =>
    `${name} is validated in the transaction that adds it, under the lock of that: while all rows are read, ${waiting}.`,
  refactorings: ["extract-operations"],
});
