/**
 * The VS Code server of the installed host, with a profile of its own: nothing of the user's is read or written.
 */
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Failure } from "./failure.ts";
import type { VSCodeHost } from "./install.ts";
import { freePort } from "./port.ts";
import { exited, isRunning, pause, type Scope } from "./scope.ts";
import { lastLines, run } from "./run.ts";

export interface ServerOptions {
  readonly host: VSCodeHost;
  /** Laid over the quiet ones below. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Packages to install before the start. */
  readonly extensions?: readonly string[];
  /** Ask whether the folder is trusted, as VS Code does by itself; without it every folder is trusted. */
  readonly workspaceTrust?: boolean;
  /** Lets the page name an extension under development and its tests; hides notifications. */
  readonly smokeTestDriver?: boolean;
  readonly fewBuiltins?: boolean;
  /** For the server, its extension hosts and the language servers that they start. */
  readonly env?: Readonly<Record<string, string>>;
  readonly port?: number;
}

export interface RunningServer {
  readonly base: string;
  readonly authority: string;
  readonly profile: string;
  /** Resolves when the server ends, by itself or because the scope closes. */
  readonly ended: Promise<number>;
  /** What the server wrote to its log. */
  log(): string;
}

/** No welcome pages, tips, telemetry, updates or chat: only what a person or a test has asked for. */
export const quietSettings: Readonly<Record<string, unknown>> = {
  "workbench.startupEditor": "none",
  "workbench.welcomePage.walkthroughs.openOnInstall": false,
  "workbench.tips.enabled": false,
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "chat.disableAIFeatures": true,
  "window.commandCenter": false,
  "git.openRepositoryInParentFolders": "never",
  "files.simpleDialog.enable": true,
  "remote.autoForwardPorts": false,
  "window.title": "${activeEditorShort}${separator}${rootName}",
  // In the browser the default is to save after a second; on the desktop it is off.
  "files.autoSave": "off",
  "editor.minimap.enabled": false,
};

export async function startServer(scope: Scope, options: ServerOptions): Promise<RunningServer> {
  const home = scope.folder("vscode");
  const profile = path.join(home, "data");
  mkdirSync(path.join(profile, "User"), { recursive: true });
  const settings = {
    ...quietSettings,
    "security.workspace.trust.enabled": options.workspaceTrust === true,
    ...options.settings,
  };
  writeFileSync(path.join(profile, "User", "settings.json"), JSON.stringify(settings, null, 2));

  const { node, serverMain, fewBuiltins } = options.host;
  const folders = [
    ...["--server-data-dir", path.join(home, "server")],
    ...["--user-data-dir", profile],
    ...["--extensions-dir", path.join(home, "extensions")],
    ...(options.fewBuiltins ? ["--builtin-extensions-dir", fewBuiltins] : []),
  ];
  const env = { ...withoutVSCode(process.env), HOME: home, TMPDIR: home, ...options.env };
  for (const vsix of options.extensions ?? []) {
    await run(node, [serverMain, ...folders, "--install-extension", vsix, "--force"], {
      scope,
      env,
      doing: `Installing ${path.basename(vsix)} into VS Code`,
    });
  }

  const port = options.port ?? (await freePort());
  const logFile = path.join(home, "server.log");
  const log = openSync(logFile, "w");
  const child = scope.spawn(
    node,
    [
      ...[serverMain, "--host", "127.0.0.1", "--port", String(port), "--without-connection-token"],
      ...[
        "--accept-server-license-terms",
        "--disable-telemetry",
        "--disable-update-check",
        "--disable-getting-started-override",
      ],
      // By default the extension host of a closed page lives on for three hours.
      ...["--reconnection-grace-time", "5"],
      ...(options.workspaceTrust ? [] : ["--disable-workspace-trust"]),
      ...(options.smokeTestDriver ? ["--enable-smoke-test-driver"] : []),
      ...folders,
    ],
    { env, stdio: ["ignore", log, log] },
  );
  closeSync(log);
  const server: RunningServer = {
    base: `http://127.0.0.1:${port}`,
    authority: `127.0.0.1:${port}`,
    profile,
    ended: exited(child),
    log: () => readFileSync(logFile, "utf8"),
  };
  for (let tries = 0; !(await answers(server.base)); tries++) {
    if (!isRunning(child) || tries > 600) {
      throw new Failure(`VS Code's server did not start on port ${port}.\n${lastLines(server.log(), 15)}`);
    }
    await pause(50);
  }
  return server;
}

async function answers(address: string): Promise<boolean> {
  try {
    return (await fetch(address)).ok;
  } catch {
    return false;
  }
}

/** A server started from a terminal inside VS Code must not take itself for a part of that one. */
function withoutVSCode(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(VSCODE_|ELECTRON_)/.test(name)));
}
