/** Whether two texts of a revision do the same to a database, however they are written. */
import { isImport, readImport } from "../syntax/imports.ts";
import { textOf, type Node } from "../syntax/node.ts";
import { parseSource, type Source } from "../syntax/source.ts";
import { isDocstring } from "./header.ts";
import type { ModuleItem, Operation, RevisionFile } from "./revision.ts";

/**
 * Whether `upgrade()` is the same work in both: the same code apart from comments, docstrings, annotations, formatting and
 * what only the downgrade uses; or the same schema changes, all of them read in full. What cannot be told is no.
 */
export const doesSameWork = (a: RevisionFile, b: RevisionFile): boolean =>
  codeOf(a) === codeOf(b) || haveSameOperations(a, b);

/** The code that upgrading reaches, each definition on its own: their order in the file says nothing. */
function codeOf(file: RevisionFile): string {
  const source = parseSource(file.text);
  const reached = reachedItems(file);
  const starts = new Map(reached.items.map((item) => [item.range.start, item]));
  const parts = source.statements.flatMap((statement) => {
    if (isImport(statement)) return importsOf(statement, file.text, reached.names);
    return starts.has(statement.start) ? [render(statement, source)] : [];
  });
  return parts.sort().join("\n");
}

function importsOf(statement: Node, text: string, names: ReadonlySet<string>): readonly string[] {
  const { names: imported, star } = readImport(statement, text);
  if (star !== undefined) return [`import * from ${star}`];
  return imported.filter(({ name }) => names.has(name)).map(({ name, path }) => `import ${name} = ${path}`);
}

interface Reached {
  readonly items: readonly ModuleItem[];
  readonly names: ReadonlySet<string>;
}

/** What `upgrade()` uses, and what that uses. */
function reachedItems({ module, upgrades }: RevisionFile): Reached {
  const names = new Set(upgrades.map(({ engine }) => (engine === undefined ? "upgrade" : `upgrade_${engine}`)));
  names.add("upgrade");
  const items = new Set<ModuleItem>();
  // A set that grows while it is gone through gives what was added, too.
  for (const name of names)
    for (const item of module) {
      if (item.kind === "import" || !item.binds.includes(name) || items.has(item)) continue;
      items.add(item);
      for (const used of item.uses) names.add(used);
    }
  return { items: [...items], names };
}

/** The tokens that mean something. */
function render(statement: Node, { text, comments }: Source): string {
  let code = "";
  const open: (Node | string)[] = [statement];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next === "string") code += next;
    else open.push(...piecesOf(next, text, comments).reverse());
  }
  return code;
}

function piecesOf(node: Node, text: string, comments: Source["comments"]): (Node | string)[] {
  if (node.type === "type") return [];
  if (node.type === "string_start" || node.type === "string_end") return [textOf(text, node).replace(/["']+/, '"')];
  if (node.children.length === 0) return [" ", textOf(text, node)];
  const children = node.type === "block" ? node.children.filter((one, i) => i > 0 || !isDocstring(one)) : node.children;
  // Brackets around an expression say nothing that the tree does not; what one tuple has more than them is its type.
  if (node.type === "parenthesized_expression") return [...children];
  const pieces: (Node | string)[] = node.type === "tuple" ? [" tuple"] : [];
  let at = node.start;
  for (const child of node.children) {
    pieces.push(betweenOf(node, text, at, child.start, comments));
    if (children.includes(child)) pieces.push(child);
    at = child.end;
  }
  return [...pieces, betweenOf(node, text, at, node.end, comments)];
}

/** Operators and keywords between two nodes; never what annotates, and no comma, which may trail. */
function betweenOf(node: Node, text: string, start: number, end: number, comments: Source["comments"]): string {
  let between = "";
  let at = start;
  for (const comment of comments) {
    if (comment.start < at || comment.end > end) continue;
    between += text.slice(at, comment.start);
    at = comment.end;
  }
  const tokens = (between + text.slice(at, end)).replaceAll(/[\s,\\]+/g, " ").trim();
  if (node.type === "function_definition") return tokens.replace("->", "");
  return /^typed_|^assignment$/.test(node.type) ? tokens.replace(":", "") : tokens;
}

/** Schema changes by directives are read to their last argument; of SQL the text counts. */
const isRead = ({ confidence, effect, via, sql }: Operation): boolean =>
  confidence === "certain" && (sql !== undefined || (effect === "schema" && (via === "directive" || via === "batch")));

function haveSameOperations(a: RevisionFile, b: RevisionFile): boolean {
  const [before, after] = [a, b].map(({ upgrades }) =>
    upgrades.map(({ operations, unfinished }) => ({
      all: operations.map(told),
      isRead: unfinished !== true && operations.every(isRead),
    })),
  );
  return (
    [...(before ?? []), ...(after ?? [])].every((one) => one.isRead) && JSON.stringify(before) === JSON.stringify(after)
  );
}

const isPlace = (value: unknown): boolean =>
  typeof value === "object" && value !== null && "start" in value && "end" in value && Object.keys(value).length === 2;

/** The operation without where it stands. */
function told({ statement: _, calls: _calls, range: _range, nameRange: _name, sql, ...operation }: Operation): unknown {
  const words = sql?.replaceAll(/\s+/g, " ").trim();
  return [words, JSON.stringify(operation, (_key, value: unknown) => (isPlace(value) ? undefined : value))];
}
