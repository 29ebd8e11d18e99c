import { afterEach, describe, expect, test } from "vitest";
import type { CodeAction, CodeActionContext, TextDocumentEdit } from "vscode-languageserver/node";
import type { PreviewAnswer, ProjectsAnswer } from "../../server/src/protocol/index.ts";
import { startEditor, vscodeLike, type Editor } from "./editor.ts";
import { mixed, mixedFile, project as whole } from "./files.ts";

/** One rule is enough here, whatever others there are. */
const project = { ...whole, "retort.toml": 'preset = "off"\nrules.mixed-schema-and-data = "warning"\n' };

let editor: Editor;
afterEach(() => editor.close());

async function actions(only?: string[]): Promise<CodeAction[]> {
  const diagnostics = await editor.diagnostics(mixedFile);
  const range = diagnostics[0]?.range ?? { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  const context: CodeActionContext = { diagnostics, ...(only ? { only } : {}) };
  return editor.connection.sendRequest("textDocument/codeAction", {
    textDocument: { uri: editor.uri(mixedFile) },
    range,
    context,
  });
}

const isSplit = ({ title }: CodeAction): boolean => title.startsWith("Split") && !title.includes("batches");

const split = (found: readonly CodeAction[]): CodeAction => {
  const action = found.find(({ title, command }) => title.startsWith("Split") && !command);
  if (!action) throw new Error(`no split among ${found.map(({ title }) => title).join(", ")}`);
  return action;
};

describe("the split", () => {
  test("is offered once: as a fix of the finding, as a refactoring where one is asked for, each with a preview", async () => {
    editor = await startEditor(project);
    await editor.open(mixedFile, mixed);
    const found = await actions();
    const splits = found.filter(isSplit);
    expect(splits.map(({ kind, command }) => [kind, command?.command])).toEqual([
      ["quickfix", undefined],
      ["quickfix", "retort.previewRefactoring"],
    ]);
    expect(found.every(({ edit, title }) => edit === undefined || title.startsWith("Allow"))).toBe(true);
    const asked = (await actions(["refactor"])).filter(isSplit);
    expect(asked.map(({ kind }) => kind)).toEqual(["refactor.rewrite", "refactor.rewrite"]);
  });

  test("lights no bulb of itself outside of upgrade()", async () => {
    editor = await startEditor(project);
    await editor.open(mixedFile, mixed);
    const at = (line: number, triggerKind: number): Promise<CodeAction[]> =>
      editor.connection.sendRequest("textDocument/codeAction", {
        textDocument: { uri: editor.uri(mixedFile) },
        range: { start: { line, character: 0 }, end: { line, character: 0 } },
        context: { diagnostics: [], triggerKind },
      });
    const head = mixed.split("\n").indexOf("def upgrade() -> None:");
    expect(await at(0, 2)).toEqual([]);
    expect((await at(0, 1)).filter(isSplit)).toHaveLength(2);
    expect((await at(head, 2)).filter(isSplit)).toHaveLength(2);
    expect((await at(head + 9, 2)).filter(isSplit)).toHaveLength(2);
  });

  test("creates each new file empty, fills it, and edits the original last", async () => {
    editor = await startEditor(project);
    const uri = await editor.open(mixedFile, mixed);
    const resolved: CodeAction = await editor.connection.sendRequest("codeAction/resolve", split(await actions()));
    const changes = resolved.edit?.documentChanges ?? [];
    expect(changes.map((change) => ("kind" in change ? change.kind : "edit"))).toEqual([
      "create",
      "edit",
      "create",
      "edit",
      "edit",
    ]);
    expect(changes[0]).toMatchObject({ options: { overwrite: false, ignoreIfExists: false } });
    const original = changes.at(-1) as TextDocumentEdit;
    expect(original.textDocument).toEqual({ uri, version: 1 });
    expect(changes.some((change) => "needsConfirmation" in change)).toBe(false);
  });

  test("is refused where the file has changed since it was offered", async () => {
    editor = await startEditor(project);
    await editor.open(mixedFile, mixed);
    const action = split(await actions());
    await editor.change(mixedFile, `${mixed}\n# later\n`);
    await expect(editor.connection.sendRequest("codeAction/resolve", action)).rejects.toMatchObject({ code: -32801 });
  });

  test("says why where it cannot be right", async () => {
    editor = await startEditor(project);
    const crossing = mixed
      .replace(
        '    op.add_column("users", sa.Column("full_name"',
        '    rows = op.get_bind().execute(sa.text("SELECT id, first_name FROM users")).fetchall()\n    op.add_column("users", sa.Column("full_name"',
      )
      .replace(
        / {4}connection\.execute\([^]*?\n {4}\)\n/,
        '    op.drop_column("users", "first_name")\n    for row in rows:\n        connection.execute(sa.text("UPDATE users SET full_name = :n WHERE id = :i"), {"n": row[1], "i": row[0]})\n        op.drop_column("users", row[0])\n',
      );
    await editor.open(mixedFile, crossing);
    const found = await actions();
    expect(found.find(({ disabled }) => disabled)?.disabled?.reason).toMatch(/\.$/);
  });

  test("comes with its edit for an editor that cannot resolve", async () => {
    const { codeAction: _, ...textDocument } = vscodeLike.textDocument ?? {};
    editor = await startEditor(project, { capabilities: { ...vscodeLike, textDocument }, initializationOptions: {} });
    await editor.open(mixedFile, mixed);
    expect(split(await actions()).edit?.documentChanges).toHaveLength(5);
  });

  test("can be looked at before: its parts, and nothing done", async () => {
    editor = await startEditor(project);
    const uri = await editor.open(mixedFile, mixed);
    const preview: PreviewAnswer = await editor.connection.sendRequest("retort/preview", {
      uri,
      refactoring: "split-mixed-migration",
    });
    if (!preview.ok) throw new Error(preview.reason);
    expect(preview.title).toBe("Split into expand, backfill and contract revisions");
    expect(preview.parts.map(({ isNew }) => isNew)).toEqual([true, true, false]);
    expect(preview.parts.at(-1)).toMatchObject({ uri, before: mixed });
  });
});

test("allowing a finding writes a comment above its statement, and it goes", async () => {
  editor = await startEditor(project);
  await editor.open(mixedFile, mixed);
  const allow = (await actions()).find(({ title }) => title.startsWith("Allow"));
  const [change] = (allow?.edit?.documentChanges ?? []) as TextDocumentEdit[];
  const [edit] = change?.edits ?? [];
  if (!edit || !("newText" in edit)) throw new Error("no edit");
  const lines = mixed.split("\n");
  lines.splice(edit.range.start.line, 0, edit.newText.trimEnd());
  await editor.change(mixedFile, lines.join("\n"));
  expect(await editor.diagnostics(mixedFile)).toEqual([]);
});

test("the projects of the workspace are told with their history", async () => {
  editor = await startEditor(project);
  const { projects }: ProjectsAnswer = await editor.connection.sendRequest("retort/projects");
  expect(projects).toMatchObject([
    {
      dialect: "postgresql",
      section: "alembic",
      heads: ["bbb222"],
      revisions: [
        { id: "bbb222", message: "join names", isHead: true, parents: ["aaa111"], findings: { warning: 1 } },
        { id: "aaa111", message: "users", isHead: false, parents: [], findings: { warning: 0 } },
      ],
    },
  ]);
});

test("a request that fails leaves the others alone", async () => {
  editor = await startEditor(project);
  await editor.open(mixedFile, mixed);
  await expect(
    editor.connection.sendRequest("codeAction/resolve", { title: "x", data: { wrong: true } }),
  ).rejects.toThrow();
  await expect(editor.connection.sendRequest("textDocument/codeAction", { textDocument: {} })).resolves.toEqual([]);
  expect(await editor.diagnostics(mixedFile)).toHaveLength(1);
});

test("what could not be read is told with its file", async () => {
  editor = await startEditor({ ...project, "alembic.ini": "script_location = migrations\nfile_template = x\n" });
  const { problems }: ProjectsAnswer = await editor.connection.sendRequest("retort/projects");
  expect(problems).toEqual([expect.stringMatching(/^alembic\.ini: .*section/)]);
});

describe("env.py", () => {
  const env = `from alembic import context\n\nwith engine.connect() as connection:\n    context.configure(connection=connection)\n    with context.begin_transaction():\n        context.run_migrations()\n`;
  const files = {
    ...whole,
    "migrations/env.py": env,
    "retort.toml": 'preset = "off"\nrules.missing-lock-timeout = "warning"\n',
  };
  const titles = async (): Promise<readonly CodeAction[]> => {
    const diagnostics = await editor.diagnostics("migrations/env.py");
    expect(diagnostics.map(({ code }) => code)).toEqual(["missing-lock-timeout"]);
    return editor.connection.sendRequest("textDocument/codeAction", {
      textDocument: { uri: editor.uri("migrations/env.py") },
      range: diagnostics[0]?.range,
      context: { diagnostics },
    });
  };

  test("is repaired where something is found in it", async () => {
    editor = await startEditor(files);
    const uri = await editor.open("migrations/env.py", env);
    const found = await titles();
    const [action] = found.filter(({ kind, command }) => kind === "quickfix" && !command);
    expect(action?.title).toBe("Let migrations wait at most 5 seconds for a lock (env.py)");
    const resolved: CodeAction = await editor.connection.sendRequest("codeAction/resolve", action);
    const changes = (resolved.edit?.documentChanges ?? []) as TextDocumentEdit[];
    expect(changes.map(({ textDocument }) => textDocument)).toEqual([{ uri, version: 1 }]);
    expect(changes[0]?.edits.map((one) => ("newText" in one ? one.newText : ""))).toEqual([
      "import sqlalchemy as sa\n",
      expect.stringContaining("SET lock_timeout"),
    ]);
  });

  test("is not offered in every revision", async () => {
    editor = await startEditor(files);
    await editor.open(mixedFile, mixed);
    const found = await actions(["refactor"]);
    expect(found.filter(({ title }) => title.includes("env.py"))).toEqual([]);
  });
});
