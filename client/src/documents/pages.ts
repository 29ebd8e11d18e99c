/** The pages of rules and of what stops Alembic, which come with the extension: read offline, in the editor's own preview. */
import * as vscode from "vscode";
import { t } from "../l10n.ts";

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
  const isPage = async (id: string): Promise<boolean> => pageName.test(id) && (await ids()).includes(id);
  const fileOf = (id: string): vscode.Uri => vscode.Uri.joinPath(folder, `${id}.md`);
  return {
    ids,
    open: async (id) => {
      if (!(await isPage(id))) return false;
      await preview(fileOf(id));
      return true;
    },
  };
};

export const pageScheme = "retort-page";

/**
 * `retort-page:/rules/ID.md`, the address beside a finding: from a hover VS Code opens documents only, and no command. The
 * manifest says that such a document is shown as a preview.
 */
export const registerPageDocuments = (context: vscode.ExtensionContext): void => {
  const docs = vscode.Uri.joinPath(context.extensionUri, "docs");
  context.subscriptions.push(
    vscode.workspace.registerTextDocumentContentProvider(pageScheme, {
      provideTextDocumentContent: async ({ path }) => {
        // Pages lead to each other; a name is checked, as anybody can write an address.
        const [, kind = "rules", id = ""] = /^\/(rules|refactorings)\/([a-z][a-z0-9-]{0,80})\.md$/.exec(path) ?? [];
        try {
          return new TextDecoder().decode(
            await vscode.workspace.fs.readFile(vscode.Uri.joinPath(docs, kind, `${id}.md`)),
          );
        } catch {
          return t("There is no page for this finding.");
        }
      },
    }),
  );
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
