/** The real git: files that are in another branch, or in none any more. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findPastFiles, readCommit } from "../../server/src/host/git-past.ts";
import { RepositoryUnreadable } from "../../server/src/project/ports.ts";

let root: string;
const run = (...args: string[]): string =>
  execFileSync(
    "git",
    ["-C", root, "-c", "user.name=t", "-c", "user.email=t@t", "-c", "commit.gpgsign=false", ...args],
    { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] },
  ).trim();
const write = (file: string, text: string): void => {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), text);
};
const commit = (message: string): string => {
  run("add", "-A");
  run("commit", "-qm", message);
  return run("rev-parse", "HEAD");
};

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "retort-past-"));
  run("init", "-q", "-b", "main");
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

test("a file of another branch is found with its commit, its subject and the branch", async () => {
  write("app/versions/a.py", "revision = 'aaa'\n");
  commit("first");
  run("checkout", "-qb", "feature");
  write('app/versions/it\'s "b".py', "revision = 'bbb'\n");
  const second = commit("add <b>");
  run("checkout", "-q", "main");
  const found = await findPastFiles(`${root}/app/versions`, "bbb");
  expect(found).toEqual([{ path: 'it\'s "b".py', text: "revision = 'bbb'\n", commit: second }]);
  expect(await readCommit(root, second)).toMatchObject({ commit: second, subject: "add <b>", branches: ["feature"] });
});

test("a file that was taken away is found in the commit before", async () => {
  write("versions/a.py", "revision = 'aaa'\n");
  const first = commit("first");
  write("versions/b.txt", "aaa");
  rmSync(path.join(root, "versions/a.py"));
  commit("gone");
  const [found] = await findPastFiles(`${root}/versions`, "aaa");
  expect(found).toMatchObject({ path: "a.py", text: "revision = 'aaa'\n" });
  expect((await readCommit(root, found?.commit ?? "")).commit).toBe(first);
});

test("what no commit has is not found, and neither is what looks like an option", async () => {
  write("versions/a.py", "x");
  commit("first");
  expect(await findPastFiles(`${root}/versions`, "zzz")).toEqual([]);
  expect(await findPastFiles(`${root}/versions`, "--output=evil")).toEqual([]);
  await expect(readCommit(root, "--all")).rejects.toBeInstanceOf(RepositoryUnreadable);
});
