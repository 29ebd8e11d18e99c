import { describe, expect, test } from "vitest";
import { completeDowngrade as complete } from "../../server/src/refactorings/complete-downgrade.ts";
import { ignores, refactors, refuses } from "../support/cases.ts";
import { downgradesOf, givenTable } from "./upgrades.ts";

const source = (upgrade: string, downgrade: string): string => {
  const indent = (body: string): string => body.replaceAll(/^(?=.)/gm, "    ");
  return `${givenTable}def upgrade():\n${indent(upgrade)}\n\n\ndef downgrade():\n${indent(downgrade)}\n`;
};

const completed = async (upgrade: string, downgrade: string): Promise<string | undefined> =>
  downgradesOf(await refactors(complete, source(upgrade, downgrade), { cursor: "downgrade" }))[0];

describe("what is missing", () => {
  test("comes at the end where it was made first", async () => {
    expect(
      await completed(
        `op.add_column("t", sa.Column("c", sa.Text()))\nop.create_table("n", sa.Column("id", sa.Integer()))`,
        `op.drop_table("n")`,
      ),
    ).toBe(`op.drop_table("n")\nop.drop_column("t", "c")`);
  });

  test("comes before what takes back what was made before it", async () => {
    expect(
      await completed(
        `op.create_table("n", sa.Column("id", sa.Integer()))\nop.create_index("ix", "t", ["a"])\nop.add_column("t", sa.Column("c", sa.Text()))`,
        `op.drop_column("t", "c")\nop.drop_table("n")`,
      ),
    ).toBe(`op.drop_column("t", "c")\nop.drop_index(op.f("ix"), table_name="t")\nop.drop_table("n")`);
  });

  test("comes under the test of the dialect that it was made under", async () => {
    expect(
      await completed(
        `op.create_table("n", sa.Column("id", sa.Integer()))\nif op.get_bind().dialect.name == "postgresql":\n    op.create_index("ix", "t", ["a"])`,
        `op.drop_table("n")`,
      ),
    ).toBe(
      `if op.get_context().dialect.name == "postgresql":\n    op.drop_index(op.f("ix"), table_name="t")\nop.drop_table("n")`,
    );
  });

  test("is named", async () => {
    const made = await refactors(
      complete,
      source(`op.drop_column("t", "a")\nop.drop_column("t", "b")`, `op.add_column("t", sa.Column("b", sa.Integer()))`),
      { cursor: "downgrade" },
    );
    expect(made.title).toBe("Add to downgrade() what is missing: column t.a is missing");
  });
});

test("is not offered where nothing is missing, or where it is not known", async () => {
  const upgrade = `op.add_column("t", sa.Column("c", sa.Text()))`;
  await ignores(complete, source(upgrade, `op.drop_column("t", "c")`), { cursor: "downgrade" });
  await ignores(complete, source(upgrade, `fix(op.get_bind())`), { cursor: "downgrade" });
  await ignores(complete, source(upgrade, "pass"), { cursor: "downgrade" });
});

test("is refused where something else is left", () =>
  refuses(
    complete,
    source(`op.add_column("t", sa.Column("c", sa.Text()))`, `op.drop_column("t", "c")\nop.drop_column("t", "b")`),
    /not what a single statement of upgrade\(\) has made/,
    { cursor: "downgrade" },
  ));
