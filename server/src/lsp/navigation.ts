/** Wires the requests that lead from one place to another, and those that tell what a file is made of. */
import { MessageType, ShowMessageNotification, type Connection } from "vscode-languageserver/node";
import { methods } from "../protocol/index.ts";
import { isolated } from "./isolate.ts";
import { lensPlaces } from "./lenses.ts";
import { definition, references } from "./links.ts";
import { prepareRename, rename } from "./rename.ts";
import type { Session } from "./session.ts";
import {
  documentLinks,
  documentSymbols,
  foldingRanges,
  prepareHierarchy,
  selectionRanges,
  subtypes,
  supertypes,
} from "./structure.ts";
import { workspaceSymbols } from "./workspace-symbols.ts";

export function answerNavigation(connection: Connection, session: Session): void {
  /** Waits until the changes before the request are in the snapshot. */
  const answer = <P, R>(name: string, handler: (session: Session, params: P) => R | null) =>
    isolated<P, R | null>(name, session.log, null, async (params) => {
      await session.settled();
      return handler(session, params);
    });

  connection.onDefinition(answer("definition", definition));
  connection.onReferences(answer("references", references));
  connection.onDocumentSymbol(answer("symbols", documentSymbols));
  connection.onFoldingRanges(answer("folding", foldingRanges));
  connection.onSelectionRanges(answer("selection", selectionRanges));
  connection.onDocumentLinks(answer("links", documentLinks));
  connection.languages.typeHierarchy.onPrepare(answer("hierarchy", prepareHierarchy));
  connection.languages.typeHierarchy.onSupertypes(answer("hierarchy", supertypes));
  connection.languages.typeHierarchy.onSubtypes(answer("hierarchy", subtypes));
  connection.onWorkspaceSymbol((params, token) =>
    isolated<typeof params, Awaited<ReturnType<typeof workspaceSymbols>>>("symbols", session.log, [], async (asked) => {
      await session.settled();
      return workspaceSymbols(session, asked, token);
    })(params, token),
  );
  connection.onRequest(methods.lenses, answer("lenses", lensPlaces));
  connection.onPrepareRename(answer("rename", prepareRename));
  connection.onRenameRequest(
    answer("rename", (_, params) => {
      const renamed = rename(session, params);
      if (!renamed) return null;
      void connection.sendNotification(ShowMessageNotification.type, {
        type: MessageType.Info,
        message: renamed.notice,
      });
      return renamed.edit;
    }),
  );
}
