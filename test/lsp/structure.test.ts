import { afterEach, expect, test } from "vitest";
import type {
  DocumentLink,
  DocumentSymbol,
  FoldingRange,
  SelectionRange,
  SymbolInformation,
  TypeHierarchyItem,
} from "vscode-languageserver/node";
import { startEditor, type Editor } from "./editor.ts";
import { mixed, mixedFile, project } from "./files.ts";

let editor: Editor;
afterEach(() => editor.close());

const cleanFile = "migrations/versions/aaa111_users.py";

const ask = <T>(method: string, file: string, more: object = {}): Promise<T> =>
  editor.connection.sendRequest(`textDocument/${method}`, { textDocument: { uri: editor.uri(file) }, ...more });

const lineOf = (what: string): number => mixed.split("\n").findIndex((line) => line.includes(what));

test("the symbols of a revision are its functions with their operations", async () => {
  editor = await startEditor(project);
  await editor.open(mixedFile, mixed);
  const symbols = await ask<DocumentSymbol[]>("documentSymbol", mixedFile);
  expect(symbols.map(({ name, detail, children }) => [name, detail, children?.map((one) => one.name)])).toEqual([
    [
      "upgrade",
      "4 operations",
      ["add column users.full_name", "update users", "drop column users.first_name", "drop column users.last_name"],
    ],
    [
      "downgrade",
      "3 operations",
      ["add column users.last_name", "add column users.first_name", "drop column users.full_name"],
    ],
  ]);
  expect(symbols[0]?.selectionRange.start.line).toBe(lineOf("def upgrade"));
  expect(symbols[0]?.range.end.line).toBe(lineOf('"last_name")'));
});

test("folds, selections and links of a revision are told, and those of other files are left to others", async () => {
  editor = await startEditor(project);
  await editor.open(mixedFile, mixed);
  const folds = await ask<FoldingRange[]>("foldingRange", mixedFile);
  expect(folds).toContainEqual({
    startLine: lineOf("connection.execute("),
    endLine: lineOf("connection.execute(") + 2,
  });
  expect(folds).toContainEqual({ startLine: 0, endLine: 6, kind: "comment" });
  const position = { line: lineOf("UPDATE"), character: 20 };
  const [selection] = await ask<SelectionRange[]>("selectionRange", mixedFile, { positions: [position] });
  expect(selection?.parent?.range.start.line).toBe(lineOf("connection.execute("));
  const links = await ask<DocumentLink[]>("documentLink", mixedFile);
  expect(links).toEqual([
    {
      range: { start: { line: 3, character: 9 }, end: { line: 3, character: 15 } },
      target: `${editor.uri(cleanFile)}#L11`,
      tooltip: 'Open "users"',
    },
  ]);
  for (const method of ["documentSymbol", "foldingRange", "documentLink"])
    expect(await ask(method, "migrations/env.py")).toBeNull();
});

test("the ancestry of a revision is a hierarchy of types", async () => {
  editor = await startEditor(project);
  await editor.open(mixedFile, mixed);
  const position = { line: lineOf('revision = "bbb222"'), character: 14 };
  const [item] = await ask<TypeHierarchyItem[]>("prepareTypeHierarchy", mixedFile, { position });
  expect(item).toMatchObject({ name: "join names", detail: "bbb222" });
  const above = await editor.connection.sendRequest<TypeHierarchyItem[]>("typeHierarchy/supertypes", { item });
  expect(above).toMatchObject([{ name: "users", detail: "aaa111", uri: editor.uri(cleanFile) }]);
  const [parent] = above;
  expect(await editor.connection.sendRequest("typeHierarchy/subtypes", { item: parent })).toMatchObject([
    { detail: "bbb222" },
  ]);
  expect(await editor.connection.sendRequest("typeHierarchy/supertypes", { item: parent })).toEqual([]);
});

test("revisions are found by id and message, operations by what they are about", async () => {
  editor = await startEditor(project);
  const found = async (query: string): Promise<readonly string[]> => {
    const symbols = await editor.connection.sendRequest<SymbolInformation[]>("workspace/symbol", { query });
    return symbols.map(({ name }) => name);
  };
  expect(await found("")).toEqual(["bbb222 join names", "aaa111 users"]);
  expect(await found("bbb2")).toEqual(["bbb222 join names"]);
  expect(await found("Join N")).toEqual(["bbb222 join names"]);
  expect(await found("users.first")).toEqual(["drop column users.first_name"]);
  expect(await found("crtable")).toEqual(["create table users"]);
  expect(await found("zzz")).toEqual([]);
  const [symbol] = await editor.connection.sendRequest<SymbolInformation[]>("workspace/symbol", {
    query: "drop column users.first",
  });
  expect(symbol?.location).toMatchObject({
    uri: editor.uri(mixedFile),
    range: { start: { line: lineOf('op.drop_column("users", "first_name")') } },
  });
  await editor.open(mixedFile, mixed);
  await editor.change(mixedFile, mixed.replaceAll("full_name", "whole_name"));
  expect(await found("whole")).toEqual(["add column users.whole_name"]);
});
