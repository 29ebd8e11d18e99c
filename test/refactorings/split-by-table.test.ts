import { describe, expect, test } from "vitest";
import { splitByTable as split } from "../../server/src/refactorings/split-by-table.ts";
import { ignores, refactors, refuses } from "../support/cases.ts";
import { upgradesOf } from "./upgrades.ts";

const base = `-- versions/0001_base.py --
op.create_table("a", sa.Column("id", sa.Integer(), primary_key=True))
op.create_table("b", sa.Column("id", sa.Integer(), primary_key=True))
-- versions/0002_case.py --
`;
const add = (table: string, column: string, type = "sa.Integer()"): string =>
  `op.add_column("${table}", sa.Column("${column}", ${type}))`;

const parts = async (...statements: readonly string[]): Promise<readonly string[]> =>
  upgradesOf(await refactors(split, `${base}${statements.join("\n")}\n`));

describe("one revision for each table", () => {
  test("in the order of the text, with what is of the table together", async () => {
    expect(await parts(add("b", "x"), add("a", "y"), `op.execute("UPDATE b SET x = 1")`)).toEqual([
      `${add("b", "x")}\nop.execute("UPDATE b SET x = 1")`,
      add("a", "y"),
    ]);
  });

  test("in another order where one needs the other", async () => {
    const foreign = `op.create_foreign_key("fk", "b", "a", ["x"], ["y"])`;
    const unique = `op.create_unique_constraint("uq", "a", ["y"])`;
    expect(await parts(add("b", "x"), add("a", "y"), unique, foreign)).toEqual([
      `${add("a", "y")}\n${unique}`,
      `${add("b", "x")}\n${foreign}`,
    ]);
  });

  test("but one for tables of which each waits for the other", async () => {
    const made = await parts(
      add("a", "x"),
      `op.execute("UPDATE b SET id = x FROM a")`,
      `op.drop_column("a", "x")`,
      `op.create_table("c", sa.Column("id", sa.Integer()))`,
    );
    expect(made).toHaveLength(2);
    expect(made[0]).toContain("UPDATE b");
  });

  test("a type goes with the table that needs it", async () => {
    const type = `op.execute("CREATE TYPE mood AS ENUM ('x')")`;
    const column = `op.execute("ALTER TABLE b ADD COLUMN m mood")`;
    expect(await parts(add("a", "x"), type, column)).toEqual([add("a", "x"), `${type}\n${column}`]);
  });

  test("named for its table, the original last", async () => {
    const { parts: made, after } = await refactors(split, `${base}${add("a", "x")}\n${add("b", "x")}\n`);
    expect(made.map(({ name, revision }) => [name, revision === "0002"])).toEqual([
      ["a", false],
      ["b", true],
    ]);
    expect(after.history.revisions.get("0002")?.parents).toEqual([made[0]?.revision]);
  });
});

describe("refuses", () => {
  test("what is not understood", () =>
    refuses(
      split,
      `${base}${add("a", "x")}\nop.execute(sql())\n${add("b", "x")}\n`,
      "not known which table it is about",
    ));
  test("tables that all hang together", () =>
    refuses(
      split,
      `${base}${add("a", "x")}\nop.execute("UPDATE b SET id = x FROM a")\nop.drop_column("a", "x")\n`,
      "hangs together",
    ));
});

test("has nothing to do with one table", () => ignores(split, `${base}${add("a", "x")}\n${add("a", "y")}\n`));
