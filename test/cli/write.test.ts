import { mkdtemp, readdir, readFile, rm, stat, writeFile, chmod } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WriteRefused } from "../../server/src/cli/io.ts";
import { writeChange } from "../../server/src/cli/write.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "retort-write-"));
  await writeFile(join(folder, "old.py"), "one two\n");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const edit = () => [{ path: join(folder, "old.py"), edits: [{ range: { start: 4, end: 7 }, newText: "three" }] }];

test("creates and edits, keeps permissions, leaves nothing else behind", async () => {
  await chmod(join(folder, "old.py"), 0o640);
  await writeChange({ create: [{ path: join(folder, "new.py"), text: "new\n" }], edit: edit() });
  expect(await readFile(join(folder, "new.py"), "utf8")).toBe("new\n");
  expect(await readFile(join(folder, "old.py"), "utf8")).toBe("one three\n");
  expect((await stat(join(folder, "old.py"))).mode & 0o777).toBe(0o640);
  expect((await readdir(folder)).sort()).toEqual(["new.py", "old.py"]);
});

test("creates folders that are missing", async () => {
  await writeChange({ create: [{ path: join(folder, "2026/new.py"), text: "x" }], edit: [] });
  expect(await readFile(join(folder, "2026/new.py"), "utf8")).toBe("x");
});

test("never overwrites a file, and then makes nothing at all", async () => {
  await writeFile(join(folder, "b.py"), "mine");
  const create = ["a.py", "b.py"].map((name) => ({ path: join(folder, name), text: "theirs" }));
  await expect(writeChange({ create, edit: edit() })).rejects.toThrow(WriteRefused);
  expect((await readdir(folder)).sort()).toEqual(["b.py", "old.py"]);
  expect(await readFile(join(folder, "b.py"), "utf8")).toBe("mine");
  expect(await readFile(join(folder, "old.py"), "utf8")).toBe("one two\n");
});

test("keeps a byte-order mark", async () => {
  await writeFile(join(folder, "old.py"), "\uFEFFone two\n");
  await writeChange({ create: [], edit: edit() });
  expect(await readFile(join(folder, "old.py"), "utf8")).toBe("\uFEFFone three\n");
});

test("is refused where the edited file is not UTF-8, and makes nothing new", async () => {
  const path = `${folder}/latin.py`;
  const bytes = Buffer.from([...Buffer.from("# coding: latin-1\n# "), 0xe9, 0x0a]);
  await writeFile(path, bytes);
  const change = {
    create: [{ path: `${folder}/beside.py`, text: "" }],
    edit: [{ path, edits: [{ range: { start: 0, end: 0 }, newText: "x" }] }],
  };
  await expect(writeChange(change)).rejects.toThrow("latin.py is not UTF-8");
  expect(await readFile(path)).toEqual(bytes);
  await expect(readFile(`${folder}/beside.py`)).rejects.toThrow("ENOENT");
});

test("is refused where the edited file is gone", async () => {
  await rm(join(folder, "old.py"));
  await expect(writeChange({ create: [{ path: join(folder, "a.py"), text: "" }], edit: edit() })).rejects.toThrow(
    WriteRefused,
  );
  expect(await readdir(folder)).toEqual([]);
});

test("is refused where the file is read-only, and makes nothing new", async () => {
  await chmod(join(folder, "old.py"), 0o444);
  const create = [{ path: join(folder, "a.py"), text: "" }];
  await expect(writeChange({ create, edit: edit() })).rejects.toThrow("old.py is read-only");
  expect(await readdir(folder)).toEqual(["old.py"]);
});

test("is refused where the file has changed since it was read", async () => {
  const [one] = edit();
  const change = { create: [], edit: one ? [{ ...one, before: "one two three\n" }] : [] };
  await expect(writeChange(change)).rejects.toThrow("old.py has changed since it was read");
  expect(await readFile(join(folder, "old.py"), "utf8")).toBe("one two\n");
});
