import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import path from "node:path";
import * as vscode from "vscode";
import {
  closeAll,
  eventually,
  fileOf,
  holds,
  mixedFile,
  mixedIn,
  open,
  places,
  revisions,
  row,
  start,
  standing,
} from "./host.ts";

const versions = (): string => path.join(places.shop(), "migrations", "versions");
const filesOnDisk = (): readonly string[] => readdirSync(versions()).filter((name) => name.endsWith(".py"));

/** VS Code answers with nothing while any extension registers another provider: ask until it does. */
const actionsAt = (uri: vscode.Uri, range: vscode.Range, title = /split/i): Promise<readonly vscode.CodeAction[]> =>
  eventually("code actions", async () => {
    const found = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      "vscode.executeCodeActionProvider",
      uri,
      range,
      undefined,
      20,
    );
    return found.some((action) => title.test(action.title)) ? found : undefined;
  });

async function findSplit(): Promise<vscode.CodeAction> {
  await open(mixedFile());
  const finding = await eventually("a finding", () => mixedIn(mixedFile()));
  const actions = await actionsAt(mixedFile(), finding.range);
  const split = actions.find((action) => /split/i.test(action.title) && action.edit !== undefined);
  assert(split, `offered: ${actions.map((action) => action.title).join(" | ")}`);
  return split;
}

export const split = (): void => {
  describe("The split of a mixed migration", () => {
    afterEach(closeAll);

    it("is offered on the finding, together with its preview and a way to allow it", async () => {
      await open(mixedFile());
      const finding = await eventually("a finding", () => mixedIn(mixedFile()));
      const titles = (await actionsAt(mixedFile(), finding.range)).map((action) => action.title);
      assert(
        titles.some((title) => /preview/i.test(title)),
        titles.join(" | "),
      );
      assert(
        titles.some((title) => /allow/i.test(title)),
        titles.join(" | "),
      );
    });

    it("is not offered where it cannot be right", async () => {
      const uri = fileOf("5a3f0b8e7c29_move_tags_to_a_table.py");
      await open(uri);
      const finding = await eventually("a finding", () => mixedIn(uri));
      const actions = await actionsAt(uri, finding.range, /allow/i);
      assert.deepEqual(
        actions.filter((action) => action.edit !== undefined && /split/i.test(action.title)),
        [],
      );
    });

    it("is taken back by one undo", async () => {
      const before = (await vscode.workspace.openTextDocument(mixedFile())).getText();
      const files = filesOnDisk();
      const action = await findSplit();
      assert(action.edit);
      assert(await vscode.workspace.applyEdit(action.edit, { isRefactoring: true }));
      await holds("two new files", () => filesOnDisk().length === files.length + 2);
      await open(mixedFile());
      await vscode.commands.executeCommand("undo");
      await holds("the original text", async () => {
        const document = await vscode.workspace.openTextDocument(mixedFile());
        return document.getText() === before;
      });
      await holds("no new files", () => filesOnDisk().length === files.length);
      // VS Code saves what a refactoring changes, but leaves an undo to be saved.
      await vscode.workspace.saveAll(false);
      await eventually("the finding is back", () => mixedIn(mixedFile()));
    });

    it("makes three revisions that are right, and the findings go", async () => {
      const files = filesOnDisk();
      const action = await findSplit();
      assert(action.edit);
      assert(await vscode.workspace.applyEdit(action.edit, { isRefactoring: true }));
      await vscode.workspace.saveAll(false);
      const added = filesOnDisk().filter((name) => !files.includes(name));
      assert.equal(added.length, 2, added.join(", "));
      const texts = await Promise.all(
        [...added.map(fileOf), mixedFile()].map(async (uri) =>
          (await vscode.workspace.openTextDocument(uri)).getText(),
        ),
      );
      const expand = texts.find((text) => text.includes('op.add_column("users", sa.Column("full_name"'));
      const backfill = texts.find((text) => text.includes("UPDATE users SET full_name = first_name"));
      const contract = texts.at(-1);
      assert(expand && backfill && contract);
      assert.notEqual(expand, backfill);
      const idOf = (text: string): string => /^revision.*= "(\w+)"/m.exec(text)?.[1] ?? "";
      const parentOf = (text: string): string => /^down_revision.*= "(\w+)"/m.exec(text)?.[1] ?? "";
      assert.equal(idOf(contract), revisions.mixed);
      assert.deepEqual(
        [parentOf(contract), parentOf(backfill), parentOf(expand)],
        [idOf(backfill), idOf(expand), revisions.next],
      );
      assert.match(contract, /drop_column\("users", "first_name"\)\n {4}op\.drop_column\("users", "last_name"\)/);
      assert.doesNotMatch(contract.slice(contract.indexOf("def upgrade")), /UPDATE|full_name/);
      await holds("no finding in any part", () =>
        [...added.map(fileOf), mixedFile()].every((uri) => mixedIn(uri) === undefined),
      );
    });

    it("runs: the database goes to the head through the parts", async () => {
      const before = await standing();
      assert.notEqual(before, revisions.head);
      start("retort.upgradeHead", row());
      await holds("the head", async () => (await standing()) === revisions.head, 60_000);
    });
  });
};
