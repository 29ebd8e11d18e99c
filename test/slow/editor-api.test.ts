/** The oldest and the newest VS Code whose interface the extension is held to; the suites run in a newest one. */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import ts from "typescript";
import { expect, test } from "vitest";
import { cache, root } from "../../scripts/host/paths.ts";

const newest = "1.140.0";
const folder = path.join(cache, "newest-editor-api");

const versionOf = (file: string): string =>
  (JSON.parse(readFileSync(path.join(root, file), "utf8")) as { readonly version: string }).version;

/** What the compiler says of the client against one description of the interface. */
function problemsAgainst(types: string): readonly string[] {
  const config = path.join(root, "client", "tsconfig.json");
  const read = ts.getParsedCommandLineOfConfigFile(
    config,
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: fail },
  );
  if (read === undefined) throw new Error(`no ${config}`);
  const { incremental: _, composite: __, tsBuildInfoFile: ___, ...options } = read.options;
  const program = ts.createProgram([...read.fileNames, types], { ...options, types: ["node"], noEmit: true });
  return ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
    return `${file?.fileName ?? ""}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
  });
}
const fail = ({ messageText }: ts.Diagnostic): never => {
  throw new Error(ts.flattenDiagnosticMessageText(messageText, "\n"));
};

test("the oldest editor that is supported is the one whose interface the client is compiled against", () => {
  const { engines } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
    readonly engines: { readonly vscode: string };
  };
  expect(engines.vscode).toBe(`^${versionOf("node_modules/@types/vscode/package.json")}`);
});

test("the client compiles against the newest interface too", async () => {
  const types = path.join(folder, "node_modules", "@types", "vscode", "index.d.ts");
  if (!existsSync(types)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, "package.json"), '{ "private": true }\n');
    const npm = process.platform === "win32" ? "npm.cmd" : "npm";
    const words = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-save", `@types/vscode@${newest}`];
    await promisify(execFile)(npm, words, { cwd: folder, shell: process.platform === "win32" });
  }
  expect(problemsAgainst(types)).toEqual([]);
  // It is looked at: without any description of the interface nothing compiles.
  expect(readFileSync(types, "utf8")).toContain("declare module 'vscode'");
}, 300_000);
