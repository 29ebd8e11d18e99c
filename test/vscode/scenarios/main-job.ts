import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { shop } from "../../../scripts/demo/shop.ts";
import {
  clearNotifications,
  command,
  openContainer,
  openFile,
  patience,
  rows,
  type Scenario,
  until,
} from "../scenario.ts";
import { placeShop } from "../workspace.ts";

const mixedFile = path.basename(shop.mixedFile);

/** Diagnosed, previewed, split, saved, run: the one journey that the product is for. */
export const mainJob: Scenario = {
  title: "The main job",
  number: 1,
  size: { width: 1440, height: 900 },
  furnish: (scope, ground) => placeShop(scope, ground, scope.folder("workspace"), { database: "journey" }),
  async walk({ page, step, picture, workbench }, folder) {
    const versions = path.join(folder, "migrations", "versions");
    const files = (): readonly string[] => readdirSync(versions).filter((name) => name.endsWith(".py"));
    const before = files();
    const squiggle = page.locator(".monaco-editor .squiggly-warning");

    await step("the mixed migration is opened and marked", async () => {
      await openFile(page, mixedFile);
      await squiggle.first().waitFor();
      await picture("finding");
    });

    await step("the hover says what is mixed", async () => {
      const box = await squiggle.first().boundingBox();
      assert(box);
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 5 });
      await page.locator(".monaco-hover:visible", { hasText: "changes schema" }).first().waitFor();
      await picture("hover", { mouseAway: false });
      await page.keyboard.press("Escape");
    });

    await step("Problems lists it with the places that belong to it", async () => {
      await page.keyboard.press("Control+Shift+M");
      await page.locator(".markers-panel .monaco-list-row", { hasText: "changes schema" }).first().waitFor();
      await picture("problems");
      await page.keyboard.press("Control+J");
    });

    const openLightBulb = async (line: string, offered: RegExp): Promise<void> => {
      await page.locator(".view-line", { hasText: line }).first().click();
      await until("the menu of the light bulb", async () => {
        await page.keyboard.press("Control+.");
        return page
          .locator(".action-widget .monaco-list-row", { hasText: offered })
          .first()
          .waitFor({ timeout: 3_000 })
          .then(
            () => true,
            () => false,
          );
      });
    };
    const choice = (text: RegExp) => page.locator(".action-widget .monaco-list-row", { hasText: text }).first();

    await step("the light bulb offers the split and its preview", async () => {
      await openLightBulb("UPDATE users SET full_name", /split/i);
      await choice(/preview/i).waitFor();
      await picture("light-bulb", { mouseAway: false });
    });

    await step("the preview shows the parts as diffs and changes nothing", async () => {
      await choice(/preview/i).click();
      await page.locator(".tab.active", { hasText: /Preview/ }).waitFor();
      await page.locator(".view-line", { hasText: "full_name" }).first().waitFor();
      await page.locator(".notification-toast", { hasText: /nothing is changed/i }).waitFor();
      await picture("preview");
      assert.deepEqual(files(), before);
    });

    await step("Apply makes the three revisions in one go", async () => {
      await page.locator(".notification-toast .monaco-button", { hasText: "Apply" }).click();
      await page.locator(".notification-toast", { hasText: /done, in 3 files/ }).waitFor();
      await page.locator(".tab", { hasText: /Preview/ }).waitFor({ state: "detached" });
      assert.equal(files().length, before.length + 2);
      await command(page, "File: Save All");
      await until("saved", () =>
        Promise.resolve(!readFileSync(path.join(folder, shop.mixedFile), "utf8").includes("UPDATE")),
      );
      await openFile(page, mixedFile);
      await until("no marks", async () => (await squiggle.count()) === 0);
      await rows(page, /_expand\.py/).waitFor();
      await picture("split");
    });

    await step("Revisions shows the history, heads first, and where the database stands", async () => {
      await clearNotifications(page);
      await openContainer(page, "Retort");
      await rows(page, "Index orders by date").waitFor();
      await until("the states", async () => (await rows(page, /pending/).count()) > 0);
      await picture("revisions");
    });

    await step("Upgrade to Head runs with progress, and the tree shows the head as current", async () => {
      await command(page, "Retort: Upgrade to Head");
      await page
        .locator(".notification-toast", { hasText: /Upgrading|applied/ })
        .first()
        .waitFor();
      await picture("upgrading");
      await page
        .locator(".notification-toast", { hasText: /applied/ })
        .first()
        .waitFor({ timeout: 2 * patience });
      await rows(page, /up to date/).waitFor();
      await picture("at-head");
    });

    await step("Show SQL opens the SQL of one revision, read-only", async () => {
      await clearNotifications(page);
      await rows(page, "Index orders by date").click({ button: "right" });
      await page.locator(".monaco-menu .action-menu-item", { hasText: "Show SQL of Revision" }).hover();
      await page.keyboard.press("Enter");
      await page.locator(".view-line", { hasText: "CREATE INDEX" }).first().waitFor();
      await picture("sql");
    });

    await step("a revision that the database has run is shown first, with what that means", async () => {
      const name = "4c8d2e6f1a90_index_orders_by_date.py";
      const text = (): string => readFileSync(path.join(versions, name), "utf8");
      const untouched = text();
      await openFile(page, name);
      await openLightBulb("op.create_index", /index concurrently/i);
      const offered = await page
        .locator(".action-widget .monaco-list-row", { hasText: /index concurrently/i })
        .allInnerTexts();
      assert(offered.length > 0 && offered.every((one) => one.includes("(preview first)")), offered.join(" | "));
      await choice(/index concurrently/i).click();
      const notice = page.locator(".notification-toast", { hasText: /has run on .*downgrade below it/ });
      await notice.waitFor();
      await picture("has-run");
      assert.equal(text(), untouched);
      await notice.locator(".monaco-button", { hasText: "Apply" }).click();
      await page.locator(".notification-toast", { hasText: /done, in one file/ }).waitFor();
      await command(page, "File: Save All");
      await until("saved", () => Promise.resolve(text().includes("postgresql_concurrently=True")));
    });

    await step("Downgrade One asks first where rows would go", async () => {
      await command(page, "Retort: Downgrade One Revision");
      const dialog = page.locator(".monaco-dialog-box");
      await dialog.waitFor();
      await picture("downgrade-question");
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
      await rows(page, /up to date/).waitFor();
    });

    await step("a migration that cannot be cut says why", async () => {
      await openFile(page, "5a3f0b8e7c29_move_tags_to_a_table.py");
      await page.locator(".view-line", { hasText: "for product_id, tags in rows" }).first().click();
      await command(page, "Retort: Preview Split of Migration");
      await page.locator(".notification-toast", { hasText: /cannot be done safely/ }).waitFor();
      await picture("refused");
    });

    assert.equal(workbench.console.filter((line) => line.startsWith("[page error]")).length, 0);
  },
};
