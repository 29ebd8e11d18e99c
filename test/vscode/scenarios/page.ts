/** From a finding to the page of its rule, which opens beside the code, in the editor's own preview, with no network. */
import assert from "node:assert/strict";
import { openFile, type Scenario, until } from "../scenario.ts";
import { placeShop } from "../workspace.ts";

export const page: Scenario = {
  title: "The page of a rule",
  number: 33,
  allBuiltins: true,
  size: { width: 1440, height: 900 },
  furnish: (scope, ground) => placeShop(scope, ground, scope.folder("workspace"), { database: "page" }),
  async walk({ page, step, picture }) {
    await step("is a link in the hover of a finding", async () => {
      await page.route(/^(?!http:\/\/127\.0\.0\.1|data:|blob:)/, (route) => route.abort());
      await openFile(page, "b1f7e5a3c092_give_users_a_full_name.py");
      const mark = page.locator(".monaco-editor .squiggly-warning").first();
      await mark.waitFor();
      const link = page.locator(".monaco-hover a.code-link, .monaco-hover a", { hasText: "mixed-schema-and-data" });
      await until("the hover", async () => {
        const box = await mark.boundingBox();
        assert(box);
        await page.mouse.move(900, 850);
        await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 4 });
        await page.waitForTimeout(1_200);
        return (await link.count()) > 0;
      });
      await picture("code-link", { mouseAway: false });
      // What the findings say comes first; the page in short stands beneath, and comes a moment later.
      const hover = page.locator(".monaco-hover:visible");
      await until("the page in the hover", async () => {
        const told = (await hover.allInnerTexts()).join("\n");
        return ["Why.", "Instead.", "The whole page"].every((part) => told.includes(part));
      });
      await hover.getByText("The whole page").first().scrollIntoViewIfNeeded();
      await picture("hover-page", { mouseAway: false });
      await link.first().scrollIntoViewIfNeeded();
      await link.first().click();
    });
    await step("opens as a page, with its examples", async () => {
      await page.locator(".tab.active", { hasText: "mixed-schema-and-data.md" }).waitFor();
      const outer = await (await page.waitForSelector("iframe.webview.ready")).contentFrame();
      const inner = await (await outer?.waitForSelector("iframe#active-frame"))?.contentFrame();
      assert(inner, "the preview has no frame");
      await inner.waitForSelector("h1, h2");
      const text = await inner.locator("body").innerText();
      assert.match(text, /mixed-schema-and-data/);
      assert.match(text, /Examples/);
      await picture("rule-page");
    });
  },
};
