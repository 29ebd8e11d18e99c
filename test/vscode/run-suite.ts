/**
 * Runs the suite inside VS Code: in a desktop VS Code where one can be downloaded and shown, else in VS Code's server
 * with a browser. RETORT_VSCODE=desktop or =web decides it by hand.
 * Usage: run-suite.ts [FILE], where the counts are written to FILE as JSON.
 */
import { downloadAndUnzipVSCode, runTests, TestRunFailedError } from "@vscode/test-electron";
import { build as bundle } from "esbuild";
import { chmodSync, existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { build } from "../../scripts/build.ts";
import { describe } from "../../scripts/host/failure.ts";
import { cache, root } from "../../scripts/host/paths.ts";
import { createScope, type Scope } from "../../scripts/host/scope.ts";
import { type Ground, placeBadFiles, placeShop, prepareGround } from "./workspace.ts";

async function main(scope: Scope, results: string): Promise<number> {
  if (process.env["RETORT_BUILT"] !== "1") await build();
  const suite = await bundleSuite();
  const ground = await prepareGround(scope);
  const workspace = scope.folder("workspace");
  const executable = await chooseVSCode(scope);
  console.log(`VS Code: ${executable}`);
  try {
    await runTests({
      vscodeExecutablePath: executable,
      extensionDevelopmentPath: [root, path.join(import.meta.dirname, "debugpy")],
      extensionTestsPath: suite,
      extensionTestsEnv: { RETORT_SUITE_RESULTS: results, ...(await furnish(scope, ground, workspace)) },
      launchArgs: [workspace, "--disable-extensions"],
    });
    return 0;
  } catch (error) {
    if (!(error instanceof TestRunFailedError)) throw error;
    return existsSync(results) ? 1 : 2;
  }
}

/** What the suite finds in the workspace; it is told by environment variables. */
async function furnish(scope: Scope, ground: Ground, workspace: string): Promise<Record<string, string>> {
  const shop = await placeShop(scope, ground, workspace, { database: "shop" });
  await placeShop(scope, ground, path.join(workspace, "guarded"), { database: "shop_production" });
  await placeShop(scope, ground, path.join(workspace, "down"), {});
  await placeShop(scope, ground, path.join(workspace, "lab"), { database: "lab" });
  placeBadFiles(workspace);
  return {
    RETORT_SUITE_SHOP: shop,
    RETORT_SUITE_DATABASE: ground.postgres.url("shop"),
    RETORT_SUITE_LAB: ground.postgres.url("lab"),
    RETORT_SUITE_PYTHON: ground.python,
    RETORT_SUITE_PRODUCTION: ground.postgres.url("shop_production"),
  };
}

/** `mocha` stays outside the bundle: it looks for its own files at run time. */
async function bundleSuite(): Promise<string> {
  const outfile = path.join(cache, "suite", "index.cjs");
  await bundle({
    entryPoints: [path.join(import.meta.dirname, "suite", "index.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    sourcemap: "inline",
    external: ["vscode", "mocha", "pg-native"],
    logLevel: "warning",
  });
  return outfile;
}

async function chooseVSCode(scope: Scope): Promise<string> {
  const choice = process.env["RETORT_VSCODE"];
  const hasDisplay = process.platform !== "linux" || Boolean(process.env["DISPLAY"] ?? process.env["WAYLAND_DISPLAY"]);
  if (choice === "desktop" || (choice !== "web" && hasDisplay)) {
    try {
      return await downloadAndUnzipVSCode({ cachePath: path.join(cache, "vscode-test") });
    } catch (error) {
      if (choice === "desktop") throw error;
      console.log(`Desktop VS Code cannot be downloaded (${error instanceof Error ? error.message : String(error)}).`);
    }
  }
  return standIn(scope);
}

/** A program that stands in for `code`: test-electron can only start a file. */
function standIn(scope: Scope): string {
  const file = path.join(scope.folder("stand-in"), "code");
  const script = path.join(root, "scripts", "host", "vscode-stand-in.ts");
  const quoted = [process.execPath, "--import", import.meta.resolve("tsx"), script].map((part) => `'${part}'`);
  writeFileSync(file, `#!/bin/sh\nexec ${quoted.join(" ")} "$@"\n`);
  chmodSync(file, 0o755);
  return file;
}

const scope = createScope();
const results = path.resolve(process.argv[2] ?? path.join(root, "test-results", "editor.json"));
const stop = (): void => void scope.close().finally(() => process.exit(130));
process.once("SIGINT", stop).once("SIGTERM", stop);
main(scope, results)
  .catch((error: unknown) => {
    console.error(describe(error));
    return 2;
  })
  .finally(() => scope.close())
  .then(
    (code) => process.exit(code),
    () => process.exit(2),
  );
