import { expect, test } from "vitest";
import { renderSummary } from "../../client/src/alembic/summary.ts";

const whole = { ok: true, coverage: "9 of 9 statements analysed", isWhole: true } as const;
const tables = Array.from({ length: 14 }, (_, index) => `t${String(index)}`);

test("a revision that drops tables is asked about, with their names", () => {
  const { message, detail, isModal } = renderSummary({
    ...whole,
    parts: [
      { words: "drops 14 tables", things: tables, loses: true },
      { words: "adds a column", things: ["a.b"], loses: false },
    ],
  });
  expect(isModal).toBe(true);
  expect(message).toBe("The new revision drops 14 tables.");
  expect(detail).toContain("It drops 14 tables:\n  t0\n");
  expect(detail).toContain("and 4 more");
  expect(detail).toContain("It also adds a column.");
  expect(detail).toContain("models are not imported in env.py");
});

test("one that only adds is told, and an empty one offered to be deleted", () => {
  const added = renderSummary({ ...whole, parts: [{ words: "adds a column", things: ["a.b"], loses: false }] });
  expect(added).toMatchObject({ message: "The new revision adds a column.", isModal: false, isEmpty: false });
  expect(renderSummary({ ...whole, parts: [] })).toMatchObject({ isModal: false, isEmpty: true });
});

test("what was not read is no reason to call a file empty", () => {
  const { isEmpty, detail } = renderSummary({
    ok: true,
    coverage: "0 of 1 statement analysed",
    isWhole: false,
    parts: [],
  });
  expect(isEmpty).toBe(false);
  expect(detail).toContain("0 of 1");
});
