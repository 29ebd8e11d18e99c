import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildHistory } from "../../server/src/history/build.ts";
import { layOutLanes } from "../../server/src/history/lanes.ts";
import { ancestors, descendants } from "../../server/src/history/path.ts";
import { sketch, type Sketch } from "./graph.ts";

const build = (...revisions: Sketch[]) => buildHistory(revisions.map(sketch));
const diamond = build(
  { id: "base" },
  { id: "left", down: ["base"] },
  { id: "right", down: ["base"], labels: ["side"] },
  { id: "merge", down: ["left", "right"] },
  { id: "other", dependsOn: ["left"] },
);

test("ancestors include parents of parents and dependencies; descendants are the reverse", () => {
  expect([...ancestors(diamond, "merge")].sort()).toEqual(["base", "left", "right"]);
  expect([...ancestors(diamond, "other")].sort()).toEqual(["base", "left"]);
  expect([...descendants(diamond, "left")].sort()).toEqual(["merge", "other"]);
});

describe("lanes", () => {
  test("put heads first, a branch beside the line that it leaves, and both back together at the base", () => {
    expect(layOutLanes(build({ id: "a" }, { id: "b", down: ["a"] }, { id: "c", down: ["a"] }))).toEqual([
      { id: "b", lane: 0, parents: [{ id: "a", lane: 0 }], passing: [] },
      { id: "c", lane: 1, parents: [{ id: "a", lane: 1 }], passing: [0] },
      { id: "a", lane: 0, parents: [], passing: [] },
    ]);
  });

  test("open one lane per parent at a merge", () => {
    const [merge] = layOutLanes(build({ id: "a" }, { id: "b" }, { id: "m", down: ["a", "b"] }));
    expect(merge).toEqual({
      id: "m",
      lane: 0,
      parents: [
        { id: "a", lane: 0 },
        { id: "b", lane: 1 },
      ],
      passing: [],
    });
  });

  test("never run through a revision that the line does not belong to", () => {
    const dag = fc
      .integer({ min: 1, max: 15 })
      .chain((size) =>
        fc.tuple(
          ...Array.from({ length: size }, (_, i) =>
            fc.uniqueArray(fc.integer({ min: 0, max: Math.max(0, i - 1) }), { maxLength: i === 0 ? 0 : 2 }),
          ),
        ),
      );
    fc.assert(
      fc.property(dag, (parents) => {
        const rows = layOutLanes(build(...parents.map((down, i) => ({ id: String(i), down: down.map(String) }))));
        expect(rows).toHaveLength(parents.length);
        for (const row of rows) expect(row.passing).not.toContain(row.lane);
        const seen = new Set<string>();
        for (const row of rows) {
          for (const parent of row.parents) expect(seen.has(parent.id)).toBe(false);
          seen.add(row.id);
        }
      }),
    );
  });
});
