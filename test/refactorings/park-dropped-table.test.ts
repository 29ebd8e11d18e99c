import { describe, expect, test } from "vitest";
import { parkDroppedTable as park } from "../../server/src/refactorings/park-dropped-table.ts";
import { ignores, refactors, refuses } from "../support/cases.ts";
import { downgradesOf, givenTable, upgradesOf } from "./upgrades.ts";

const body = (up: string, down: string): string =>
  `${givenTable}def upgrade():\n${up.replace(/^/gm, "    ")}\n\n\ndef downgrade():\n${down.replace(/^/gm, "    ")}\n`;

describe("the tables of a revision", () => {
  test("are parked and dropped together, and the rest stays in the first", async () => {
    const made = await refactors(
      park,
      body(
        `op.drop_table("t")<|>\nop.create_table("n", sa.Column("id", sa.Integer()))\nop.execute("DROP TABLE p CASCADE")`,
        `op.execute("CREATE TABLE p (a int) PARTITION BY RANGE (a)")\nop.drop_table("n")\nop.create_table("t", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("a", sa.Integer()), sa.Column("b", sa.Integer()))`,
      ),
    );
    expect(upgradesOf(made)).toEqual([
      `op.rename_table("t", "t_parked")\nop.create_table("n", sa.Column("id", sa.Integer()))\nop.rename_table("p", "p_parked")`,
      `op.drop_table("t_parked")\nop.execute("DROP TABLE p_parked CASCADE")`,
    ]);
    expect(downgradesOf(made)).toEqual([
      `op.rename_table("p_parked", "p")\nop.drop_table("n")\nop.rename_table("t_parked", "t")`,
      `op.execute("CREATE TABLE p (a int) PARTITION BY RANGE (a)")\nop.create_table("t", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("a", sa.Integer()), sa.Column("b", sa.Integer()))\nop.rename_table("p", "p_parked")\nop.rename_table("t", "t_parked")`,
    ]);
    expect(made.title).toBe("Rename 2 tables, and drop them in a revision of their own");
  });

  test("get another name where the first is taken", async () => {
    const made = await refactors(
      park,
      `${givenTable.replace("-- versions/0002", `op.rename_table("p", "t_parked")\n-- versions/0002`)}op.drop_table("t")<|>\n`,
    );
    expect(upgradesOf(made)[1]).toBe(`op.drop_table("t_parked_2")`);
  });

  test("of a schema of their own stay there", async () => {
    const made = await refactors(
      park,
      `-- versions/0001_given.py --\nop.create_table("a b", sa.Column("id", sa.Integer()), schema="s")\n-- versions/0002_case.py --\nop.execute('DROP TABLE s."a b"')<|>\n`,
    );
    expect(upgradesOf(made)).toEqual([
      `op.rename_table("a b", "a b_parked", schema="s")`,
      `op.drop_table("a b_parked", schema="s")`,
    ]);
  });
});

describe("where downgrade() raises", () => {
  test("the first gives the name back, if there is nothing else to undo", async () => {
    const made = await refactors(park, body(`op.drop_table("t")<|>`, `raise NotImplementedError("no way")`));
    expect(downgradesOf(made)).toEqual([`op.rename_table("t_parked", "t")`, `raise NotImplementedError("no way")`]);
  });

  test("the first raises as well, if there is more", async () => {
    const made = await refactors(
      park,
      body(`op.drop_table("t")<|>\nop.execute("DELETE FROM p")`, `raise NotImplementedError`),
    );
    expect(downgradesOf(made)).toEqual(["raise NotImplementedError", "raise NotImplementedError"]);
  });
});

test("the revision to stop at is told", async () => {
  const { result } = await refactors(park, `${givenTable}op.drop_table("t")<|>\n`);
  expect(result.notes.at(-1)).toContain(`stop at the first (\`alembic upgrade ${result.parts[0]?.revision ?? "?"}\`)`);
});

describe("is refused", () => {
  const create = `op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True))`;
  test.each<[string, string, RegExp]>([
    ["where the table is made anew", body(`op.drop_table("t")<|>\n${create}`, "pass"), /after it is gone/],
    ["where it may not be there", body(`op.execute("DROP TABLE IF EXISTS t")<|>`, "pass"), /only if it is there/],
    ["in a loop", body(`for name in ("t", "p"):\n    op.drop_table(name)<|>`, "pass"), /in a loop/],
    [
      "where the way back forgets it",
      body(`op.drop_table("t")<|>`, `op.execute("DELETE FROM p")`),
      /does not bring t back/,
    ],
    [
      "where the way back uses what it makes",
      body(`op.drop_table("t")<|>`, `t = ${create}\nop.bulk_insert(t, [{"id": 1}])`),
      /no statement of its own/,
    ],
    [
      "where the way back borrows a name",
      body(
        `op.drop_table("t")<|>`,
        `name = "t"\nop.create_table(name, sa.Column("id", sa.Integer(), primary_key=True))`,
      ),
      /uses name, which another statement/,
    ],
    [
      "where something that is not understood follows",
      body(`op.drop_table("t")<|>\nop.execute(something())`, "pass"),
      /may be about t/,
    ],
  ])("%s", (_, source, reason) => refuses(park, source, reason));
});

test("is not offered for a table of the revision's own", () =>
  ignores(park, `${givenTable}op.create_table("n", sa.Column("id", sa.Integer()))\nop.drop_table("n")<|>\n`));
