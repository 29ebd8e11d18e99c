/** The graph page in a real browser: how much of it is there at once, that text stays text, and that it can be used by everybody. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renderShell } from "../../client/src/views/graph/html.ts";
import type { FromPage, PageRow, ToPage } from "../../client/src/views/graph/messages.ts";
import { buildPageRows, describeProject } from "../../client/src/views/graph/rows.ts";
import type { Glance, OperationsAnswer, ProjectNode } from "../../server/src/protocol/index.ts";
import { bundlePage } from "../../scripts/build.ts";
import { findBrowser } from "../../scripts/host/browser.ts";
import { createScope } from "../../scripts/host/scope.ts";
import { diamond, projectOf } from "../client/history.ts";

const scope = createScope();
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let browser: Browser;
let address: string;

beforeAll(async () => {
  const folder = scope.folder("graph-page");
  await bundlePage(path.join(folder, "dist"));
  const file = path.join(folder, "page.html");
  mkdirSync(folder, { recursive: true });
  const shell = { nonce: "dGVzdA==", script: "dist/graph.js", style: "dist/graph.css", styleSource: "file:" };
  writeFileSync(file, renderShell({ ...shell, language: { code: "en", words: undefined } }));
  const words = { State: "Zustand", "Search revisions": 'Revisionen "durchsuchen" & mehr' };
  writeFileSync(path.join(folder, "german.html"), renderShell({ ...shell, language: { code: "de", words } }));
  address = pathToFileURL(file).href;
  const executablePath = findBrowser();
  browser = await chromium.launch({ ...(executablePath ? { executablePath } : {}), args: ["--no-sandbox"] });
});
afterAll(async () => {
  await browser.close();
  await scope.close();
});

/** Colours of VS Code's own dark theme and its high contrast, as far as the page asks for them. */
const themes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  dark: {
    foreground: "#cccccc",
    "editor-background": "#1f1f1f",
    descriptionForeground: "#9d9d9d",
    "panel-border": "#2b2b2b",
    "input-background": "#313131",
    "input-foreground": "#cccccc",
    "input-placeholderForeground": "#989898",
    "button-background": "#0078d4",
    "button-foreground": "#ffffff",
    "button-secondaryBackground": "#313131",
    "button-secondaryForeground": "#cccccc",
    "textLink-foreground": "#4daafc",
    "badge-background": "#616161",
    "badge-foreground": "#f8f8f8",
    "editorWarning-foreground": "#cca700",
    "editorError-foreground": "#f14c4c",
    errorForeground: "#f85149",
    "list-inactiveSelectionBackground": "#37373d",
    "list-activeSelectionBackground": "#04395e",
    "list-activeSelectionForeground": "#ffffff",
    "textCodeBlock-background": "#2b2b2b",
    "charts-blue": "#3794ff",
  },
  "high-contrast": {
    foreground: "#ffffff",
    "editor-background": "#000000",
    descriptionForeground: "#b3b3b3",
    contrastBorder: "#6fc3df",
    contrastActiveBorder: "#f38518",
    "input-background": "#000000",
    "input-foreground": "#ffffff",
    "input-placeholderForeground": "#b3b3b3",
    "button-background": "#000000",
    "button-foreground": "#ffffff",
    "textLink-foreground": "#21a6ff",
    "badge-background": "#000000",
    "badge-foreground": "#ffffff",
    "editorWarning-foreground": "#ffd370",
    "editorError-foreground": "#f48771",
    errorForeground: "#f48771",
    "charts-blue": "#3794ff",
  },
};

interface Opened {
  readonly page: Page;
  readonly said: FromPage[];
  readonly faults: string[];
  tell(message: ToPage): Promise<void>;
}

async function openPage(theme = "dark", file = address): Promise<Opened> {
  const page = await browser.newPage({ viewport: { width: 1200, height: 700 } });
  const [said, faults]: [FromPage[], string[]] = [[], []];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (line) => {
    if (line.type() === "error") faults.push(line.text());
  });
  await page.exposeFunction("say", (message: FromPage) => void said.push(message));
  await page.addInitScript((colours) => {
    Object.assign(globalThis, {
      acquireVsCodeApi: () => ({
        postMessage: (message: unknown) => (globalThis as unknown as { say: (m: unknown) => void }).say(message),
        getState: () => undefined,
        setState: () => undefined,
      }),
    });
    document.addEventListener("DOMContentLoaded", () => {
      for (const [name, value] of Object.entries(colours))
        document.documentElement.style.setProperty(`--vscode-${name}`, value);
    });
  }, themes[theme] ?? {});
  await page.goto(file);
  const tell = (message: ToPage): Promise<void> => page.evaluate((one) => window.postMessage(one, "*"), message);
  return { page, said, faults, tell };
}

/** As the extension tells a project: in pages of 500. */
async function tellProject(
  { tell }: Opened,
  node: ProjectNode,
  versions: readonly string[],
): Promise<readonly PageRow[]> {
  const view = {
    node,
    standing: { kind: "known", name: "app", database: "dev@localhost/app", versions, from: "" } as const,
  };
  const rows = buildPageRows(view, Date.now(), new Map());
  const around = { isTrusted: true, headActions: [{ id: "merge-heads", title: "Merge Heads" }] };
  await tell({
    type: "project",
    project: describeProject(view, rows, around),
    projects: [{ id: node.id, name: node.name }],
  });
  for (let from = 0; from < rows.length; from += 500)
    await tell({ type: "rows", projectId: node.id, from, rows: rows.slice(from, from + 500) });
  return rows;
}

const glance = (id: string, over: Partial<Glance> = {}): Glance => ({
  id,
  tables: [],
  isPartlyUnknown: false,
  isMixed: false,
  wayBack: "yes",
  wayBackWhy: "",
  ...over,
});

const count = 10_000;
const long = projectOf(
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => {
      const id = count - index;
      return [`r${String(id)}`, id === 1 ? [] : [`r${String(id - 1)}`]];
    }),
  ),
);

const evil = `<img src=x onerror="window.hurt=1"><script>window.hurt=1</script> **bold** [x](command:workbench.action.quit)`;
const answer: OperationsAnswer = {
  ok: true,
  directions: [
    {
      name: "upgrade",
      operations: [
        {
          title: `add_column ${evil}`,
          sql: [`ALTER TABLE t -- ${evil}`],
          impacts: [`AccessExclusiveLock on t: ${evil}`],
          effect: "schema",
          range: { start: { line: 7, character: 4 }, end: { line: 7, character: 9 } },
        },
      ],
    },
  ],
  findings: [
    {
      rule: "mixed-schema-and-data",
      severity: "warning",
      message: evil,
      range: { start: { line: 3, character: 0 }, end: { line: 3, character: 1 } },
    },
  ],
};

describe("ten thousand revisions", () => {
  test("only those in sight are there, at the top, in the middle and at the end; and only of those more is asked", async () => {
    const opened = await openPage();
    const { page, said, faults } = opened;
    await tellProject(opened, long, ["r4000"]);
    await page.locator(".row", { hasText: "message of r4000" }).waitFor();
    const rows = page.locator(".row");
    expect(await rows.count()).toBeLessThan(80);
    expect(await page.locator(".summary").innerText()).toContain("10,000 revisions");
    for (const [top, text] of [
      [0, "message of r10000"],
      [count * 13, "message of r5000"],
      [count * 26, "message of r1"],
    ] as const) {
      await page.locator(".scroller").evaluate((element, to) => (element.scrollTop = to), top);
      await page.getByText(text, { exact: true }).waitFor();
      expect(await rows.count()).toBeLessThan(80);
    }
    await page.waitForTimeout(300);
    const asked = said.filter((one) => one.type === "glances").flatMap(({ ids }) => ids);
    expect(asked).toContain("r1");
    expect(asked.length).toBeLessThan(500);
    const frames = await page.locator(".scroller").evaluate(
      (element) =>
        new Promise<number>((resolve) => {
          element.scrollTop = 0;
          const begin = performance.now();
          let frames = 0;
          const next = (): void => {
            frames++;
            element.scrollTop += 300;
            if (performance.now() - begin < 1_500) requestAnimationFrame(next);
            else resolve(frames / ((performance.now() - begin) / 1_000));
          };
          requestAnimationFrame(next);
        }),
    );
    console.log(`scrolling: ${frames.toFixed(0)} frames a second`);
    expect(faults).toEqual([]);
    await page.close();
  });

  test("the search finds all, and the keyboard goes from one to the next", async () => {
    const opened = await openPage();
    const { page, said } = opened;
    await tellProject(opened, long, ["r4000"]);
    await page.locator(".row[aria-selected=true]", { hasText: "message of r4000" }).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("message of r999");
    await page.locator(".count", { hasText: "11 found" }).waitFor();
    await page.keyboard.press("Enter");
    await page.locator(".row[aria-selected=true]", { hasText: "message of r999" }).waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Home");
    await page.locator(".row[aria-selected=true]:focus", { hasText: "message of r10000" }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    await page.locator(".row[aria-selected=true]:focus", { hasText: "message of r9998" }).waitFor();
    await page.keyboard.press("Enter");
    await page.keyboard.press("End");
    await page.locator(".row[aria-selected=true]:focus", { hasText: "message of r1" }).waitFor();
    await expect
      .poll(() => said.filter((one) => one.type === "open"))
      .toEqual([{ type: "open", projectId: "project", id: "r9998" }]);
    expect(await page.locator(".row[tabindex='0']").count()).toBe(1);
    await page.close();
  });
});

test("what a project says is shown as text and does nothing", async () => {
  const opened = await openPage();
  const { page, tell, faults } = opened;
  const node: ProjectNode = {
    ...diamond,
    name: evil,
    revisions: diamond.revisions.map((one) => ({ ...one, message: evil, branchLabels: [evil] })),
  };
  await tellProject(opened, node, ["d"]);
  await tell({
    type: "glances",
    projectId: "project",
    glances: [
      glance("d", { lock: { table: evil, mode: evil, blocks: evil, waitsFor: [] }, wayBack: "no", wayBackWhy: evil }),
    ],
  });
  await tell({ type: "operations", projectId: "project", id: "d", answer });
  await page.locator(".panel .finding").waitFor();
  expect(await page.locator(".panel h2").innerText()).toBe(evil);
  expect(await page.locator(".row .message").first().innerText()).toBe(evil);
  expect(await page.locator("img, script:not([nonce]), b, strong, a").count()).toBe(0);
  expect(await page.evaluate(() => "hurt" in window)).toBe(false);
  expect(faults).toEqual([]);
  await page.close();
});

test("it speaks the language that it is told", async () => {
  const opened = await openPage("dark", address.replace("page.html", "german.html"));
  await tellProject(opened, diamond, ["d"]);
  await opened.page.locator(".row").first().waitFor();
  expect(await opened.page.locator(".columns").innerText()).toContain("Zustand");
  expect(await opened.page.locator("html").getAttribute("lang")).toBe("de");
  expect(await opened.page.locator(".search").getAttribute("aria-label")).toBe('Revisionen "durchsuchen" & mehr');
  expect(opened.faults).toEqual([]);
  await opened.page.close();
});

test.each(["dark", "high-contrast"])("axe finds nothing to complain of (%s)", async (theme) => {
  const opened = await openPage(theme);
  const { page, tell } = opened;
  const node: ProjectNode = {
    ...diamond,
    heads: ["e", "d"],
    revisions: diamond.revisions.map((one, index) => ({
      ...one,
      isHead: index < 2,
      ...(one.id === "a" ? { missingParents: ["gone"] } : {}),
      findings: { error: index, warning: 1, information: 2 },
    })),
  };
  await tellProject(opened, node, ["d"]);
  await tell({
    type: "glances",
    projectId: "project",
    glances: [
      glance("d", {
        isMixed: true,
        wayBack: "no",
        lock: { table: "users", mode: "AccessExclusiveLock", blocks: "blocks reads and writes", waitsFor: [] },
      }),
      glance("c", { wayBack: "unknown", isPartlyUnknown: true }),
    ],
  });
  await tell({ type: "operations", projectId: "project", id: "d", answer });
  await page.locator(".panel .finding").waitFor();
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const run = (
      globalThis as unknown as {
        axe: {
          run: () => Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }>;
        };
      }
    ).axe;
    return (await run.run()).violations.map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ""}`).join(" | ")}`,
    );
  });
  expect(violations).toEqual([]);
  if (process.env["RETORT_PICTURES"])
    await page.screenshot({ path: path.join(process.env["RETORT_PICTURES"], `${theme}.png`) });
  await page.close();
});
