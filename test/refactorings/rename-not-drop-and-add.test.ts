import { describe, expect, test } from "vitest";
import { renameNotDropAndAdd as rename } from "../../server/src/refactorings/rename-not-drop-and-add.ts";
import { ignores, refactors, refuses } from "../support/cases.ts";
import { downgradesOf, upgradesOf } from "./upgrades.ts";

const given = `-- versions/0001_base.py --
op.create_table(
    "t",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("name", sa.Text()),
    sa.Column("sku_code", sa.Text(), nullable=False),
)
op.create_index("ix", "t", ["sku_code"])
-- versions/0002_case.py --
`;

describe("the rename", () => {
  test("stands in a batch as in the open, and where the first of the two stood", async () => {
    const made = await refactors(
      rename,
      `${given}with op.batch_alter_table("t") as batch_op:\n    batch_op.drop_column("name")<|>\n    batch_op.add_column(sa.Column("full_name", sa.Text()))\n`,
    );
    expect(upgradesOf(made)).toEqual([
      `with op.batch_alter_table("t") as batch_op:\n    batch_op.alter_column("name", new_column_name="full_name")`,
    ]);
    expect(made.title).toBe("Rename t.name to full_name, and keep what it holds");
  });

  test("comes after what needs the old name", async () => {
    const made = await refactors(
      rename,
      `${given}op.add_column("t", sa.Column("full_name", sa.Text()))\nop.alter_column("t", "name", comment="x")\nop.alter_column("t", "name", comment=None)\nop.drop_column("t", "name")<|>\n`,
    );
    expect(upgradesOf(made)[0]?.split("\n").at(-1)).toBe(`op.alter_column("t", "name", new_column_name="full_name")`);
  });

  test("is turned round in downgrade()", async () => {
    const made = await refactors(
      rename,
      `${given}def upgrade():\n    op.add_column("t", sa.Column("full_name", sa.Text()))\n    op.drop_column("t", "name")<|>\n\n\ndef downgrade():\n    op.drop_column("t", "full_name")\n    op.add_column("t", sa.Column("name", sa.Text()))\n`,
    );
    expect(downgradesOf(made)).toEqual([`op.alter_column("t", "full_name", new_column_name="name")`]);
  });
});

describe("is refused", () => {
  const pair = `op.add_column("t", sa.Column("full_name", sa.Text()))\n`;
  test.each<[string, string, RegExp]>([
    [
      "where the index would stay",
      `op.add_column("t", sa.Column("new_sku_code", sa.Text(), nullable=False))\nop.drop_column("t", "sku_code")<|>\n`,
      /another schema: index ix/,
    ],
    [
      "where the default is another",
      `op.add_column("t", sa.Column("full_name", sa.Text(), server_default="x"))\nop.drop_column("t", "name")<|>\n`,
      /another schema: column t\.full_name/,
    ],
    [
      "where rows are copied between",
      `${pair}op.execute("UPDATE t SET full_name = name")\nop.drop_column("t", "name")<|>\n`,
      /stands between the two/,
    ],
    [
      "where downgrade() does something else",
      `def upgrade():\n    op.add_column("t", sa.Column("full_name", sa.Text()))\n    op.drop_column("t", "name")<|>\n\n\ndef downgrade():\n    op.drop_column("t", "full_name")\n`,
      /could not be turned round/,
    ],
  ])("%s", (_, body, reason) => refuses(rename, given + body, reason));
});

test("is not offered for another type, or a name that has nothing in common", async () => {
  await ignores(
    rename,
    `${given}op.add_column("t", sa.Column("full_name", sa.Integer()))\nop.drop_column("t", "name")<|>\n`,
  );
  await ignores(rename, `${given}op.add_column("t", sa.Column("zebra", sa.Text()))\nop.drop_column("t", "name")<|>\n`);
});
