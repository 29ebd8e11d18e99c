import assert from "node:assert/strict";
import * as vscode from "vscode";
import { closeAll, eventually, mixedFile, open } from "./host.ts";

export const completion = (): void => {
  describe("Completion", () => {
    afterEach(closeAll);

    const labelsAt = async (uri: vscode.Uri, position: vscode.Position): Promise<readonly string[]> => {
      const list = await vscode.commands.executeCommand<vscode.CompletionList>(
        "vscode.executeCompletionItemProvider",
        uri,
        position,
      );
      return list.items.map(({ label }) => (typeof label === "string" ? label : label.label));
    };

    /** Types a line at the end of `upgrade()` and asks behind it. */
    const typed = async (line: string): Promise<readonly string[]> => {
      const editor = await open(mixedFile());
      const { document } = editor;
      const below = document
        .getText()
        .split("\n")
        .findIndex((text) => text.startsWith("def downgrade"));
      const place = new vscode.Position(below - 2, 0);
      await editor.edit((edit) => edit.insert(place, `    ${line}\n`));
      const end = new vscode.Position(place.line, line.length + 4);
      return eventually("columns", async () => {
        const labels = await labelsAt(document.uri, end);
        return labels.includes("email") ? labels : undefined;
      });
    };

    it("offers the columns of the table as the operation meets it, in a call that is half typed", async () => {
      const labels = await typed('op.drop_column("users", "');
      assert(labels.includes("full_name"), labels.join(", "));
      assert(!labels.includes("first_name"), "it has been dropped above");
    });

    it("offers columns in SQL", async () => {
      assert((await typed('op.execute("UPDATE users SET ')).includes("full_name"));
    });
  });
};
