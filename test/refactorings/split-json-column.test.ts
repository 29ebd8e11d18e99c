import { describe, expect, test } from "vitest";
import { splitJsonColumn as split } from "../../server/src/refactorings/split-json-column.ts";
import { ignores, refactors, refuses } from "../support/cases.ts";
import { downgradesOf, upgradesOf } from "./upgrades.ts";

const given = `-- versions/0001_base.py --
op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("d", sa.JSON()), sa.Column("e", sa.Text()))
-- versions/0002_case.py --
`;

const add = (name: string, type = "sa.Text()"): string => `op.add_column("t", sa.Column("${name}", ${type}))\n`;

test("each type is converted from the text", async () => {
  const made = await refactors(
    split,
    `${given}${add("city")}${add("born", "sa.Date()")}${add("rest", "sa.JSON()")}op.drop_column("t", "d")<|>\n`,
  );
  expect(upgradesOf(made)[0]).toContain(
    `op.execute("UPDATE t SET city = d ->> 'city', born = (d ->> 'born')::date, rest = d -> 'rest' WHERE d IS NOT NULL")\nop.drop_column("t", "d")`,
  );
  expect(made.title).toBe("Fill city, born and rest from t.d before it goes");
});

test("the way back is left where the other columns are gone before", async () => {
  const source = `${given}def upgrade():\n    ${add("city")}    op.drop_column("t", "d")<|>\n\n\ndef downgrade():\n    op.drop_column("t", "city")\n    op.add_column("t", sa.Column("d", sa.JSON()))\n`;
  const made = await refactors(split, source);
  expect(downgradesOf(made)[0]).not.toContain("UPDATE");
  expect(made.result.notes.join("\n")).toContain("does not bring d back before");
});

describe("is refused", () => {
  test("in one batch", () =>
    refuses(
      split,
      `${given}with op.batch_alter_table("t") as batch_op:\n    batch_op.add_column(sa.Column("city", sa.Text()))\n    batch_op.drop_column("d")<|>\n`,
      /between which nothing can run/,
    ));
});

test.each<[string, string]>([
  [
    "the values are moved already",
    `${add("city")}op.execute("UPDATE t SET city = d ->> 'city'")\nop.drop_column("t", "d")<|>`,
  ],
  ["nothing is added", `op.drop_column("t", "d")<|>`],
  ["the column is no JSON", `${add("city")}op.drop_column("t", "e")<|>`],
])("is not offered where %s", (_, body) => ignores(split, `${given}${body}\n`));
