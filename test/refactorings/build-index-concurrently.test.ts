import { describe, expect, test } from "vitest";
import { buildIndexConcurrently as build } from "../../server/src/refactorings/build-index-concurrently.ts";
import { ignores, refactors, refuses } from "../support/cases.ts";
import { givenTable, upgradesOf } from "./upgrades.ts";

const builds = async (body: string): Promise<readonly string[]> =>
  upgradesOf(await refactors(build, givenTable + body));

const block = "with op.get_context().autocommit_block():\n";
const comment = "    # A build that failed before has left an invalid index.\n";

describe("an index", () => {
  test("with a schema is dropped by it", async () => {
    expect(await builds(`op.create_index(op.f("ix"), "t", ["a"], unique=True, schema="public")<|>`)).toEqual([
      `${block}${comment}    op.drop_index(op.f("ix"), table_name="t", schema="public", if_exists=True, postgresql_concurrently=True)
    op.create_index(op.f("ix"), "t", ["a"], unique=True, schema="public", postgresql_concurrently=True)`,
    ]);
  });

  test("that may be there already is not dropped, and what that means is said", async () => {
    const made = await refactors(build, `${givenTable}op.create_index("ix", "t", ["a"], if_not_exists=True)<|>`);
    expect(upgradesOf(made)).toEqual([
      `${block}    op.create_index("ix", "t", ["a"], if_not_exists=True, postgresql_concurrently=True)`,
    ]);
    expect(made.result.notes).toEqual([expect.stringMatching(/invalid index/)]);
  });

  test("in SQL is built by SQL", async () => {
    expect(await builds(`op.execute("CREATE UNIQUE INDEX ix ON t (a)")<|>`)).toEqual([
      `${block}${comment}    op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix")
    op.execute("CREATE UNIQUE INDEX CONCURRENTLY ix ON t (a)")`,
    ]);
  });

  test("in a loop is built in each round", async () => {
    expect(await builds(`for name in ("a", "b"):\n    <|>op.create_index(f"ix_{name}", "t", [name])`)).toEqual([
      `for name in ("a", "b"):
    with op.get_context().autocommit_block():
        # A build that failed before has left an invalid index.
        op.drop_index(f"ix_{name}", table_name="t", if_exists=True, postgresql_concurrently=True)
        op.create_index(f"ix_{name}", "t", [name], postgresql_concurrently=True)`,
    ]);
  });

  test("in an autocommit block only lacks the word", async () => {
    expect(await builds(`${block}    op.create_index("ix", "t", ["a"])<|>`)).toEqual([
      `${block}${comment}    op.drop_index("ix", table_name="t", if_exists=True, postgresql_concurrently=True)
    op.create_index("ix", "t", ["a"], postgresql_concurrently=True)`,
    ]);
  });

  test("in a batch block takes the block along", async () => {
    expect(
      await builds(
        `with op.batch_alter_table("t") as batch_op:\n    batch_op.create_index(batch_op.f("ix"), ["a"])<|>`,
      ),
    ).toEqual([
      `${block}    with op.batch_alter_table("t") as batch_op:
        # A build that failed before has left an invalid index.
        batch_op.drop_index(batch_op.f("ix"), if_exists=True, postgresql_concurrently=True)
        batch_op.create_index(batch_op.f("ix"), ["a"], postgresql_concurrently=True)`,
    ]);
  });
});

describe("several indexes", () => {
  test("share a block, and are all built", async () => {
    const made = await refactors(
      build,
      `${givenTable}op.create_index("ix", "t", ["a"])<|>\nop.create_index("iy", "t", ["id"])\n`,
    );
    expect(made.title).toBe("Build 2 indexes concurrently");
    expect(upgradesOf(made)).toEqual([
      `${block}${comment}    op.drop_index("ix", table_name="t", if_exists=True, postgresql_concurrently=True)
    op.create_index("ix", "t", ["a"], postgresql_concurrently=True)
${comment}    op.drop_index("iy", table_name="t", if_exists=True, postgresql_concurrently=True)
    op.create_index("iy", "t", ["id"], postgresql_concurrently=True)`,
    ]);
  });

  test("that stand first stay where they are", async () => {
    const [upgrade] = await builds(`op.create_index("ix", "t", ["a"])<|>\nop.drop_column("t", "b")\n`);
    expect(upgrade?.split("\n").at(-1)).toBe(`op.drop_column("t", "b")`);
  });

  test("come into a revision of their own where something stands before or between them", async () => {
    const parts = await builds(
      `op.create_index("ix", "t", ["a"])<|>\nop.add_column("t", sa.Column("c", sa.Integer()))\nop.create_index("iy", "t", ["c"])\n`,
    );
    expect(parts).toHaveLength(2);
    expect(parts[0]).toBe(`op.add_column("t", sa.Column("c", sa.Integer()))`);
    expect(parts[1]?.match(/op\.create_index\(.*concurrently=True\)/g)).toHaveLength(2);
  });

  test.each([
    ["last", `batch_op.add_column(sa.Column("c", sa.Integer()))`, `batch_op.create_index("ix", ["c"])<|>`],
    ["first", `batch_op.create_index("ix", ["a"])<|>`, `batch_op.add_column(sa.Column("c", sa.Integer()))`],
  ])("leave a batch block that does more, in which they stand %s", async (_, first, second) => {
    const parts = await builds(`with op.batch_alter_table("t") as batch_op:\n    ${first}\n    ${second}\n`);
    const column = first.includes("create_index") ? "a" : "c";
    expect(parts).toEqual([
      `with op.batch_alter_table("t") as batch_op:\n    batch_op.add_column(sa.Column("c", sa.Integer()))`,
      `${block}    with op.batch_alter_table("t") as batch_op:
        # A build that failed before has left an invalid index.
        batch_op.drop_index("ix", if_exists=True, postgresql_concurrently=True)
        batch_op.create_index("ix", ["${column}"], postgresql_concurrently=True)`,
    ]);
  });

  test("come before what needs them", async () => {
    const parts = await builds(
      `op.execute("UPDATE t SET b = 1")\nop.create_index("ix", "t", ["a"], unique=True)<|>\nop.execute("INSERT INTO t (id, a) SELECT 1, 2 ON CONFLICT (a) DO NOTHING")\n`,
    ).catch((error: unknown) => String(error));
    // The rows before it may be what makes it unique, and those after it need it.
    expect(parts).toMatch(/so the rest has no place before or after them/);
  });
});

describe("is refused", () => {
  test.each<[string, string, RegExp]>([
    ["in a try block", `try:\n    <|>op.create_index("ix", "t", ["a"])\nexcept Exception:\n    pass\n`, /try block/],
    [
      "on another connection",
      `op.get_bind().execute(sa.text("CREATE INDEX ix ON t (a)"))<|>\n`,
      /not given to op\.execute/,
    ],
    ["without a name", `op.create_index(None, "t", ["a"])<|>\n`, /has no name/],
    [
      "beside another command",
      `op.execute("CREATE INDEX ix ON t (a); CREATE INDEX iy ON t (id)")<|>\n`,
      /several commands/,
    ],
    [
      "in a helper",
      `def upgrade():\n    index("ix")<|>\n\n\ndef index(name):\n    op.create_index(name, "t", ["a"])\n\n\ndef downgrade():\n    pass\n`,
      /in a helper/,
    ],
    [
      "in a block with a context manager that changes something, beside other changes",
      `import contextlib


@contextlib.contextmanager
def counting():
    yield
    op.execute("UPDATE t SET b = b + 1 WHERE id = 1")


def upgrade():
    with counting(), op.batch_alter_table("t") as batch_op:
        batch_op.add_column(sa.Column("c", sa.Integer()))
        batch_op.create_index("ix", ["a"])<|>


def downgrade():
    pass
`,
      /more is done in the same `with`/,
    ],
    ["on a partitioned table", `<|>op.create_index("ix", "p", ["a"])\n`, /partitioned/],
    [
      "in downgrade() after something else",
      `def upgrade():\n    op.drop_index("ix")\n\n\ndef downgrade():\n    op.drop_column("t", "b")\n    op.create_index("ix", "t", ["a"])<|>\n`,
      /In downgrade\(\), what is done on line \d+ would be committed/,
    ],
  ])("%s", (_, body, reason) => refuses(build, givenTable + body, reason));
});

describe("is not offered", () => {
  test.each([
    [
      "for a table that the revision makes",
      `op.create_table("n", sa.Column("a", sa.Integer()))\nop.create_index("ix", "n", ["a"])<|>\n`,
    ],
    ["where it is concurrent", `${block}    op.create_index("ix", "t", ["a"], postgresql_concurrently=True)<|>\n`],
    ["beside it", `op.create_index("ix", "t", ["a"])\nop.drop_column("t", "b")<|>\n`],
  ])("%s", (_, body) => ignores(build, givenTable + body));

  test("on another server", () =>
    ignores(build, `${givenTable}op.create_index("ix", "t", ["a"])<|>`, { dialect: "mysql" }));
});
