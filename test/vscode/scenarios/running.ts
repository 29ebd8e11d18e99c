import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import { clearNotifications, command, openContainer, patience, rows, type Scenario, until } from "../scenario.ts";
import { placeShop } from "../workspace.ts";

let url = "";

/** A run that waits for somebody's lock, is cancelled, and then fails at a line. */
export const running: Scenario = {
  title: "A run that waits, and one that fails",
  number: 13,
  size: { width: 1440, height: 900 },
  async furnish(scope, ground) {
    const folder = await placeShop(scope, ground, scope.folder("workspace"), { database: "waiting" });
    url = ground.postgres.url("waiting");
    return folder;
  },
  async walk({ page, step, picture }, folder) {
    const toast = (text: RegExp) => page.locator(".notification-toast", { hasText: text }).first();
    const holder = new pg.Client({ connectionString: url, application_name: "nightly-report" });
    await holder.connect();
    try {
      await step("the progress tells the lock that is waited for, and who holds it", async () => {
        await openContainer(page, "Retort");
        await until("the states", async () => (await rows(page, /pending/).count()) > 0);
        await holder.query("BEGIN");
        await holder.query(
          "LOCK TABLE orders IN ACCESS SHARE MODE; INSERT INTO orders SELECT * FROM orders WHERE false",
        );
        await command(page, "Retort: Upgrade One Revision");
        await toast(/waits \d+ s for ShareLock on orders, held by nightly-report/).waitFor({ timeout: 2 * patience });
        await picture("waiting");
      });

      await step("Cancel stops the statement, and the database is where it was", async () => {
        await page.locator(".notification-toast .monaco-button", { hasText: "Cancel" }).first().click();
        await toast(/Stopped\. .* 4 pending, as before the run|Stopped\. .* 4 pending/).waitFor({
          timeout: 2 * patience,
        });
        await picture("stopped");
      });
    } finally {
      await holder.end();
    }

    await step("a run that fails says where, with the statement, and where the database stands", async () => {
      await clearNotifications(page);
      const file = path.join(folder, "migrations", "versions", "4c8d2e6f1a90_index_orders_by_date.py");
      writeFileSync(file, readFileSync(file, "utf8").replace('["placed_at"]', '["no_such_column"]'));
      await command(page, "Retort: Upgrade One Revision");
      await toast(/The upgrade failed in 4c8d2e6f: UndefinedColumn/).waitFor({ timeout: 2 * patience });
      await page.locator(".notification-toast .monaco-button", { hasText: "Open Line" }).first().click();
      await page.locator(".tab.active", { hasText: "index_orders_by_date" }).waitFor();
      await page.keyboard.press("Control+Shift+M");
      const problem = page.locator(".markers-panel .monaco-list-row", { hasText: "UndefinedColumn" }).first();
      await problem.waitFor();
      await picture("failed");
      assert.match(await page.locator(".markers-panel").innerText(), /as before the run/);
    });
  },
};
