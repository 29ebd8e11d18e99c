import { expect, test } from "vitest";
import { retort } from "./retort.ts";

test.each<[string, readonly string[], RegExp]>([
  [
    "a server that is not there",
    ["--database", "postgresql://u:wr0ng-secret@127.0.0.1:1/x"],
    /Nothing answers at 127\.0\.0\.1:1/,
  ],
  [
    "another kind of server",
    ["--database", "mysql://u:wr0ng-secret@h/d"],
    /from PostgreSQL only, and --database names mysql/,
  ],
  ["no URL", ["--database", "wr0ng-secret"], /what --database gives is no database URL/],
  ["a URL by itself", ["postgresql://u:wr0ng-secret@h/d"], /as --database URL/],
  ["a slip of the pen", ["--databse=postgresql://u:wr0ng-secret@h/d"], /Unknown option '--databse'/],
  ["nothing", [], /needs --database URL, or the URL in one of the variables DATABASE_URL/],
])("%s is told in one sentence, without the password", async (_what, argv, message) => {
  const { code, out, err } = await retort(["stats", ...argv], "");
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toMatch(message);
  expect(err).not.toContain("wr0ng-secret");
  expect(err.trim().split("\n")).toHaveLength(1);
});

test("the variables that projects use are asked in their order", async () => {
  const environment = { DATABASE_URL: " ", DB_URL: "mysql://h/d", POSTGRES_URL: "postgresql://u:x@127.0.0.1:1/x" };
  expect((await retort(["stats"], "", [], environment)).err).toContain("the variable DB_URL names mysql");
});
