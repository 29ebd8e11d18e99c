import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { generateHistory } from "../../scripts/bench/history.ts";
import { keptFiles } from "../../server/src/host/kept-files.ts";
import { compact, extraOf, restore, withoutExtra } from "../../server/src/host/reading/compact.ts";
import { createQuickReader } from "../../server/src/host/reading/read-many.ts";
import { readRevision } from "../../server/src/model/read.ts";
import type { RevisionFile } from "../../server/src/model/revision.ts";
import { ProjectStore } from "../../server/src/project/store.ts";
import { memoryFiles, memoryLog, type MemoryFiles } from "../support/memory.ts";

const root = "/app";
const versions = `${root}/migrations/versions`;
const length = 60;

const helper = 'TABLE = "users"\n';
const importing = `from alembic import op
import sqlalchemy as sa
from migrations.helper import TABLE

revision = "imports"
down_revision = None


def upgrade():
    op.add_column(TABLE, sa.Column("größe", sa.Integer(), comment="\\ud800 1e400 \\u2028"))
    op.bulk_insert(sa.table("t", sa.column("a")), [{"a": 1e400}, {"a": -0.0}, {"a": 10**40}, {"a": None}])


def downgrade():
    op.drop_column(TABLE, "größe")
`;

function project(): MemoryFiles {
  const { revisions, project: config } = generateHistory(length);
  const texts = [...Object.entries(config), ...revisions.map((one) => [one.path, one.text] as const)];
  return memoryFiles({
    ...Object.fromEntries(texts.map(([name, text]) => [`${root}/${name}`, text])),
    [`${root}/migrations/helper.py`]: helper,
    [`${versions}/imports.py`]: importing,
    [`${versions}/broken.py`]: 'revision = "broken"\ndef upgrade(:\n    op.execute("x"\n',
  });
}

function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "retort-readings-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** All values of the files, and which of them were read rather than remembered. */
async function read(files: MemoryFiles, folder: string, { build = "build", circumstances = "" } = {}) {
  const opened: string[] = [];
  const quick = createQuickReader({
    files,
    kept: keptFiles(folder, () => build),
    extra: {
      make: ({ path: one }) => {
        opened.push(path.basename(one));
        return { name: path.basename(one), circumstances };
      },
      circumstances: () => Promise.resolve(circumstances),
    },
  });
  const store = new ProjectStore(files, memoryLog(), quick.readMany);
  await store.open([root]);
  const [only] = store.snapshot().projects;
  const readings = [...(only?.files.values() ?? [])];
  return { opened, extras: readings.map((file) => quick.extraOf(file)?.extra), readings: readings.map(plainly), store };
}

/** The values themselves, whenever they are made. */
const plainly = (file: RevisionFile): object => ({ ...file });

async function readAfresh(files: MemoryFiles): Promise<object[]> {
  const store = new ProjectStore(files, memoryLog());
  await store.open([root]);
  return [...(store.snapshot().projects[0]?.files.values() ?? [])].map(plainly);
}

describe("a reading as bytes", () => {
  test.each<readonly [name: string, text: string]>([
    ...generateHistory(length).revisions.map(({ path: one, text }) => [one, text] as const),
    ["imports.py", importing],
    ["empty.py", ""],
    ["broken.py", 'revision = "a"\ndef upgrade(:\n    op.execute("x"\n'],
  ])("%s is the same reading again", (name, text) => {
    const file = readRevision(name, text, { dialect: "postgresql" });
    const extra = { a: [1, "ü"] };
    const bytes = compact(file, extra);
    expect(plainly(restore(bytes, text))).toStrictEqual(plainly(file));
    expect(extraOf(bytes)).toEqual(extra);
    expect(extraOf(withoutExtra(bytes))).toBeUndefined();
    expect(plainly(restore(withoutExtra(bytes), text))).toStrictEqual(plainly(file));
  });

  test("the upgrades for one look are the same, and others each time", () => {
    const restored = restore(compact(readRevision("a.py", importing, { dialect: "postgresql" })), importing);
    const once = restored.upgradesOnce?.();
    expect(once).toEqual(restored.upgrades);
    expect(once).not.toBe(restored.upgrades);
    expect({ ...restored }).not.toHaveProperty("upgradesOnce");
  });

  test("an operation stays one of its file's", () => {
    const restored = restore(compact(readRevision("a.py", importing, { dialect: "postgresql" })), importing);
    expect(restored.upgrades[0]?.operations[0]).toBeDefined();
    expect(restored.upgrades[0]?.operations[0]).toBe(restored.upgrades[0]?.operations[0]);
  });
});

describe("readings that are kept", () => {
  test("are what is read without them, and nothing is read again", async () => {
    const [files, folder] = [project(), temporaryFolder()];
    const first = await read(files, folder);
    expect(first.opened).toHaveLength(length + 2);
    const second = await read(files, folder);
    expect(second.opened).toEqual([]);
    expect(second.readings).toStrictEqual(await readAfresh(files));
    expect(second.readings).toStrictEqual(first.readings);
    expect(second.extras).toEqual(first.extras);
  });

  test("hold for all files but the one that changed", async () => {
    const [files, folder] = [project(), temporaryFolder()];
    await read(files, folder);
    files.texts.set(`${versions}/broken.py`, 'revision = "fixed"\n');
    const after = await read(files, folder);
    expect(after.opened).toEqual(["broken.py"]);
    expect(after.readings).toStrictEqual(await readAfresh(files));
    expect((await read(files, folder)).opened).toEqual([]);
  });

  test("do not hold when a module that a file asked for changes, or comes into being", async () => {
    const [files, folder] = [project(), temporaryFolder()];
    const before = await read(files, folder);
    files.texts.set(`${root}/migrations/helper.py`, 'TABLE = "accounts"\n');
    const after = await read(files, folder);
    expect(after.readings).not.toEqual(before.readings);
    expect(after.readings).toStrictEqual(await readAfresh(files));
  });

  test("say in an editor whom a change of a module concerns", async () => {
    const [files, folder] = [project(), temporaryFolder()];
    await read(files, folder);
    const { store, opened } = await read(files, folder);
    expect(opened).toEqual([]);
    files.texts.set(`${root}/migrations/helper.py`, 'TABLE = "accounts"\n');
    await store.update(`${root}/migrations/helper.py`, undefined);
    const file = store.snapshot().projects[0]?.files.get(`${versions}/imports.py`);
    expect(file?.upgrades[0]?.operations[0]?.table).toEqual({ name: "accounts" });
  });

  test("keep what was made beside them only for the same circumstances", async () => {
    const [files, folder] = [project(), temporaryFolder()];
    const first = await read(files, folder);
    const other = await read(files, folder, { circumstances: "other" });
    expect(other.opened).toEqual([]);
    expect(other.extras.every((extra) => extra === undefined)).toBe(true);
    expect(other.readings).toStrictEqual(first.readings);
  });

  test.each([
    ["of another build", "other", (bytes: Buffer) => bytes],
    ["that end too soon", "build", (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ["that are empty", "build", () => Buffer.alloc(0)],
    [
      "of which a byte has changed",
      "build",
      (bytes: Buffer) => {
        bytes[bytes.length - 10] = (bytes[bytes.length - 10] ?? 0) ^ 1;
        return bytes;
      },
    ],
  ])("are thrown away silently: those %s", async (_, build, damage) => {
    const [files, folder] = [project(), temporaryFolder()];
    const first = await read(files, folder);
    const [name = ""] = readdirSync(folder);
    writeFileSync(path.join(folder, name), damage(readFileSync(path.join(folder, name))));
    const second = await read(files, folder, { build });
    expect(second.opened).toHaveLength(first.opened.length);
    expect(second.readings).toStrictEqual(first.readings);
  });
});
