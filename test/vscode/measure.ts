/**
 * What a person waits for in a real workbench with long histories: three projects of ten thousand revisions together.
 * Usage: measure.ts [REVISIONS]; prints a table in Markdown. Times are those of the window; how fast the machine is, and
 * that it draws without a graphics card, is in all of them.
 */
import assert from "node:assert/strict";
import { cpSync, rmSync } from "node:fs";
import path from "node:path";
import type { Frame, Page } from "playwright-core";
import { generateHistory } from "../../scripts/bench/history.ts";
import { writeWorkspace } from "../../scripts/bench/workspace.ts";
import { build } from "../../scripts/build.ts";
import { packageExtension } from "../../scripts/demo/vsix.ts";
import { installHost } from "../../scripts/host/install.ts";
import { launch } from "../../scripts/host/launch.ts";
import { createScope, type Scope } from "../../scripts/host/scope.ts";
import { command, openContainer, rows, until } from "./scenario.ts";
import { graphFrame } from "./scenarios/views.ts";

const total = Number(process.argv[2] ?? 10_000);

/** Of all revisions: what each project has. The first stands at the top of the tree. */
const shares = { billing: 0.8, search: 0.1, shop: 0.1 } as const;
const first = "billing";

const long = 180_000;

/** What the compiler puts around functions is not there in the window. */
const namesOfFunctions = "globalThis.__name = (named) => named";

async function furnish(scope: Scope): Promise<string> {
  const workspace = scope.folder("long");
  for (const [seed, [name, share]] of Object.entries(shares).entries()) {
    const drafts = path.join(workspace, `${name}-draft`);
    const { project } = await writeWorkspace(drafts, generateHistory(Math.round(total * share), seed + 1));
    cpSync(project, path.join(workspace, name), { recursive: true });
    rmSync(drafts, { recursive: true });
  }
  return workspace;
}

type Row = readonly [what: string, measured: string];

const milliseconds = (times: readonly number[]): string => {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number => Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0);
  return `${at(0.5)} ms (${at(0)} to ${at(1)})`;
};

/** As VS Code itself measured it. */
async function activation(page: Page): Promise<string> {
  await command(page, "Developer: Show Running Extensions");
  const row = page.locator(".extension", { hasText: "Retort" });
  await row.waitFor();
  const said = await row.locator(".activation-time").innerText();
  await page.keyboard.press("Escape");
  return said.replace(/^Activation: */, "").trim();
}

/** From the click until the rows beneath are drawn, in the window's own time. */
async function expand(page: Page, row: string): Promise<number> {
  const list = page.locator(".part.sidebar .monaco-list").first();
  const place = rows(page, row).first();
  await place.waitFor();
  const label = await place.getAttribute("aria-label");
  assert(label, `the row ${row} has no label`);
  return list.evaluate(
    (element, name) =>
      new Promise<number>((resolve, reject) => {
        const find = (): Element | undefined =>
          [...element.querySelectorAll(".monaco-list-row")].find((one) => one.getAttribute("aria-label") === name);
        const isOpen = (): boolean => {
          const one = find();
          const level = Number(one?.getAttribute("aria-level"));
          const next = one?.nextElementSibling;
          return (
            one?.getAttribute("aria-expanded") === "true" && Number(next?.getAttribute("aria-level")) === level + 1
          );
        };
        const began = performance.now();
        const tick = (): void => {
          if (isOpen()) resolve(performance.now() - began);
          else if (performance.now() - began > 60_000) reject(new Error("nothing came"));
          else requestAnimationFrame(tick);
        };
        find()?.querySelector<HTMLElement>(".monaco-tl-twistie")?.click();
        tick();
      }),
    label,
  );
}

async function collapse(page: Page, row: string): Promise<void> {
  const place = rows(page, row).first();
  await place.locator(".monaco-tl-twistie").click();
  await until("a closed row", async () => (await place.getAttribute("aria-expanded")) === "false");
}

interface Scrolled {
  readonly frames: number;
  readonly slowest: number;
  readonly rows: number;
}

/** Five seconds at forty rows a second and at a thousand: frames that were drawn a second, and the longest wait for one. */
const scroll = (frame: Frame, pixelsPerSecond: number): Promise<Scrolled> =>
  frame.evaluate(
    (speed) =>
      new Promise<Scrolled>((resolve) => {
        const scroller = document.querySelector(".scroller");
        if (!scroller) throw new Error("there is no list");
        scroller.scrollTop = 0;
        const [length, began] = [5_000, performance.now()];
        let [frames, slowest, last] = [0, 0, began];
        const tick = (now: number): void => {
          frames++;
          slowest = Math.max(slowest, now - last);
          last = now;
          scroller.scrollTop = ((now - began) / 1_000) * speed;
          if (now - began < length) requestAnimationFrame(tick);
          else
            resolve({
              frames: frames / ((now - began) / 1_000),
              slowest,
              rows: document.querySelectorAll(".row").length,
            });
        };
        requestAnimationFrame(tick);
      }),
    pixelsPerSecond,
  );

async function measure(scope: Scope): Promise<readonly Row[]> {
  await build();
  const folder = await furnish(scope);
  const host = await installHost(scope, (line) => console.error(line));
  const { page } = await launch(scope, {
    host,
    folder,
    extensions: [await packageExtension(scope)],
    workspaceTrust: false,
  });
  page.setDefaultTimeout(long);
  await page.locator(".monaco-workbench .part.editor").waitFor();
  await page.evaluate(namesOfFunctions);
  const measured: Row[] = [];
  const began = Date.now();
  await openContainer(page, "Retort");
  await rows(page, /head · /)
    .first()
    .waitFor({ timeout: long });
  measured.push(["opening the view until the revisions are listed", `${((Date.now() - began) / 1_000).toFixed(1)} s`]);
  measured.push(["activation of the extension", await activation(page)]);

  if ((await rows(page, first).first().getAttribute("aria-expanded")) === "true") await collapse(page, first);
  const times: number[] = [];
  for (let i = 0; i < 7; i++) {
    times.push(await expand(page, first));
    await collapse(page, first);
  }
  measured.push([`expanding a project of ${Math.round(total * shares.billing)} revisions`, milliseconds(times)]);

  await command(page, "Retort: Show Graph");
  const frame = await graphFrame(page);
  await frame.evaluate(namesOfFunctions);
  for (const [speed, words] of [
    [1_000, "40 rows a second"],
    [26_000, "1,000 rows a second"],
  ] as const) {
    const { frames, slowest, rows: drawn } = await scroll(frame, speed);
    const text = `${frames.toFixed(0)} frames a second, longest wait ${Math.round(slowest)} ms, ${drawn} rows drawn`;
    measured.push([`the graph, scrolled at ${words}`, text]);
  }
  return measured;
}

const scope = createScope();
const stop = (): void => void scope.close().finally(() => process.exit(130));
process.once("SIGINT", stop).once("SIGTERM", stop);
try {
  const table = await measure(scope);
  console.log(["| What | Measured |", "| --- | --- |", ...table.map((cells) => `| ${cells.join(" | ")} |`)].join("\n"));
} finally {
  await scope.close();
}
