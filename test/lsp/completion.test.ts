import { afterEach, expect, test } from "vitest";
import type { CompletionItem, CompletionList } from "vscode-languageserver/node";
import { LineIndex } from "../../server/src/text/lines.ts";
import { startEditor, type Editor } from "./editor.ts";
import { mixed, mixedFile, project } from "./files.ts";

let editor: Editor;
afterEach(() => editor.close());

/** Types `line` where the first column is dropped, and asks at `<|>`. */
async function typed(line: string, trigger?: string): Promise<CompletionList> {
  const text = mixed.replace('op.drop_column("users", "first_name")', line);
  const offset = text.indexOf("<|>");
  const shown = text.replace("<|>", "");
  await editor.change(mixedFile, shown);
  return editor.connection.sendRequest("textDocument/completion", {
    textDocument: { uri: editor.uri(mixedFile) },
    position: new LineIndex(shown).positionAt(offset),
    context: trigger === undefined ? { triggerKind: 1 } : { triggerKind: 2, triggerCharacter: trigger },
  });
}

const labels = ({ items }: CompletionList): readonly string[] => items.map(({ label }) => label);
const columns = ["id", "first_name", "last_name", "full_name"];

test("completion follows what is typed, half of it missing or not", async () => {
  editor = await startEditor(project);
  await editor.open(mixedFile, mixed);
  expect(labels(await typed('op.drop_column("<|>'))).toEqual(["users"]);
  expect(labels(await typed('op.drop_column("users", "<|>'))).toEqual(columns);
  const list = await typed('# 💡\n    op.drop_column("users", "fi<|>rst")');
  const line = mixed.slice(0, mixed.indexOf('op.drop_column("users", "first_name")')).split("\n").length;
  expect(list.items.find(({ label }) => label === "first_name")).toMatchObject({
    kind: 5,
    detail: "character varying(100)",
    labelDetails: { description: "character varying(100)" },
    textEdit: {
      newText: "first_name",
      range: { start: { line, character: 29 }, end: { line, character: 34 } },
    },
  });
});

test("an item tells in full what it is, and which revision made it, when it is looked at", async () => {
  editor = await startEditor(project);
  await editor.open(mixedFile, mixed);
  const { items } = await typed('op.drop_column("users", "<|>")');
  const resolve = async (label: string): Promise<CompletionItem> =>
    editor.connection.sendRequest(
      "completionItem/resolve",
      items.find((one) => one.label === label),
    );
  expect((await resolve("first_name")).documentation).toEqual({
    kind: "markdown",
    value: "```sql\nusers.first_name character varying(100)\n```\n\nMade by `aaa111` users",
  });
  expect((await resolve("full_name")).documentation).toMatchObject({
    value: expect.stringContaining("Made by `bbb222` join names") as unknown,
  });
});

test("a blank opens a list in SQL, and nowhere else", async () => {
  editor = await startEditor(project);
  await editor.open(mixedFile, mixed);
  expect(labels(await typed('op.execute("UPDATE <|>', " "))).toEqual(["users"]);
  expect(labels(await typed('op.drop_column("users", "id", <|>)', " "))).toEqual([]);
  expect(labels(await typed('op.drop_column("users", "id", <|>)'))).toEqual(["schema="]);
  expect(labels(await typed("x = <|>", " "))).toEqual([]);
});
