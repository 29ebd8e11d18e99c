/** What several threads say of a project is what one says. */
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { generateHistory } from "../../scripts/bench/history.ts";
import { writeWorkspace } from "../../scripts/bench/workspace.ts";
import { build } from "../../scripts/build.ts";
import type { Io } from "../../server/src/cli/io.ts";
import { run } from "../../server/src/cli/run.ts";
import { blockingFiles } from "../../server/src/host/files.ts";
import { keptFiles } from "../../server/src/host/kept-files.ts";
import { createQuickReader } from "../../server/src/host/reading/read-many.ts";
import type { Threads } from "../../server/src/host/reading/threads.ts";
import { ProjectStore } from "../../server/src/project/store.ts";
import { memoryLog } from "../support/memory.ts";

const repository = path.join(import.meta.dirname, "..", "..");

/** Where the command line's bundle lies, whose entry serves as that of its threads as well. */
let dist = "";
beforeAll(async () => {
  dist = await mkdtemp(path.join(tmpdir(), "retort-threads-dist-"));
  await build({ dist });
});
afterAll(() => rm(dist, { recursive: true, force: true }));

/** Batches that other threads have answered. */
let answers = 0;

const threads: Threads = {
  others: 2,
  worthwhile: 1,
  start: (assignment) => {
    const worker = new Worker(path.join(dist, "cli.cjs"), { workerData: assignment });
    return worker.on("message", () => answers++);
  },
};

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "retort-threads-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function check(cwd: string, with_: { readonly threads?: Threads; readonly kept?: ReturnType<typeof keptFiles> }) {
  const said = { out: "", err: "" };
  const io: Io = {
    cwd,
    files: blockingFiles,
    ...with_,
    colours: false,
    out: (text) => void (said.out += text),
    err: (text) => void (said.err += text),
    save: () => Promise.reject(new Error("nothing is saved")),
    write: () => Promise.reject(new Error("nothing is written")),
  };
  const code = await run(["check", "--format", "json"], io);
  return { ...said, code };
}

/** A history of some length, with what real ones have beside it: modules that are imported, broken files, comments that allow. */
async function project(): Promise<string> {
  const { project: root } = await writeWorkspace(await temporaryFolder(), generateHistory(130));
  const versions = path.join(root, "migrations", "versions");
  await mkdir(path.join(root, "migrations", "helpers"));
  await writeFile(path.join(root, "migrations", "helpers", "__init__.py"), "");
  await writeFile(
    path.join(root, "migrations", "helpers", "names.py"),
    'TABLE = "users"\nSQL = "UPDATE users SET a = 1"\n',
  );
  const revision = (id: string, body: string, before = ""): string =>
    `from alembic import op\nimport sqlalchemy as sa\nfrom migrations.helpers.names import SQL, TABLE\n${before}\nrevision = "${id}"\ndown_revision = None\n\n\ndef upgrade():\n${body}\n\n\ndef downgrade():\n    pass\n`;
  const mixed = '    op.add_column(TABLE, sa.Column("a", sa.Integer()))\n    op.execute(SQL)';
  await writeFile(path.join(versions, "imported.py"), revision("imported", mixed));
  await writeFile(path.join(versions, "twice.py"), revision("imported", mixed));
  await writeFile(
    path.join(versions, "allowed.py"),
    revision("allowed", mixed, "# retort: allow mixed-schema-and-data because it is a test"),
  );
  await writeFile(path.join(versions, "broken.py"), revision("broken", '    op.execute("x"'));
  await writeFile(path.join(versions, "unknown.py"), revision("unknown", "    op.execute(input())"));
  await writeFile(path.join(versions, "latin.py"), Buffer.from([0xff, 0xfe, 0x41]));
  return root;
}

test("the same report comes from one thread and from several", async () => {
  const cwd = await project();
  const one = await check(cwd, {});
  expect(one.out).toContain("mixed-schema-and-data");
  expect(one.out).toContain("is used twice");
  answers = 0;
  expect(await check(cwd, { threads })).toEqual(one);
  expect(answers).toBeGreaterThan(0);
});

test("a module that only another thread has read counts for what is kept", async () => {
  const cwd = await project();
  const kept = keptFiles(await temporaryFolder(), () => "build");
  const before = await check(cwd, { threads, kept });
  expect(await check(cwd, { threads, kept })).toEqual(before);
  await writeFile(path.join(cwd, "migrations", "helpers", "names.py"), 'TABLE = "users"\nSQL = "SELECT 1"\n');
  const after = await check(cwd, { threads, kept });
  expect(after).not.toEqual(before);
  expect(after).toEqual(await check(cwd, {}));
});

test("what makes the history leaves most files unopened", async () => {
  const cwd = await project();
  const { readMany } = createQuickReader({ files: blockingFiles, threads });
  const store = new ProjectStore(blockingFiles, memoryLog(), readMany);
  await store.open([cwd]);
  const files = store.snapshot().projects.flatMap((one) => [...one.files.values()]);
  const unopened = files.filter((file) => Object.getOwnPropertyDescriptor(file, "upgrades")?.get !== undefined);
  expect(unopened.length).toBeGreaterThan(130);
  expect(unopened[0]?.upgrades.length).toBeGreaterThan(0);
});

test("threads that die leave the work to this one", async () => {
  const cwd = path.join(await temporaryFolder(), "samples");
  await cp(path.join(repository, "samples"), cwd, { recursive: true });
  const dying: Threads = {
    ...threads,
    start: () => new Worker(new URL("data:text/javascript,process.exit(1)")),
  };
  expect(await check(cwd, { threads: dying })).toEqual(await check(cwd, {}));
});
