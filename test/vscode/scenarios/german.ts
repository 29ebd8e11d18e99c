/** The editor in German: nothing of ours that a person sees is English. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { root } from "../../../scripts/host/paths.ts";
import { graphFrame } from "./views.ts";
import { chooseInMenu, openContainer, rows, type Scenario, until } from "../scenario.ts";
import { placeShop } from "../workspace.ts";

const bundle = JSON.parse(readFileSync(path.join(root, "l10n", "bundle.l10n.de.json"), "utf8")) as Readonly<
  Record<string, string>
>;

/** Words that are English, and would be seen where a message was left out. */
const english = Object.entries(bundle)
  .filter(([key, text]) => key !== text && /^[\w ]{6,}$/.test(key))
  .map(([key]) => key);

function assertGerman(text: string): void {
  const lines = text.split("\n").map((line) => line.trim());
  assert.deepEqual(
    english.filter((words) => lines.includes(words)),
    [],
  );
}

export const german: Scenario = {
  title: "Retort in German",
  number: 25,
  locale: "de",
  size: { width: 1440, height: 900 },
  furnish: (scope, ground) => placeShop(scope, ground, scope.folder("workspace"), { database: "deutsch" }),
  async walk({ page, step, picture }) {
    const sideBar = page.locator(".part.sidebar");
    await step("the trees and the status bar", async () => {
      await openContainer(page, "Retort");
      await until("the states", async () => (await rows(page, /ausstehend/).count()) > 0);
      await page.locator(".statusbar-item", { hasText: "4 ausstehend" }).waitFor();
      await page.locator('.part.sidebar .pane-header[aria-label^="Datenbank"]').click();
      await rows(page, /4 Revisionen stehen aus/).waitFor();
      await rows(page, /users.*ACCESS EXCLUSIVE/).waitFor();
      assertGerman(await sideBar.innerText());
      await picture("german");
    });
    await step("the graph", async () => {
      await page.keyboard.press("F1");
      await page.locator(".quick-input-widget input.input").fill(">Retort: Graph zeigen");
      await page.locator(".quick-input-list .monaco-list-row", { hasText: "Graph zeigen" }).first().click();
      const frame = await graphFrame(page);
      await frame.waitForSelector(".row .lock .mode");
      await frame.locator(".row", { hasText: "Give users a full name" }).click();
      await frame.waitForSelector(".panel .sql");
      assertGerman(await frame.locator("body").innerText());
      await picture("german-graph");
    });
    await step("a question", async () => {
      const dialog = page.locator(".monaco-dialog-box");
      await chooseInMenu(page, rows(page, "Make e-mails unique").first(), "zurücknehmen", dialog);
      assert.match(await dialog.innerText(), /Das nimmt 1 Revision zurück/);
      await picture("german-question");
      await page.keyboard.press("Escape");
    });
  },
};
