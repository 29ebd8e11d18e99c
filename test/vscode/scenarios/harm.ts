import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { openContainer, openFile, rows, type Scenario, until } from "../scenario.ts";
import { placeShop } from "../workspace.ts";

const nasty = 'it\'s "$(touch ran)" `touch ran`;.py';

/** Restricted Mode: settings that name programs, tasks that start by themselves, names and messages that mean to be run. */
export const harm: Scenario = {
  title: "A workspace that means harm",
  number: 12,
  workspaceTrust: true,
  async furnish(scope, ground) {
    const folder = await placeShop(scope, ground, scope.folder("workspace"), { database: "harm" });
    const program = path.join(folder, "evil.sh");
    writeFileSync(program, `#!/bin/sh\ntouch ${path.join(folder, "ran")}\necho 1.20.1\n`);
    chmodSync(program, 0o755);
    const vscode = path.join(folder, ".vscode");
    mkdirSync(vscode, { recursive: true });
    const settings = {
      "retort.python": program,
      "retort.alembicCommand": [program],
      "retort.databaseUrl": "postgresql://evil@127.0.0.1/x",
      "retort.environment": { PYTHONPATH: folder, PATH: folder },
    };
    writeFileSync(path.join(vscode, "settings.json"), JSON.stringify(settings));
    const task = { type: "alembic", command: "upgrade head", runOptions: { runOn: "folderOpen" } };
    writeFileSync(path.join(vscode, "tasks.json"), JSON.stringify({ version: "2.0.0", tasks: [task] }));
    for (const name of ["git", "python3", "python"]) {
      writeFileSync(path.join(folder, name), `#!/bin/sh\ntouch ${path.join(folder, "ran")}\n`);
      chmodSync(path.join(folder, name), 0o755);
    }
    const message = "<img src=x onerror=alert(1)> [run](command:workbench.action.quit) ![x](http://127.0.0.1:1/x.png)";
    writeFileSync(
      path.join(folder, "migrations", "versions", nasty),
      `"""${message}\n\nRevision ID: evil\nRevises: 5a3f0b8e7c29\n"""\nfrom alembic import op\nrevision = "evil"\ndown_revision = "5a3f0b8e7c29"\n\n\ndef upgrade():\n    pass\n`,
    );
    return folder;
  },
  async walk({ page, step, picture, workbench }, folder) {
    const ran = (): boolean => existsSync(path.join(folder, "ran"));

    await step("is shown and checked, and its message is text", async () => {
      await openContainer(page, "Retort");
      await rows(page, /<img src=x onerror/).waitFor();
      await rows(page, /<img src=x onerror/).hover();
      await page.locator(".monaco-hover:visible", { hasText: "onerror" }).first().waitFor();
      assert.equal(await page.locator(".monaco-hover img, .monaco-hover a[data-href^='command:workbench']").count(), 0);
      await picture("tooltip", { mouseAway: false });
    });

    await step("its file with quotes in its name is opened", async () => {
      await openFile(page, nasty);
      await page.locator(".view-line", { hasText: "def upgrade" }).first().waitFor();
    });

    await step("what would run something is not offered", async () => {
      await page.keyboard.press("F1");
      const input = page.locator(".quick-input-widget input.input");
      await input.fill(">Retort: ");
      const offered = page.locator(".quick-input-list .monaco-list-row");
      await until("the commands", async () => (await offered.count()) > 2);
      const titles = await offered.allInnerTexts();
      await page.keyboard.press("Escape");
      for (const word of [/Upgrade/, /Downgrade/, /Stamp/, /New Revision/, /Debug/, /Redo/])
        assert.deepEqual(
          titles.filter((title) => word.test(title)),
          [],
        );
      assert(titles.some((title) => title.includes("Open Newest Revision")));
      await picture("restricted");
    });

    await step("and nothing has run", async () => {
      await page.waitForTimeout(2_000);
      assert.equal(ran(), false);
      assert.equal(workbench.console.filter((line) => line.startsWith("[page error]")).length, 0);
    });
  },
};
