/**
 * A VS Code workbench in a real browser, for tests: server, clean profile, Chromium, page.
 */
import path from "node:path";
import { chromium, type Page } from "playwright-core";
import { findBrowser } from "./browser.ts";
import { Failure } from "./failure.ts";
import type { Scope } from "./scope.ts";
import { type RunningServer, type ServerOptions, startServer } from "./server.ts";

export interface LaunchOptions extends ServerOptions {
  /** The workspace: a folder, or a file that names folders. */
  readonly folder: string;
  /** A file to open at once. */
  readonly file?: string;
  /** The extension under development, loaded from its folder. */
  readonly developmentPath?: string;
  /** A CommonJS module with `run()`, executed in the extension host. */
  readonly testsPath?: string;
  readonly size?: { readonly width: number; readonly height: number } | undefined;
  /** The editor's language. Its own words stay English, as language packs are not to be had from npm; extensions speak it. */
  readonly locale?: string;
  /** Called for each line that the extension host writes to its console. */
  readonly onLog?: (type: string, parameters: readonly unknown[]) => void;
}

export interface Workbench {
  readonly page: Page;
  readonly server: RunningServer;
  /** The exit code of the tests named by `testsPath`. */
  readonly testsEnded: Promise<number>;
  /** What the page wrote to its console, for a failure's report. */
  readonly console: readonly string[];
}

const chromiumFlags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
  "--force-color-profile=srgb",
];

/** No widget half faded in, in a picture or under a click, and none that goes because the focus moved. */
const stillSettings = {
  "workbench.reduceMotion": "on",
  "workbench.quickOpen.closeOnFocusLost": false,
  "git.enabled": false,
};

export async function launch(scope: Scope, options: LaunchOptions): Promise<Workbench> {
  const executablePath = findBrowser();
  if (executablePath === undefined) {
    throw new Failure("No Chromium or Chrome found: install one, or name it in the environment variable CHROMIUM.");
  }
  const underTest = options.developmentPath !== undefined;
  const server = await startServer(scope, {
    ...options,
    fewBuiltins: options.fewBuiltins ?? true,
    // A built workbench loads extensions under development only when it runs with this driver.
    smokeTestDriver: options.smokeTestDriver ?? underTest,
    settings: { ...stillSettings, ...options.settings },
  });
  const context = await chromium.launchPersistentContext(scope.folder("chromium"), {
    executablePath,
    headless: true,
    viewport: options.size ?? { width: 1280, height: 800 },
    permissions: ["clipboard-read", "clipboard-write"],
    args: chromiumFlags,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  scope.onClose(() => context.close());

  const page = context.pages()[0] ?? (await context.newPage());
  const lines: string[] = [];
  page.on("console", (message) => lines.push(`[${message.type()}] ${message.text()}`));
  page.on("pageerror", (error) => lines.push(`[page error] ${error.stack ?? error.message}`));
  const testsEnded = new Promise<number>((resolve) => {
    void page.exposeFunction("codeAutomationExit", (code: number) => resolve(code));
  });
  if (options.locale !== undefined)
    await page.addInitScript((locale) => {
      Object.assign(globalThis, { _VSCODE_NLS_LANGUAGE: locale });
    }, options.locale);
  await page.exposeFunction("codeAutomationLog", (type: string, parameters: readonly unknown[]) => {
    options.onLog?.(type, parameters);
  });
  await page.goto(addressOf(server, options), { waitUntil: "domcontentloaded" });
  return { page, server, testsEnded, console: lines };
}

/** The page that opens a folder, with what VS Code takes from its "payload". */
export function addressOf(
  server: RunningServer,
  options: Pick<LaunchOptions, "folder" | "developmentPath" | "testsPath" | "file">,
): string {
  const remote = (file: string): string => `vscode-remote://${server.authority}${path.resolve(file)}`;
  const payload = [
    ["skipWelcome", "true"],
    ["skipReleaseNotes", "true"],
    ...(options.file === undefined ? [] : [["openFile", remote(options.file)]]),
    ...(options.developmentPath === undefined ? [] : [["extensionDevelopmentPath", remote(options.developmentPath)]]),
    ...(options.testsPath === undefined ? [] : [["extensionTestsPath", remote(options.testsPath)]]),
  ];
  const kind = options.folder.endsWith(".code-workspace") ? "workspace" : "folder";
  const query = new URLSearchParams({ [kind]: path.resolve(options.folder), payload: JSON.stringify(payload) });
  return `${server.base}/?${query.toString()}`;
}
