/** What the team has written down, as it is typed: the last version without a mistake goes on counting. */
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { Diagnostic, WorkspaceDiagnosticReport } from "vscode-languageserver/node";
import { startEditor, type Editor } from "./editor.ts";
import { mixed, mixedFile, project } from "./files.ts";

let editor: Editor;
afterEach(() => editor.close());

const severities = async (): Promise<unknown[]> =>
  (await editor.diagnostics(mixedFile))
    .filter(({ code }) => code === "mixed-schema-and-data")
    .map(({ severity }) => severity);
const changedOnDisk = (file: string): Promise<void> =>
  editor.connection.sendNotification("workspace/didChangeWatchedFiles", {
    changes: [{ uri: editor.uri(file), type: 2 }],
  });

const asError = '[rules]\nmixed-schema-and-data = "error"\n';
const misspelt = '[rules]\nmixed-schema-and-dat = "off"\n';

describe("a mistake in the project file", () => {
  test("is told at its place, and the settings before it go on counting", async () => {
    editor = await startEditor({ ...project, "retort.toml": asError });
    await editor.open(mixedFile, mixed);
    await editor.open("retort.toml", asError);
    expect(await severities()).toEqual([1]);
    await editor.change("retort.toml", misspelt);
    expect(await severities()).toEqual([1]);
    expect(await editor.diagnostics("retort.toml")).toMatchObject([
      {
        code: "settings",
        severity: 1,
        message: 'There is no rule "mixed-schema-and-dat"; did you mean "mixed-schema-and-data"?',
        range: { start: { line: 1, character: 0 }, end: { line: 1, character: 20 } },
      },
    ]);
    await editor.change("retort.toml", "[rules\n");
    expect(await severities()).toEqual([1]);
    expect(await editor.diagnostics("retort.toml")).toMatchObject([{ range: { start: { line: 0 } } }]);
    await editor.change("retort.toml", asError.replace("error", "information"));
    expect(await severities()).toEqual([3]);
    expect(await editor.diagnostics("retort.toml")).toEqual([]);
  });

  test("that is there from the beginning leaves what is right in it", async () => {
    editor = await startEditor({ ...project, "retort.toml": `preset = "loud"\n${asError}` });
    await editor.open(mixedFile, mixed);
    expect(await severities()).toEqual([1]);
  });

  test("is among the problems of the workspace, and goes when the file is put right or deleted on disk", async () => {
    editor = await startEditor({ ...project, "retort.toml": asError });
    await editor.open(mixedFile, mixed);
    const problems = async (): Promise<Diagnostic[]> => {
      const report: WorkspaceDiagnosticReport = await editor.connection.sendRequest("workspace/diagnostic", {
        previousResultIds: [],
      });
      return report.items.flatMap((item) => (item.kind === "full" ? item.items : []));
    };
    expect(await problems()).toEqual([]);
    await writeFile(path.join(editor.root, "retort.toml"), misspelt);
    await changedOnDisk("retort.toml");
    expect(await problems()).toMatchObject([{ code: "settings" }]);
    expect(await severities()).toEqual([1]);
    await rm(path.join(editor.root, "retort.toml"));
    await changedOnDisk("retort.toml");
    expect(await problems()).toEqual([]);
    expect(await severities()).toEqual([2]);
  });

  test("in pyproject.toml is told there, also where the file is typed in", async () => {
    editor = await startEditor({ ...project, "pyproject.toml": "[project]\nname = 'shop'\n" });
    await editor.open(mixedFile, mixed);
    await editor.open("pyproject.toml", "[project]\nname = 'shop'\n");
    await editor.change("pyproject.toml", "[project]\nname = 'shop'\n[tool.retort]\npreset = 'of'\n");
    expect(await editor.diagnostics("pyproject.toml")).toMatchObject([
      { code: "settings", range: { start: { line: 3, character: 9 }, end: { line: 3, character: 13 } } },
    ]);
    await editor.change("pyproject.toml", "[project]\nname = 'shop'\n[tool.retort]\npreset = 'off'\n");
    expect(await severities()).toEqual([]);
  });

  test("of two files one is overlooked, which is told in it", async () => {
    editor = await startEditor({
      ...project,
      "retort.toml": asError,
      "pyproject.toml": "[tool.retort]\npreset = 'off'\n",
    });
    await editor.open(mixedFile, mixed);
    expect(await severities()).toEqual([1]);
    await editor.open("pyproject.toml", "[tool.retort]\npreset = 'off'\n");
    expect(await editor.diagnostics("pyproject.toml")).toMatchObject([
      { code: "settings", range: { start: { line: 0, character: 1 }, end: { line: 0, character: 12 } } },
    ]);
  });

  test("another dialect, typed, reads the revisions anew", async () => {
    editor = await startEditor({ ...project, "retort.toml": "" });
    await editor.open("retort.toml", "");
    const dialects = async (): Promise<unknown> =>
      (await editor.connection.sendRequest<{ projects: { dialect: string }[] }>("retort/projects")).projects.map(
        ({ dialect }) => dialect,
      );
    expect(await dialects()).toEqual(["postgresql"]);
    await editor.change("retort.toml", 'dialect = "mysql"\n');
    expect(await dialects()).toEqual(["mysql"]);
  });
});
