import { describe, test } from "vitest";
import { repeatedAlterTable as rule } from "../../server/src/rules/repeated-alter-table.ts";
import { allows, flags } from "../support/cases.ts";

describe("finds", () => {
  test("two type changes of one table", () =>
    flags(
      rule,
      `
op.alter_column("orders", "a", existing_type=sa.Integer(), type_=sa.BigInteger())
op.alter_column("orders", "b", existing_type=sa.Integer(), type_=sa.BigInteger())
   ^^^^^^^^^^^^ information: All rows of orders are gone through once more: one ALTER TABLE could do both.
`,
    ));
});

describe("allows", () => {
  test.each([
    [
      "types that are not known",
      `op.execute("ALTER TABLE t ALTER COLUMN a TYPE bigint")
op.execute("ALTER TABLE t ALTER COLUMN b TYPE bigint")
`,
    ],
    [
      "two parts of one statement",
      `op.execute("ALTER TABLE t ALTER COLUMN a SET NOT NULL, ALTER COLUMN b SET NOT NULL")
`,
    ],
    [
      "an emptied table",
      `op.execute("TRUNCATE t")
op.alter_column("t", "a", nullable=False)
op.alter_column("t", "b", nullable=False)
`,
    ],
  ])("%s", (_, source) => allows(rule, source));
});
