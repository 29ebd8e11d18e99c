import fc from "fast-check";
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { keptFiles, type Kept } from "../../server/src/host/kept-files.ts";

function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "retort-kept-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const open = (folder: string, build: string | undefined = "build 1"): Kept => keptFiles(folder, () => build);

const onlyFile = (folder: string): string => {
  const names = readdirSync(folder);
  expect(names).toHaveLength(1);
  return path.join(folder, names[0] ?? "");
};

test("what is kept is read back, by the name that it was kept under", () => {
  const folder = temporaryFolder();
  const value = { texts: new Map([["a", "ä\u{1F600}"]]), list: [1, undefined, null] };
  open(folder).write("one", value);
  expect(open(folder).read("one")).toEqual(value);
  expect(open(folder).read("two")).toBeUndefined();
});

test("a later value replaces the earlier one", () => {
  const folder = temporaryFolder();
  open(folder).write("one", 1);
  open(folder).write("one", 2);
  expect(open(folder).read("one")).toBe(2);
  onlyFile(folder);
});

test("another build reads nothing of it, and neither does one that does not know itself", () => {
  const folder = temporaryFolder();
  open(folder).write("one", 1);
  expect(open(folder, "build 2").read("one")).toBeUndefined();
  const unknown = keptFiles(folder, () => undefined);
  expect(unknown.read("one")).toBeUndefined();
  unknown.write("one", 2);
  expect(open(folder).read("one")).toBe(1);
});

test("damaged in any byte, or cut anywhere, it is as if it were not there", () => {
  const folder = temporaryFolder();
  open(folder).write("one", { some: "value", list: [1, 2, 3] });
  const file = onlyFile(folder);
  const whole = readFileSync(file);
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, flip, cut) => {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ flip;
      writeFileSync(file, cut ? whole.subarray(0, at) : damaged);
      expect(open(folder).read("one")).toBeUndefined();
    }),
  );
  writeFileSync(file, whole);
  expect(open(folder).read("one")).toBeDefined();
});

test("the file of one name says nothing under another", () => {
  const folder = temporaryFolder();
  open(folder).write("one", 1);
  const bytes = readFileSync(onlyFile(folder));
  open(folder).write("two", 2);
  for (const name of readdirSync(folder)) writeFileSync(path.join(folder, name), bytes);
  expect(open(folder).read("two")).toBeUndefined();
});

test("where nothing can be written, nothing is kept and nothing fails", () => {
  const file = path.join(temporaryFolder(), "file");
  writeFileSync(file, "");
  open(file).write("one", 1);
  expect(open(file).read("one")).toBeUndefined();
  open(temporaryFolder()).write("one", () => "functions cannot be kept");
});

test("what is kept longest without use goes first", () => {
  const folder = temporaryFolder();
  const kept = open(folder);
  for (let i = 0; i < 64; i++) kept.write(`old ${i}`, i);
  for (const name of readdirSync(folder)) utimesSync(path.join(folder, name), 1, 1);
  expect(kept.read("old 7")).toBe(7);
  for (let i = 0; i < 63; i++) kept.write(`new ${i}`, i);
  expect(readdirSync(folder)).toHaveLength(64);
  expect(kept.read("old 7")).toBe(7);
  expect(kept.read("old 8")).toBeUndefined();
});
