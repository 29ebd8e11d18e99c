/** The command line on real files: what a disk can hold that memory does not. */
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Io } from "../../server/src/cli/io.ts";
import { run } from "../../server/src/cli/run.ts";
import { writeChange } from "../../server/src/cli/write.ts";
import { nodeFiles } from "../../server/src/host/files.ts";
import { readFixture } from "../support/txtar.ts";
import { mixed } from "./retort.ts";

const versions = "migrations/versions";
const file = `${versions}/0002_full_name.py`;
let folder = "";

beforeEach(async () => {
  folder = (await mkdtemp(join(tmpdir(), "retort-cli-"))).replaceAll("\\", "/");
  await mkdir(join(folder, versions), { recursive: true });
  for (const [path, text] of readFixture(mixed).files) await writeFile(join(folder, path), text);
  // One rule is enough here, whatever others there are.
  await writeFile(join(folder, "retort.toml"), 'preset = "off"\nrules.mixed-schema-and-data = "warning"\n');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function retort(
  ...argv: readonly string[]
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let out = "";
  let err = "";
  const io: Io = {
    cwd: folder,
    files: nodeFiles,
    colours: false,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    save: () => Promise.reject(new Error("nothing is saved")),
    write: writeChange,
  };
  const code = await run(argv, io);
  return { code, out, err };
}

const list = async (): Promise<readonly string[]> => (await readdir(join(folder, versions))).sort();

describe("split --write", () => {
  test("makes three files that are clean, and then has nothing to split", async () => {
    expect(await retort("split", file, "--write")).toMatchObject({ code: 0 });
    expect(await list()).toHaveLength(4);
    expect(await retort("check", "--fail-on", "information")).toMatchObject({ code: 0, err: "" });
    expect(await retort("split", file, "--write")).toMatchObject({ code: 2 });
    expect(await list()).toHaveLength(4);
  });

  test("leaves a file alone that has the name of a part, and takes another name", async () => {
    const { out } = await retort("split", file);
    const path = /^# (\S+_expand\.py) \(new\)/m.exec(out)?.[1] ?? "";
    await writeFile(join(folder, path), "# mine\n");
    expect(await retort("split", file, "--write")).toMatchObject({ code: 0 });
    expect(await readFile(join(folder, path), "utf8")).toBe("# mine\n");
    expect(await list()).toHaveLength(5);
  });

  test("is refused where the file is read-only, and makes nothing", async () => {
    await chmod(join(folder, file), 0o444);
    const { code, err } = await retort("split", file, "--write");
    expect([code, err]).toEqual([2, expect.stringContaining("is read-only")]);
    expect(await list()).toHaveLength(2);
  });

  test.each([
    ["Windows line ends", (text: string) => text.replaceAll("\n", "\r\n")],
    ["a byte-order mark", (text: string) => `\uFEFF${text}`],
    ["tabs", (text: string) => text.replaceAll("    ", "\t")],
  ])("keeps %s", async (_, change) => {
    await writeFile(join(folder, file), change(await readFile(join(folder, file), "utf8")));
    expect(await retort("split", file, "--write")).toMatchObject({ code: 0 });
    for (const name of await list()) {
      if (name.startsWith("0001")) continue;
      const text = await readFile(join(folder, versions, name), "utf8");
      if (change("\n") === "\r\n") expect(text.replaceAll("\r\n", ""), name).not.toMatch(/[\r\n]/);
      if (change("    ") === "\t") expect(text, name).toMatch(/^\t(?:op|conn)/m);
    }
    const original = await readFile(join(folder, file), "utf8");
    expect(original.startsWith("\uFEFF")).toBe(change("").startsWith("\uFEFF"));
    expect(await retort("check", "--fail-on", "information")).toMatchObject({ code: 0, err: "" });
  });
});

test("nothing is overwritten that lies where a refactoring would write, and nothing else is changed", async () => {
  const text = (await readFile(join(folder, file), "utf8")).replace(/^(?=.*op\.drop_column)/gm, "    # ");
  await writeFile(join(folder, file), text);
  const script = join(folder, "migrations", "data_migrations", "0002_full_name.py");
  await mkdir(join(script, ".."));
  await writeFile(script, "# mine\n");
  const { code, err } = await retort("refactor", "extract-data-script", file, "--write");
  expect([code, err]).toEqual([2, expect.stringMatching(/0002_full_name\.py exists/)]);
  expect([await readFile(script, "utf8"), await readFile(join(folder, file), "utf8")]).toEqual(["# mine\n", text]);
});

describe("check", () => {
  test.each([
    ["is not UTF-8", Buffer.from([0xff, 0xfe, 0x00, 0x41]), "not valid UTF-8"],
    ["is huge", Buffer.alloc(33 * 1024 * 1024, "x"), "larger than 32 MB"],
    ["is broken", Buffer.from("revision = '0003'\ndown_revision = '0002'\n\ndef upgrade(:\n"), "not valid Python"],
  ])("names a file that %s in one line, and checks the others", async (_, bytes, words) => {
    await writeFile(join(folder, versions, "0003_bad.py"), bytes);
    const { code, out, err } = await retort("check");
    expect(code).toBe(2);
    expect(err).toMatch(/^migrations\/versions\/0003_bad\.py\b.*\n$/);
    expect(err).toContain(words);
    expect(out).toContain("1 finding");
  });

  test("an empty file is no problem", async () => {
    await writeFile(join(folder, versions, "0003_empty.py"), "");
    expect(await retort("check")).toMatchObject({ code: 0, err: "" });
  });
});

test("inspect prints what it can of a broken file, and says that it is broken", async () => {
  await writeFile(
    join(folder, versions, "0003_bad.py"),
    "revision = '0003'\n\ndef upgrade():\n    op.drop_table('a'\n",
  );
  const { code, out, err } = await retort("inspect", `${versions}/0003_bad.py`);
  expect(code).toBe(2);
  expect(JSON.parse(out)).toMatchObject({ revision: "0003" });
  expect(err).toMatch(/^migrations\/versions\/0003_bad\.py:4: .*\n$/);
});
