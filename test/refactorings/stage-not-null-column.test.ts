import { describe, expect, test } from "vitest";
import { stageNotNullColumn as stage } from "../../server/src/refactorings/stage-not-null-column.ts";
import { ignores, refactors, refuses } from "../support/cases.ts";
import { downgradesOf, givenTable, upgradesOf } from "./upgrades.ts";

const drop = `op.execute("ALTER TABLE t DROP CONSTRAINT IF EXISTS ck_t_a_not_null")`;

describe("the first stage", () => {
  test("is the revision with a check in the same place", async () => {
    const made = await refactors(
      stage,
      `${givenTable}op.execute("UPDATE t SET a = 1 WHERE a IS NULL")\nop.alter_column("t", "a", existing_type=sa.Integer(), nullable=False)<|>\n`,
    );
    expect(upgradesOf(made)[0]).toBe(
      `op.execute("UPDATE t SET a = 1 WHERE a IS NULL")\nop.create_check_constraint(op.f("ck_t_a_not_null"), "t", "a IS NOT NULL", postgresql_not_valid=True)`,
    );
    expect(downgradesOf(made)).toEqual([drop, "pass"]);
  });

  test("of a batch block checks in the batch", async () => {
    const [first] = upgradesOf(
      await refactors(
        stage,
        `${givenTable}with op.batch_alter_table("t") as batch_op:\n    batch_op.add_column(sa.Column("c", sa.Integer()))\n    batch_op.alter_column("a", nullable=False)<|>\n`,
      ),
    );
    expect(first).toContain(
      `    batch_op.create_check_constraint(op.f("ck_t_a_not_null"), "a IS NOT NULL", postgresql_not_valid=True)`,
    );
  });

  test("has what is done to the rest of the table afterwards", async () => {
    const made = await refactors(
      stage,
      `${givenTable}op.alter_column("t", "a", nullable=False)<|>\nop.create_index("ix", "t", ["b"])\n`,
    );
    expect(upgradesOf(made)[0]).toContain("create_index");
  });

  test("of SQL is the same", async () => {
    const made = await refactors(stage, `${givenTable}op.execute("ALTER TABLE t ALTER COLUMN a SET NOT NULL")<|>\n`);
    expect(upgradesOf(made)[0]).toMatch(/^op\.create_check_constraint/);
  });
});

test("a downgrade that raises raises in both", async () => {
  const made = await refactors(
    stage,
    `${givenTable}def upgrade():\n    op.alter_column("t", "a", nullable=False)<|>\n\n\ndef downgrade():\n    raise NotImplementedError\n`,
  );
  expect(downgradesOf(made)).toEqual(["raise NotImplementedError", "raise NotImplementedError"]);
});

describe("is refused", () => {
  test.each<[string, string, RegExp]>([
    ["where more changes", `op.alter_column("t", "a", nullable=False, server_default="1")<|>`, /more than NOT NULL/],
    [
      "where something needs it afterwards",
      `op.alter_column("t", "a", nullable=False)<|>\nop.create_primary_key("pk", "t", ["a"])`,
      /may need t\.a to be NOT NULL/,
    ],
    ["in a loop", `for name in ("a", "b"):\n    op.alter_column("t", name, nullable=False)<|>`, /in a loop/],
    ["for a table that is not known", `op.alter_column("nobody", "a", nullable=False)<|>`, /is not known/],
    ["for a partitioned table", `op.alter_column("p", "a", nullable=False)<|>`, /no plain table/],
  ])("%s", (_, body, reason) => refuses(stage, givenTable + body, reason));
});

test("is not offered where it becomes nullable", () =>
  ignores(stage, `${givenTable}op.alter_column("t", "a", nullable=True)<|>`));
