/** Which revision made a table or a column that an operation meets. */
import type { Revision } from "../../history/history.ts";
import type { Operation, RevisionFile } from "../../model/revision.ts";
import type { Project } from "../../project/snapshot.ts";
import { plainName } from "../../schema/replay/schema.ts";
import { sameName, type QualifiedName, type Touch } from "../../sql/action.ts";
import type { Subject } from "./place.ts";

/** The last one before, or this one itself; undefined where none of those that could be read made it. */
export function makerOf({ history }: Project, file: RevisionFile, subject: Subject): Revision | undefined {
  const own = file.identifiers.revision?.value;
  if (own === undefined) return undefined;
  const ancestors = withAncestors(own, history.before);
  let table = subject.table;
  for (const id of history.order.filter((one) => ancestors.has(one)).reverse()) {
    const revision = history.revisions.get(id);
    for (const operation of [...(revision?.file.upgrades ?? [])].flatMap(({ operations }) => operations).reverse()) {
      const before = renamedFrom(operation, table);
      if (makes(operation, table, subject.column)) return revision;
      if (before && subject.column === undefined) return revision;
      table = before ?? table;
    }
  }
  return undefined;
}

function withAncestors(id: string, before: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [id];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...(before.get(next) ?? []));
  }
  return found;
}

const isTable = (a: QualifiedName, b: QualifiedName): boolean => sameName(plainName(a), plainName(b));

function makes({ kind, touches }: Operation, table: QualifiedName, column: string | undefined): boolean {
  return touches.some((touch) => {
    const { how, on } = touch;
    if (!isTable(on.name, table)) return false;
    if (on.type === "table")
      return how === "create" && (column === undefined || (kind === "create_table" && !listsColumns(touches, table)));
    return (
      column !== undefined && on.type === "column" && on.column === column && (how === "create" || how === "rename")
    );
  });
}

/** `CREATE TABLE … AS`: its columns are the query's. */
const listsColumns = (touches: readonly Touch[], table: QualifiedName): boolean =>
  touches.some(({ how, on }) => how === "create" && on.type === "column" && isTable(on.name, table));

/** What the table was called before a `rename_table`. */
function renamedFrom({ kind, touches }: Operation, table: QualifiedName): QualifiedName | undefined {
  if (kind !== "rename_table") return undefined;
  const [from, to] = touches.filter(({ how, on }) => how === "rename" && on.type === "table").map(({ on }) => on.name);
  return to && from && isTable(to, table) ? from : undefined;
}
