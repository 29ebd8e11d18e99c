/** Several projects in one window: a long history, a database at a revision that no file has, branches as lanes. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { openContainer, rows, type Scenario, until } from "../scenario.ts";
import { placeShop } from "../workspace.ts";

const length = 140;

/** A line of revisions, none of which is special. */
function placeLongHistory(folder: string): void {
  const versions = path.join(folder, "archive", "migrations", "versions");
  mkdirSync(versions, { recursive: true });
  writeFileSync(path.join(folder, "archive", "alembic.ini"), "[alembic]\nscript_location = %(here)s/migrations\n");
  writeFileSync(path.join(folder, "archive", "migrations", "env.py"), "from alembic import context\n");
  for (let index = 0; index < length; index++) {
    const id = `e${String(index).padStart(11, "0")}`;
    const down = index === 0 ? "None" : `"e${String(index - 1).padStart(11, "0")}"`;
    writeFileSync(
      path.join(versions, `${id}_step.py`),
      `"""Step ${String(index)}\n\nCreate Date: 2024-01-01 00:00:00\n"""\nfrom alembic import op\n\nrevision = "${id}"\ndown_revision = ${down}\n\n\n` +
        `def upgrade():\n    op.execute("SELECT ${String(index)}")\n\n\ndef downgrade():\n    op.execute("SELECT 1")\n`,
    );
  }
}

export const projects: Scenario = {
  title: "Several projects",
  number: 26,
  dark: false,
  // So that all rows are there: the tree draws only those in sight.
  size: { width: 1440, height: 1500 },
  async furnish(scope, ground) {
    const workspace = scope.folder("workspace");
    await placeShop(scope, ground, path.join(workspace, "first"), { database: "first" });
    const lost = await placeShop(scope, ground, path.join(workspace, "second"), { database: "second" });
    placeLongHistory(workspace);
    // The database has run what another branch holds.
    await ground.postgres.withClient("second", (client) =>
      client.query("UPDATE alembic_version SET version_num = '4d5e6f708192'"),
    );
    rmSync(path.join(lost, "alembic.log"), { force: true });
    return workspace;
  },
  async walk({ page, step, picture }) {
    const tree = page.locator('.part.sidebar .monaco-list[aria-label*="Revisions"]');
    await step("each is a row of its own, told apart by its folder", async () => {
      await openContainer(page, "Retort");
      await until("the projects", async () => (await tree.locator('[aria-level="1"]').count()) === 3);
      await rows(page, /first.*4 pending/)
        .first()
        .waitFor();
      await rows(page, /unknown revision/)
        .first()
        .waitFor();
      await rows(page, /131 revisions/)
        .first()
        .waitFor();
      await picture("projects");
    });
  },
};
