import { afterEach, expect, test } from "vitest";
import type { Hover } from "vscode-languageserver/node";
import { startEditor, type Editor } from "./editor.ts";
import { mixed, mixedFile, project } from "./files.ts";

let editor: Editor;
afterEach(() => editor.close());

const hoverOn = (what: string): Promise<Hover | null> => {
  const lines = mixed.split("\n");
  const line = lines.findIndex((one) => one.includes(what));
  const character = (lines[line]?.indexOf(what) ?? 0) + 1;
  return editor.connection.sendRequest("textDocument/hover", {
    textDocument: { uri: editor.uri(mixedFile) },
    position: { line, character },
  });
};

test("a hover tells how much of the file was analysed, and what an operation makes", async () => {
  editor = await startEditor(project);
  await editor.open(mixedFile, mixed);
  expect((await hoverOn("upgrade"))?.contents).toMatchObject({
    kind: "markdown",
    value: expect.stringMatching(/\d+ of \d+ statements analysed/) as unknown,
  });
  expect((await hoverOn("add_column"))?.contents).toMatchObject({
    value: expect.stringContaining("ADD COLUMN") as unknown,
  });
  expect(await hoverOn("import")).toBeNull();
});
