/** Symbols of all projects, found in slices, so that other requests are answered in between. */
import {
  SymbolKind,
  type CancellationToken,
  type SymbolInformation,
  type WorkspaceSymbolParams,
} from "vscode-languageserver/node";
import { lettersOf, symbolsIn, type FoundSymbol } from "../features/find-symbols.ts";
import type { Project } from "../project/snapshot.ts";
import { linesOf, toRange, uriOf } from "./convert.ts";
import { cancelled } from "./isolate.ts";
import type { Session } from "./session.ts";
import { symbolKinds } from "./structure.ts";

/** More than anybody reads; who types on gets others. */
const most = 400;
const slice = 40;

export async function workspaceSymbols(
  session: Session,
  { query }: WorkspaceSymbolParams,
  token: CancellationToken,
): Promise<SymbolInformation[]> {
  const letters = lettersOf(query);
  const found: SymbolInformation[] = [];
  for (const project of session.workspace().projects) {
    let seen = 0;
    for (const file of newestFirst(project)) {
      if (++seen % slice === 0) await new Promise((resolve) => setImmediate(resolve));
      if (token.isCancellationRequested) throw cancelled();
      found.push(...symbolsIn(file, letters).map((symbol) => toSymbol(symbol, project)));
      if (found.length >= most) return found.slice(0, most);
    }
  }
  return found;
}

const newestFirst = ({ history }: Project) =>
  history.order.toReversed().flatMap((id) => history.revisions.get(id)?.file ?? []);

const toSymbol = ({ name, kind, file, range }: FoundSymbol, { config }: Project): SymbolInformation => ({
  name,
  kind: kind === "revision" ? SymbolKind.Class : symbolKinds[kind],
  location: { uri: uriOf(file.path), range: toRange(linesOf(file.path, file.text), range) },
  containerName: `${config.root.slice(config.root.lastIndexOf("/") + 1)} · ${file.identifiers.revision?.value ?? ""}`,
});
