/** Old history in the editor: hints where it is open, and nothing where it is not. */
import { execFileSync } from "node:child_process";
import { chmodSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { CodeAction, WorkspaceDiagnosticReport } from "vscode-languageserver/node";
import type { PreviewAnswer, ProjectsAnswer } from "../../server/src/protocol/index.ts";
import { startEditor, type Editor, type EditorOptions } from "./editor.ts";
import { mixed, mixedFile, project } from "./files.ts";

let editor: Editor;
afterEach(() => editor.close());

const newFile = "migrations/versions/ccc333_new.py";
const newer = mixed.replaceAll("aaa111", "parent").replaceAll("bbb222", "ccc333").replaceAll("parent", "bbb222");
const files = { ...project, [newFile]: newer };
const workspace = { diagnostics: { scope: "workspace" } };

/** Everything but the newest revision is on main. */
async function start(options: EditorOptions, more: Readonly<Record<string, string>> = {}): Promise<void> {
  editor = await startEditor({ ...files, ...more }, options, (root) => {
    const git = (...args: string[]): void =>
      void execFileSync("git", [
        "-C",
        root,
        "-c",
        "user.name=t",
        "-c",
        "user.email=t@t",
        "-c",
        "commit.gpgsign=false",
        ...args,
      ]);
    git("init", "-q", "-b", "main");
    git("add", "--all", ":!migrations/versions/ccc333*");
    git("commit", "-qm", "c");
  });
  await editor.open(mixedFile, mixed);
  await editor.open(newFile, newer);
}

const severities = async (file: string): Promise<unknown[]> =>
  (await editor.diagnostics(file))
    .filter(({ code }) => code === "mixed-schema-and-data")
    .map(({ severity }) => severity);

const reported = async (): Promise<string[]> => {
  const report: WorkspaceDiagnosticReport = await editor.connection.sendRequest("workspace/diagnostic", {
    previousResultIds: [],
  });
  return report.items.flatMap((item) =>
    item.kind === "full" ? item.items.map(({ code }) => `${item.uri.split("/").at(-1)} ${code}`) : [],
  );
};

const trusted = { previews: true, trusted: true };

describe("published revisions", () => {
  test("have hints where they are open", async () => {
    await start({ initializationOptions: trusted });
    expect(await severities(mixedFile)).toEqual([4]);
    expect(await severities(newFile)).toEqual([2]);
  });

  test("are left out of the problems of the workspace and of the tree's counts", async () => {
    await start({ initializationOptions: trusted, settings: workspace });
    for (const file of [mixedFile, newFile])
      await editor.connection.sendNotification("textDocument/didClose", { textDocument: { uri: editor.uri(file) } });
    const said = (await reported()).filter((line) => line.endsWith("mixed-schema-and-data"));
    expect(said).toEqual(["ccc333_new.py mixed-schema-and-data"]);
    const { projects } = await editor.connection.sendRequest<{
      projects: { revisions: { id: string; findings: { warning: number } }[] }[];
    }>("retort/projects");
    expect(projects[0]?.revisions.map(({ id, findings }) => [id, findings.warning > 0])).toEqual([
      ["ccc333", true],
      ["bbb222", false],
      ["aaa111", false],
    ]);
  });

  test("are not asked for before the workspace is trusted", async () => {
    await start({ initializationOptions: { previews: true, trusted: false } });
    expect(await severities(mixedFile)).toEqual([2]);
    await editor.connection.sendNotification("retort/trusted");
    expect(await severities(mixedFile)).toEqual([4]);
  });

  test("count like others where the settings say none, those of the editor over those of the team", async () => {
    await start(
      { initializationOptions: trusted, settings: { baseline: "none" } },
      { "retort.toml": 'baseline = "published"\n' },
    );
    expect(await severities(mixedFile)).toEqual([2]);
    editor.settings = { baseline: "" };
    await editor.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
    expect(await severities(mixedFile)).toEqual([4]);
  });

  test("keep the errors of the history", async () => {
    const lost =
      project["migrations/versions/aaa111_users.py"]?.replace("down_revision = None", 'down_revision = "gone"') ?? "";
    await start({ initializationOptions: trusted }, { "migrations/versions/aaa111_users.py": lost });
    expect(await reported()).toContain("aaa111_users.py missing-parent");
  });
});

describe("a published revision that is changed", () => {
  const revised = async (file: string): Promise<unknown[]> =>
    (await editor.diagnostics(file))
      .filter(({ code }) => code === "published-revision-changed")
      .map(({ severity }) => severity);
  const changed = mixed.replace("full_name", "whole_name");

  test("is a warning while it is typed, and none where it is as it was", async () => {
    await start({ initializationOptions: trusted });
    // What git has to say of an open file is asked aside.
    await vi.waitFor(async () => {
      await editor.change(mixedFile, changed);
      expect(await revised(mixedFile)).toEqual([2]);
    });
    await editor.change(mixedFile, `${mixed}# a comment\n`);
    expect(await revised(mixedFile)).toEqual([]);
    await editor.change(mixedFile, changed);
    expect(await revised(mixedFile)).toEqual([2]);
    expect(await revised(newFile)).toEqual([]);
  });

  test("is a warning where it is opened later", async () => {
    await start({ initializationOptions: trusted });
    const users = "migrations/versions/aaa111_users.py";
    const old = project[users] ?? "";
    await editor.open(users, old.replace("first_name", "name"));
    await vi.waitFor(async () => expect(await revised(users)).toEqual([2]));
  });

  test("is not looked for in a workspace that is not trusted", async () => {
    await start({ initializationOptions: { previews: true, trusted: false } });
    await editor.change(mixedFile, changed);
    expect(await revised(mixedFile)).toEqual([]);
  });
});

test("a baseline that is named needs no git and no trust, and follows the history", async () => {
  editor = await startEditor({ ...files, "retort.toml": 'baseline = "bbb222"\n' });
  await editor.open(mixedFile, mixed);
  await editor.open(newFile, newer);
  expect([await severities(mixedFile), await severities(newFile)]).toEqual([[4], [2]]);
  await editor.open("retort.toml", 'baseline = "bbb222"\n');
  await editor.change("retort.toml", 'baseline = "ccc333"\n');
  expect([await severities(mixedFile), await severities(newFile)]).toEqual([[4], [4]]);
  await editor.change("retort.toml", 'baseline = "none"\n');
  expect([await severities(mixedFile), await severities(newFile)]).toEqual([[2], [2]]);
});

describe("of two heads", () => {
  const [ours, theirs] = [newer.replaceAll("bbb222", "aaa111"), mixed];
  const first = async (): Promise<unknown[]> => {
    const diagnostics = (await editor.diagnostics(newFile)).filter(({ code }) => code === "multiple-heads");
    const found: CodeAction[] = await editor.connection.sendRequest("textDocument/codeAction", {
      textDocument: { uri: editor.uri(newFile) },
      range: diagnostics[0]?.range,
      context: { diagnostics },
    });
    return found.filter(({ isPreferred }) => isPreferred).map(({ title, kind }) => [title, kind]);
  };

  test("the one that git does not have is to follow the other", async () => {
    await start({ initializationOptions: trusted }, { [newFile]: ours, [mixedFile]: theirs });
    await editor.change(newFile, ours);
    expect(await first()).toEqual([["Let ccc333 follow bbb222, as nobody else has it yet", "quickfix"]]);
  });

  test("none is preferred where git was not asked", async () => {
    await start({}, { [newFile]: ours, [mixedFile]: theirs });
    await editor.change(newFile, ours);
    expect(await first()).toEqual([]);
  });
});

test("the id of a revision that is on main stays, that of a new one may change", async () => {
  await start({ initializationOptions: { trusted: true } });
  const prepared = (file: string, text: string): Promise<unknown> => {
    const line = text.split("\n").findIndex((one) => one.startsWith("revision = "));
    const place = { textDocument: { uri: editor.uri(file) }, position: { line, character: 14 } };
    return editor.connection.sendRequest("textDocument/prepareRename", place);
  };
  await expect(prepared(mixedFile, mixed)).rejects.toThrow(/^"bbb222" is published: /);
  expect(await prepared(newFile, newer)).toMatchObject({ placeholder: "ccc333" });
});

describe("a refactoring of what others have", () => {
  const offers = async (): Promise<CodeAction[]> => {
    const found: CodeAction[] = await editor.connection.sendRequest("textDocument/codeAction", {
      textDocument: { uri: editor.uri(mixedFile) },
      range: { start: { line: 18, character: 4 }, end: { line: 18, character: 4 } },
      context: { diagnostics: [], only: ["refactor.rewrite"] },
    });
    return found.filter(({ title }) => title.startsWith("Split into expand") && !title.includes("batches"));
  };
  const notes = async (): Promise<readonly string[]> => {
    const preview: PreviewAnswer = await editor.connection.sendRequest("retort/preview", {
      uri: editor.uri(mixedFile),
      refactoring: "split-mixed-migration",
    });
    return preview.ok ? preview.notes : [preview.reason];
  };

  test("is shown first, which says what it means, and can then be made", async () => {
    await start({ initializationOptions: trusted });
    const [only, ...others] = await offers();
    expect([only?.command?.command, others]).toEqual(["retort.previewRefactoring", []]);
    expect((await notes())[0]).toContain("bbb222 is on git's default branch already");
    const looked: CodeAction = await editor.connection.sendRequest("codeAction/resolve", only);
    expect(looked.edit).toBeUndefined();
    const { command: _, ...direct } = only ?? { title: "" };
    const made: CodeAction = await editor.connection.sendRequest("codeAction/resolve", direct);
    expect(made.edit).toBeDefined();
  });

  test("says so in its title where the editor has no preview", async () => {
    await start({ initializationOptions: { trusted: true } });
    expect((await offers()).map(({ title, command }) => [title, command])).toEqual([
      ["Split into expand, backfill and contract revisions (others may have run the revision)", undefined],
    ]);
  });

  test("is shown first where the revision has run on the dev database", async () => {
    await start({ initializationOptions: { previews: true } });
    const { projects }: ProjectsAnswer = await editor.connection.sendRequest("retort/projects");
    const [projectId = ""] = projects.map(({ id }) => id);
    const tell = (versions: readonly string[]): Promise<void> =>
      editor.connection.sendNotification("retort/standing", { projectId, database: "app", versions });
    await tell(["ccc333"]);
    expect(await offers()).toHaveLength(1);
    expect((await notes())[0]).toContain("bbb222 has run on app: to see there what is changed, downgrade below it");
    await tell(["aaa111"]);
    expect(await offers()).toHaveLength(2);
    expect((await notes()).join(" ")).not.toContain("has run on");
  });

  test("says that a file is read-only", async () => {
    await start({ initializationOptions: { previews: true } });
    const [direct] = await offers();
    chmodSync(path.join(editor.root, mixedFile), 0o444);
    await expect(editor.connection.sendRequest("codeAction/resolve", direct)).rejects.toThrow("is read-only");
  });
});
