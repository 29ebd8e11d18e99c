import { describe, expect, test } from "vitest";
import { rebuildEnum as rebuild } from "../../server/src/refactorings/rebuild-enum.ts";
import { ignores, refactors, refuses } from "../support/cases.ts";
import { downgradesOf, upgradesOf } from "./upgrades.ts";

const given = `-- versions/0001_base.py --
op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("a", sa.Enum("x", "y", "z", name="letter")))
op.add_column("t", sa.Column("b", sa.ARRAY(sa.Enum("x", "y", "z", name="letter"))))
op.create_table("d", sa.Column("id", sa.Integer()), sa.Column("m", sa.Enum("sad", "ok", name="mood"), server_default="ok"))
op.create_table("c", sa.Column("k", sa.Enum("p", "q", name="kind")), sa.CheckConstraint("k <> 'p'", name="ck_k"))
op.create_table("i", sa.Column("s", sa.Enum("m", "n", name="step")))
op.create_index("ix_s", "i", ["s"], postgresql_where=sa.text("s = 'm'"))
-- versions/0002_case.py --
`;

const alter = (table: string, column: string, name: string, ...values: readonly string[]): string =>
  `op.alter_column("${table}", "${column}", type_=sa.Enum(${values.map((value) => `"${value}"`).join(", ")}, name="${name}"))`;

test("all columns of the type are converted, and what else lists its values goes", async () => {
  const made = await refactors(
    rebuild,
    `${given}with op.batch_alter_table("t") as batch_op:\n    batch_op.alter_column("a", type_=sa.Enum("y", "x", name="letter"))<|>\n    batch_op.add_column(sa.Column("n", sa.Text()))\n`,
  );
  expect(upgradesOf(made)[0]?.split("\n")).toEqual([
    `with op.batch_alter_table("t") as batch_op:`,
    `    batch_op.add_column(sa.Column("n", sa.Text()))`,
    "# A row that still holds a value which goes stops this: say in CASE what it becomes.",
    `op.execute("ALTER TYPE letter RENAME TO letter_old")`,
    `op.execute("CREATE TYPE letter AS ENUM ('y', 'x')")`,
    `op.execute("ALTER TABLE t ALTER COLUMN a TYPE letter USING (CASE a::text WHEN 'z' THEN 'z' /* is gone: say what it becomes */ ELSE a::text END)::letter")`,
    `op.execute("ALTER TABLE t ALTER COLUMN b TYPE letter[] USING b::text[]::letter[]")`,
    `op.execute("DROP TYPE letter_old")`,
  ]);
  expect(made.title).toBe(`Make the enum letter anew without "z"`);
});

test("the way back is written where there is nothing else to undo", async () => {
  const source = `${given}def upgrade():\n    ${alter("d", "m", "mood", "sad", "ok", "glad")}<|>\n\n\ndef downgrade():\n    pass\n`;
  const made = await refactors(rebuild, source);
  expect(made.title).toBe(`Make the enum mood anew with "glad"`);
  expect(downgradesOf(made)[0]).toContain("WHEN 'glad' THEN 'glad' /* is gone");
  expect(downgradesOf(made)[0]).toContain("AS ENUM ('sad', 'ok')");
});

test("a value that is deleted from the catalog is told by its text", async () => {
  const made = await refactors(
    rebuild,
    `${given}op.execute("DELETE FROM pg_enum WHERE enumlabel = 'q' AND enumtypid = (SELECT oid FROM pg_type WHERE typname = 'kind')")<|>\n`.replace(
      /, sa\.CheckConstraint\("k <> 'p'", name="ck_k"\)/,
      "",
    ),
  );
  expect(upgradesOf(made)[0]).toContain("CREATE TYPE kind AS ENUM ('p')");
});

describe("is refused", () => {
  test.each<[string, string, RegExp]>([
    ["where a check compares", alter("c", "k", "kind", "p"), /ck_k is on c\.k/],
    ["where an index compares", alter("i", "s", "step", "m"), /index ix_s compares i\.s/],
    ["where the default would be gone", alter("d", "m", "mood", "sad"), /The default of d\.m is "ok"/],
    [
      "in a loop",
      `for name in ("a", "b"):\n    op.alter_column("t", name, type_=sa.Enum("x", name="letter"))`,
      /in a loop/,
    ],
  ])("%s", (_, up, reason) =>
    refuses(
      rebuild,
      `${given}def upgrade():\n    ${up.replace(/\n/g, "\n    ")}<|>\n\n\ndef downgrade():\n    pass\n`,
      reason,
    ),
  );
});

test.each<[string, string]>([
  ["the values are the same", alter("d", "m", "mood", "sad", "ok")],
  ["the column gets another type", alter("d", "m", "other", "sad")],
  ["the value is of no enum that is known", `op.execute("DELETE FROM pg_enum WHERE enumlabel = 'nobody'")`],
])("is not offered where %s", (_, up) => ignores(rebuild, `${given}${up}<|>\n`));
