import { afterEach, expect, test } from "vitest";
import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Location, LocationLink, Position, WorkspaceEdit } from "vscode-languageserver/node";
import { startEditor, vscodeLike, type Editor } from "./editor.ts";
import { clean, mixed, mixedFile, project } from "./files.ts";

let editor: Editor;
afterEach(() => editor.close());

const cleanFile = "migrations/versions/aaa111_users.py";

const positionOf = (text: string, what: string): Position => {
  const lines = text.split("\n");
  const line = lines.findIndex((one) => one.includes(what));
  return { line, character: (lines[line]?.indexOf(what) ?? 0) + what.length - 2 };
};

const ask = <T>(method: string, file: string, position: Position, more: object = {}): Promise<T> =>
  editor.connection.sendRequest(`textDocument/${method}`, {
    textDocument: { uri: editor.uri(file) },
    position,
    ...more,
  });

test("a parent leads to its file, with the place in the line and the docstring around it", async () => {
  editor = await startEditor(project);
  await editor.open(mixedFile, mixed);
  const parent = positionOf(mixed, 'down_revision = "aaa111"');
  const [link] = await ask<LocationLink[]>("definition", mixedFile, parent);
  expect(link).toMatchObject({
    targetUri: editor.uri(cleanFile),
    targetRange: { start: { line: 0, character: 0 } },
    targetSelectionRange: { start: { line: 10, character: 12 }, end: { line: 10, character: 18 } },
    originSelectionRange: { start: { line: 11, character: 17 }, end: { line: 11, character: 23 } },
  });
});

test("an editor without links gets places, and scripts that are open lead to revisions", async () => {
  editor = await startEditor(project, { capabilities: { ...vscodeLike, textDocument: {} } });
  const script = 'from alembic import command\ncommand.upgrade(config, "bbb222")\n';
  await editor.open("tests/test_it.py", script);
  expect(await ask<Location[]>("definition", "tests/test_it.py", positionOf(script, "bbb222"))).toMatchObject([
    { uri: editor.uri(mixedFile), range: { start: { line: 10 } } },
  ]);
});

test("an id leads to the revisions that name it", async () => {
  editor = await startEditor(project);
  await editor.open(cleanFile, clean);
  const own = positionOf(clean, 'revision = "aaa111"');
  const found = await ask<Location[]>("references", cleanFile, own, { context: { includeDeclaration: false } });
  expect(found).toMatchObject([{ uri: editor.uri(mixedFile), range: { start: { line: 11, character: 17 } } }]);
});

test("a rename edits all files and moves one, and says what it leaves", async () => {
  editor = await startEditor(project);
  await editor.open(mixedFile, mixed);
  const parent = positionOf(mixed, 'down_revision = "aaa111"');
  expect(await ask("prepareRename", mixedFile, parent)).toMatchObject({ placeholder: "aaa111" });
  const edit = await ask<WorkspaceEdit>("rename", mixedFile, parent, { newName: "ccc333" });
  expect(edit.documentChanges).toMatchObject([
    {
      textDocument: { uri: editor.uri(cleanFile), version: null },
      edits: [{ newText: "ccc333" }, { newText: "ccc333" }],
    },
    { textDocument: { uri: editor.uri(mixedFile), version: 1 }, edits: [{ newText: "ccc333" }, { newText: "ccc333" }] },
    {
      kind: "rename",
      oldUri: editor.uri(cleanFile),
      newUri: editor.uri("migrations/versions/ccc333_users.py"),
      options: { overwrite: false, ignoreIfExists: false },
    },
  ]);
  expect(editor.shown.join("\n")).toMatch(
    /A database that stands at "aaa111" keeps that id in its table alembic_version/,
  );
});

test("a rename that cannot be is refused with the reason", async () => {
  editor = await startEditor(project);
  await editor.open(mixedFile, mixed);
  const own = positionOf(mixed, 'revision = "bbb222"');
  await expect(ask("rename", mixedFile, own, { newName: "aaa111" })).rejects.toThrow(
    '"aaa111" names another revision or branch already.',
  );
  writeFileSync(path.join(editor.root, "migrations/versions/ddd444_join_names.py"), "not = revision\n");
  await expect(ask("rename", mixedFile, own, { newName: "ddd444" })).rejects.toThrow(
    "There is a file ddd444_join_names.py already.",
  );
  expect(await ask("prepareRename", mixedFile, positionOf(mixed, "import op"))).toBeNull();
  expect(editor.shown).toEqual([]);
});

test("an editor that renames no files gets the edits alone", async () => {
  const workspace = { ...vscodeLike.workspace, workspaceEdit: { documentChanges: true } };
  editor = await startEditor(project, { capabilities: { ...vscodeLike, workspace } });
  await editor.open(mixedFile, mixed);
  const own = positionOf(mixed, 'revision = "bbb222"');
  const edit = await ask<WorkspaceEdit>("rename", mixedFile, own, { newName: "ccc333" });
  expect(edit.documentChanges).toMatchObject([{ edits: [{}, {}] }]);
});
