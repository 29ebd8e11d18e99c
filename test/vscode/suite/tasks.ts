/** Tasks of the type `alembic`: offered, run to their end, and stopped by the guard where the commands would be. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import * as vscode from "vscode";
import { closeAll, eventually, holds, places, row, standing, start } from "./host.ts";

const find = (command: string, config: string): Promise<vscode.Task> =>
  eventually(`the task ${command}`, async () =>
    (await vscode.tasks.fetchTasks({ type: "alembic" })).find(
      ({ definition }) => definition["command"] === command && definition["config"] === config,
    ),
  );

/** Resolves when the task is over. */
async function runToEnd(task: vscode.Task): Promise<void> {
  const over = new Promise<void>((resolve) => {
    const listener = vscode.tasks.onDidEndTask(({ execution }) => {
      if (execution.task.name !== task.name) return;
      listener.dispose();
      resolve();
    });
  });
  await vscode.tasks.executeTask(task);
  await over;
}

export const tasks = (): void => {
  describe("Tasks and files to begin with", () => {
    afterEach(closeAll);

    it("a task runs to its end and leaves what it only looks at as it is", async () => {
      const before = await standing();
      await runToEnd(await find("current", "shop/alembic.ini"));
      assert.equal(await standing(), before);
    });

    it("a task that would change production is asked about like a command, and no answer is a no", async () => {
      const before = await standing(places.production());
      await runToEnd(await find("upgrade head", "guarded/shop/alembic.ini"));
      assert.equal(await standing(places.production()), before);
    });

    it("tests of all migrations are written beside the project, once", async () => {
      const file = path.join(places.shop(), "tests", "test_migrations.py");
      try {
        start("retort.addMigrationTests", row());
        await holds("the file", () => existsSync(file));
        assert.match(readFileSync(file, "utf8"), /FOLDER = Path\(__file__\)\.resolve\(\)\.parent \/ "\.\."/);
      } finally {
        rmSync(path.dirname(file), { recursive: true, force: true });
      }
    });

    it("a job for CI is the guide's own example", async () => {
      const file = path.join(places.workspace(), ".github", "workflows", "migrations.yml");
      try {
        start("retort.addCiWorkflow", { ...(row() as object), service: "GitHub Actions" });
        await holds("the file", () => existsSync(file));
        assert.match(readFileSync(file, "utf8"), /^name: migrations\n[^]*retort check --changed/);
      } finally {
        rmSync(path.join(places.workspace(), ".github"), { recursive: true, force: true });
      }
    });
  });
};
