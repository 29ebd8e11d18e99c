import fc from "fast-check";
import { expect, test } from "vitest";
import { Trie } from "../../server/src/schema/replay/trie.ts";

/** The first two have the same hash, as have the next two. */
const clashing = ["costarring", "liquid", "declinate", "macallums"];
const keys = fc.oneof(
  fc.constantFrom(...clashing, "a", "b", "public\0users"),
  fc.string({ maxLength: 6 }),
  fc.nat(400).map(String),
);
const changes = fc.array(fc.tuple(keys, fc.option(fc.nat(3), { nil: undefined })), { maxLength: 300 });

const sorted = <V>(map: ReadonlyMap<string, V>): (readonly [string, V])[] =>
  [...map].sort(([a], [b]) => (a < b ? -1 : 1));

test("a trie holds what a map holds, and tells what two of them do not share", () => {
  fc.assert(
    fc.property(changes, fc.nat(300), (all, early) => {
      const plain = new Map<string, number>();
      let trie = Trie.empty<number>();
      const states = [{ trie, plain: new Map(plain) }];
      for (const [key, value] of all) {
        if (value === undefined) plain.delete(key);
        else plain.set(key, value);
        trie = value === undefined ? trie.delete(key) : trie.set(key, value);
        expect(trie.get(key)).toBe(value);
        expect(trie.has(key)).toBe(value !== undefined);
        states.push({ trie, plain: new Map(plain) });
      }
      for (const state of [states[Math.min(early, states.length - 1)], states.at(-1)]) {
        if (!state) continue;
        expect(state.trie.entries()).toEqual(sorted(state.plain));
        const unlike = [...new Set([...state.plain.keys(), ...plain.keys()])].filter(
          (key) => state.plain.has(key) !== plain.has(key) || state.plain.get(key) !== plain.get(key),
        );
        expect(state.trie.unlike(trie)).toEqual(unlike.sort((a, b) => (a < b ? -1 : 1)));
        expect(trie.unlike(state.trie)).toEqual(state.trie.unlike(trie));
      }
    }),
  );
});

test("a value that is there already makes no other map", () => {
  const trie = Trie.empty<number>().set("a", 1);
  expect(trie.set("a", 1)).toBe(trie);
  expect(trie.delete("b")).toBe(trie);
  expect(trie.delete("a").entries()).toEqual([]);
});

test("keys of one hash are kept apart", () => {
  let trie = Trie.empty<number>();
  for (const [index, key] of clashing.entries()) trie = trie.set(key, index);
  expect(clashing.map((key) => trie.get(key))).toEqual([0, 1, 2, 3]);
  for (const key of clashing.slice(1)) trie = trie.delete(key);
  expect(trie.entries()).toEqual([["costarring", 0]]);
});
