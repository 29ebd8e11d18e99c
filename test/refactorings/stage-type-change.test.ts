import { describe, expect, test } from "vitest";
import { stageTypeChange as stage } from "../../server/src/refactorings/stage-type-change.ts";
import { ignores, refactors, refuses } from "../support/cases.ts";
import { downgradesOf, upgradesOf } from "./upgrades.ts";

const given = `-- versions/0001_base.py --
op.create_table(
    "t",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("a", sa.Integer(), nullable=False, server_default="1"),
    sa.Column("a_new", sa.Text()),
    sa.Column("at", sa.DateTime()),
    sa.Column("e", sa.Integer(), unique=True),
    sa.Column("name", sa.String(20)),
)
-- versions/0002_case.py --
`;

const both = (up: string, down: string): string =>
  `${given}def upgrade():\n    ${up}\n\n\ndef downgrade():\n    ${down}\n`;

test("the second column gets a name that is free, and the values of USING", async () => {
  const made = await refactors(
    stage,
    both(
      `op.alter_column("t", "a", type_=sa.Text(), postgresql_using="t.a::text || name")<|>`,
      `op.execute("ALTER TABLE t ALTER a TYPE int USING left(t.a, 1)::int")`,
    ),
  );
  const [expand = "", backfill = "", contract = ""] = upgradesOf(made);
  expect(expand).toContain(`SELECT t.a::text || name INTO NEW.a_new_2 FROM (SELECT NEW.*) AS t;`);
  expect(backfill).toContain("UPDATE t SET a_new_2 = t.a::text || name WHERE a_new_2 IS NULL");
  expect(contract).toContain(`op.alter_column("t", "a_new_2", new_column_name="a")`);
  expect(downgradesOf(made)[2]).toContain(`op.execute("UPDATE t SET a = left(t.a_new_2, 1)::int")`);
});

test("a default comes back on the way back", async () => {
  const made = await refactors(
    stage,
    both(`op.alter_column("t", "a", type_=sa.BigInteger())<|>`, `op.alter_column("t", "a", type_=sa.Integer())`),
  );
  expect(downgradesOf(made)[2]).toContain(`op.alter_column("t", "a", nullable=False, server_default=sa.text("'1'"))`);
});

describe("is refused", () => {
  test.each<[string, string, RegExp]>([
    [
      "where the time zone of the session decides",
      `op.alter_column("t", "at", type_=sa.DateTime(timezone=True))<|>`,
      /depends on the time zone/,
    ],
    ["for a numbered key that is to be a text", `op.alter_column("t", "id", type_=sa.Text())<|>`, /counts in no text/],
    [
      "where more changes",
      `op.alter_column("t", "a", type_=sa.BigInteger(), nullable=True)<|>`,
      /changes more than that/,
    ],
  ])("%s", (_, up, reason) => refuses(stage, both(up, "pass"), reason));
});

test.each<[string, string]>([
  ["the rows stay as they are", `op.alter_column("t", "name", type_=sa.Text())<|>`],
  ["something else changes", `op.alter_column("t", "a", nullable=True)<|>`],
])("is not offered where %s", (_, up) => ignores(stage, both(up, "pass")));
