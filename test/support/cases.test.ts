/** The harness must fail where it should: a check that cannot fail proves nothing. */
import { describe, expect, test } from "vitest";
import { defineRefactoring, type Result } from "../../server/src/refactorings/define.ts";
import { defineRule } from "../../server/src/rules/define.ts";
import type { RevisionFile } from "../../server/src/model/revision.ts";
import { allows, flags, ignores, refactors, refuses } from "./cases.ts";
import { absolute } from "./project.ts";

const rule = defineRule({
  id: "dropped-table",
  group: "data-loss",
  severity: "error",
  recommended: true,
  summary: "",
  why: "",
  instead: "",
  sources: [],
  examples: [],
  options: {},
  *detect({ upgrade }) {
    for (const { kind, nameRange } of upgrade.operations) if (kind === "drop_table") yield { at: nameRange };
  },
  message: () => "A table is dropped.",
});

describe("flags", () => {
  test("holds where place, severity and message are as marked", () =>
    flags(rule, `op.drop_table("a")\n   ^^^^^^^^^^ error: A table is dropped.\n`));

  test.each([
    ["the place", `op.drop_table("a")\n  ^^^^^^^^^^ error: A table is dropped.\n`],
    ["the severity", `op.drop_table("a")\n   ^^^^^^^^^^ warning: A table is dropped.\n`],
    ["the message", `op.drop_table("a")\n   ^^^^^^^^^^ error: A table\n`],
    ["the number", `op.drop_table("a")\n   ^^^^^^^^^^ error: A table is dropped.\nop.drop_table("b")\n`],
    ["the file's syntax", `op.drop_table("a")\n   ^^^^^^^^^^ error: A table is dropped.\nop.drop_table("b"\n`],
  ])("fails where %s is another", async (_, source) => {
    await expect(flags(rule, source)).rejects.toThrow();
  });

  test("fails where nothing is marked", () => expect(flags(rule, "pass\n")).rejects.toThrow(/marks nothing/));
});

describe("allows", () => {
  test("holds where nothing is found", () => allows(rule, "pass\n"));
  test("fails where something is", () => expect(allows(rule, `op.drop_table("a")\n`)).rejects.toThrow());
  test("fails where the fixture does not parse, unless it says so", async () => {
    await expect(allows(rule, "op.add_column(\n")).rejects.toThrow(/does not read/);
    await allows(rule, "op.add_column(\n", { broken: true });
  });
});

/** A refactoring that makes this of a file. */
const making = (make: (file: RevisionFile) => Partial<Result>) =>
  defineRefactoring({
    id: "test-it",
    title: "Test it",
    summary: "",
    why: "",
    keeps: [],
    refuses: [],
    keepsSchema: true,
    keepsOperations: true,
    examples: [],
    plan: ({ file }) =>
      file.text.includes("never")
        ? undefined
        : file.text.includes("no!")
          ? { unavailable: "It says no." }
          : { plan: file, title: "Test" },
    apply: (_, file) => ({ change: { create: [], edit: [] }, parts: [], notes: [], ...make(file) }),
  });

const source = `op.drop_table("a")\n`;
const replace = (file: RevisionFile, from: string, to: string): Result["change"]["edit"][number] => {
  const start = file.text.indexOf(from);
  return { path: file.path, edits: [{ range: { start, end: start + from.length }, newText: to }] };
};

describe("refactors", () => {
  test("gives the files after the change", async () => {
    const { files, title } = await refactors(
      making((file) => ({ change: { create: [], edit: [replace(file, '"a"', "'a'")] } })),
      source,
    );
    expect(title).toBe("Test");
    expect(files.get("versions/0001_case.py")).toContain("op.drop_table('a')");
  });

  const revision = (id: string, parent: string): string =>
    `revision = "${id}"\ndown_revision = ${parent}\n\ndef upgrade():\n    pass\n\ndef downgrade():\n    pass\n`;

  test.each<[string, (file: RevisionFile) => Partial<Result>]>([
    [
      "an operation is lost",
      (file) => ({ change: { create: [], edit: [replace(file, 'op.drop_table("a")', "pass")] } }),
    ],
    [
      "an operation is doubled",
      (file) => ({
        change: { create: [], edit: [replace(file, 'op.drop_table("a")', 'op.drop_table("a"); op.drop_table("a")')] },
      }),
    ],
    ["the result does not parse", (file) => ({ change: { create: [], edit: [replace(file, '"a")', '"a"')] } })],
    ["a revision is lost", (file) => ({ change: { create: [], edit: [replace(file, '= "0001"', '= "0009"')] } })],
    [
      "a head is new",
      () => ({
        change: { create: [{ path: absolute("versions/0002_b.py"), text: revision("0002", "None") }], edit: [] },
      }),
    ],
    [
      "an id is used twice",
      () => ({
        change: { create: [{ path: absolute("versions/0002_b.py"), text: revision("0001", "None") }], edit: [] },
      }),
    ],
    ["a file exists already", (file) => ({ change: { create: [{ path: file.path, text: "" }], edit: [] } })],
    [
      "edits overlap",
      (file) => ({
        change: {
          create: [],
          edit: [{ path: file.path, edits: [0, 1].map((start) => ({ range: { start, end: 5 }, newText: "#" })) }],
        },
      }),
    ],
    [
      "an edit leaves the file",
      (file) => ({
        change: { create: [], edit: [{ path: file.path, edits: [{ range: { start: 0, end: 10_000 }, newText: "" }] }] },
      }),
    ],
    [
      "a part is not what is written",
      (file) => ({
        parts: [{ path: file.path, isNew: false, revision: "0001", name: "", title: "", text: "else", before: "" }],
      }),
    ],
  ])("fails where %s", async (_, make) => {
    await expect(refactors(making(make), source)).rejects.toThrow();
  });
});

test("refusals and silence are told apart", async () => {
  const refactoring = making(() => ({}));
  await refuses(refactoring, "print('no!')\n", "says no");
  await ignores(refactoring, "print('never')\n");
  await expect(refuses(refactoring, source, "")).rejects.toThrow(/not refused/);
  await expect(ignores(refactoring, "print('no!')\n")).rejects.toThrow();
  await expect(refactors(refactoring, "print('no!')\n")).rejects.toThrow(/is refused: It says no/);
});
