/** The editor and the command line come in through the same doors: what one says, the other says. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { glob } from "tinyglobby";
import { afterEach, describe, expect, test } from "vitest";
import { run } from "../../server/src/cli/run.ts";
import { nodeFiles } from "../../server/src/host/files.ts";
import { startEditor, type Editor } from "./editor.ts";
import { mixed, mixedFile, project } from "./files.ts";

let editor: Editor;
afterEach(() => editor.close());

interface Said {
  readonly file: string;
  readonly rule: unknown;
  readonly message: unknown;
  readonly range: unknown;
  readonly severity: unknown;
}

async function commandLine(cwd: string): Promise<Said[]> {
  let out = "";
  await run(["check", "--format", "json", "."], {
    cwd,
    files: nodeFiles,
    colours: false,
    out: (text) => {
      out += text;
    },
    err: () => undefined,
    write: () => Promise.reject(new Error("check writes nothing")),
    save: () => Promise.reject(new Error("check writes nothing")),
  });
  const { findings } = JSON.parse(out) as { findings: Said[] };
  return findings.map(({ file, rule, message, range, severity }) => ({ file, rule, message, range, severity }));
}

const severityWords = [undefined, "error", "warning", "information", "hint"];

async function languageServer(files: readonly string[]): Promise<Said[]> {
  const said: Said[] = [];
  for (const file of files) {
    await editor.open(file, await readFile(path.join(editor.root, file), "utf8"));
    for (const { code, message, range, severity, source } of await editor.diagnostics(file)) {
      if (source === "retort") said.push({ file, rule: code, message, range, severity: severityWords[severity ?? 0] });
    }
  }
  return said;
}

const byPlace = (a: Said, b: Said): number =>
  JSON.stringify([a.file, a.range, a.rule, a.message]).localeCompare(
    JSON.stringify([b.file, b.range, b.rule, b.message]),
  );

/** All that both say is compared; what the tests below go on with is one rule's, whatever others there are. */
const agree = async (): Promise<Said[]> => {
  const files = await glob("**/*.{py,ini,toml}", { cwd: editor.root });
  const [line, server] = [await commandLine(editor.root), await languageServer(files)];
  expect(server.sort(byPlace)).toEqual(line.sort(byPlace));
  return line.filter(({ rule }) => rule === "mixed-schema-and-data");
};

describe("the editor and the command line agree", () => {
  test("on a small project", async () => {
    editor = await startEditor(project);
    expect(await agree()).toHaveLength(1);
  });

  test("on the sample project", async () => {
    const root = path.resolve(import.meta.dirname, "../../samples/shop");
    const names = await glob("**/*.{py,ini,toml}", { cwd: root });
    const texts = await Promise.all(
      names.map(async (name) => [name, await readFile(path.join(root, name), "utf8")] as const),
    );
    editor = await startEditor(Object.fromEntries(texts));
    expect((await agree()).length).toBeGreaterThan(0);
  });

  test("on what the team's settings say", async () => {
    editor = await startEditor({ ...project, "retort.toml": '[rules]\nmixed-schema-and-data = "error"\n' });
    expect(await agree()).toMatchObject([{ severity: "error" }]);
  });

  test("on files that the team ignores", async () => {
    editor = await startEditor({ ...project, "retort.toml": 'ignore = ["**/bbb222*"]\n' });
    expect(await agree()).toEqual([]);
  });

  const parted: Readonly<Record<string, string>> = {
    "another preset": 'preset = "off"\n',
    "overrides by folder": '[[overrides]]\npaths = ["migrations/**"]\npreset = "off"\n',
    "overrides by file, options and severities":
      '[[overrides]]\npaths = ["bbb222_*"]\n[overrides.rules.mixed-schema-and-data]\nseverity = "information"\noptions = { downgrade = true }\n',
    "another dialect": 'dialect = "sqlite"\n',
  };

  test.each(Object.entries(parted))("on %s, in both forms of the file", async (_, text) => {
    const inPyproject = text.replaceAll(/^(\[+)/gm, "$1tool.retort.");
    editor = await startEditor({ ...project, "retort.toml": text });
    const said = await agree();
    await editor.close();
    editor = await startEditor({ ...project, "pyproject.toml": `[tool.retort]\n${inPyproject}` });
    expect(await agree()).toEqual(said);
    await editor.close();
    editor = await startEditor(project);
    const without = await agree();
    if (!text.startsWith("dialect")) expect(said).not.toEqual(without);
  });

  test("on settings above the project, whose paths are from their own folder", async () => {
    const below = Object.fromEntries(Object.entries(project).map(([file, text]) => [`services/shop/${file}`, text]));
    editor = await startEditor({ ...below, "retort.toml": 'ignore = ["services/shop/migrations/versions/bbb*"]\n' });
    expect(await agree()).toEqual([]);
  });

  test("on suppressions", async () => {
    const allowed = mixed.replace(
      "def upgrade",
      "# retort: allow mixed-schema-and-data because it is small\ndef upgrade",
    );
    editor = await startEditor({ ...project, [mixedFile]: allowed });
    await agree();
  });

  test("on text with astral characters before the finding, and Windows line ends", async () => {
    const text = mixed
      .replace("    connection = op.get_bind()\n", "    connection = op.get_bind()  # 𝕊🜂\n")
      .replace("UPDATE users SET", "/* 🜂 */ UPDATE users SET")
      .replaceAll("\n", "\r\n");
    editor = await startEditor({ ...project, [mixedFile]: text });
    expect(await agree()).toHaveLength(1);
  });
});
