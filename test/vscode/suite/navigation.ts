import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import * as vscode from "vscode";
import { closeAll, eventually, fileOf, holds, mixedFile, open, revisions } from "./host.ts";

/** In the middle of a text of the document, from behind. */
function placeOf(document: vscode.TextDocument, what: string): vscode.Position {
  const at = document.getText().indexOf(what);
  assert(at >= 0, `${what} is not in ${document.uri.fsPath}`);
  return document.positionAt(at + what.length - 3);
}

export const navigation = (): void => {
  describe("Navigation", () => {
    afterEach(closeAll);

    it("leads from down_revision to the parent's file", async () => {
      const { document } = await open(mixedFile());
      const parent = /down_revision.*= "(\w+)"/.exec(document.getText())?.[1] ?? "";
      const [link] = await eventually("a definition", async () => {
        const found = await vscode.commands.executeCommand<vscode.LocationLink[]>(
          "vscode.executeDefinitionProvider",
          document.uri,
          placeOf(document, `"${parent}"`),
        );
        return found.length > 0 ? found : undefined;
      });
      assert(link?.targetUri.fsPath.includes(parent), link?.targetUri.fsPath);
    });

    it("lists the children of an id as its references", async () => {
      const { document } = await open(mixedFile());
      const found = await eventually("references", async () => {
        const all = await vscode.commands.executeCommand<vscode.Location[]>(
          "vscode.executeReferenceProvider",
          document.uri,
          placeOf(document, `= "${revisions.mixed}"`),
        );
        return all.length > 0 ? all : undefined;
      });
      const others = found.filter(({ uri }) => uri.toString() !== document.uri.toString());
      assert(others.length > 0, found.map(({ uri }) => uri.fsPath).join(", "));
    });

    it("shows operations in the outline, folds statements, links the docstring and knows the ancestry", async () => {
      const { document } = await open(mixedFile());
      const [upgrade] = await eventually("symbols", async () => {
        const all = await vscode.commands.executeCommand<vscode.DocumentSymbol[] | undefined>(
          "vscode.executeDocumentSymbolProvider",
          document.uri,
        );
        return all?.some(({ name }) => name === "upgrade") ? all : undefined;
      });
      assert(upgrade?.children.some(({ name }) => name === "add column users.full_name"));
      const folds = await vscode.commands.executeCommand<vscode.FoldingRange[]>(
        "vscode.executeFoldingRangeProvider",
        document.uri,
      );
      assert(folds.some(({ kind }) => kind === vscode.FoldingRangeKind.Imports));
      const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
        "vscode.executeLinkProvider",
        document.uri,
      );
      assert(links.some(({ target }) => target?.fragment.startsWith("L") === true && target.path.endsWith(".py")));
      const [item] = await vscode.commands.executeCommand<vscode.TypeHierarchyItem[]>(
        "vscode.prepareTypeHierarchy",
        document.uri,
        placeOf(document, `= "${revisions.mixed}"`),
      );
      const parents = await vscode.commands.executeCommand<vscode.TypeHierarchyItem[]>(
        "vscode.provideSupertypes",
        item,
      );
      assert.equal(parents.length, 1);
    });

    it("offers to move exactly the selected statements", async () => {
      const { document } = await open(mixedFile());
      const first = document.getText().indexOf("op.drop_column(");
      const last =
        document
          .getText()
          .indexOf(
            ")",
            document.getText().lastIndexOf("op.drop_column(", document.getText().indexOf("def downgrade")),
          ) + 1;
      const selected = new vscode.Range(document.positionAt(first), document.positionAt(last));
      const move = await eventually("the offer", async () => {
        const found = await vscode.commands.executeCommand<vscode.CodeAction[]>(
          "vscode.executeCodeActionProvider",
          document.uri,
          selected,
          undefined,
          30,
        );
        return found.find(
          ({ title, edit }) => /^Move (?:the statement|2 statements) to a revision/.test(title) && edit,
        );
      });
      const made = (move.edit?.entries() ?? []).flatMap(([, edits]) => edits.map(({ newText }) => newText)).join("\n");
      // The later of the two keeps the file: either the selection moves into a new one, or the rest does.
      const moved = document
        .getText(selected)
        .split("\n")
        .map((line) => made.includes(line.trim()));
      assert(
        moved.every((one) => one === moved[0]),
        made,
      );
      assert(made.includes("def upgrade"), made);
    });

    it("renames an id in all files, with the file, also while one is not saved", async () => {
      const editor = await open(mixedFile());
      await editor.edit((edit) => edit.insert(new vscode.Position(0, 3), "typed "));
      const rename = async (document: vscode.TextDocument, from: string, to: string): Promise<void> => {
        const edit = await vscode.commands.executeCommand<vscode.WorkspaceEdit>(
          "vscode.executeDocumentRenameProvider",
          document.uri,
          placeOf(document, `= "${from}"`),
          to,
        );
        // The command puts what moves before what is edited; asked by the editor itself, the order is the server's.
        const ordered = new vscode.WorkspaceEdit();
        for (const [uri, edits] of edit.entries()) ordered.set(uri, edits);
        const target = vscode.Uri.file(document.uri.fsPath.replace(from, to));
        ordered.renameFile(document.uri, target, { overwrite: false, ignoreIfExists: false });
        assert(await vscode.workspace.applyEdit(ordered), "the edit was refused");
      };
      await rename(editor.document, revisions.mixed, "c0ffee00c0de");
      const moved = fileOf("c0ffee00c0de_give_users_a_full_name.py");
      await holds("the file has its new name", () => existsSync(moved.fsPath) && !existsSync(mixedFile().fsPath));
      const now = await open(moved);
      assert.match(now.document.getText(), /typed /);
      assert.match(now.document.getText(), /^Revision ID: c0ffee00c0de$/m);
      const child = vscode.workspace.textDocuments.find(
        (one) => one.isDirty && one.uri.toString() !== moved.toString() && one.getText().includes('"c0ffee00c0de"'),
      );
      assert(child, "the child names its parent anew");
      await eventually("the history is whole again", async () => {
        const found = await vscode.commands.executeCommand<vscode.LocationLink[]>(
          "vscode.executeDefinitionProvider",
          child.uri,
          placeOf(child, '"c0ffee00c0de"'),
        );
        return found.some(({ targetUri }) => targetUri.toString() === moved.toString()) ? true : undefined;
      });
      await rename(now.document, "c0ffee00c0de", revisions.mixed);
      await holds("the file has its old name", () => existsSync(mixedFile().fsPath) && !existsSync(moved.fsPath));
    });
  });
};
