/** What `check` says from what it has kept is what it says without. */
import fc from "fast-check";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { formats } from "../../server/src/cli/formats/names.ts";
import type { Io } from "../../server/src/cli/io.ts";
import { run } from "../../server/src/cli/run.ts";
import { keptFiles } from "../../server/src/host/kept-files.ts";
import type { Repository } from "../../server/src/project/ports.ts";
import { memoryFiles, memoryRepository, type MemoryFiles } from "../support/memory.ts";
import { readFixture } from "../support/txtar.ts";
import { mixed } from "./retort.ts";

const cwd = "/repo";

function project(): MemoryFiles {
  const { files } = readFixture(mixed);
  return memoryFiles(new Map([...files].map(([name, text]) => [`${cwd}/${name}`, text])));
}

function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "retort-cache-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Everything that a person gets to see, and how many answers were kept for the next run. */
async function check(files: MemoryFiles, folder: string, ...more: readonly string[]) {
  return checkIn(undefined, files, folder, ...more);
}

async function checkIn(
  repository: Repository | undefined,
  files: MemoryFiles,
  folder: string,
  ...more: readonly string[]
) {
  const said = { out: "", err: "", kept: 0 };
  const kept = keptFiles(folder, () => "build");
  const io: Io = {
    cwd,
    files,
    kept: {
      ...kept,
      write: (name, value) => {
        said.kept++;
        kept.write(name, value);
      },
    },
    colours: false,
    ...(repository && { repository }),
    out: (text) => void (said.out += text),
    err: (text) => void (said.err += text),
    save: () => Promise.reject(new Error("nothing is saved")),
    write: () => Promise.resolve(),
  };
  const code = await run(["check", ...more], io);
  return { ...said, code };
}

test("a second run says the same, in either format and at either severity", async () => {
  const [files, folder] = [project(), temporaryFolder()];
  const first = await check(files, folder);
  expect(first.out).toContain("mixed-schema-and-data");
  expect(readdirSync(folder)).toHaveLength(1);
  expect(await check(files, folder)).toEqual({ ...first, kept: 0 });
  for (const options of [
    ["--format", "json"],
    ["--fail-on", "warning"],
  ]) {
    const { out, err, code } = await check(files, folder, ...options);
    expect({ out, err, code }).toEqual(
      await check(files, folder, "--no-cache", ...options).then((fresh) => ({
        out: fresh.out,
        err: fresh.err,
        code: fresh.code,
      })),
    );
  }
});

const questions: readonly (readonly string[])[] = [
  ...formats.map((format) => ["--format", format]),
  ["--format", "json", "--since", "0001"],
  ["--since", "0002"],
  ["--all"],
];

test("whatever was asked for before, what is shown is what is shown without it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...questions), { minLength: 2, maxLength: 4 }), async (asked) => {
      const [files, folder] = [project(), temporaryFolder()];
      for (const options of asked) {
        const { out, err, code } = await check(files, folder, ...options);
        const fresh = await check(files, folder, "--no-cache", ...options);
        expect([out, err, code]).toEqual([fresh.out, fresh.err, fresh.code]);
      }
    }),
    { numRuns: 20 },
  );
});

test("with --no-cache nothing is kept and nothing is told again", async () => {
  const [files, folder] = [project(), temporaryFolder()];
  await check(files, folder, "--no-cache");
  expect(readdirSync(folder)).toEqual([]);
});

test("another dialect is another question", async () => {
  const [files, folder] = [project(), temporaryFolder()];
  await check(files, folder);
  const { out } = await check(files, folder, "--dialect", "oracle");
  expect(out).toBe((await check(files, folder, "--no-cache", "--dialect", "oracle")).out);
});

test("damage of what was kept is not seen", async () => {
  const [files, folder] = [project(), temporaryFolder()];
  const { out } = await check(files, folder);
  const [name = ""] = readdirSync(folder);
  const whole = readFileSync(path.join(folder, name));
  for (const at of [0, 31, 32, 60, Math.floor(whole.length / 2), whole.length - 1]) {
    const damaged = Buffer.from(whole);
    damaged[at] = (damaged[at] ?? 0) ^ 0x41;
    writeFileSync(path.join(folder, name), damaged);
    expect((await check(files, folder)).out).toBe(out);
  }
});

const bodies = ["pass", 'op.drop_table("users")', 'op.execute("UPDATE users SET a = 1")', "op.add_column(", "\x00"];
const versions = `${cwd}/migrations/versions`;
const names = [
  `${versions}/0001_users.py`,
  `${versions}/0002_full_name.py`,
  `${versions}/0003_more.py`,
  `${cwd}/retort.toml`,
  `${cwd}/alembic.ini`,
] as const;

test("over random edits of a project it says what a run without it says", async () => {
  const folder = temporaryFolder();
  const edit = fc.record({
    name: fc.constantFrom(...names),
    body: fc.option(fc.constantFrom(...bodies)),
    parent: fc.nat(3),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 6 }), async (edits) => {
      const files = project();
      for (const { name, body, parent } of edits) {
        const id = `revision = "${parent + 1}"\ndown_revision = "000${parent}"\n`;
        if (body === null) files.texts.delete(name);
        else files.texts.set(name, `${id}\ndef upgrade():\n    op.add_column("users", c)\n    ${body}\n`);
        const [first, again] = [await check(files, folder), await check(files, folder)];
        const fresh = await check(files, folder, "--no-cache");
        for (const one of [first, again])
          expect([one.out, one.err, one.code]).toEqual([fresh.out, fresh.err, fresh.code]);
      }
    }),
    { numRuns: 30 },
  );
});

test("what git says now counts, and is told again as long as it says so", async () => {
  const [files, folder] = [project(), temporaryFolder()];
  const { files: same } = readFixture(mixed);
  const other = new Map([...same].map(([name, text]) => [name, text.replace("String(200)", "String(100)")]));
  const runs = [same, other, other, same].map((main) => memoryRepository({ main }));
  const said: unknown[] = [];
  for (const repository of runs) {
    const { out, kept } = await checkIn(repository, files, folder);
    said.push([out.includes("published-revision-changed"), kept]);
  }
  expect(said).toEqual([
    [false, 1],
    [true, 1],
    [true, 0],
    [false, 1],
  ]);
});
