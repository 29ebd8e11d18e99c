import { describe, test } from "vitest";
import { transactionAsText as rule } from "../../server/src/rules/transaction-as-text.ts";
import { allows, flags } from "../support/cases.ts";

describe("finds", () => {
  test("COMMIT, and says what it keeps", () =>
    flags(
      rule,
      `
op.execute("COMMIT")
            ^^^^^^ warning: COMMIT keeps what stands above, whatever happens after: if a later statement fails, the revision is half done and runs again from the start.
`,
    ));
  test("END, which is the same", () =>
    flags(
      rule,
      `
op.execute("END")
            ^^^ warning: *
`,
    ));
  test("ROLLBACK", () =>
    flags(
      rule,
      `
op.execute("ROLLBACK")
            ^^^^^^^^ warning: ROLLBACK throws away what the transaction has done so far; Alembic notes the revision as run all the same.
`,
    ));
});

describe("allows", () => {
  test.each([
    ["an autocommit block", `with op.get_context().autocommit_block():\n    op.execute("COMMIT")\n`],
    ["a connection beside Alembic's", `op.get_bind().engine.connect().execute(sa.text("COMMIT"))\n`],
    ["START TRANSACTION", `op.execute("START TRANSACTION")\n`],
  ])("%s", (_, source) => allows(rule, source));
});
