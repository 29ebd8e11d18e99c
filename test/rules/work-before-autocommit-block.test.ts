import { describe, test } from "vitest";
import { workBeforeAutocommitBlock as rule } from "../../server/src/rules/work-before-autocommit-block.ts";
import { allows, flags } from "../support/cases.ts";

describe("finds", () => {
  test("what the block commits, counted where it is much", () =>
    flags(
      rule,
      `
op.add_column("a", sa.Column("n", sa.Integer()))
op.drop_column("b", "n")
op.execute("UPDATE c SET n = 1")
op.drop_table("d")
with op.get_context().autocommit_block():
    op.create_index("ix", "a", ["n"], postgresql_concurrently=True)
       ^^^^^^^^^^^^ warning: The block commits what stands above it (add_column a.n, drop_column b.n, UPDATE c and 1 more): if something fails from here on, the revision is half done and runs again from the start.
`,
    ));
});

describe("allows", () => {
  test.each([
    [
      "a block alone",
      `with op.get_context().autocommit_block():
    op.execute("VACUUM")
`,
    ],
    [
      "a query before it",
      `op.get_bind().execute(sa.text("SELECT 1"))
with op.get_context().autocommit_block():
    op.execute("VACUUM")
`,
    ],
    [
      "what is there or not",
      `op.execute("DROP TABLE IF EXISTS old")
op.execute("CREATE OR REPLACE VIEW v AS SELECT 1")
op.execute("INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING")
with op.get_context().autocommit_block():
    op.execute("VACUUM")
`,
    ],
    [
      "a test whether it is there",
      `if not sa.inspect(op.get_bind()).has_table("t"):
    op.create_table("t", sa.Column("a", sa.Text()))
with op.get_context().autocommit_block():
    op.execute("VACUUM")
`,
    ],
    [
      "a connection of its own",
      `op.get_bind().engine.connect().execute(sa.text("DELETE FROM t"))
with op.get_context().autocommit_block():
    op.execute("VACUUM")
`,
    ],
  ])("%s", (_, source) => allows(rule, source));
});
