import assert from "node:assert/strict";
import path from "node:path";
import * as vscode from "vscode";
import { closeAll, eventually, holds, mixedFile, open, places, revisions, row, standing, start } from "./host.ts";

export const commands = (): void => {
  describe("Commands", () => {
    afterEach(closeAll);

    it("upgrade by one revision and downgrade it again", async () => {
      assert.equal(await standing(), revisions.standing);
      start("retort.upgradeOne", row());
      await holds("one revision up", async () => (await standing()) === revisions.next);
      start("retort.downgradeOne", row());
      // A downgrade may ask first; where dialogs are refused, as here, that is a no.
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      assert([revisions.next, revisions.standing].includes((await standing()) as typeof revisions.next));
    });

    it("upgrade to the revision of a row", async () => {
      start("retort.upgradeTo", row(revisions.next));
      await holds("that revision", async () => (await standing()) === revisions.next);
    });

    it("show the SQL of one revision, read-only, without running it", async () => {
      start("retort.showSql", row(revisions.mixed));
      const document = await eventually("a document with SQL", () =>
        vscode.workspace.textDocuments.find((one) => one.languageId === "sql" && !one.uri.path.includes("downgrade")),
      );
      assert.match(document.getText(), /ALTER TABLE users ADD COLUMN full_name VARCHAR\(200\)/);
      assert.doesNotMatch(document.getText(), /CREATE TABLE/);
      assert.notEqual(document.uri.scheme, "file");
      assert.equal(await standing(), revisions.next);
    });

    it("do not touch a database whose name says production unless somebody agrees", async () => {
      const project = path.join(places.workspace(), "guarded", "shop");
      const before = await standing(places.production());
      start("retort.upgradeHead", row(undefined, project));
      await new Promise((resolve) => setTimeout(resolve, 5_000));
      assert.equal(await standing(places.production()), before);
    });

    it("read the sizes of tables, for hovers", async () => {
      await vscode.commands.executeCommand("retort.readSizes", row());
      const { document } = await open(mixedFile());
      const line = document
        .getText()
        .split("\n")
        .findIndex((text) => text.includes("op.add_column"));
      await holds("the size in the hover", async () => {
        const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
          "vscode.executeHoverProvider",
          document.uri,
          new vscode.Position(line, 10),
        );
        const shown = hovers.flatMap(({ contents }) =>
          contents.map((one) => (typeof one === "string" ? one : one.value)),
        );
        return shown.some((text) => /At stake:\n- `users`: .*in the dev database/.test(text));
      });
    });

    it("survive a database that is down", async () => {
      start("retort.upgradeHead", row(undefined, path.join(places.workspace(), "down", "shop")));
      start("retort.refresh");
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      // To its end: the next one would be refused while it is at work.
      await vscode.commands.executeCommand("retort.upgradeTo", row(revisions.next));
      assert.equal(await standing(), revisions.next);
    });
  });
};
