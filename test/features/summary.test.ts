import { expect, test } from "vitest";
import { summarize } from "../../server/src/features/summary.ts";
import { openFixture } from "../support/project.ts";

const summary = async (body: string) => {
  const { project } = await openFixture(`-- versions/0001_it.py --\n${body}\n`);
  const [file] = project.files.values();
  if (!file) throw new Error("there is no revision");
  return summarize(file);
};

test("counts what is dropped, and says it first", async () => {
  const { parts, isWhole } = await summary(
    `op.add_column("a", sa.Column("x", sa.Integer()))\nop.drop_table("b")\nop.drop_table("c")\nop.drop_column("a", "y")`,
  );
  expect(parts).toEqual([
    { words: "drops 2 tables", things: ["b", "c"], loses: true },
    { words: "drops a column", things: ["a.y"], loses: true },
    { words: "adds a column", things: ["a.x"], loses: false },
  ]);
  expect(isWhole).toBe(true);
});

test("names things by their own names, and counts them in plain words", async () => {
  const { parts } = await summary(
    `op.create_index("ix", "a", ["x"])\nop.create_index("iy", "a", ["y"])\nop.alter_column("a", "x", nullable=False)\nop.execute("UPDATE a SET x = 1")\nop.execute("SELECT 1")`,
  );
  expect(parts.map(({ words, things }) => [words, ...things])).toEqual([
    ["creates 2 indexes", "ix", "iy"],
    ["alters a column", "a.x"],
    ["changes rows", "a"],
  ]);
});

test("says what it could not read", async () => {
  const { parts, isWhole, coverage } = await summary(`do_something(op.get_bind())`);
  expect(parts.map(({ words }) => words)).toEqual(["does what could not be read"]);
  expect(isWhole).toBe(false);
  expect(coverage).toMatch(/^0 of 1/);
});

test("of an empty file is empty", async () => {
  expect((await summary("pass")).parts).toEqual([]);
});
