import { afterEach, expect, test } from "vitest";
import { writeFile, rm } from "node:fs/promises";
import path from "node:path";
import type { Hover } from "vscode-languageserver/node";
import { renderStatistics } from "../../server/src/project/statistics.ts";
import type { ProjectsAnswer, SizesAnswer } from "../../server/src/protocol/index.ts";
import { statistics, users } from "../support/statistics.ts";
import { startEditor, type Editor } from "./editor.ts";
import { mixed, mixedFile, project } from "./files.ts";

let editor: Editor;
afterEach(() => editor.close());

async function hovered(): Promise<string> {
  const lines = mixed.split("\n");
  const line = lines.findIndex((one) => one.includes("op.drop_column"));
  const hover: Hover | null = await editor.connection.sendRequest("textDocument/hover", {
    textDocument: { uri: editor.uri(mixedFile) },
    position: { line, character: 9 },
  });
  return JSON.stringify(hover?.contents);
}

test("hovers tell sizes of the statistics file, as it is now", async () => {
  editor = await startEditor(project);
  await editor.open(mixedFile, mixed);
  expect(await hovered()).not.toContain("At stake");
  const file = path.join(editor.root, "retort.stats.json");
  const changed = (type: number) =>
    editor.connection.sendNotification("workspace/didChangeWatchedFiles", {
      changes: [{ uri: editor.uri("retort.stats.json"), type }],
    });
  await writeFile(file, renderStatistics(statistics));
  await changed(1);
  expect(await hovered()).toContain("12");
  await writeFile(file, renderStatistics({ ...statistics, tables: [{ ...users, rows: 77 }] }));
  await changed(2);
  expect(await hovered()).toContain("77 rows");
  await rm(file);
  await changed(3);
  expect(await hovered()).not.toContain("At stake");
});

test("the client may hand over sizes of the dev database, and takes them back", async () => {
  editor = await startEditor(project);
  await editor.open(mixedFile, mixed);
  const { projects }: ProjectsAnswer = await editor.connection.sendRequest("retort/projects");
  const hand = (text: string | undefined, projectId = projects[0]?.id): Promise<SizesAnswer> =>
    editor.connection.sendRequest("retort/sizes", { projectId, statistics: text });
  expect(await hand(renderStatistics({ ...statistics, tables: [{ ...users, rows: 7 }] }))).toEqual({ ok: true });
  expect(await hovered()).toMatch(/7 rows.*in the dev database/);
  expect(await hand(undefined)).toEqual({ ok: true });
  expect(await hovered()).not.toContain("dev database");
  expect(await hand("{}")).toMatchObject({ ok: false, reason: expect.stringContaining("is missing") as unknown });
  expect(await hand("{}", "elsewhere")).toMatchObject({ ok: false });
});
