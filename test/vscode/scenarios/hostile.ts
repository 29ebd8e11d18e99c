/** What a malicious workspace could try: it executes nothing and renders nothing, before anybody has trusted it and after. */
import assert from "node:assert/strict";
import { appendFileSync, chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "playwright-core";
import { shop } from "../../../scripts/demo/shop.ts";
import type { Scope } from "../../../scripts/host/scope.ts";
import { command, openContainer, rows, type Scenario, until } from "../scenario.ts";
import { placeShop, type Ground } from "../workspace.ts";

/** Mark-up, links of every sort that an editor knows, bare addresses, and icons. */
const message =
  `$(trash) <img src=x onerror="document.body.dataset.hurt=1"> [rate](command:workbench.action.closeWindow) ` +
  `https://example.com/a www.example.com **Add**`;
const id = "77aa55cc33ee";
/** Of what Windows can hold as well, everything but double quotes. */
const fileName = `77aa55cc33ee_it's_$(zap)_[x](command_x)_'quoted'.py`;

/** Whatever runs leaves this file behind. */
const trap = (folder: string): string => path.join(folder, "pwned.txt");

async function furnish(scope: Scope, ground: Ground, database: string, isTrapped: boolean): Promise<string> {
  const folder = await placeShop(scope, ground, scope.folder("workspace"), { database });
  const file = path.join(folder, "migrations", "versions", fileName);
  writeFileSync(
    file,
    `"""${message}\n\nRevision ID: ${id}\nRevises: ${shop.head}\nCreate Date: 2026-07-01 09:00:00\n\n"""\n` +
      `import os\n\nfrom alembic import op\nimport sqlalchemy as sa\n\nrevision = "${id}"\ndown_revision = "${shop.head}"\n` +
      `branch_labels = None\ndepends_on = None\n\n` +
      (isTrapped ? `open(${JSON.stringify(trap(folder))}, "w").close()\n\n` : "") +
      `\ndef upgrade() -> None:\n    op.add_column("products", sa.Column("stars", sa.Integer(), nullable=True))\n` +
      `\n\ndef downgrade() -> None:\n    op.drop_column("products", "stars")\n`,
  );
  if (isTrapped) setTraps(folder);
  return folder;
}

/** Programs in every place that Alembic or the extension reads one from. */
function setTraps(folder: string): void {
  const program = path.join(folder, "program.sh");
  writeFileSync(program, `#!/bin/sh\ntouch '${trap(folder)}'\n`);
  chmodSync(program, 0o755);
  mkdirSync(path.join(folder, ".vscode"), { recursive: true });
  const settings = {
    "retort.python": program,
    "retort.alembicCommand": [program],
    "retort.databaseUrl": "postgresql://evil:evil@203.0.113.1/evil",
    "retort.environment": { PATH: folder, PYTHONSTARTUP: program, PGSERVICEFILE: program },
    "python.defaultInterpreterPath": program,
  };
  writeFileSync(path.join(folder, ".vscode", "settings.json"), JSON.stringify(settings));
  appendFileSync(path.join(folder, "migrations", "env.py"), `\nopen(${JSON.stringify(trap(folder))}, "w").close()\n`);
  appendFileSync(
    path.join(folder, "alembic.ini"),
    `\n[post_write_hooks]\nhooks = evil\nevil.type = exec\nevil.executable = ${program}\n`,
  );
}

const isHurt = (page: Page): Promise<boolean> => page.evaluate(() => document.body.dataset["hurt"] !== undefined);

/** The tooltip of the row of a message, once it is there. */
async function showTooltip(page: Page): Promise<void> {
  await page.mouse.move(900, 500);
  await rows(page, "onerror").first().hover();
  await page.locator(".monaco-hover:visible", { hasText: id }).first().waitFor();
}

async function assertPlain(page: Page, selector: string): Promise<void> {
  const place = page.locator(selector);
  assert.equal(await place.locator("img, a[href], a[data-href]").count(), 0, `links or pictures in ${selector}`);
  assert.equal(await place.locator(".codicon-trash, .codicon-zap").count(), 0, `icons in ${selector}`);
  assert.match(await place.first().innerText(), /\$.?\(trash\)/);
  assert.equal(await isHurt(page), false);
}

export const hostile: readonly Scenario[] = [
  {
    title: "A malicious workspace that nobody trusts",
    number: 30,
    workspaceTrust: true,
    settings: { "security.workspace.trust.startupPrompt": "never", "python.defaultInterpreterPath": "python" },
    furnish: (scope, ground) => furnish(scope, ground, "hostile", true),
    async walk({ page, step, picture }, folder) {
      await step("is read, and its settings count for nothing", async () => {
        await openContainer(page, "Retort");
        await rows(page, /Restricted Mode/).waitFor();
        await rows(page, "onerror").first().waitFor();
        await picture("hostile");
      });
      await step("has no command that would run something", async () => {
        for (const title of ["Upgrade to Head", "Show SQL of Revision", "New Revision", "Redo Revision"]) {
          await page.keyboard.press("F1");
          const input = page.locator(".quick-input-widget input.input");
          await input.fill(`>Retort: ${title}`);
          await page.locator(".quick-input-list .monaco-list-row").first().waitFor();
          assert.equal(
            await page.locator(".quick-input-list .monaco-list-row", { hasText: `Retort: ${title}` }).count(),
            0,
            title,
          );
          await page.keyboard.press("Escape");
        }
      });
      await step("has run nothing", async () => {
        await command(page, "Retort: Refresh");
        await page.waitForTimeout(3_000);
        assert.equal(existsSync(trap(folder)), false);
      });
    },
  },
  {
    title: "Messages and names of files that are more than text",
    number: 31,
    furnish: (scope, ground) => furnish(scope, ground, "messages", false),
    async walk({ page, step, picture }) {
      await step("are text in the tree and in its tooltip", async () => {
        await openContainer(page, "Retort");
        await until("the states", async () => (await rows(page, /pending/).count()) > 0);
        await rows(page, "onerror").first().waitFor();
        await showTooltip(page);
        await assertPlain(page, ".monaco-hover:visible");
        await assertPlain(page, '.part.sidebar .monaco-list-row:has-text("onerror")');
        await picture("hostile-tooltip", { mouseAway: false });
      });
      await step("are text in the list of a command", async () => {
        await command(page, "Retort: Open Revision");
        await page.locator(".quick-input-list .monaco-list-row", { hasText: "onerror" }).first().waitFor();
        await assertPlain(page, '.quick-input-list .monaco-list-row:has-text("onerror")');
        await picture("hostile-list");
        await page.keyboard.press("Escape");
      });
      await step("are text in the notification of a run", async () => {
        await command(page, "Retort: Upgrade to Head");
        const toast = page.locator(".notification-toast", { hasText: /applied/ }).first();
        await toast.waitFor();
        await picture("hostile-applied");
        await command(page, "Retort: Undo This and All After It");
        await page.locator(".quick-input-list .monaco-list-row", { hasText: "onerror" }).first().click();
        const dialog = page.locator(".monaco-dialog-box");
        await dialog.waitFor();
        await assertPlain(page, ".monaco-dialog-box .dialog-message-detail");
        await picture("hostile-question");
        await page.keyboard.press("Escape");
        await dialog.waitFor({ state: "detached" });
      });
      await step("are text in the hover of a revision id", async () => {
        await rows(page, "onerror").first().click();
        await page.locator(".tab.active", { hasText: "77aa55cc33ee" }).waitFor();
        assert.equal(await page.locator(".tab.active .codicon-zap").count(), 0);
        assert.equal(await isHurt(page), false);
        await picture("hostile-file");
      });
    },
  },
];
