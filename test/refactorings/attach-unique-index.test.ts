import { describe, expect, test } from "vitest";
import { attachUniqueIndex as attach } from "../../server/src/refactorings/attach-unique-index.ts";
import { ignores, refactors, refuses } from "../support/cases.ts";
import { downgradesOf, givenTable, upgradesOf } from "./upgrades.ts";

const given = givenTable.replace(
  "-- versions/0002",
  `op.create_table("keyless", sa.Column("a", sa.Integer(), nullable=False), sa.Column("b", sa.Integer()))\n-- versions/0002`,
);

describe("the constraint", () => {
  test("is attached where it was made, with all else in its revision", async () => {
    const made = await refactors(
      attach,
      `${given}op.add_column("t", sa.Column("c", sa.Integer()))\nop.create_unique_constraint("uq", "t", ["a", "b"], deferrable=True, initially="DEFERRED")<|>\nop.drop_table("keyless")\n`,
    );
    expect(upgradesOf(made)[1]).toBe(
      `op.add_column("t", sa.Column("c", sa.Integer()))\nop.execute("ALTER TABLE t ADD CONSTRAINT uq UNIQUE USING INDEX uq DEFERRABLE INITIALLY DEFERRED")\nop.drop_table("keyless")`,
    );
    expect(upgradesOf(made)[0]).toContain(
      `op.create_index(op.f("uq"), "t", ["a", "b"], unique=True, postgresql_concurrently=True)`,
    );
    expect(downgradesOf(made)[0]).toMatch(/^pass/);
  });

  test.each([
    ["the constraint goes", `op.drop_constraint("uq", "t")`, /drop_index\(.*if_exists=True/],
    ["a column of it goes", `op.drop_column("t", "a")`, /drop_index\(.*if_exists=True/],
    ["the table goes", `op.drop_table("t")`, /drop_index\(.*if_exists=True/],
    ["the constraint stays", `op.drop_column("t", "b")`, /^pass$/],
  ])("leaves its index alone on the way back unless it goes itself: %s", async (_, down, first) => {
    const made = await refactors(
      attach,
      `${given}def upgrade():\n    op.create_unique_constraint("uq", "t", ["a"])<|>\n\n\ndef downgrade():\n    ${down}\n`,
    );
    expect(downgradesOf(made)[0]).toMatch(first);
  });

  test("without a name gets the one that the server would give", async () => {
    const made = await refactors(attach, `${given}op.create_unique_constraint(None, "t", ["a"])<|>\n`);
    expect(upgradesOf(made)[1]).toBe(`op.execute("ALTER TABLE t ADD CONSTRAINT t_a_key UNIQUE USING INDEX t_a_key")`);
  });

  test("may be a primary key, or in SQL", async () => {
    const made = await refactors(
      attach,
      `${given}op.execute("ALTER TABLE keyless ADD CONSTRAINT pk PRIMARY KEY (a)")<|>\n`,
    );
    expect(upgradesOf(made)[1]).toBe(`op.execute("ALTER TABLE keyless ADD CONSTRAINT pk PRIMARY KEY USING INDEX pk")`);
  });
});

describe("is refused", () => {
  test.each<[string, string, RegExp]>([
    [
      "for a new column",
      `op.add_column("t", sa.Column("c", sa.Integer()))\nop.create_unique_constraint("uq", "t", ["c"])<|>`,
      /is not there before/,
    ],
    [
      "after rows have changed",
      `op.execute("DELETE FROM t")\nop.create_unique_constraint("uq", "t", ["a"])<|>`,
      /may be what makes the rows unique/,
    ],
    [
      "after what is not understood",
      `fix(op.get_bind())\nop.create_unique_constraint("uq", "t", ["a"])<|>`,
      /comes before/,
    ],
    ["for a key that may be NULL", `op.create_primary_key("pk", "keyless", ["b"])<|>`, /may be NULL/],
    ["for a partitioned table", `op.create_unique_constraint("uq", "p", ["a"])<|>`, /no plain table/],
    ["for a table that is not known", `op.create_unique_constraint("uq", "nobody", ["a"])<|>`, /not known/],
  ])("%s", (_, body, reason) => refuses(attach, given + body, reason));
});

test("is not offered where the index is attached already", () =>
  ignores(attach, `${given}op.execute("ALTER TABLE t ADD CONSTRAINT uq UNIQUE USING INDEX uq")<|>`));
