import { describe, expect, test } from "vitest";
import { changeBuilder, joinDeletions } from "../../server/src/rewrite/change.ts";
import { applyEdits } from "../../server/src/text/edit.ts";

const edit = (
  start: number,
  end: number,
  newText: string,
): { range: { start: number; end: number }; newText: string } => ({
  range: { start, end },
  newText,
});

describe("a change", () => {
  test("holds new files and edits", () => {
    const change = changeBuilder(() => false);
    change.create("/b.py", "b");
    change.edit("/a.py", "abc", [edit(0, 1, "x")]);
    change.edit("/a.py", "abc", [edit(2, 3, "y")]);
    expect(change.build()).toEqual({
      create: [{ path: "/b.py", text: "b" }],
      edit: [{ path: "/a.py", before: "abc", edits: [edit(0, 1, "x"), edit(2, 3, "y")] }],
    });
  });

  test("never creates over a file that exists", () => {
    const change = changeBuilder((path) => path === "/a.py");
    expect(() => change.create("/a.py", "")).toThrow(RangeError);
    change.create("/b.py", "");
    expect(() => change.create("/b.py", "")).toThrow(RangeError);
  });

  test("refuses edits that overlap or leave the text", () => {
    const change = changeBuilder(() => false);
    expect(() => change.edit("/a.py", "abc", [edit(0, 2, ""), edit(1, 3, "")])).toThrow(RangeError);
    expect(() => change.edit("/a.py", "abc", [edit(2, 4, "")])).toThrow(RangeError);
  });
});

test("deletions that overlap or touch become one, and insertions stay", () => {
  const joined = joinDeletions([edit(4, 6, ""), edit(0, 2, ""), edit(2, 3, ""), edit(1, 3, ""), edit(6, 6, "x")]);
  expect(joined).toEqual([edit(0, 3, ""), edit(4, 6, ""), edit(6, 6, "x")]);
  expect(applyEdits("0123456", joined)).toBe("3x6");
});
