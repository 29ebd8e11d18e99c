import { describe, expect, test } from "vitest";
import { volatileCheck as rule } from "../../server/src/rules/volatile-check.ts";
import { allows, findsIn, marked, flags } from "../support/cases.ts";

describe("finds", () => {
  test("and names what changes", () =>
    flags(
      rule,
      `` +
        marked(
          `op.create_check_constraint("ck", "t", "a <= now()")`,
          `create_check_constraint`,
          `warning: This CHECK on t depends on now, which changes: rows that meet it today fail it later, when they are updated or restored.`,
        ) +
        ``,
    ));
  test.each([
    ["a word that is a call", `op.execute("ALTER TABLE t ADD CONSTRAINT c CHECK (a < current_date)")`],
    ["a new table", `op.create_table("t", sa.Column("a", sa.Date()), sa.CheckConstraint("a < now()", name="c"))`],
    ["an expression of SQLAlchemy", `op.create_check_constraint("c", "t", sa.column("a") < sa.func.now())`],
    [
      "a batch block",
      `with op.batch_alter_table("t") as batch:\n    batch.create_check_constraint("c", "a < clock_timestamp()")`,
    ],
    ["an added column", `op.execute("ALTER TABLE t ADD COLUMN a date CHECK (a < current_date)")`],
  ])("%s", async (_, code) => {
    expect(await findsIn(rule, `${code}\n`)).toHaveLength(1);
  });
});

describe("is silent about", () => {
  test.each([
    ["columns", `op.create_check_constraint("c", "t", "a < b")`],
    [
      "functions that do not change",
      `op.create_check_constraint("c", "t", "a = lower(a) AND length(b) < 5 AND coalesce(c, 1) > 0")`,
    ],
    ["a default", `op.execute("ALTER TABLE t ADD COLUMN a timestamptz DEFAULT now()")`],
    ["a literal", `op.create_check_constraint("c", "t", "a <> 'now()'")`],
    ["a function of the project", `op.create_check_constraint("c", "t", "is_fine(a)")`],
  ])("%s", (_, code) => allows(rule, `${code}\n`));
});
