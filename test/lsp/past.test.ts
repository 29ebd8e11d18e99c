/** Old history in the editor: hints where it is open, and nothing where it is not. */
import { execFileSync } from "node:child_process";
import { chmodSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, test } from "vitest";
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
  const resolve = async (more: object = {}): Promise<CodeAction> => {
    const found: CodeAction[] = await editor.connection.sendRequest("textDocument/codeAction", {
      textDocument: { uri: editor.uri(mixedFile) },
      range: { start: { line: 18, character: 4 }, end: { line: 18, character: 4 } },
      context: { diagnostics: [], only: ["refactor.rewrite"] },
    });
    const action = found.find(({ title, command }) => title.startsWith("Split into expand") && !command);
    const data = { ...(action?.data as object), ...more };
    return editor.connection.sendRequest("codeAction/resolve", { ...action, data });
  };
  const answer = (title: string | null): string[] => {
    const asked: string[] = [];
    editor.connection.onRequest("window/showMessageRequest", ({ message }: { message: string }) => {
      asked.push(message);
      return title === null ? null : { title };
    });
    return asked;
  };

  test("asks first, and is made where that is allowed", async () => {
    await start({ initializationOptions: trusted });
    const asked = answer("Change It All the Same");
    expect((await resolve()).edit).toBeDefined();
    expect(asked).toEqual([expect.stringContaining("bbb222 is on git's default branch already")]);
  });

  test("is left where it is not", async () => {
    await start({ initializationOptions: trusted });
    answer(null);
    await expect(resolve()).rejects.toThrow("It is left as it is.");
  });

  test("is not asked for twice, and the preview tells it", async () => {
    await start({ initializationOptions: trusted });
    const asked = answer(null);
    expect((await resolve({ isConfirmed: true })).edit).toBeDefined();
    expect(asked).toEqual([]);
    const preview: PreviewAnswer = await editor.connection.sendRequest("retort/preview", {
      uri: editor.uri(mixedFile),
      refactoring: "split-mixed-migration",
    });
    expect(preview.ok && preview.notes[0]).toContain("bbb222 is on git's default branch already");
  });

  test("asks where it has run on the dev database", async () => {
    await start({});
    const { projects }: ProjectsAnswer = await editor.connection.sendRequest("retort/projects");
    const [projectId = ""] = projects.map(({ id }) => id);
    await editor.connection.sendNotification("retort/standing", { projectId, database: "app", versions: ["ccc333"] });
    const asked = answer("Change It All the Same");
    expect((await resolve()).edit).toBeDefined();
    expect(asked).toEqual([expect.stringContaining("bbb222 has run on app: to see there what is changed, downgrade")]);
    await editor.connection.sendNotification("retort/standing", { projectId, database: "app", versions: ["aaa111"] });
    expect((await resolve()).edit).toBeDefined();
    expect(asked).toHaveLength(1);
  });

  test("says that a file is read-only", async () => {
    await start({});
    chmodSync(path.join(editor.root, mixedFile), 0o444);
    await expect(resolve()).rejects.toThrow("is read-only");
  });
});
