import assert from "node:assert/strict";
import { shop } from "../../../scripts/demo/shop.ts";
import { command, openContainer, rows, type Scenario } from "../scenario.ts";
import { placeShop } from "../workspace.ts";

/** A database whose name says production, in a light window. */
export const guard: Scenario = {
  title: "A database that looks like production",
  number: 2,
  dark: false,
  furnish: (scope, ground) => placeShop(scope, ground, scope.folder("workspace"), { database: "shop_production" }),
  async walk({ page, step, picture }) {
    const dialog = page.locator(".monaco-dialog-box");

    await step("is asked about by name before anything runs", async () => {
      await openContainer(page, "Retort");
      await rows(page, /pending/)
        .first()
        .waitFor();
      await picture("light");
      await command(page, "Retort: Upgrade to Head");
      await dialog.waitFor();
      const text = await dialog.innerText();
      for (const word of ["127.0.0.1", "shop_production", shop.head.slice(0, 8)]) assert(text.includes(word), text);
      await picture("question");
    });

    await step("Escape means no", async () => {
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
      await rows(page, /4 pending/).waitFor();
      await picture("untouched");
    });
  },
};
