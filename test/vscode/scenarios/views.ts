import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import pg from "pg";
import type { Frame, Page } from "playwright-core";
import { shop } from "../../../scripts/demo/shop.ts";
import type { Scope } from "../../../scripts/host/scope.ts";
import { clearNotifications, command, openContainer, rows, type Scenario, until, type Walk } from "../scenario.ts";
import { placeShop, type Ground } from "../workspace.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Markup that a browser would run, and a Markdown link that an editor would. */
const hostile = `<img src=x onerror="document.body.dataset.hurt=1"> **Add** [rating](command:workbench.action.closeWindow)`;

const revision = (id: string, parent: string, message: string, body: string): string =>
  `"""${message}\n\nRevision ID: ${id}\nRevises: ${parent}\nCreate Date: 2026-07-01 09:00:00\n\n"""\n` +
  `from alembic import op\nimport sqlalchemy as sa\n\nrevision = "${id}"\ndown_revision = "${parent}"\n` +
  `branch_labels = None\ndepends_on = None\n\n\ndef upgrade() -> None:\n${body}\n\n\ndef downgrade() -> None:\n    pass\n`;

/** Of the databases that scenarios have made. */
const urls = new Map<string, string>();

/** The shop with a second head of this message. */
async function furnish(scope: Scope, ground: Ground, database: string, message: string): Promise<string> {
  const folder = await placeShop(scope, ground, scope.folder("workspace"), { database });
  urls.set(database, ground.postgres.url(database));
  const file = path.join(folder, "migrations", "versions", "77aa55cc33ee_rating.py");
  const body = `    op.add_column("products", sa.Column("stars", sa.Integer(), nullable=True))`;
  writeFileSync(file, revision("77aa55cc33ee", shop.standing, message, body));
  return folder;
}

/** The document of the webview, in its two frames. */
export async function graphFrame(page: Page): Promise<Frame> {
  const outer = await (await page.waitForSelector("iframe.webview.ready")).contentFrame();
  const inner = await (await outer?.waitForSelector("iframe#active-frame"))?.contentFrame();
  assert(inner, "the webview has no frame");
  await inner.waitForSelector(".row");
  return inner;
}

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
}

async function violationsIn(frame: Frame): Promise<readonly string[]> {
  await frame.evaluate(axe);
  const { violations } = await frame.evaluate(() =>
    (globalThis as unknown as { axe: { run: () => Promise<AxeResult> } }).axe.run(),
  );
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((one) => `${one.html} ${one.failureSummary ?? ""}`).join(" | ")}`,
  );
}

/** A session that has read a table and was then forgotten. */
async function block(scope: Scope, database: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: urls.get(database), application_name: "forgotten console" });
  client.on("error", () => undefined);
  await client.connect();
  scope.onClose(() => client.end().catch(() => undefined));
  await client.query("BEGIN");
  await client.query("SELECT count(*) FROM users");
  return client;
}

/** With room for what the rows say. */
async function pictureWide(page: Page, picture: Walk["picture"]): Promise<void> {
  const box = await page.locator(".part.sidebar").boundingBox();
  assert(box);
  const [edge, wide] = [box.x + box.width, box.x + 720];
  const drag = async (from: number, to: number): Promise<void> => {
    await page.mouse.move(from, 600);
    await page.mouse.down();
    await page.mouse.move(to, 600, { steps: 5 });
    await page.mouse.up();
  };
  await drag(edge, wide);
  await picture("database-wide", { clip: { x: box.x, y: box.y, width: 720, height: 320 } });
  await drag(wide, edge);
}

/** By the button of its row, with a question before. */
async function endIt(page: Page, blocker: pg.Client, picture: Walk["picture"]): Promise<void> {
  const row = rows(page, /forgotten console/);
  await row.hover();
  await row.locator('.action-label[aria-label^="End Session"]').click();
  const dialog = page.locator(".monaco-dialog-box");
  await dialog.waitFor();
  await picture("end-session", { mouseAway: false });
  assert.match(await dialog.innerText(), /rolled back/);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  assert.equal((await blocker.query("SELECT 1 AS one")).rowCount, 1);
  await row.hover();
  await row.locator('.action-label[aria-label^="End Session"]').click();
  await dialog.locator(".monaco-button", { hasText: "End Session" }).click();
  await rows(page, /Nobody/).waitFor();
  await assert.rejects(blocker.query("SELECT 1"));
}

const themes = [
  { name: "dark", theme: "Default Dark Modern" },
  { name: "light", theme: "Default Light Modern" },
  { name: "high-contrast", theme: "Default High Contrast" },
];

/** The graph page and the trees, in the three kinds of theme. */
export const views: readonly Scenario[] = themes.map(({ name, theme }, index) => ({
  title: `Views, ${name}`,
  number: 20 + index,
  size: { width: 1440, height: 900 },
  settings: { "workbench.colorTheme": theme },
  furnish: (scope, ground) =>
    furnish(scope, ground, `views_${String(index)}`, index === 0 ? "Let customers rate products" : hostile),
  async walk({ page, step, picture, scope }) {
    await openContainer(page, "Retort");
    await until("the states", async () => (await rows(page, /pending/).count()) > 0);
    await picture("tree");

    const filterStep = async (): Promise<void> => {
      await command(page, "Retort: Filter Revisions");
      const input = page.locator(".quick-input-widget input.input");
      await input.fill("coupon");
      await rows(page, /3 of 22 revisions/).waitFor();
      await picture("filter", { mouseAway: false });
      await page.keyboard.press("Enter");
      await rows(page, "Let orders use a coupon").waitFor();
      assert.equal(await rows(page, "Create users").count(), 0);
      await rows(page, /3 of 22 revisions/).click();
      await rows(page, "Create users").waitFor();
    };
    if (index === 0) await step("the filter shows what is asked for, and all again", filterStep);

    await step("the status bar says what is to be done", async () => {
      await page.locator(".statusbar-item", { hasText: "2 heads, 5 pending" }).waitFor();
    });

    await step("Database tells who would block, and how large the tables are", async () => {
      const blocker = await block(scope, `views_${String(index)}`);
      await command(page, "Retort: Focus on Database View");
      const revisionsHeader = page.locator('.part.sidebar .pane-header[aria-label^="Revisions"]');
      await revisionsHeader.click();
      await rows(page, /1 session would block/).waitFor();
      await rows(page, /users.*rows.*ACCESS EXCLUSIVE/).waitFor();
      await rows(page, /forgotten console/).waitFor();
      await picture("database");
      if (index === 0) await pictureWide(page, picture);
      if (index === 0) await endIt(page, blocker, picture);
      else await blocker.end();
      await revisionsHeader.click();
    });

    if (index === 0) await clearNotifications(page);
    await step("the graph shows the history with locks, findings and the way back", async () => {
      await command(page, "Retort: Show Graph");
      const frame = await graphFrame(page);
      await frame.waitForSelector(".row .lock .mode");
      await frame.locator(".row", { hasText: "Give users a full name" }).click();
      await frame.waitForSelector(".panel .sql");
      await picture("graph");
      assert.equal(
        await frame.locator(".row").count(),
        await frame.locator(".row").last().getAttribute("aria-setsize").then(Number),
      );
    });

    const textStep = async (): Promise<void> => {
      const frame = await graphFrame(page);
      await frame.locator(".row", { hasText: "<img" }).click();
      await frame.locator(".panel h2", { hasText: "**Add**" }).waitFor();
      assert.equal(await frame.locator("img, a").count(), 0);
      assert.equal(await frame.evaluate(() => document.body.dataset["hurt"]), undefined);
      await picture("graph-hostile");
    };
    if (index > 0) await step("a message with HTML and Markdown is text", textStep);

    await step("axe finds nothing to complain of", async () => {
      assert.deepEqual(await violationsIn(await graphFrame(page)), []);
    });

    if (index > 0) return;
    await step("the menu of a row has the actions of the tree", async () => {
      const frame = await graphFrame(page);
      await frame.locator(".row", { hasText: "Give users a full name" }).click({ button: "right" });
      const menu = page.locator(".monaco-menu .action-menu-item");
      await menu.first().waitFor();
      const titles = await menu.allInnerTexts();
      for (const title of ["Upgrade to Here", "Show SQL of Revision", "Copy Revision ID"])
        assert(
          titles.some((one) => one.includes(title)),
          titles.join(", "),
        );
      await picture("graph-menu", { mouseAway: false });
      await page.keyboard.press("Escape");
    });

    await step("Enter opens the revision that is selected", async () => {
      const frame = await graphFrame(page);
      await frame.locator(".row", { hasText: "Give users a full name" }).click();
      await page.keyboard.press("Enter");
      await page.locator(".tab.active", { hasText: "b1f7e5a3c092_give_users_a_full_name.py" }).waitFor();
    });
  },
}));
