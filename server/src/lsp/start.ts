import { createConnection, ProposedFeatures, type Connection } from "vscode-languageserver/node";
import { serve } from "./server.ts";

/**
 * Starts the language server on the transport that the command line of the process names: `--stdio`, `--node-ipc`,
 * `--socket=PORT` or `--pipe=NAME`. The process ends when the client does.
 */
export function startServer(connection: Connection = createConnection(ProposedFeatures.all)): void {
  serve(connection);
  connection.listen();
}
