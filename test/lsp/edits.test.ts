/** However a file came to its text, the answer is the same, and no request fails on the way. */
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import type { Diagnostic } from "vscode-languageserver/node";
import { startEditor, type Editor } from "./editor.ts";
import { clean, mixed, mixedFile, project } from "./files.ts";

let editors: Editor[] = [];
afterEach(async () => {
  await Promise.all(editors.map((editor) => editor.close()));
  editors = [];
});

const start = async (): Promise<Editor> => {
  const editor = await startEditor(project);
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

const edited = (text: string, { at, remove, insert }: Edit): string => {
  const from = text.length === 0 ? 0 : at % text.length;
  return text.slice(0, from) + insert + text.slice(from + remove);
};

const withoutRoot = (diagnostics: readonly Diagnostic[], { root }: Editor): string =>
  JSON.stringify(diagnostics).replaceAll(root, "");

test("diagnostics depend on the text alone, not on the way to it", async () => {
  const [typed, fresh] = [await start(), await start()];
  await typed.open(mixedFile, mixed);
  await fresh.open(mixedFile, clean);
  await fc.assert(
    fc.asyncProperty(fc.array(anEdit, { minLength: 1, maxLength: 6 }), async (edits) => {
      let text = mixed;
      await typed.change(mixedFile, text);
      for (const edit of edits) {
        text = edited(text, edit);
        await typed.change(mixedFile, text);
        await typed.connection.sendRequest("textDocument/codeAction", {
          textDocument: { uri: typed.uri(mixedFile) },
          range: { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } },
          context: { diagnostics: [] },
        });
      }
      await fresh.change(mixedFile, text);
      expect(withoutRoot(await typed.diagnostics(mixedFile), typed)).toBe(
        withoutRoot(await fresh.diagnostics(mixedFile), fresh),
      );
    }),
    { numRuns: 60 },
  );
  expect([...typed.log, ...fresh.log].filter((line) => line.includes("failed"))).toEqual([]);
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
