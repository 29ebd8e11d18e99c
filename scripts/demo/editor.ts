import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { findOnPath } from "../host/browser.ts";
import { installHost } from "../host/install.ts";
import { addressOf } from "../host/launch.ts";
import { root } from "../host/paths.ts";
import { exited, pause, type Scope } from "../host/scope.ts";
import { quietSettings, startServer } from "../host/server.ts";
import { packageExtension } from "./vsix.ts";

export interface OpenEditor {
  /** Where to find it, in words. */
  readonly where: string;
  /** Resolves when the person closes it, or when it fails. */
  readonly closed: Promise<unknown>;
}

/** Desktop VS Code where it can be shown, with a profile of its own: the person's settings and extensions stay out of it. */
export function findDesktop(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const code = findOnPath("code", env);
  // In a remote session "code" only talks to the window of another machine.
  if (code === undefined || code.includes("remote-cli")) return undefined;
  const hasDisplay = process.platform !== "linux" || Boolean(env["DISPLAY"] ?? env["WAYLAND_DISPLAY"]);
  return hasDisplay ? code : undefined;
}

export function openDesktop(scope: Scope, code: string, folder: string, file: string): OpenEditor {
  const profile = scope.folder("profile");
  mkdirSync(path.join(profile, "User"), { recursive: true });
  const settings = { ...quietSettings, "security.workspace.trust.enabled": false };
  writeFileSync(path.join(profile, "User", "settings.json"), JSON.stringify(settings, null, 2));
  // The window is no child of the command that opens it.
  scope.onClose(() => endWindow(profile));
  const child = scope.spawn(
    code,
    [
      ...["--wait", "--new-window", "--user-data-dir", profile, "--extensions-dir", path.join(profile, "extensions")],
      ...[`--extensionDevelopmentPath=${root}`, "--disable-workspace-trust", "--disable-updates"],
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      ...[folder, path.join(folder, file)],
    ],
    { stdio: "ignore", shell: process.platform === "win32" },
  );
  const failed = new Promise((resolve) => child.once("error", resolve));
  return { where: "VS Code is opening in a window of its own.", closed: Promise.race([exited(child), failed]) };
}

/** VS Code writes the number of its main process beside its profile. */
async function endWindow(profile: string): Promise<void> {
  try {
    const pid = Number(readFileSync(path.join(profile, "code.lock"), "utf8"));
    if (!Number.isInteger(pid) || pid <= 1) return;
    process.kill(pid, "SIGTERM");
    for (let tries = 0; tries < 50; tries++) {
      process.kill(pid, 0);
      await pause(100);
    }
  } catch {
    // Closed already.
  }
}

export async function openInBrowser(
  scope: Scope,
  folder: string,
  file: string,
  options: { readonly port?: number; readonly say: (line: string) => void },
): Promise<OpenEditor> {
  const host = await installHost(scope, options.say);
  const vsix = await packageExtension(scope);
  const server = await startServer(scope, {
    host,
    extensions: [vsix],
    ...(options.port === undefined ? {} : { port: options.port }),
  });
  const address = addressOf(server, { folder, file: path.join(folder, file) });
  return { where: `VS Code is ready in the browser:\n\n  ${address}`, closed: server.ended };
}
