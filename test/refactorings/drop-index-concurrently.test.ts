import { describe, expect, test } from "vitest";
import { dropIndexConcurrently as drop } from "../../server/src/refactorings/drop-index-concurrently.ts";
import { ignores, refactors, refuses } from "../support/cases.ts";
import { downgradesOf, givenTable, upgradesOf } from "./upgrades.ts";

const given = givenTable.replace(
  "-- versions/0002",
  `op.create_index("ix", "t", ["a"])\nop.create_unique_constraint("uq", "t", ["b"])\n-- versions/0002`,
);
const block = "with op.get_context().autocommit_block():\n";

describe("an index", () => {
  test("in SQL is dropped by SQL", async () => {
    expect(upgradesOf(await refactors(drop, `${given}op.execute("DROP INDEX ix")<|>`))).toEqual([
      `${block}    op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix")`,
    ]);
    expect(upgradesOf(await refactors(drop, `${given}op.execute("DROP INDEX IF EXISTS ix")<|>`))).toEqual([
      `${block}    op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix")`,
    ]);
  });

  test("is dropped in downgrade() where it comes first", async () => {
    const made = await refactors(
      drop,
      `${given}def upgrade():\n    op.add_column("t", sa.Column("c", sa.Integer()))\n    op.execute("CREATE INDEX iz ON t (c)")\n\n\ndef downgrade():\n    op.drop_index("iz")<|>\n    op.drop_column("t", "c")\n`,
    );
    expect(downgradesOf(made)).toEqual([
      `${block}    op.drop_index("iz", postgresql_concurrently=True, if_exists=True)\nop.drop_column("t", "c")`,
    ]);
  });

  test("comes into a revision of its own after other changes", async () => {
    expect(
      upgradesOf(await refactors(drop, `${given}op.drop_column("t", "b")\nop.drop_index("ix", "t")<|>\n`)),
    ).toEqual([
      `op.drop_column("t", "b")`,
      `${block}    op.drop_index("ix", "t", postgresql_concurrently=True, if_exists=True)`,
    ]);
  });
});

test("an index of a batch block that does more leaves it", async () => {
  const made = await refactors(
    drop,
    `${given}with op.batch_alter_table("t") as batch_op:\n    batch_op.drop_index("ix")<|>\n    batch_op.drop_column("a")\n`,
  );
  expect(upgradesOf(made)).toEqual([
    `${block}    with op.batch_alter_table("t") as batch_op:\n        batch_op.drop_index("ix", postgresql_concurrently=True, if_exists=True)`,
    `with op.batch_alter_table("t") as batch_op:\n    batch_op.drop_column("a")`,
  ]);
});

describe("is refused", () => {
  test.each<[string, string, RegExp]>([
    ["of a constraint", `op.drop_index("uq", "t")<|>\n`, /belongs to a constraint/],
    ["with CASCADE", `op.execute("DROP INDEX ix CASCADE")<|>\n`, /takes along more/],
    ["where several go at once", `op.execute("DROP INDEX ix, iy")<|>\n`, /several commands|runs more than once/],
  ])("%s", (_, body, reason) => refuses(drop, given + body, reason));
});

test("is not offered for an index that the revision makes for a time", () =>
  ignores(drop, `${given}op.create_index("iz", "t", ["a"])\nop.drop_index("iz", "t")<|>\n`));
