/**
 * A syntax tree as plain values. tree-sitter's own nodes live in WebAssembly memory and must be freed by hand; these
 * are made in one walk, after which the tree is freed. Tokens without meaning of their own are left out.
 */
import type { Tree } from "web-tree-sitter";
import { namedTypes } from "./parser.ts";
import type { Range } from "../text/range.ts";

export interface Node extends Range {
  /** The grammar's name: `function_definition`, `call` …; `ERROR` for what it could not parse. */
  readonly type: string;
  /** Named children in order, comments left out. */
  readonly children: readonly Node[];
}

export interface Converted {
  readonly root: Node;
  readonly comments: readonly Range[];
  /** What could not be parsed, and where something is missing. */
  readonly errors: readonly Range[];
}

interface Open extends Node {
  readonly children: Open[];
}

/** `offset` is added to every position: where the parsed text begins in the file. */
export function convertTree(tree: Tree, offset: number): Converted {
  const types = namedTypes();
  const comments: Range[] = [];
  const errors: Range[] = [];
  const hasError = tree.rootNode.hasError;
  const cursor = tree.walk();
  const root: Open = { type: "module", start: cursor.startIndex + offset, end: cursor.endIndex + offset, children: [] };
  const open: Open[] = [root];
  if (types[cursor.nodeTypeId] !== "module") {
    // Nothing fits: the fragments hang below one error instead of passing for statements.
    const error: Open = { type: "ERROR", start: root.start, end: root.end, children: [] };
    root.children.push(error);
    open[0] = error;
    errors.push({ start: root.start, end: root.end });
  }
  const visit = (): boolean => {
    const type = types[cursor.nodeTypeId] ?? "ERROR";
    if (type === "" && !hasError) return false;
    const start = cursor.startIndex + offset;
    const end = cursor.endIndex + offset;
    if (hasError && (type === "ERROR" || cursor.nodeIsMissing)) errors.push({ start, end });
    if (type === "") return false;
    if (type === "comment") {
      comments.push({ start, end });
      return false;
    }
    const node: Open = { type, start, end, children: [] };
    open.at(-1)?.children.push(node);
    if (leaves.has(type) || !cursor.gotoFirstChild()) return false;
    open.push(node);
    return true;
  };
  let descends = cursor.gotoFirstChild();
  while (open.length > 0) {
    if (descends) {
      descends = visit();
      if (descends) continue;
    }
    if (cursor.gotoNextSibling()) descends = true;
    else {
      open.pop();
      if (open.length === 0 || !cursor.gotoParent()) break;
      descends = false;
    }
  }
  cursor.delete();
  return { root, comments, errors };
}

/** Their text is all that there is to them. */
const leaves = new Set([
  "string_content",
  "dotted_name",
  "relative_import",
  "comment",
  "type_conversion",
  "line_continuation",
]);

export const childOf = (node: Node, type: string): Node | undefined =>
  node.children.find((child) => child.type === type);

export const childrenOf = (node: Node, type: string): readonly Node[] =>
  node.children.filter((child) => child.type === type);

/** A text asked by the offsets that its nodes carry: a string, or a module whose offsets do not begin at 0. */
export interface Characters {
  slice(start: number, end?: number): string;
  charAt(offset: number): string;
}

export const textOf = (text: Characters, node: Range): string => text.slice(node.start, node.end);

/** The node and all beneath it, parents first. */
export function* walk(node: Node): Generator<Node> {
  const stack: Node[] = [node];
  for (let next = stack.pop(); next; next = stack.pop()) {
    yield next;
    for (let i = next.children.length - 1; i >= 0; i--) {
      const child = next.children[i];
      if (child) stack.push(child);
    }
  }
}
