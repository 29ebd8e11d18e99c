/** Tasks of the type `alembic`: offered, run to their end, and stopped by the guard where the commands would be. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as vscode from "vscode";
import { closeAll, eventually, holds, places, revisions, row, standing, start } from "./host.ts";
import { asks } from "./person.ts";

const index = "4c8d2e6f1a90_index_orders_by_date.py";

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

    it("a task that fails leaves a problem at the operation's line, and where it runs well there is none", async () => {
      const file = path.join(places.workspace(), "lab", "shop", "migrations", "versions", index);
      const kept = readFileSync(file, "utf8");
      const problems = (): readonly vscode.Diagnostic[] =>
        vscode.languages.getDiagnostics(vscode.Uri.file(file)).filter(({ source }) => source === "alembic");
      writeFileSync(file, kept.replace('["placed_at"]', '["no_such_column"]'));
      try {
        await runToEnd(await find("upgrade head", "lab/shop/alembic.ini"));
        const [problem] = await eventually("a problem", () => (problems().length > 0 ? problems() : undefined));
        assert.match(problem?.message ?? "", /UndefinedColumn: column "no_such_column" does not exist/);
        const line = readFileSync(file, "utf8")
          .split("\n")
          .findIndex((text) => text.includes("op.create_index"));
        assert.equal(problem?.range.start.line, line);
        assert.equal(problem?.severity, vscode.DiagnosticSeverity.Error);
        assert.equal(await standing(places.lab()), revisions.standing);
      } finally {
        writeFileSync(file, kept);
      }
      await runToEnd(await find("upgrade head", "lab/shop/alembic.ini"));
      assert.equal(await standing(places.lab()), revisions.head);
      await holds("no problem", () => problems().length === 0);
      const project = { projectId: path.join(places.workspace(), "lab", "shop", "alembic.ini") };
      await asks("retort.downgradeTo", project, [/to which revision/, /9e0a3c7d/], [/Downgrade “lab”/, "Downgrade"]);
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
