/** Wires the requests that lead from one place to another. */
import { MessageType, ShowMessageNotification, type Connection } from "vscode-languageserver/node";
import { isolated } from "./isolate.ts";
import { definition, references } from "./links.ts";
import { prepareRename, rename } from "./rename.ts";
import type { Session } from "./session.ts";

export function answerNavigation(connection: Connection, session: Session): void {
  /** Waits until the changes before the request are in the snapshot. */
  const answer = <P, R>(name: string, handler: (session: Session, params: P) => R | null) =>
    isolated<P, R | null>(name, session.log, null, async (params) => {
      await session.settled();
      return handler(session, params);
    });

  connection.onDefinition(answer("definition", definition));
  connection.onReferences(answer("references", references));
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
