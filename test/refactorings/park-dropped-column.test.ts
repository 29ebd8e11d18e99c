import { describe, expect, test } from "vitest";
import { parkDroppedColumn as park } from "../../server/src/refactorings/park-dropped-column.ts";
import { ignores, refactors, refuses } from "../support/cases.ts";
import { downgradesOf, upgradesOf } from "./upgrades.ts";

const given = `-- versions/0001_base.py --
op.create_table(
    "t",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("a", sa.Integer(), nullable=False),
    sa.Column("b", sa.Integer(), nullable=False, server_default="1"),
    sa.Column("c", sa.Integer()),
    sa.Column("d", sa.Integer()),
    sa.CheckConstraint("c > 0", name="ck_c"),
    sa.CheckConstraint("d IS NOT NULL", name="ck_d"),
)
op.create_index("ix_b", "t", ["b"])
-- versions/0002_case.py --
`;

const body = (up: string, down: string): string =>
  `${given}def upgrade():\n${up.replace(/^/gm, "    ")}\n\n\ndef downgrade():\n${down.replace(/^/gm, "    ")}\n`;

describe("the columns of a revision", () => {
  test("are parked and dropped together; those that demand a value may be NULL meanwhile", async () => {
    const made = await refactors(
      park,
      body(
        `with op.batch_alter_table("t") as batch_op:\n    batch_op.drop_index("ix_b")\n    batch_op.drop_column("a")<|>\n    batch_op.drop_column("b")\nop.execute("ALTER TABLE t DROP COLUMN c")`,
        `op.execute("ALTER TABLE t ADD c int CONSTRAINT ck_c CHECK (c > 0)")\n# With its index.\nwith op.batch_alter_table("t") as batch_op:\n    batch_op.add_column(sa.Column("b", sa.Integer(), nullable=False, server_default="1"))\n    batch_op.add_column(sa.Column("a", sa.Integer(), nullable=False))\n    batch_op.create_index("ix_b", ["b"])`,
      ),
    );
    expect(upgradesOf(made)).toEqual([
      `with op.batch_alter_table("t") as batch_op:\n    batch_op.drop_index("ix_b")\n    batch_op.alter_column("a", new_column_name="a_parked", nullable=True)\n    batch_op.alter_column("b", new_column_name="b_parked")\nop.alter_column("t", "c", new_column_name="c_parked")`,
      `op.drop_column("t", "a_parked")\nop.drop_column("t", "b_parked")\nop.drop_column("t", "c_parked")`,
    ]);
    expect(downgradesOf(made)).toEqual([
      `op.alter_column("t", "c_parked", new_column_name="c")\n# With its index.\nwith op.batch_alter_table("t") as batch_op:\n    batch_op.alter_column("b_parked", new_column_name="b")\n    batch_op.alter_column("a_parked", new_column_name="a", nullable=False)\n    batch_op.create_index("ix_b", ["b"])`,
      `op.execute("ALTER TABLE t ADD c int CONSTRAINT ck_c CHECK (c > 0)")\n# With its index.\nwith op.batch_alter_table("t") as batch_op:\n    batch_op.add_column(sa.Column("b", sa.Integer(), nullable=False, server_default="1"))\n    batch_op.add_column(sa.Column("a", sa.Integer(), nullable=False))\nop.alter_column("t", "c", new_column_name="c_parked")\nop.alter_column("t", "b", new_column_name="b_parked")\nop.alter_column("t", "a", new_column_name="a_parked", nullable=True)`,
    ]);
    expect(made.result.notes.join()).toContain("t.a may be NULL while parked");
  });

  test("of one statement stay in one", async () => {
    const made = await refactors(
      park,
      body(
        `op.execute("ALTER TABLE t DROP COLUMN b, DROP COLUMN c CASCADE")<|>`,
        `op.execute("ALTER TABLE t ADD c int CONSTRAINT ck_c CHECK (c > 0), ADD b int NOT NULL DEFAULT 1")\nop.create_index("ix_b", "t", ["b"])`,
      ),
    );
    expect(upgradesOf(made)).toEqual([
      `op.alter_column("t", "b", new_column_name="b_parked")\nop.alter_column("t", "c", new_column_name="c_parked")`,
      `op.drop_column("t", "b_parked")\nop.execute("ALTER TABLE t DROP COLUMN c_parked CASCADE")`,
    ]);
  });
});

test("where downgrade() raises, the first still gives the name back", async () => {
  const made = await refactors(park, body(`op.drop_column("t", "a")<|>`, `raise NotImplementedError`));
  expect(downgradesOf(made)).toEqual([
    `op.alter_column("t", "a_parked", new_column_name="a", nullable=False)`,
    "raise NotImplementedError",
  ]);
});

test("other batch blocks of the way back have a batch of the same name", async () => {
  const batch = (line: string): string => `with op.batch_alter_table("t") as batch_op:\n    ${line}`;
  const made = await refactors(
    park,
    body(
      `${batch(`batch_op.drop_column("b")`)}<|>\nop.add_column("t", sa.Column("n", sa.Integer()))`,
      `${batch(`batch_op.drop_column("n")`)}\n${batch(`batch_op.add_column(sa.Column("b", sa.Integer(), server_default="1"))`)}`,
    ),
  );
  expect(downgradesOf(made)[1]).toBe(
    `${batch(`batch_op.add_column(sa.Column("b", sa.Integer(), server_default="1"))`)}\nop.alter_column("t", "b", new_column_name="b_parked")`,
  );
});

test("comes back as downgrade() has it", async () => {
  const made = await refactors(
    park,
    body(`op.drop_column("t", "a")<|>`, `op.add_column("t", sa.Column("a", sa.Integer()))`),
  );
  expect(downgradesOf(made)[0]).toBe(`op.alter_column("t", "a_parked", new_column_name="a")`);
});

test("where downgrade() does nothing, so do both", async () => {
  const made = await refactors(park, body(`op.drop_column("t", "b")<|>`, "pass"));
  expect(downgradesOf(made)).toEqual(["pass", "pass"]);
  expect(made.result.notes.join()).toContain("no way back");
});

describe("is refused", () => {
  test.each<[string, string, RegExp]>([
    ["for the primary key", `op.drop_column("t", "id")<|>`, /of the primary key/],
    ["where a check asks for a value", `op.drop_column("t", "d")<|>`, /ck_d may refuse rows/],
    [
      "where the column is made anew",
      `op.drop_column("t", "b")<|>\nop.add_column("t", sa.Column("b", sa.Text()))`,
      /after it is gone/,
    ],
    ["where another cannot be parked", `op.drop_column("t", "b")<|>\nop.drop_column("t", "id")`, /of the primary key/],
    ["for a table that is not known", `op.drop_column("nobody", "b")<|>`, /not known/],
    ["in a loop", `for name in ("a", "b"):\n    op.drop_column("t", name)<|>`, /in a loop/],
    ["where it may not be there", `op.execute("ALTER TABLE t DROP COLUMN IF EXISTS b")<|>`, /only if it is there/],
    [
      "whose foreign key holds a table that is dropped",
      `op.create_table("u", sa.Column("id", sa.Integer(), primary_key=True))\nop.create_foreign_key("fk", "t", "u", ["b"], ["id"])\nop.drop_column("t", "b")<|>\nop.drop_table("u")`,
      /The foreign key of t\.b holds u, which is dropped on line \d+/,
    ],
  ])("%s", (_, up, reason) => refuses(park, body(up, "pass"), reason));

  test("where the way back forgets it", () =>
    refuses(park, body(`op.drop_column("t", "b")<|>`, `op.execute("DELETE FROM t")`), /does not bring t\.b back/));
});

test("is not offered for a column of the revision's own", () =>
  ignores(
    park,
    body(
      `op.add_column("t", sa.Column("n", sa.Integer()))\nop.create_table("x", sa.Column("id", sa.Integer()))\nop.drop_column("x", "id")<|>`,
      "pass",
    ),
  ));
