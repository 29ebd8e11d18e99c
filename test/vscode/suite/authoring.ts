/** Commands that make and show revisions. What they would ask a person, the tests say beforehand. */
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import path from "node:path";
import * as vscode from "vscode";
import { closeAll, eventually, holds, places, revisions, row, standing, start } from "./host.ts";

const textOf = (name: RegExp): Promise<string> =>
  eventually(`a document ${String(name)}`, () =>
    vscode.workspace.textDocuments
      .find((one) => one.uri.scheme === "retort" && name.test(decodeURIComponent(one.uri.path)))
      ?.getText(),
  );

export const authoring = (): void => {
  describe("Making and showing revisions", () => {
    afterEach(closeAll);

    it("a new revision is made by Alembic on top of the head, and opened", async () => {
      start("retort.newRevision", { ...(row() as object), message: 'add a column\'s "note"' });
      const document = await eventually("the new file", () =>
        vscode.workspace.textDocuments.find((one) => /add_a_column_s_note\.py$/.test(one.uri.path)),
      );
      try {
        assert.match(document.getText(), new RegExp(`down_revision.* = ['"]${revisions.head}['"]`));
        assert.equal(path.dirname(document.uri.fsPath), path.join(places.shop(), "migrations", "versions"));
      } finally {
        await closeAll();
        rmSync(document.uri.fsPath);
        await vscode.commands.executeCommand("retort.restartServer");
      }
    });

    it("the SQL of the way back is shown", async () => {
      start("retort.showSqlDown", row(revisions.mixed));
      assert.match(await textOf(/downgrade\.sql$/), /ALTER TABLE users DROP COLUMN full_name/);
    });

    it("one revision is shown as Alembic tells it", async () => {
      start("retort.showRevision", row(revisions.mixed));
      assert.match(await textOf(/^\/Revision b1f7e5a3c092/), /Rev: b1f7e5a3c092[^]*Parent:/);
    });

    it("what is pending is reviewed on a page", async () => {
      await vscode.commands.executeCommand("retort.refresh");
      start("retort.reviewPending", row());
      const text = await textOf(/^\/Review of shop\.md$/);
      assert.match(text, /^# Review of \d pending revisions of shop/);
      assert.match(text, /\*\*\d+ answered no/);
      await holds("the page in a tab", () =>
        vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(({ label }) => /Review of shop/.test(label))),
      );
    });

    it("a stamp that nobody agrees to changes nothing", async () => {
      const before = await standing();
      start("retort.stamp", { ...(row(revisions.head) as object), why: "a test" });
      await new Promise((resolve) => setTimeout(resolve, 5_000));
      assert.equal(await standing(), before);
    });

    it("the language server is restarted, and answers again", async () => {
      await vscode.commands.executeCommand("retort.restartServer");
      start("retort.openRevision", row(revisions.head));
      await holds(
        "the head",
        () => vscode.window.activeTextEditor?.document.uri.path.includes(revisions.head) === true,
      );
    });
  });
};
