import fc from "fast-check";
import { expect, test } from "vitest";
import { ancestorsOf } from "../../server/src/facts/past.ts";
import { isAncestor, positionsOf } from "../../server/src/history/ancestry.ts";

const ids = "abcdefghijkl".split("");

/** Mostly lines; with merges, branches, cycles, and links to what is not there. */
const graphs = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constant("next") },
      { weight: 2, arbitrary: fc.array(fc.constantFrom(...ids, "gone"), { maxLength: 3 }) },
    ),
    { minLength: 1, maxLength: ids.length },
  )
  .map(
    (drawn) =>
      new Map(
        drawn.map((before, i): [string, readonly string[]] => [
          ids[i] ?? "",
          typeof before === "string" ? ids.slice(Math.max(0, i - 1), i) : before,
        ]),
      ),
  );

test("what runs before a revision is all that its links lead back to", () => {
  fc.assert(
    fc.property(graphs, (before) => {
      for (const id of before.keys()) {
        const ancestors = ancestorsOf({ before }, id);
        const found = [...before.keys()].filter((one) => isAncestor({ before }, one, id));
        expect(found).toEqual([...before.keys()].filter((one) => ancestors.has(one)));
      }
    }),
    { numRuns: 1000 },
  );
});

test("what is not in the history runs before nothing, and nothing before it", () => {
  const before = new Map([["a", ["gone"]]]);
  expect(isAncestor({ before }, "gone", "a")).toBe(false);
  expect(isAncestor({ before }, "a", "gone")).toBe(false);
});

test("places are those of the order", () => {
  const order = ["b", "a"];
  expect([...positionsOf({ order })]).toEqual([
    ["b", 0],
    ["a", 1],
  ]);
  expect(positionsOf({ order })).toBe(positionsOf({ order }));
});
