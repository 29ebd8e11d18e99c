import { expect, test } from "vitest";
import { describeLost, restoreTitle, type LostFile } from "../../client/src/alembic/lost.ts";

const file = (over: Partial<LostFile> = {}): LostFile => ({
  revision: "0123456789abcdef",
  uri: "file:///p/v/a.py",
  text: "",
  commit: "4f2a91c0aaaaaaaa",
  date: "2026-11-02T10:00:00+01:00",
  subject: "Add coupons",
  branches: ["feature/coupons", "origin/feature/coupons"],
  ...over,
});

test("where a lost revision is, is told by commit and branch", () => {
  expect(describeLost(file())).toBe(
    "It is in “Add coupons” (4f2a91c0, 2026-11-02), a commit of feature/coupons and 1 more.",
  );
  expect(describeLost(file({ branches: [] }))).toContain("a commit that is in no branch any more");
});

test("what is restored is named, ancestors too", () => {
  expect(restoreTitle([file()])).toBe("Restore the File of 01234567");
  expect(restoreTitle([file(), file({ revision: "base" })])).toBe("Restore 2 Files: 01234567, base");
});
