/** A write that is cut off at any step, as by a crash, leaves a history that Alembic can run. */
import * as node from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { writeChange, type Disk } from "../../server/src/cli/write.ts";
import { loadEngine } from "../../server/src/host/engine.ts";
import { nodeFiles } from "../../server/src/host/files.ts";
import { ProjectStore } from "../../server/src/project/store.ts";
import type { Project } from "../../server/src/project/snapshot.ts";
import { mergeHeads } from "../../server/src/refactorings/merge-heads.ts";
import { moveOntoHead } from "../../server/src/refactorings/move-onto-head.ts";
import { splitMixedMigration } from "../../server/src/refactorings/split-mixed-migration.ts";
import type { Refactoring, Result } from "../../server/src/refactorings/define.ts";
import { revision } from "../refactorings/heads.ts";
import { memoryLog } from "../support/memory.ts";
import { readFixture } from "../support/txtar.ts";

const mixed = `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("a", sa.Text()))
-- versions/0002_mixed.py --
op.add_column("users", sa.Column("b", sa.Text()))
op.execute("UPDATE users SET b = a")
op.drop_column("users", "a")
-- versions/0003_child.py --
pass
`;
const heads = ["a1", "b1", "c1"].map((id) => revision(id, id === "a1" ? "None" : '"a1"')).join("");

let folder = "";
beforeAll(loadEngine);
beforeEach(async () => {
  folder = await node.mkdtemp(join(tmpdir(), "retort-atomic-"));
});
afterEach(() => node.rm(folder, { recursive: true, force: true }));

async function write(source: string): Promise<void> {
  await node.rm(folder, { recursive: true, force: true });
  const files = new Map([
    ["alembic.ini", "[alembic]\nscript_location = %(here)s\nsqlalchemy.url = postgresql://localhost/x\n"],
    ["env.py", "from alembic import context\ncontext.configure(transaction_per_migration=True)\n"],
    ...readFixture(source).files,
  ]);
  for (const [name, text] of files) {
    await node.mkdir(dirname(join(folder, name)), { recursive: true });
    await node.writeFile(join(folder, name), text);
  }
}

async function read(): Promise<Project> {
  const store = new ProjectStore(nodeFiles, memoryLog());
  await store.open([folder.replaceAll("\\", "/")]);
  const [project] = store.snapshot().projects;
  if (!project) throw new Error("no project");
  return project;
}

class Crash extends Error {}

/** Does `steps` of what changes anything, and nothing from then on: the process is gone. */
function crashing(steps: number): { readonly disk: Disk; readonly done: () => number } {
  let done = 0;
  const step =
    <A extends unknown[], R>(run: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      if (done >= steps) throw new Crash();
      done++;
      return run(...args);
    };
  const disk = {
    ...node,
    link: step(node.link),
    rename: step(node.rename),
    unlink: step(node.unlink),
    writeFile: step(node.writeFile as (...args: unknown[]) => Promise<void>) as Disk["writeFile"],
    chmod: step(node.chmod),
  };
  return { disk, done: () => done };
}

async function make(refactoring: Refactoring, name: string): Promise<Result> {
  const project = await read();
  const file = [...project.files.values()].find(({ path }) => path.endsWith(name));
  if (!file) throw new Error(`no ${name}`);
  const place = { project, file, range: { start: 0, end: file.text.length } };
  const offer = refactoring.plan(place);
  if (!offer || "unavailable" in offer) throw new Error("not offered");
  return refactoring.apply(place, offer.plan);
}

test.each<[string, Refactoring, string, string]>([
  ["a split", splitMixedMigration, mixed, "0002_mixed.py"],
  ["a merge", mergeHeads, heads, "c1_x.py"],
  ["a move", moveOntoHead, heads, "c1_x.py"],
])("%s that is cut off at any step leaves a whole history", async (_, refactoring, source, name) => {
  let outcomes = 0;
  for (let steps = 0; ; steps++) {
    await write(source);
    const before = await read();
    const { change } = await make(refactoring, name);
    const { disk, done } = crashing(steps);
    const failure: unknown = await writeChange(change, disk).then(
      () => undefined,
      (error: unknown) => error,
    );
    const after = await read();
    expect(after.problems, `cut after ${steps} steps`).toEqual([]);
    expect([...after.history.revisions.keys()]).toEqual(expect.arrayContaining([...before.history.revisions.keys()]));
    for (const [id, { parents }] of after.history.revisions)
      for (const parent of parents) expect(after.history.revisions.has(parent), `${id} follows ${parent}`).toBe(true);
    outcomes++;
    if (failure === undefined || done() < steps) break;
  }
  expect(outcomes).toBeGreaterThanOrEqual(3);
});

test("the steps of one that is not cut off leave nothing beside the revisions", async () => {
  await write(mixed);
  const { change } = await make(splitMixedMigration, "0002_mixed.py");
  await writeChange(change);
  expect((await node.readdir(join(folder, "versions"))).filter((name) => !name.endsWith(".py"))).toEqual([]);
  expect((await read()).history.heads).toEqual(["0003"]);
});
