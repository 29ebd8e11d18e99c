/** What the server tells of the project's repository. */
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import type { LostRevisionAnswer, MergedHeadsAnswer, ProjectsAnswer } from "../../server/src/protocol/index.ts";
import { startEditor, type Editor } from "./editor.ts";
import { mixed, mixedFile, project } from "./files.ts";

let editor: Editor;
afterEach(() => editor.close());

const git = (root: string, ...args: string[]): void =>
  void execFileSync("git", [
    ...["-C", root, "-c", "user.name=t", "-c", "user.email=t@t", "-c", "commit.gpgsign=false"],
    ...args,
  ]);
const otherFile = "migrations/versions/ccc333_other.py";
const other = mixed.replaceAll("bbb222", "ccc333").replaceAll("join names", "other");

async function ask<T>(method: string, more: object): Promise<T> {
  const { projects }: ProjectsAnswer = await editor.connection.sendRequest("retort/projects");
  return editor.connection.sendRequest(method, { projectId: projects[0]?.id, ...more });
}
const trusted = { initializationOptions: { trusted: true } };

test("a revision that was removed is found again, with the ancestors that are missing too", async () => {
  editor = await startEditor(project, trusted, (root) => {
    git(root, "init", "-q", "-b", "main");
    git(root, "add", "-A");
    git(root, "commit", "-qm", "all");
    rmSync(path.join(root, "migrations/versions"), { recursive: true });
    execFileSync("mkdir", [path.join(root, "migrations/versions")]);
  });
  const answer = await ask<LostRevisionAnswer>("retort/lostRevision", { revision: "bbb222" });
  expect(answer.ok && answer.files.map(({ revision, uri, branches }) => [revision, uri, branches])).toEqual([
    ["bbb222", editor.uri(mixedFile), ["main"]],
    ["aaa111", editor.uri("migrations/versions/aaa111_users.py"), ["main"]],
  ]);
  expect(answer.ok && answer.files[0]?.text).toBe(mixed);
  expect(await ask("retort/lostRevision", { revision: "zzz" })).toEqual({ ok: true, files: [] });
});

test("heads after a merge with the default branch say whose they are", async () => {
  editor = await startEditor({ ...project, [otherFile]: other }, trusted, (root) => {
    git(root, "init", "-q", "-b", "main");
    git(root, "add", "-A", `:!${otherFile}`);
    git(root, "commit", "-qm", "all");
    git(root, "update-ref", "refs/remotes/origin/main", "main");
    rmSync(path.join(root, mixedFile));
  });
  const answer = await ask<MergedHeadsAnswer>("retort/mergedHeads", {});
  expect(answer).toMatchObject({
    ok: true,
    branch: "origin/main",
    heads: [
      { id: "ccc333", side: "here" },
      { id: "bbb222", side: "there" },
    ],
  });
});

test("git is not run for a folder that is not trusted", async () => {
  editor = await startEditor(project, { initializationOptions: { trusted: false } });
  expect(await ask("retort/lostRevision", { revision: "bbb222" })).toMatchObject({ ok: false });
  expect(await ask("retort/mergedHeads", {})).toMatchObject({ ok: false });
});
