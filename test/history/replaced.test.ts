import fc from "fast-check";
import { expect, test } from "vitest";
import { withReplaced } from "../../server/src/history/replaced.ts";

const keys = ["a", "b", "c", "d"];

test("a map with replaced entries is a copy with those entries, in the same order", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...keys), fc.nat()), { maxLength: 200 }), (changes) => {
      const plain = new Map(keys.map((key) => [key, -1]));
      let replaced: ReadonlyMap<string, number> = new Map(plain);
      for (const [key, value] of changes) {
        const before = [...replaced];
        const after = withReplaced(replaced, key, value);
        // The one before stands as it was.
        expect([...replaced]).toEqual(before);
        replaced = after;
        plain.set(key, value);
      }
      expect([...replaced]).toEqual([...plain]);
      expect([...replaced.keys()]).toEqual([...plain.keys()]);
      expect([...replaced.values()]).toEqual([...plain.values()]);
      const visited: [string, number][] = [];
      replaced.forEach((value, key) => visited.push([key, value]));
      expect(visited).toEqual([...plain]);
      expect([replaced.size, replaced.has("a"), replaced.has("z"), replaced.get("z")]).toEqual([
        4,
        true,
        false,
        undefined,
      ]);
    }),
  );
});

test("many replaced keys are taken up into a map of their own", () => {
  const many = Array.from({ length: 300 }, (_, n) => n);
  let map: ReadonlyMap<number, string> = new Map(many.map((n) => [n, "old"]));
  for (const n of many) map = withReplaced(map, n, "new");
  expect(new Set(map.values())).toEqual(new Set(["new"]));
  expect([...map.keys()]).toEqual(many);
});
