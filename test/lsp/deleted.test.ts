import { afterEach, expect, test } from "vitest";
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { ProjectsAnswer } from "../../server/src/protocol/index.ts";
import { startEditor, type Editor } from "./editor.ts";
import { mixed, mixedFile, project } from "./files.ts";

let editor: Editor;
afterEach(() => editor.close());

const heads = async (): Promise<unknown> => {
  const { projects }: ProjectsAnswer = await editor.connection.sendRequest("retort/projects");
  return projects[0]?.heads;
};
const changed = (type: number) =>
  editor.connection.sendNotification("workspace/didChangeWatchedFiles", {
    changes: [{ uri: editor.uri(mixedFile), type }],
  });

test("a revision whose file is gone is gone, though its text is still open; and back when the file is", async () => {
  editor = await startEditor(project);
  await editor.open(mixedFile, mixed);
  expect(await heads()).toEqual(["bbb222"]);
  await rm(path.join(editor.root, mixedFile));
  await changed(3);
  expect(await heads()).toEqual(["aaa111"]);
  await writeFile(path.join(editor.root, mixedFile), "");
  await changed(1);
  expect(await heads()).toEqual(["bbb222"]);
});

test("a text that is opened without a file, as an editor keeps it of one that is gone, counts once somebody types", async () => {
  editor = await startEditor(project);
  await rm(path.join(editor.root, mixedFile));
  await changed(3);
  await editor.open(mixedFile, mixed);
  expect(await heads()).toEqual(["aaa111"]);
  await editor.change(mixedFile, `${mixed}\n`);
  expect(await heads()).toEqual(["bbb222"]);
});
