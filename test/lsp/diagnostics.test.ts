import { afterEach, describe, expect, test, vi } from "vitest";
import type { DocumentDiagnosticReport, WorkspaceDiagnosticReport } from "vscode-languageserver/node";
import { startEditor, vscodeLike, type Editor } from "./editor.ts";
import { mixed, mixedFile, project as whole } from "./files.ts";

/** One rule is enough here, whatever others there are. */
const project = { ...whole, "retort.toml": 'preset = "off"\nrules.mixed-schema-and-data = "warning"\n' };

let editor: Editor;
afterEach(() => editor.close());

describe("pull diagnostics", () => {
  test("mark the first data change and name the other places", async () => {
    editor = await startEditor(project);
    await editor.open(mixedFile, mixed);
    const [finding, ...others] = await editor.diagnostics(mixedFile);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ code: "mixed-schema-and-data", severity: 2, source: "retort" });
    const line = mixed.split("\n")[finding?.range.start.line ?? -1] ?? "";
    expect(line.slice(finding?.range.start.character, finding?.range.end.character)).toContain("UPDATE users");
    expect(finding?.relatedInformation?.map(({ message }) => message).join("\n")).toContain("drop_column");
  });

  test("lead to the page of their rule where the editor has it", async () => {
    editor = await startEditor(project, { initializationOptions: { rulePages: "file:///retort/docs/rules/" } });
    await editor.open(mixedFile, mixed);
    expect(await editor.diagnostics(mixedFile)).toMatchObject([
      { codeDescription: { href: "file:///retort/docs/rules/mixed-schema-and-data.md" } },
    ]);
  });

  test("lead to wherever the editor shows the page", async () => {
    editor = await startEditor(project, { initializationOptions: { rulePages: 'command:explain?["{id}"]' } });
    await editor.open(mixedFile, mixed);
    expect(await editor.diagnostics(mixedFile)).toMatchObject([
      { codeDescription: { href: 'command:explain?["mixed-schema-and-data"]' } },
    ]);
  });

  test("follow what is typed, not what is on disk", async () => {
    editor = await startEditor(project);
    await editor.open(mixedFile, mixed);
    expect(await editor.diagnostics(mixedFile)).toHaveLength(1);
    await editor.change(mixedFile, mixed.replace(/ {4}connection\.execute\([^]*?\n {4}\)\n/, ""));
    const codes = (await editor.diagnostics(mixedFile)).map(({ code }) => code);
    expect(codes).not.toContain("mixed-schema-and-data");
  });

  test("say that nothing changed when nothing did", async () => {
    editor = await startEditor(project);
    const uri = await editor.open(mixedFile, mixed);
    const ask = (previousResultId?: string): Promise<DocumentDiagnosticReport> =>
      editor.connection.sendRequest("textDocument/diagnostic", { textDocument: { uri }, previousResultId });
    const first = await ask();
    expect(await ask(first.resultId)).toMatchObject({ kind: "unchanged" });
  });

  test("obey the settings of the editor, as they change", async () => {
    editor = await startEditor(project, { settings: { rules: { "mixed-schema-and-data": "off" } } });
    await editor.open(mixedFile, mixed);
    expect(await editor.diagnostics(mixedFile)).toEqual([]);
    editor.settings = { rules: { "mixed-schema-and-data": "error" } };
    await editor.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
    expect(await editor.diagnostics(mixedFile)).toMatchObject([{ severity: 1 }]);
  });

  test("of the workspace hold only what stops Alembic, unless more is asked for", async () => {
    const broken = mixed.replace('down_revision = "aaa111"', 'down_revision = "gone"');
    editor = await startEditor({ ...project, [mixedFile]: broken });
    const ask = (): Promise<WorkspaceDiagnosticReport> =>
      editor.connection.sendRequest("workspace/diagnostic", { previousResultIds: [] });
    const codes = (report: WorkspaceDiagnosticReport): unknown[] =>
      report.items.flatMap((item) => (item.kind === "full" ? item.items.map(({ code }) => code) : []));
    expect(codes(await ask())).toEqual(["missing-parent"]);
    editor.settings = { diagnostics: { scope: "workspace" } };
    await editor.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
    expect(codes(await ask())).toEqual(["missing-parent", "mixed-schema-and-data"]);
  });

  test("keep quiet about Python files that are no revisions", async () => {
    editor = await startEditor({ ...project, "app.py": "op.drop_column(" });
    await editor.open("app.py", "op.drop_column(");
    expect(await editor.diagnostics("app.py")).toEqual([]);
  });
});

test("an editor that does not pull is sent the diagnostics", async () => {
  const { diagnostic: _, ...textDocument } = vscodeLike.textDocument ?? {};
  editor = await startEditor(project, { capabilities: { ...vscodeLike, textDocument } });
  const uri = await editor.open(mixedFile, mixed);
  await vi.waitFor(() => {
    expect(editor.published.get(uri)).toMatchObject([{ code: "mixed-schema-and-data" }]);
  }, 10_000);
  await editor.change(mixedFile, mixed.replaceAll(/op\..*_column\(/g, "print("));
  await vi.waitFor(() => {
    expect(editor.published.get(uri)).toEqual([]);
  }, 10_000);
});
