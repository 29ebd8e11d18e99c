import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { countKept, findSplice, keepThrough, moveRange, type Kept } from "../../server/src/text/kept.ts";

const whole = (text: string): readonly Kept[] => [{ from: 0, to: 0, length: text.length }];

const text = fc.string({ unit: fc.constantFrom("a", "b", "\n", " "), maxLength: 24 });

describe("a splice", () => {
  test("makes one text of the other", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const { at, removed, inserted } = findSplice(before, after);
        expect(before.slice(0, at) + after.slice(at, at + inserted) + before.slice(at + removed)).toBe(after);
      }),
    );
  });

  test("is of whole lines where lines were put in or taken out", () => {
    const [one, two] = ["    op.first()\n", "    op.second()\n"];
    expect(findSplice(two, one + two)).toEqual({ at: 0, removed: 0, inserted: one.length });
    expect(findSplice(two + one + two, two + two)).toEqual({ at: two.length, removed: one.length, inserted: 0 });
  });
});

describe("kept parts", () => {
  test("hold the same characters in both texts, through any edits", () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 2, maxLength: 5 }), ([first = "", ...rest]) => {
        let [kept, now] = [whole(first), first];
        for (const next of rest) {
          kept = keepThrough(kept, findSplice(now, next));
          now = next;
        }
        for (const { from, to, length } of kept)
          expect(now.slice(to, to + length)).toBe(first.slice(from, from + length));
        for (const [i, { to, from }] of kept.entries()) {
          const before = kept[i - 1];
          if (before)
            expect([from >= before.from + before.length, to >= before.to + before.length]).toEqual([true, true]);
        }
      }),
    );
  });

  test("move a range along, as far as it is left", () => {
    const kept = keepThrough(whole("0123456789"), { at: 3, removed: 2, inserted: 4 });
    expect(moveRange(kept, { start: 0, end: 3 })).toEqual({ start: 0, end: 3 });
    expect(moveRange(kept, { start: 5, end: 7 })).toEqual({ start: 7, end: 9 });
    expect(moveRange(kept, { start: 2, end: 6 })).toEqual({ start: 2, end: 8 });
    expect(countKept(kept, { start: 2, end: 6 })).toBe(2);
    expect(moveRange(kept, { start: 3, end: 5 })).toEqual({ start: 3, end: 3 });
    expect(moveRange(kept, { start: 10, end: 10 })).toEqual({ start: 12, end: 12 });
  });

  test("that come together again are one", () => {
    const opened = keepThrough(whole("abcd"), { at: 2, removed: 0, inserted: 3 });
    expect(opened.length).toBe(2);
    expect(keepThrough(opened, { at: 2, removed: 3, inserted: 0 })).toEqual(whole("abcd"));
  });
});
