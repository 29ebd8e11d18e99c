import path from "node:path";
import { shop } from "../../../scripts/demo/shop.ts";
import { openFile, type Scenario, until } from "../scenario.ts";
import { placeShop } from "../workspace.ts";

/** What a person sees while typing a call, half of it missing, and SQL. */
export const completion: Scenario = {
  title: "Completion",
  number: 8,
  size: { width: 1440, height: 900 },
  furnish: (scope, ground) => placeShop(scope, ground, scope.folder("workspace"), { database: "completion" }),
  async walk({ page, step, picture }) {
    const suggestion = (text: string) => page.locator(".suggest-widget .monaco-list-row", { hasText: text }).first();

    /** At the end of the line with `text`. */
    const typeBelow = async (text: string, typed: string): Promise<void> => {
      await page.locator(".view-line", { hasText: text }).first().click();
      await page.keyboard.press("End");
      await page.keyboard.press("Enter");
      await page.keyboard.type(typed, { delay: 30 });
    };

    const offered = (text: string): Promise<void> =>
      until(`${text} is offered`, async () => {
        await page.keyboard.press("Control+Space");
        return suggestion(text)
          .waitFor({ timeout: 3_000 })
          .then(
            () => true,
            () => false,
          );
      });

    await step("a call that is half typed is offered the columns that are there", async () => {
      await openFile(page, path.basename(shop.mixedFile));
      await page.locator(".monaco-editor .squiggly-warning").first().waitFor();
      await typeBelow('op.drop_column("users", "last_name")', 'op.drop_column("users", "');
      await offered("full_name");
      await picture("columns", { mouseAway: false });
    });

    await step("what is taken is written in its place", async () => {
      await page.keyboard.type("full");
      await suggestion("full_name").waitFor();
      await page.keyboard.press("Enter");
      await page.locator(".view-line", { hasText: 'op.drop_column("users", "full_name"' }).first().waitFor();
      await page.keyboard.press("Escape");
    });

    await step("SQL is offered tables, and then their columns", async () => {
      await typeBelow("# More schema changes", 'op.execute("UPDATE users SET e');
      await offered("email");
      await picture("sql", { mouseAway: false });
    });
  },
};
