/**
 * Stands in for a desktop `code`, where none can be had: takes the command line that `@vscode/test-electron` builds
 * and runs the same suite in VS Code's server and web workbench. Its exit code is the suite's.
 */
import path from "node:path";
import { format, parseArgs } from "node:util";
import { describe, Failure } from "./failure.ts";
import { installHost } from "./install.ts";
import { launch } from "./launch.ts";
import { packageExtension } from "../demo/vsix.ts";
import { createScope, type Scope, within } from "./scope.ts";

/** A suite that hangs must not hang its launcher. */
const longest = Number(process.env["RETORT_TEST_TIMEOUT"] ?? 600_000);

/** The workbench logs much of its own; the suite marks its lines, so that a person can read them. */
function suiteLine(text: string): string | undefined {
  if (process.env["RETORT_VERBOSE"] === "1") return text;
  return /▏(.*)$/s.exec(text)?.[1];
}

async function packageAll(scope: Scope, folders: readonly (string | boolean)[]): Promise<readonly string[]> {
  const packed: string[] = [];
  for (const folder of folders) if (typeof folder === "string") packed.push(await packageExtension(scope, folder));
  return packed;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    strict: false,
    allowPositionals: true,
    options: { extensionDevelopmentPath: { type: "string", multiple: true }, extensionTestsPath: { type: "string" } },
  });
  const { extensionTestsPath: testsPath } = values;
  // The workbench of the browser takes one extension from its folder; those that are there to help are installed.
  const [developmentPath, ...helpers] = [values.extensionDevelopmentPath ?? []].flat();
  if (typeof developmentPath !== "string" || typeof testsPath !== "string") {
    throw new Failure("This stand-in for VS Code only runs extension tests.");
  }
  const scope = createScope();
  const stop = (): void => void scope.close().finally(() => process.exit(130));
  process.once("SIGINT", stop).once("SIGTERM", stop);
  try {
    const workbench = await launch(scope, {
      host: await installHost(scope, (line) => console.log(line)),
      folder: path.resolve(positionals[0] ?? "."),
      developmentPath,
      testsPath,
      extensions: await packageAll(scope, helpers),
      onLog: (_type, [first, ...rest]) => {
        const line = suiteLine(format(first, ...rest));
        if (line !== undefined) console.log(line);
      },
    });
    const code = await within(Promise.race([workbench.testsEnded, workbench.server.ended]), longest);
    if (code !== "late") return code;
    console.error(`The suite did not end within ${longest} ms.\n${workbench.console.slice(-40).join("\n")}`);
    return 124;
  } finally {
    await scope.close();
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(describe(error));
    process.exit(1);
  },
);
