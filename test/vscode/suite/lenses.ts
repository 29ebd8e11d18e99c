import assert from "node:assert/strict";
import * as vscode from "vscode";
import { closeAll, eventually, holds, mixedFile, open } from "./host.ts";

const lensesIn = async (uri: vscode.Uri): Promise<readonly vscode.Command[]> => {
  const found = await vscode.commands.executeCommand<vscode.CodeLens[] | undefined>(
    "vscode.executeCodeLensProvider",
    uri,
    50,
  );
  return (found ?? []).flatMap(({ command }) => command ?? []);
};

const titlesIn = async (uri: vscode.Uri): Promise<readonly string[]> => (await lensesIn(uri)).map(({ title }) => title);

export const lenses = (): void => {
  describe("Lenses", () => {
    afterEach(closeAll);

    it("tell a revision's neighbours and offer to run it", async () => {
      const { document } = await open(mixedFile());
      const found = await eventually("lenses", async () => {
        const all = await lensesIn(document.uri);
        return all.some(({ title }) => title === "1 parent") ? all : undefined;
      });
      const titles = found.map(({ title }) => title);
      assert(titles.includes("1 child") && titles.includes("SQL"), titles.join(" | "));
      const peek = found.find(({ title }) => title === "1 child");
      await vscode.commands.executeCommand(peek?.command ?? "", ...((peek?.arguments ?? []) as unknown[]));
    });

    it("follow the state of the database", async () => {
      const { document } = await open(mixedFile());
      await vscode.commands.executeCommand("retort.refresh");
      await holds("the state", async () =>
        (await titlesIn(document.uri)).some((title) => /Not applied yet/.test(title)),
      );
    });

    it("are hidden while a file is not saved, and where they are turned off", async () => {
      const editor = await open(mixedFile());
      const { uri } = editor.document;
      await holds("lenses", async () => (await titlesIn(uri)).includes("1 parent"));
      await editor.edit((edit) => edit.insert(new vscode.Position(0, 3), "typed "));
      await holds("no lenses in a file that is not saved", async () => (await titlesIn(uri)).length === 0);
      await vscode.commands.executeCommand("workbench.action.files.revert");
      await holds("lenses again", async () => (await titlesIn(uri)).includes("1 parent"));
      const settings = vscode.workspace.getConfiguration("retort");
      await settings.update("codeLens", false, vscode.ConfigurationTarget.Global);
      try {
        await holds("no lenses", async () => (await titlesIn(uri)).length === 0);
      } finally {
        await settings.update("codeLens", undefined, vscode.ConfigurationTarget.Global);
      }
    });
  });
};
