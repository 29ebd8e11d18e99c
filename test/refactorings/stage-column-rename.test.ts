import { describe, expect, test } from "vitest";
import { stageColumnRename as stage } from "../../server/src/refactorings/stage-column-rename.ts";
import { ignores, refactors, refuses } from "../support/cases.ts";
import { downgradesOf, upgradesOf } from "./upgrades.ts";

const given = `-- versions/0001_base.py --
op.create_table(
    "t",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("a", sa.Text(), nullable=False, server_default="x"),
    sa.Column("b", sa.Text()),
    sa.Column("c", sa.Integer(), sa.Computed("length(b)")),
    sa.Column("d", sa.JSON()),
    sa.Column("e", sa.Text(), unique=True),
    sa.Column("f", sa.Integer()),
    sa.Column("g", sa.Integer()),
    sa.CheckConstraint("f > 0", name="ck"),
)
op.create_index("ix_g", "t", ["id"], postgresql_where=sa.text("g > 3"))
op.create_table("bare", sa.Column("a", sa.Text()))
op.create_table("seen", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("a", sa.Text()))
op.execute("CREATE VIEW v AS SELECT id FROM seen")
-- versions/0002_case.py --
`;

const rename = (table: string, from: string, to = "z"): string =>
  `op.alter_column("${table}", "${from}", new_column_name="${to}")<|>`;

describe("the stages", () => {
  test("keep NOT NULL by a check, and the default until the end", async () => {
    const made = await refactors(stage, `${given}${rename("t", "a")}\n`);
    const [expand = "", backfill = "", contract = ""] = upgradesOf(made);
    expect(expand).toContain(`op.add_column("t", sa.Column("z", sa.Text()))`);
    expect(expand).toContain(`"z IS NOT NULL", postgresql_not_valid=True)`);
    expect(backfill).toContain("VALIDATE CONSTRAINT ck_t_z_not_null");
    expect(contract).toContain(`op.alter_column("t", "z", nullable=False, server_default=sa.text("'x'"))`);
    expect(made.parts.map(({ name }) => name)).toEqual(["expand", "backfill", "contract"]);
    expect(made.result.notes.join("\n")).toContain("stop at the second (`alembic upgrade 0004`)");
  });

  test("leave the rest of the revision, and of a batch, in the first", async () => {
    const made = await refactors(
      stage,
      `${given}def upgrade():\n    with op.batch_alter_table("seen2") as batch_op:\n        batch_op.drop_column("q")\n    with op.batch_alter_table("t") as batch_op:\n        batch_op.add_column(sa.Column("n", sa.Text()))\n        batch_op.alter_column("a", new_column_name="z")<|>\n\n\ndef downgrade():\n    with op.batch_alter_table("t") as batch_op:\n        batch_op.alter_column("z", new_column_name="a")\n    op.drop_column("t", "n")\n`,
    );
    const [expand = ""] = upgradesOf(made);
    expect(expand).toMatch(
      /batch_op\.add_column\(sa\.Column\("n", sa\.Text\(\)\)\)\n# A trigger [^\n]*\nop\.add_column\("t", sa/,
    );
    expect(downgradesOf(made)[0]).toMatch(
      /^op\.execute\("DROP TRIGGER[^]*op\.drop_column\("t", "z"\)\nop\.drop_column\("t", "n"\)$/,
    );
    expect(downgradesOf(made)[1]).toBe("pass");
  });

  test("have no way back where the revision has none", async () => {
    const made = await refactors(
      stage,
      `${given}def upgrade():\n    ${rename("t", "a")}\n\n\ndef downgrade():\n    raise RuntimeError\n`,
    );
    expect(downgradesOf(made)).toEqual(["raise RuntimeError", "raise RuntimeError", "raise RuntimeError"]);
  });
});

describe("is refused", () => {
  test.each<[string, string, RegExp]>([
    ["for a computed column", rename("t", "c"), /is computed from others/],
    ["where another is computed from it", rename("t", "b"), /c is computed from t\.b/],
    ["for json", rename("t", "d"), /could not tell for certain/],
    ["without a primary key", rename("bare", "a"), /primary key of bare/],
    ["where a view may read it", rename("seen", "a"), /view v may read seen\.a/],
    ["where the name is taken", rename("t", "a", "b"), /has a column b already/],
    [
      "where more changes",
      `op.alter_column("t", "a", new_column_name="z", nullable=True)<|>`,
      /changes more than that/,
    ],
    [
      "where the column is used afterwards",
      `${rename("t", "a")}\nop.execute("UPDATE t SET z = 'q'")`,
      /not done when the first stage ends/,
    ],
    ["for a table that is not known", rename("nobody", "a"), /nobody is like is not known/],
    [
      "where the way back does not rename",
      `def upgrade():\n    ${rename("t", "a")}\n\n\ndef downgrade():\n    op.drop_column("t", "z")\n`,
      /does not undo the change/,
    ],
  ])("%s", (_, body, reason) => refuses(stage, `${given}${body}\n`, reason));
});

test("is not offered where nothing is renamed", () =>
  ignores(stage, `${given}op.alter_column("t", "a", nullable=True)<|>\n`));
