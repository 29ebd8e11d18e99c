/** However a file came to its text, the answer is the same, and no request fails on the way. */
import fc from "fast-check";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import type { CodeAction, Diagnostic, FullDocumentDiagnosticReport } from "vscode-languageserver/node";
import { LineIndex } from "../../server/src/text/lines.ts";
import { startEditor, type Editor } from "./editor.ts";
import { clean, mixed, mixedFile, project as whole } from "./files.ts";

/** One rule is enough here, whatever others there are. */
const project: Readonly<Record<string, string>> = {
  ...whole,
  "retort.toml": 'preset = "off"\nrules.mixed-schema-and-data = "warning"\n',
};

let editors: Editor[] = [];
afterEach(async () => {
  await Promise.all(editors.map((editor) => editor.close()));
  editors = [];
});

const start = async (files = project): Promise<Editor> => {
  const editor = await startEditor(files);
  editors.push(editor);
  return editor;
};

interface Edit {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

const anEdit: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(),
  remove: fc.nat({ max: 60 }),
  insert: fc.oneof(
    fc.constantFrom("(", ")", '"', "'''", "\n", "\r\n", "    ", "#", "op.", "return\n", "\u{1F702}", "\uFEFF", "\0"),
    fc.constantFrom(
      '    op.execute("DELETE FROM users")\n',
      '    op.drop_column("users", "x")\n',
      "def upgrade():\n",
      "if True:\n",
    ),
    fc.string({ maxLength: 8 }),
  ),
});

const withoutRoot = (diagnostics: readonly Diagnostic[], { root }: Editor): string =>
  JSON.stringify(diagnostics).replaceAll(root, "");

const everywhere = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };

/** Folders that editors escape in their own ways: VS Code every character that has a meaning somewhere in a URI. */
const oddFolder = "mi (gra) +tions @ home";
const oddProject = Object.fromEntries(
  Object.entries(project).map(([name, text]) => [
    name.replace("migrations", oddFolder),
    text.replace("migrations", oddFolder),
  ]),
);
const oddFile = mixedFile.replace("migrations", oddFolder);
const escapeAll = (uri: string): string =>
  uri.replaceAll(/[!'()*+,;=@&$]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/** What an editor and a disk may do with a file. */
type Step =
  | { readonly does: "type" | "replace"; readonly edits: readonly Edit[] }
  | { readonly does: "save" | "close" | "open" | "write" };

const aStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ does: fc.constant("type" as const), edits: fc.array(anEdit, { maxLength: 3 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constant("replace" as const), edits: fc.array(anEdit, { maxLength: 3 }) }),
  },
  fc.record({ does: fc.constantFrom("save" as const, "close" as const, "open" as const, "write" as const) }),
);

/** One file as the editor and the disk hold it, and what they tell the server of it. */
class Document {
  #disk = mixed;
  #open: string | undefined;
  #version = 0;
  readonly #editor: Editor;
  readonly uri: string;

  constructor(editor: Editor) {
    this.#editor = editor;
    this.uri = escapeAll(editor.uri(oddFile));
  }

  /** What counts. */
  get text(): string {
    return this.#open ?? this.#disk;
  }

  async take(step: Step): Promise<void> {
    switch (step.does) {
      case "type":
      case "replace":
        return this.#open === undefined ? undefined : this.#type(step.edits, step.does === "type");
      case "save":
        return this.#write(this.text);
      case "write":
        return this.#write(clean.replaceAll("aaa111", "bbb222"));
      case "open":
        return this.#open === undefined ? this.open() : undefined;
      case "close":
        if (this.#open === undefined) return;
        this.#open = undefined;
        await this.#tell("textDocument/didClose", {});
    }
  }

  async open(text = this.#disk): Promise<void> {
    this.#open = text;
    await this.#tell("textDocument/didOpen", { languageId: "python", version: ++this.#version, text: this.#open });
  }

  async replace(text: string): Promise<void> {
    this.#open = text;
    await this.#change([{ text }]);
  }

  async #type(edits: readonly Edit[], isIncremental: boolean): Promise<void> {
    const changes = [];
    for (const edit of edits) {
      const text = this.text;
      const from = text.length === 0 ? 0 : edit.at % text.length;
      const lines = new LineIndex(text);
      const range = {
        start: lines.positionAt(from),
        end: lines.positionAt(Math.min(text.length, from + edit.remove)),
      };
      // A position has no place between the two characters of a line end.
      this.#open = text.slice(0, lines.offsetAt(range.start)) + edit.insert + text.slice(lines.offsetAt(range.end));
      changes.push({ range, text: edit.insert });
    }
    await this.#change(isIncremental ? changes : [{ text: this.text }]);
  }

  #change(contentChanges: readonly object[]): Promise<void> {
    const textDocument = { uri: this.uri, version: ++this.#version };
    return this.#editor.connection.sendNotification("textDocument/didChange", { textDocument, contentChanges });
  }

  async #write(text: string): Promise<void> {
    this.#disk = Buffer.from(text).toString();
    await writeFile(path.join(this.#editor.root, oddFile), text);
    const changes = [this.uri, this.#editor.uri(oddFile)].map((uri) => ({ uri, type: 2 }));
    await this.#editor.connection.sendNotification("workspace/didChangeWatchedFiles", { changes });
  }

  #tell(method: string, rest: object): Promise<void> {
    return this.#editor.connection.sendNotification(method, { textDocument: { uri: this.uri, ...rest } });
  }

  async diagnostics(): Promise<readonly Diagnostic[]> {
    const textDocument = { uri: this.uri };
    const report: FullDocumentDiagnosticReport = await this.#editor.connection.sendRequest("textDocument/diagnostic", {
      textDocument,
    });
    return report.items;
  }

  async act(): Promise<readonly CodeAction[]> {
    const [textDocument, context] = [{ uri: this.uri }, { diagnostics: await this.diagnostics() }];
    return this.#editor.connection.sendRequest("textDocument/codeAction", { textDocument, range: everywhere, context });
  }
}

const isBroken = (diagnostics: readonly Diagnostic[]): boolean => diagnostics.some(({ code }) => code === "syntax");

/** The findings are of when the file could last be read. */
const isStale = (diagnostics: readonly Diagnostic[]): boolean =>
  diagnostics.some(({ message }) => typeof message === "string" && message.includes("of when it last was"));

test("diagnostics of Python depend on the text that is typed alone, not on the way to it, nor on the disk", async () => {
  const [editor, other] = [await start(oddProject), await start(oddProject)];
  const [typed, fresh] = [new Document(editor), new Document(other)];
  await typed.open();
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(aStep, { minLength: 1, maxLength: 8 }), async (steps) => {
      await typed.take({ does: "open" });
      await typed.replace(mixed);
      expect((await typed.diagnostics()).map(({ code }) => code)).toEqual(["mixed-schema-and-data"]);
      for (const step of steps) {
        await typed.take(step);
        const actions = await typed.act();
        if (isStale(await typed.diagnostics())) expect(actions.filter(({ disabled }) => !disabled)).toEqual([]);
      }
      // Opened anew, so that nothing is known of an earlier state.
      await fresh.take({ does: "close" });
      await fresh.open(typed.text);
      const [is, should] = [await typed.diagnostics(), await fresh.diagnostics()];
      expect(isBroken(is)).toBe(isBroken(should));
      if (isBroken(is)) return;
      compared++;
      expect(withoutRoot(is, editor)).toBe(withoutRoot(should, other));
    }),
    { numRuns: 60 },
  );
  expect(compared).toBeGreaterThan(5);
  expect([...editor.log, ...other.log].filter((line) => line.includes("failed"))).toEqual([]);
});

test("nothing is edited by what a file was before it broke", async () => {
  const editor = await start();
  const context = async () => ({ diagnostics: await editor.diagnostics(mixedFile) });
  const actions = async (): Promise<readonly CodeAction[]> =>
    editor.connection.sendRequest("textDocument/codeAction", {
      textDocument: { uri: editor.uri(mixedFile) },
      range: everywhere,
      context: await context(),
    });
  await editor.open(mixedFile, mixed);
  expect((await actions()).filter(({ disabled }) => !disabled).length).toBeGreaterThan(1);
  await editor.change(mixedFile, mixed.replace("    connection =", "    op.(\n    connection ="));
  expect((await editor.diagnostics(mixedFile)).map(({ code }) => code).sort()).toEqual([
    "mixed-schema-and-data",
    "syntax",
  ]);
  const offered = await actions();
  expect(offered.filter(({ disabled }) => !disabled)).toEqual([]);
  expect(offered.map(({ title, disabled }) => [title, disabled?.reason])).toEqual(
    expect.arrayContaining([
      ["Split into schema and data revisions", expect.stringContaining("The file does not parse")],
      ["Allow mixed-schema-and-data here", "A part of the file is not valid Python now."],
    ]),
  );
});

const other = mixed.replaceAll("bbb222", "ccc333");

test.each([
  ["nothing", ""],
  ["HTML", "<html><body>op.drop_column</body></html>"],
  ["bytes", "\0\u0001\u0002\uFFFD\u0000"],
  ["a lone surrogate", `${other}\n# \uD800\n`],
  ["two thousand brackets", `def upgrade():\n    ${"(".repeat(2000)}\n`],
  ["a very long line", `def upgrade():\n    op.execute("${"x ".repeat(200_000)}")\n`],
  ["five megabytes", `${other}\n${"x = 1\n".repeat(800_000)}`],
])("a file that holds %s is answered, and its neighbours are checked", async (_, text) => {
  const editor = await start();
  await editor.open(mixedFile, mixed);
  await editor.open("migrations/versions/ccc333_odd.py", text);
  await editor.diagnostics("migrations/versions/ccc333_odd.py");
  expect(await editor.diagnostics(mixedFile)).toMatchObject([{ code: "mixed-schema-and-data" }]);
  expect(editor.log.filter((line) => line.includes("failed"))).toEqual([]);
});
