/** Which tables a name in an expression can belong to. */
import type { QualifiedName } from "./action.ts";
import type { Touches } from "./draft.ts";
import { hasHole } from "./hole.ts";

/** Something in FROM. Without `table` it is a subquery, a function, a CTE or a table whose name is not known. */
export interface Source {
  readonly alias: string;
  readonly table?: QualifiedName | undefined;
  /** Its columns are only reached through its alias (`excluded` of ON CONFLICT). */
  readonly qualifiedOnly?: true;
}

export interface Scope {
  readonly sources: Source[];
  /** Names of WITH queries, which hide tables of that name. */
  readonly ctes: Set<string>;
  readonly outer: Scope | undefined;
  /** Of a PL/pgSQL block: names that are no columns. */
  readonly variables?: ReadonlySet<string>;
}

export const newScope = (outer?: Scope): Scope => ({ sources: [], ctes: new Set(), outer });

export const isCte = (scope: Scope | undefined, name: string): boolean =>
  scope !== undefined && (scope.ctes.has(name) || isCte(scope.outer, name));

export function findSource(scope: Scope | undefined, alias: string): Source | undefined {
  for (let at = scope; at; at = at.outer) {
    const found = at.sources.find((source) => source.alias === alias);
    if (found) return found;
  }
  return undefined;
}

/** Notes that a column is read. A name with an unknown part may be any column. */
export function readColumn(scope: Scope, path: readonly string[], touches: Touches): void {
  const column = path.at(-1) ?? "";
  const name = hasHole(column) ? "*" : column;
  if (path.length === 1) return readUnqualified(scope, name, touches);
  const source = findSource(scope, path.at(-2) ?? "");
  // An alias that nothing in scope has is a row of a trigger or a composite value.
  if (source?.table) touches.columns("read", source.table, [name]);
}

function readUnqualified(scope: Scope, column: string, touches: Touches): void {
  const asRow = findSource(scope, column);
  if (asRow) {
    if (asRow.table) touches.columns("read", asRow.table, ["*"]);
    return;
  }
  const candidates: QualifiedName[] = [];
  let sources = 0;
  for (let at: Scope | undefined = scope; at; at = at.outer) {
    if (at.variables?.has(column)) return;
    const open = at.sources.filter(({ qualifiedOnly }) => !qualifiedOnly);
    sources += open.length;
    for (const { table } of open) if (table) candidates.push(table);
  }
  for (const table of candidates) {
    touches.add("read", { type: "column", name: table, column }, sources > 1);
  }
}
