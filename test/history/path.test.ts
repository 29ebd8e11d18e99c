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
      { id: "b", lane: 0, parents: [{ id: "a", lane: 0 }], arriving: [], passing: [] },
      { id: "c", lane: 1, parents: [{ id: "a", lane: 1 }], arriving: [], passing: [0] },
      { id: "a", lane: 0, parents: [], arriving: [0, 1], passing: [] },
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
      arriving: [],
      passing: [],
    });
  });

  const dag = fc
    .integer({ min: 1, max: 15 })
    .chain((size) =>
      fc.tuple(
        ...Array.from({ length: size }, (_, i) =>
          fc.uniqueArray(fc.integer({ min: 0, max: Math.max(0, i - 1) }), { maxLength: i === 0 ? 0 : 2 }),
        ),
      ),
    );
  const rowsOf = (parents: readonly (readonly number[])[]) =>
    layOutLanes(build(...parents.map((down, i) => ({ id: String(i), down: down.map(String) }))));

  test("go on from row to row: what leaves or passes one row comes down to the next", () => {
    fc.assert(
      fc.property(dag, (parents) => {
        let open: readonly number[] = [];
        const sorted = (lanes: readonly number[]): number[] => [...new Set(lanes)].sort((a, b) => a - b);
        for (const { arriving, passing, parents: down } of rowsOf(parents)) {
          expect(sorted([...arriving, ...passing])).toEqual(open);
          open = sorted([...passing, ...down.map(({ lane }) => lane)]);
        }
        expect(open).toEqual([]);
      }),
    );
  });

  test("never run through a revision that the line does not belong to", () => {
    fc.assert(
      fc.property(dag, (parents) => {
        const rows = rowsOf(parents);
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
