/** A workspace that lies on no disk: a repository that is looked at without a clone. It is analysed, and nothing runs. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { packageExtension } from "../../../scripts/demo/vsix.ts";
import { copyShop } from "../../../scripts/demo/project.ts";
import { openContainer, rows, type Scenario } from "../scenario.ts";

export const virtual: Scenario = {
  title: "A virtual workspace",
  number: 32,
  helpers: async (scope) => [await packageExtension(scope, path.join(import.meta.dirname, "..", "cloud-files"))],
  furnish(scope) {
    const shop = copyShop(scope.folder("cloud"));
    const file = path.join(scope.folder("workspace"), "cloud.code-workspace");
    writeFileSync(file, JSON.stringify({ folders: [{ uri: `cloud:/far${shop}`, name: "shop" }] }));
    return Promise.resolve(file);
  },
  async walk({ page, step, picture }) {
    await step("shows the history, and says that nothing runs", async () => {
      await openContainer(page, "Retort");
      await rows(page, "Give users a full name").waitFor();
      await rows(page, /Virtual workspace/).waitFor();
      await picture("virtual");
    });
    await step("finds what is dangerous, in what is typed as well", async () => {
      await rows(page, "Give users a full name").click();
      await page.locator(".monaco-editor .squiggly-warning").first().waitFor();
      await picture("virtual-finding");
    });
    await step("offers no command that would run something", async () => {
      for (const title of ["Upgrade to Head", "Show SQL of Revision", "Set Database URL"]) {
        await page.keyboard.press("F1");
        await page.locator(".quick-input-widget input.input").fill(`>Retort: ${title}`);
        await page.locator(".quick-input-list .monaco-list-row").first().waitFor();
        const found = page.locator(".quick-input-list .monaco-list-row", { hasText: `Retort: ${title}` });
        assert.equal(await found.count(), 0, title);
        await page.keyboard.press("Escape");
      }
    });
    await step("splits a mixed migration all the same", async () => {
      await page.keyboard.press("F1");
      await page.locator(".quick-input-widget input.input").fill(">Retort: Preview Split of Migration");
      await page.locator(".quick-input-list .monaco-list-row", { hasText: "Preview Split" }).first().click();
      await page.locator(".notification-toast", { hasText: /nothing is changed yet/ }).waitFor();
      await picture("virtual-split");
    });
  },
};
