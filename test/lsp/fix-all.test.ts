import { afterEach, expect, test } from "vitest";
import type { CodeAction } from "vscode-languageserver/node";
import { startEditor, type Editor } from "./editor.ts";
import { mixed, mixedFile, project } from "./files.ts";

let editor: Editor;
afterEach(() => editor.close());

const actions = (only?: readonly string[]): Promise<CodeAction[]> =>
  editor.connection.sendRequest("textDocument/codeAction", {
    textDocument: { uri: editor.uri(mixedFile) },
    range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
    context: { diagnostics: [], ...(only ? { only } : {}) },
  });

test("all safe repairs are one action, for whoever asks for it", async () => {
  editor = await startEditor(project);
  const text = mixed
    .replace(
      '    op.add_column("users", sa.Column("full_name"',
      '    op.create_table("n", sa.Column("k", sa.Enum("a", "b", name="kind")))\n    op.add_column("users", sa.Column("full_name"',
    )
    .replace("def downgrade() -> None:\n", 'def downgrade() -> None:\n    op.drop_table("n")\n');
  await editor.open(mixedFile, text);
  const [all, ...others] = await actions(["source.fixAll"]);
  expect(others).toEqual([]);
  expect(all).toMatchObject({ kind: "source.fixAll.retort", title: "Make all safe repairs" });
  expect(JSON.stringify(all?.edit)).toContain("DROP TYPE kind");
  expect((await actions()).some(({ kind }) => kind?.startsWith("source"))).toBe(false);
});

test("there is none where nothing can be repaired safely", async () => {
  editor = await startEditor(project);
  await editor.open(mixedFile, mixed);
  expect(await actions(["source.fixAll.retort"])).toEqual([]);
});
