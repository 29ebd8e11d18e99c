import { afterEach, expect, test } from "vitest";
import type { InlayHint } from "vscode-languageserver/node";
import { startEditor, type Editor } from "./editor.ts";
import { mixed, mixedFile, project } from "./files.ts";

let editor: Editor;
afterEach(() => editor.close());

const hints = (): Promise<InlayHint[]> =>
  editor.connection.sendRequest("textDocument/inlayHint", {
    textDocument: { uri: editor.uri(mixedFile) },
    range: { start: { line: 0, character: 0 }, end: { line: 200, character: 0 } },
  });

test("locks are shown behind operations where the setting says so", async () => {
  editor = await startEditor(project, { settings: { inlayHints: { locks: true } } });
  await editor.open(mixedFile, mixed);
  expect((await hints()).map(({ label }) => label)).toContain("AccessExclusiveLock users");
});

test("by default they are not", async () => {
  editor = await startEditor(project);
  await editor.open(mixedFile, mixed);
  expect(await hints()).toEqual([]);
});
