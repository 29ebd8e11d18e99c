import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { clearNotifications, command, openContainer, patience, rows, type Scenario, until } from "../scenario.ts";
import { placeShop } from "../workspace.ts";

/** What autogenerate would drop is asked about; what is pending is reviewed; a stamp says what it claims. */
export const authoring: Scenario = {
  title: "Making revisions",
  number: 11,
  size: { width: 1440, height: 900 },
  // Else it would run in the browser, whose part of it this server does not carry.
  settings: { "remote.extensionKind": { "vscode.markdown-language-features": ["workspace"] } },
  async furnish(scope, ground) {
    const folder = await placeShop(scope, ground, scope.folder("workspace"), { database: "authoring" });
    // Models that name one table of all: the rest would be dropped.
    const env = path.join(folder, "migrations", "env.py");
    const models = [
      "import sqlalchemy as sa",
      "",
      "target_metadata = sa.MetaData()",
      'sa.Table("notes", target_metadata, sa.Column("id", sa.Integer(), primary_key=True))',
    ];
    writeFileSync(env, readFileSync(env, "utf8").replace("target_metadata = None", models.join("\n")));
    return folder;
  },
  async walk({ page, step, picture, workbench }, folder) {
    const versions = path.join(folder, "migrations", "versions");
    const files = (): number => readdirSync(versions).filter((name) => name.endsWith(".py")).length;
    const before = files();
    const dialog = page.locator(".monaco-dialog-box");
    const button = (name: string) => dialog.locator(".monaco-button", { hasText: name });
    const input = page.locator(".quick-input-widget input.input");

    await step("Review Pending Migrations shows the checklist of what is pending", async () => {
      await openContainer(page, "Retort");
      await until("the states", async () => (await rows(page, /pending/).count()) > 0);
      await command(page, "Retort: Review Pending Migrations");
      // As a preview, or as text: VS Code's own Markdown extension does not run in every server.
      const preview = page.frameLocator("iframe.webview").frameLocator("iframe#active-frame").locator("h1");
      const text = page.locator(".view-line");
      const title = { hasText: "Review of 4 pending revisions of shop" };
      await until(
        "the page",
        async () => (await preview.filter(title).count()) + (await text.filter(title).count()) > 0,
      );
      await picture("review");
    });

    await step("autogenerate asks to upgrade first where the database is behind", async () => {
      await command(page, "Retort: New Revision from Models");
      await dialog.waitFor({ timeout: 2 * patience });
      assert.match(await dialog.innerText(), /not up to date.*4 pending/);
      await button("Upgrade First").click();
      await input.waitFor({ timeout: 2 * patience });
      await clearQuietly();
    });

    await step("what the new revision drops is asked about by name, and Delete takes the file away", async () => {
      await input.fill("from models");
      await page.keyboard.press("Enter");
      await dialog.waitFor({ timeout: 2 * patience });
      const text = await dialog.innerText();
      assert.match(text, /drops \d+ tables/);
      assert.match(text, /users/);
      assert.match(text, /models are not imported/);
      assert.equal(files(), before + 1);
      await picture("autogenerate-drops");
      await button("Delete").click();
      await until("no file", () => Promise.resolve(files() === before));
    });

    await step("a stamp says what the table says before and after, and why; Escape changes nothing", async () => {
      await clearNotifications(page);
      await command(page, "Retort: Stamp Database");
      await page.locator(".quick-input-list .monaco-list-row", { hasText: "the database is here" }).waitFor();
      await picture("stamp-pick");
      await input.fill("Nothing applied");
      await page.keyboard.press("Enter");
      await page.locator(".quick-input-list .monaco-list-row", { hasText: "create_all" }).click();
      await dialog.waitFor();
      const text = await dialog.innerText();
      for (const word of [/says now: 5a3f0b8e/, /will say: nothing/, /would run again/, /Why: The schema is there/])
        assert.match(text, word);
      await picture("stamp");
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
      await rows(page, /up to date/).waitFor();
    });

    assert.equal(workbench.console.filter((line) => line.startsWith("[page error]")).length, 0);

    /** The message of the upgrade lies over the input box's answer. */
    async function clearQuietly(): Promise<void> {
      const close = page.locator(".notification-toast .codicon-notifications-clear");
      if ((await close.count()) > 0) await close.first().click();
    }
  },
};
