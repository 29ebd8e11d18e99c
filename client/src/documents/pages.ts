/** The pages of rules and of what stops Alembic, which come with the extension: read offline, in the editor's own preview. */
import * as vscode from "vscode";

export interface Pages {
  /** Shows the page; false where there is none of this name. */
  readonly open: (id: string) => Promise<boolean>;
  readonly ids: () => Promise<readonly string[]>;
}

/** What a page may be called: whatever else a link names is no page, and leads nowhere. */
const pageName = /^[a-z][a-z0-9-]{0,80}$/;

export const createPages = (extensionUri: vscode.Uri): Pages => {
  const folder = vscode.Uri.joinPath(extensionUri, "docs", "rules");
  const ids = async (): Promise<readonly string[]> =>
    (await vscode.workspace.fs.readDirectory(folder))
      .flatMap(([name]) => (name.endsWith(".md") ? name.slice(0, -".md".length) : []))
      .filter((name) => pageName.test(name));
  return {
    ids,
    open: async (id) => {
      if (!pageName.test(id) || !(await ids()).includes(id)) return false;
      await preview(vscode.Uri.joinPath(folder, `${id}.md`));
      return true;
    },
  };
};

/** An editor without its Markdown extension shows the text. */
const preview = async (page: vscode.Uri): Promise<void> => {
  try {
    await vscode.commands.executeCommand("markdown.showPreview", page);
  } catch {
    await vscode.window.showTextDocument(page, { preview: true });
  }
};

/** `vscode://retort.retort/rules/ID`, from a terminal, a report or a page in a browser. */
export const idInLink = ({ path }: { readonly path: string }): string | undefined =>
  /^\/rules\/([a-z][a-z0-9-]{0,80})$/.exec(path)?.[1];
