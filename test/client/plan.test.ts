import { describe, expect, test } from "vitest";
import {
  findApplied,
  nextUp,
  planDowngrade,
  planUndo,
  planUpgrade,
  undoTarget,
} from "../../client/src/alembic/plan.ts";
import { planDowngrade as planOfAlembic } from "../../server/src/history/plan.ts";
import { buildHistory } from "../../server/src/history/build.ts";
import { sketch } from "../history/graph.ts";
import { diamond, projectOf } from "./history.ts";

const ids = (revisions: readonly { readonly id: string }[]): string[] => revisions.map((one) => one.id);
const revision = (id: string) => {
  const found = diamond.revisions.find((one) => one.id === id);
  if (found === undefined) throw new Error(id);
  return found;
};
const at = (...versions: string[]) => findApplied(diamond.revisions, versions);

describe("applied", () => {
  test("are the versions of the database and all that they stand on", () => {
    expect([...at("d").ids].sort()).toEqual(["a", "b", "c", "d"]);
    expect([...at("b").ids].sort()).toEqual(["a", "b"]);
    expect(at().ids.size).toBe(0);
  });

  test("are dependencies too, by id, by the start of an id and by label", () => {
    const [c, b, a] = projectOf({ c3: [], b2: [], a1: [] }).revisions;
    if (!c || !b || !a) throw new Error();
    for (const name of ["b2", "b", "billing"]) {
      const revisions = [{ ...c, dependsOn: [name] }, { ...b, branchLabels: ["billing"] }, a];
      expect([...findApplied(revisions, ["c3"]).ids].sort()).toEqual(["b2", "c3"]);
    }
  });

  test("current are only those that no other version implies", () => {
    expect([...at("d", "b").current]).toEqual(["d"]);
    expect([...at("b", "c").current].sort()).toEqual(["b", "c"]);
  });

  test("unknown are versions without a file", () => {
    expect(at("gone").unknown).toEqual(["gone"]);
  });

  test("a cycle of dependencies ends", () => {
    const cycle = projectOf({ b: ["a"], a: ["b"] });
    expect(findApplied(cycle.revisions, ["a"]).ids.size).toBe(2);
  });
});

describe("an upgrade", () => {
  test("runs what is missing below its targets, parents first", () => {
    expect(ids(planUpgrade(diamond.revisions, at("b"), ["e"]))).toEqual(["c", "d", "e"]);
    expect(ids(planUpgrade(diamond.revisions, at("e"), ["e"]))).toEqual([]);
  });

  test("goes one step where all parents are applied", () => {
    expect(ids(nextUp(diamond.revisions, at()))).toEqual(["a"]);
    expect(ids(nextUp(diamond.revisions, at("a")))).toEqual(["c", "b"]);
    expect(ids(nextUp(diamond.revisions, at("b")))).toEqual(["c"]);
    expect(ids(nextUp(diamond.revisions, at("b", "c")))).toEqual(["d"]);
    expect(ids(nextUp(diamond.revisions, at("e")))).toEqual([]);
  });
});

describe("a downgrade", () => {
  test("undoes all that stands on its target", () => {
    expect(ids(planDowngrade(diamond.revisions, at("e"), "b"))).toEqual(["e", "d"]);
    expect(ids(planDowngrade(diamond.revisions, at("d"), "a"))).toEqual(["d", "c", "b"]);
    expect(ids(planDowngrade(diamond.revisions, at("d"), undefined))).toEqual(["d", "c", "b", "a"]);
  });

  // What each of these arguments does was seen with Alembic 1.20 on the same history.
  test.each([
    ["e", ["e"], "d"],
    ["d", ["d"], "b"],
    ["b", ["b", "c"], "b@a"],
    ["b", ["b"], "a"],
    ["a", ["a"], "base"],
  ])("of %s alone, when the database is at %j, is to %s", (id, versions, target) => {
    expect(undoTarget(diamond, at(...versions), revision(id))).toBe(target);
  });
});

describe("an undoing", () => {
  const histories = {
    diamond,
    branches: projectOf({ d: ["b"], c: ["a"], b: ["a"], a: [] }),
    bases: projectOf({ y: ["x"], x: [], b: ["a"], a: [] }),
  };
  const cases = Object.entries(histories).flatMap(([name, project]) =>
    project.revisions.flatMap(({ id }) => [
      [name, id, project.heads],
      [name, id, [id]],
    ]),
  ) as readonly (readonly [keyof typeof histories, string, readonly string[]])[];

  // The server's plans are held against Alembic itself, over random histories.
  test.each(cases)("in %s of %s, from %j, is what Alembic makes of its argument", (name, id, rows) => {
    const project = histories[name];
    const revisions = project.revisions.filter((one) => one.id === id);
    const applied = findApplied(project.revisions, rows);
    const [revision] = revisions;
    if (revision === undefined) throw new Error(id);
    const undone = ids(planUndo(project.revisions, applied, id));
    const files = [...project.revisions].reverse().map((one) => sketch({ id: one.id, down: one.parents }));
    const plan = planOfAlembic(buildHistory(files), rows, undoTarget(project, applied, revision));
    expect("value" in plan ? plan.value.steps.map((step) => step.id).sort() : plan.error.message).toEqual(
      [...undone].sort(),
    );
  });
});
