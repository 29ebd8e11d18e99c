import { describe, expect, test } from "vitest";
import { extractOperations as extract } from "../../server/src/refactorings/extract-operations.ts";
import { functionsOf, ignores, refactors, refuses } from "../support/cases.ts";

const base = `-- versions/0001_base.py --
op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("a", sa.Integer()))
-- versions/0002_case.py --
`;

const uppers = async (body: string): Promise<readonly string[]> => {
  const { parts, title } = await refactors(extract, base + body);
  return [
    title,
    ...parts.map(({ text }) =>
      (/def upgrade\(\)[^\n]*\n([^]*?)\n*def downgrade/.exec(functionsOf(text))?.[1] ?? "").replaceAll(/^ {4}/gm, ""),
    ),
  ];
};

describe("the selected statements", () => {
  test("come after the rest where they can", async () => {
    expect(
      await uppers(`op.add_column("t", sa.Column("b", sa.Integer()))\n<|>op.execute("UPDATE t SET a = 1")<|>\n`),
    ).toEqual([
      "Move the statement to a revision of its own, after the rest",
      `op.add_column("t", sa.Column("b", sa.Integer()))`,
      `op.execute("UPDATE t SET a = 1")`,
    ]);
  });

  test("come before it where the rest needs them", async () => {
    expect(
      await uppers(`<|>op.add_column("t", sa.Column("b", sa.Integer()))<|>\nop.execute("UPDATE t SET b = 1")\n`),
    ).toEqual([
      "Move the statement to a revision of its own, before the rest",
      `op.add_column("t", sa.Column("b", sa.Integer()))`,
      `op.execute("UPDATE t SET b = 1")`,
    ]);
  });

  test("take along what they use", async () => {
    const [, first, second] = await uppers(
      `conn = op.get_bind()\nop.drop_index("ix")\n<|>conn.execute(sa.text("UPDATE t SET a = 1"))\nop.drop_column("t", "id")<|>\n`,
    );
    expect(first).toBe(`op.drop_index("ix")`);
    expect(second).toBe(`conn = op.get_bind()\nconn.execute(sa.text("UPDATE t SET a = 1"))\nop.drop_column("t", "id")`);
  });

  test("keep the ids and the order of the chain", async () => {
    const { parts, after } = await refactors(
      extract,
      `${base}op.add_column("t", sa.Column("b", sa.Integer()))\n<|>op.execute("UPDATE t SET b = 1")<|>\n-- versions/0003_child.py --\npass\n`,
    );
    const [first, second] = parts;
    expect(second?.revision).toBe("0002");
    expect(after.history.revisions.get("0002")?.parents).toEqual([first?.revision]);
    expect(after.history.revisions.get(first?.revision ?? "")?.parents).toEqual(["0001"]);
    expect(after.history.revisions.get("0003")?.parents).toEqual(["0002"]);
  });
});

describe("is refused", () => {
  test("where the rest stands on both sides", () =>
    refuses(
      extract,
      `${base}op.add_column("t", sa.Column("b", sa.Integer()))\n<|>op.execute("UPDATE t SET b = 1")<|>\nop.alter_column("t", "b", nullable=False)\n`,
      /must stay after .* so the rest has no place/,
    ));

  test("where rows are carried from one to the other", () =>
    refuses(
      extract,
      `${base}rows = op.get_bind().execute(sa.text("SELECT id FROM t")).fetchall()\n<|>op.drop_column("t", "a")\nfor row in rows:\n    op.execute(sa.text("DELETE FROM t WHERE id = 1"))<|>\n`,
      /cannot be parted/,
    ));

  test("where it fills what the rest reads", () =>
    refuses(
      extract,
      `${base}connection = op.get_bind()\nmetadata = sa.MetaData()\n<|>metadata.reflect(connection)<|>\nt = metadata.tables["t"]\nconnection.execute(sa.update(t).values(a=1))\n`,
      /cannot be parted/,
    ));

  test("where downgrade() undoes both at once", () =>
    refuses(
      extract,
      `${base}def upgrade():\n    op.add_column("t", sa.Column("b", sa.Integer()))\n    <|>op.add_column("t", sa.Column("c", sa.Integer()))<|>\n\n\ndef downgrade():\n    op.execute("ALTER TABLE t DROP COLUMN b, DROP COLUMN c")\n`,
      /undoes more than one part at once/,
    ));
});

describe("is not offered", () => {
  test.each([
    ["without a selection", `op.drop_index("ix")\n<|>op.drop_column("t", "a")\n`],
    ["where everything is selected", `<|>op.drop_index("ix")\nop.drop_column("t", "a")<|>\n`],
    ["where the selection does nothing", `op.drop_index("ix")\n<|>a = 1<|>\n`],
  ])("%s", (_, body) => ignores(extract, base + body));
});
