import { describe, expect, test } from "vitest";
import { bytesOf, freeName, withEnding } from "../../server/src/schema/replay/names.ts";

describe("a name that ends in a certain way", () => {
  test.each([
    ["users", "users_old"],
    ["a".repeat(63), `${"a".repeat(59)}_old`],
    // Two bytes each, as PostgreSQL counts.
    ["ü".repeat(40), `${"ü".repeat(29)}_old`],
  ])("%s", (name, expected) => {
    expect(withEnding(name, "_old")).toBe(expected);
    expect(bytesOf(expected)).toBeLessThanOrEqual(63);
  });

  test("is numbered where it is taken", () => {
    const taken = ["users_new", "users_new_2"];
    expect(freeName("users", "new", (name) => taken.includes(name))).toBe("users_new_3");
  });
});
