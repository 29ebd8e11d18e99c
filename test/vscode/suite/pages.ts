import assert from "node:assert/strict";
import * as vscode from "vscode";
import { closeAll, eventually, holds, mixedFile, mixedIn, open, start } from "./host.ts";

const titles = (): readonly string[] =>
  vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ label }) => label));

const showsPage = (id: string): boolean => titles().some((title) => title.includes(`${id}.md`));

export const pages = (): void => {
  describe("Pages of rules", () => {
    afterEach(closeAll);

    it("open in the preview from a finding's own link", async () => {
      const { document } = await open(mixedFile());
      const { code } = await eventually("a finding", () => mixedIn(document.uri));
      assert(typeof code === "object" && code.target.scheme === "retort-page", JSON.stringify(code));
      // The command does not end with a custom editor; what counts is what is there.
      void vscode.commands.executeCommand("vscode.open", code.target);
      await holds("the page", () => showsPage("mixed-schema-and-data"));
    });

    it("open for the finding at the cursor", async () => {
      const editor = await open(mixedFile());
      const { range } = await eventually("a finding", () => mixedIn(editor.document.uri));
      editor.selection = new vscode.Selection(range.start, range.start);
      start("retort.explainFinding");
      // Where several are at one place, it asks which.
      await holds("the page", async () => {
        if (titles().some((title) => title.includes(".md"))) return true;
        await vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
        return false;
      });
    });

    it("are no way to any other file", async () => {
      for (const id of ["../../package", "../../README", "mixed-schema-and-data/../x", "No Rule", "nothing-of-this"])
        await vscode.commands.executeCommand("retort.explainFinding", id);
      assert(!titles().some((title) => /\.(?:md|json)/.test(title)), titles().join(" | "));
    });
  });
};
