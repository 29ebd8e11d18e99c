/** A person's way through the workbench as named steps, with a picture where it is worth one. */
import { mkdirSync } from "node:fs";
import path from "node:path";
import type { Locator, Page } from "playwright-core";
import { root } from "../../scripts/host/paths.ts";
import { installHost } from "../../scripts/host/install.ts";
import { launch, type LaunchOptions, type Workbench } from "../../scripts/host/launch.ts";
import { createScope, type Scope } from "../../scripts/host/scope.ts";
import type { Ground } from "./workspace.ts";

export interface PictureOptions {
  readonly mouseAway?: boolean;
  readonly clip?: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

export interface Walk {
  readonly page: Page;
  readonly workbench: Workbench;
  readonly scope: Scope;
  /** One thing that must hold; a step that fails ends the scenario. */
  step(title: string, action: () => Promise<void>): Promise<void>;
  /** Keeps a picture of the window, or of a part of it. */
  picture(name: string, options?: PictureOptions): Promise<void>;
}

export interface Scenario {
  readonly title: string;
  readonly number: number;
  readonly dark?: boolean;
  readonly size?: LaunchOptions["size"];
  readonly workspaceTrust?: boolean;
  readonly locale?: string;
  /** With every extension that VS Code brings along, not only the few that a revision needs. */
  readonly allBuiltins?: boolean;
  /** Packs other extensions that the window has. */
  readonly helpers?: (scope: Scope) => Promise<readonly string[]>;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Makes the folder to open. */
  furnish(scope: Scope, ground: Ground): Promise<string>;
  walk(walk: Walk, folder: string): Promise<void>;
}

export interface Outcome {
  readonly title: string;
  readonly ok: boolean;
  readonly error?: string;
}

export const screenshots = path.join(root, "test-results", "screenshots");

/** Patience for one effect in the window. */
export const patience = 30_000;

export async function play(scenario: Scenario, ground: Ground, vsix: string): Promise<readonly Outcome[]> {
  const scope = createScope();
  const outcomes: Outcome[] = [];
  const report = (title: string, error?: unknown): void => {
    const message = error instanceof Error ? error.message : error === undefined ? undefined : String(error);
    outcomes.push({
      title: `${scenario.title}: ${title}`,
      ok: message === undefined,
      ...(message === undefined ? {} : { error: message }),
    });
    console.log(message === undefined ? `  ✓ ${title}` : `  ✗ ${title}\n${message}`);
  };
  console.log(`\n${scenario.title}`);
  let workbench: Workbench | undefined;
  let pictures = 0;
  const picture: Walk["picture"] = async (name, options = {}) => {
    mkdirSync(screenshots, { recursive: true });
    if (options.mouseAway !== false) {
      await workbench?.page.mouse.move(640, 2);
      // A tooltip that is open stays for a moment.
      await workbench?.page.waitForTimeout(600);
    }
    const file = `${String(scenario.number).padStart(2, "0")}${String.fromCharCode(97 + pictures++)}-${name}.png`;
    await workbench?.page.screenshot({
      path: path.join(screenshots, file),
      animations: "disabled",
      ...(options.clip === undefined ? {} : { clip: options.clip }),
    });
  };
  try {
    const folder = await scenario.furnish(scope, ground);
    workbench = await launch(scope, await launchOptions(scope, scenario, folder, vsix));
    const { page } = workbench;
    page.setDefaultTimeout(patience);
    await page.locator(".monaco-workbench .part.editor").waitFor();
    const step = async (title: string, action: () => Promise<void>): Promise<void> => {
      await action();
      report(title);
    };
    let current = "";
    const named: Walk["step"] = (title, action) => {
      current = title;
      return step(title, action);
    };
    try {
      await scenario.walk({ page, workbench, scope, step: named, picture }, folder);
    } catch (error) {
      report(current, error);
      await picture("failure");
      console.log(workbench.console.slice(-15).join("\n").slice(0, 4_000));
    }
  } catch (error) {
    report("the workbench opens", error);
  } finally {
    await scope.close();
  }
  return outcomes;
}

async function launchOptions(scope: Scope, scenario: Scenario, folder: string, vsix: string): Promise<LaunchOptions> {
  return {
    host: await installHost(scope, (line) => console.log(line)),
    folder,
    extensions: [vsix, ...((await scenario.helpers?.(scope)) ?? [])],
    workspaceTrust: scenario.workspaceTrust ?? false,
    fewBuiltins: scenario.allBuiltins !== true,
    ...(scenario.env === undefined ? {} : { env: scenario.env }),
    ...(scenario.size === undefined ? {} : { size: scenario.size }),
    ...(scenario.locale === undefined ? {} : { locale: scenario.locale }),
    settings: {
      "workbench.colorTheme": scenario.dark === false ? "Default Light Modern" : "Default Dark Modern",
      ...scenario.settings,
    },
  };
}

/** Runs a command of the palette by its title. */
export const command = (page: Page, title: string): Promise<void> => choose(page, "F1", `>${title}`, title);

/** Puts away the notifications that have been read. */
export async function clearNotifications(page: Page): Promise<void> {
  await command(page, "Notifications: Clear All Notifications");
  await until("no notifications", async () => (await page.locator(".notification-toast").count()) === 0);
}

/** Opens a file by its name through quick open. */
export async function openFile(page: Page, name: string): Promise<void> {
  await choose(page, "Control+P", name, name);
  await page.locator(".tab.active", { hasText: name }).waitFor();
}

/** Opens the quick input by a key, types and takes the first row with that text; again, where something else took the focus. */
async function choose(page: Page, key: string, typed: string, row: string): Promise<void> {
  const short = { timeout: 5_000 };
  await until(
    `"${row}" in the quick input`,
    async () => {
      try {
        await page.keyboard.press(key);
        await page.locator(".quick-input-widget input.input").fill(typed, short);
        await page.locator(".quick-input-list .monaco-list-row", { hasText: row }).first().click(short);
        return true;
      } catch {
        await page.keyboard.press("Escape");
        return false;
      }
    },
    patience,
  );
}

/** Opens a container of the activity bar. */
export async function openContainer(page: Page, title: string): Promise<void> {
  const icon = page.locator(`.part.activitybar .action-item:has(a[aria-label^="${title}"])`);
  await icon.waitFor();
  if (!(await icon.getAttribute("class"))?.includes("checked")) await icon.click();
}

/** Rows of the side bar's trees that hold a text. */
export const rows = (page: Page, text: string | RegExp): Locator =>
  page.locator(".part.sidebar .monaco-list-row", { hasText: text });

/** Takes an item of a row's menu, until what it opens is there: a menu that has just opened takes no click. */
export async function chooseInMenu(page: Page, row: Locator, item: string | RegExp, opened: Locator): Promise<void> {
  await until(String(item), async () => {
    await row.click({ button: "right" });
    const entry = page.locator(".monaco-menu .action-menu-item", { hasText: item }).first();
    await entry.hover();
    await page.waitForTimeout(500);
    await entry.click();
    const isOpen = await opened.waitFor({ timeout: 3_000 }).then(
      () => true,
      () => false,
    );
    if (!isOpen) await page.keyboard.press("Escape");
    return isOpen;
  });
}

/** Waits until a question has the answer yes. */
export async function until(what: string, ask: () => Promise<boolean>, milliseconds = patience): Promise<void> {
  const end = Date.now() + milliseconds;
  while (!(await ask())) {
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
