import { expect, test } from "vitest";
import { mixed, retort } from "./retort.ts";

test("review answers the checklist for the head, and fails where an answer is no", async () => {
  const { code, out, err } = await retort(["review"], mixed);
  expect([code, err]).toEqual([1, ""]);
  expect(out).toMatch(/^0002/);
  expect(out).toContain("It is one logical change: no");
  expect(out).not.toContain("0001");
});

test("review of a file as Markdown", async () => {
  const { out } = await retort(["review", "migrations/versions/0001_users.py", "--format", "markdown"], mixed);
  expect(out).toContain("| Each step is done in a moment | ✅ yes |");
  expect(out).not.toContain("0002");
});

test("nothing to review is said in one line", async () => {
  const { code, out, err } = await retort(["review", "nowhere.py"], mixed);
  expect([code, out]).toEqual([2, ""]);
  expect(err).toBe("retort: nowhere.py does not exist.\n");
});
