import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { shop } from "../../../scripts/demo/shop.ts";
import {
  chooseInMenu,
  clearNotifications,
  command,
  openContainer,
  patience,
  rows,
  type Scenario,
  until,
} from "../scenario.ts";
import { placeShop } from "../workspace.ts";

const parent = "7e2a9c4d8f16";
const revision = (id: string, message: string, down: string, column: string): string =>
  `"""${message}\n\nRevision ID: ${id}\nRevises: ${down}\n"""\nfrom alembic import op\nimport sqlalchemy as sa\n\nrevision = "${id}"\ndown_revision = "${down}"\nbranch_labels = None\ndepends_on = None\n\n\ndef upgrade() -> None:\n    op.add_column("coupons", sa.Column("${column}", sa.Text()))\n\n\ndef downgrade() -> None:\n    op.drop_column("coupons", "${column}")\n`;

/** One revision tested on a throwaway database, a second head moved, and a revision of another branch brought back. */
export const cures: Scenario = {
  title: "Tests, heads, and a revision that is gone",
  number: 14,
  size: { width: 1440, height: 900 },
  async furnish(scope, ground) {
    const folder = await placeShop(scope, ground, scope.folder("workspace"), { database: "cures" });
    const versions = path.join(folder, "migrations", "versions");
    const git = (...args: string[]): void =>
      void execFileSync("git", [
        ...["-C", folder, "-c", "user.name=t", "-c", "user.email=t@t", "-c", "commit.gpgsign=false"],
        ...args,
      ]);
    git("init", "-q", "-b", "main");
    git("add", "-A", ":!.venv");
    git("commit", "-qm", "The shop");
    git("update-ref", "refs/remotes/origin/main", "main");
    git("checkout", "-qb", "feature/gifts");
    writeFileSync(
      path.join(versions, "fade00112233_wrap_gifts.py"),
      revision("fade00112233", "Wrap gifts", shop.head, "gift"),
    );
    git("add", "-A", ":!.venv");
    git("commit", "-qm", "Wrap gifts");
    git("checkout", "-q", "main");
    writeFileSync(
      path.join(versions, "cafe00112233_note_on_coupons.py"),
      // What it leaves behind on its way back.
      revision("cafe00112233", "Note on coupons", parent, "note").replace(
        "    op.add_column",
        `    op.execute("CREATE SEQUENCE IF NOT EXISTS coupon_numbers")\n    op.add_column`,
      ),
    );
    await ground.postgres.withClient("cures", (client) =>
      client.query("UPDATE alembic_version SET version_num = 'fade00112233'"),
    );
    return folder;
  },
  async walk({ page, step, picture }, folder) {
    const versions = path.join(folder, "migrations", "versions");
    const picks = (text: RegExp) => page.locator(".quick-input-list .monaco-list-row", { hasText: text }).first();

    await step("a revision is tested on a throwaway database, in the Testing view", async () => {
      await openContainer(page, "Testing");
      const row = (text: string) => page.locator(".test-explorer .monaco-list-row", { hasText: text }).first();
      await row("shop").waitFor();
      await row("shop").locator(".monaco-tl-twistie").click();
      await row("Create users").hover();
      await row("Create users").locator(".codicon-testing-run-icon").first().click();
      await row("Create users")
        .locator(".codicon-testing-passed-icon")
        .waitFor({ timeout: 3 * patience });
      await picture("testing");
    });

    await step("a round trip that does not bring the schema back says what is other than before", async () => {
      const row = page.locator(".test-explorer .monaco-list-row", { hasText: "Note on coupons" }).first();
      await chooseInMenu(page, row, /Using Profile/, picks(/Round Trip/));
      await picks(/Round Trip/).click();
      await row.locator(".codicon-testing-failed-icon").waitFor({ timeout: 3 * patience });
      const said = page.locator(".test-output-peek, .monaco-editor .zone-widget");
      await page.keyboard.press("F1");
      await page.keyboard.press("Escape");
      await row.dblclick();
      await said.first().waitFor();
      await picture("round-trip");
      assert.match(
        await said.first().innerText(),
        /does\snot\sbring\sthe\sschema\sback[^]*new:\ssequence\scoupon_numbers/,
      );
    });

    await step("Heads Doctor says which cure is right, and makes it when asked to", async () => {
      await openContainer(page, "Retort");
      await rows(page, "Note on coupons").waitFor();
      await command(page, "Retort: Heads Doctor");
      await picks(/Let cafe00112233 follow 5a3f0b8e7c29, as nobody else has it yet/).waitFor();
      await picture("doctor");
      await picks(/Let cafe00112233 follow/).click();
      await page.locator(".notification-toast .monaco-button", { hasText: "Apply" }).click();
      await page
        .locator(".notification-toast", { hasText: /done, in/ })
        .first()
        .waitFor();
      await page.locator(".tab.dirty", { hasText: "note_on_coupons" }).waitFor();
      await command(page, "File: Save All");
      const file = path.join(versions, "cafe00112233_note_on_coupons.py");
      await until("the new parent", () =>
        Promise.resolve(readFileSync(file, "utf8").includes(`down_revision = "${shop.head}"`)),
      );
    });

    await step("a revision that only another branch has is found there, and restored", async () => {
      await clearNotifications(page);
      await rows(page, /unknown revision/).waitFor();
      await command(page, "Retort: Find Unknown Revision in Git");
      await picks(/Restore the File of fade0011/).waitFor();
      assert.match(
        (await page.locator(".quick-input-widget input.input").getAttribute("placeholder")) ?? "",
        /It is in “Wrap gifts” \(\w{8}, \d{4}-\d\d-\d\d\), a commit of feature\/gifts\./,
      );
      await picture("lost");
      await picks(/Restore the File of fade0011/).click();
      await until("the file", () => Promise.resolve(existsSync(path.join(versions, "fade00112233_wrap_gifts.py"))));
      await rows(page, /unknown revision/).waitFor({ state: "detached" });
      await picture("restored");
    });
  },
};
