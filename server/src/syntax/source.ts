/** Python text as statements. Any text gives an answer: what cannot be parsed is an `ERROR` node and listed. */
import type { Range } from "../text/range.ts";
import { bareLineBreak, cutBlocks, indentWidth } from "./blocks.ts";
import { type Converted, convertTree, type Node } from "./node.ts";
import { parsePython } from "./parser.ts";

export interface Source {
  readonly text: string;
  /** The statements of the module, in order. */
  readonly statements: readonly Node[];
  /** Every comment of the file, in order. */
  readonly comments: readonly Range[];
  readonly errors: readonly Range[];
}

export function parseSource(text: string): Source {
  const whole = parse(text, 0);
  if (whole.errors.length === 0) return { text, statements: whole.root.children, comments: whole.comments, errors: [] };
  const parts = cutBlocks(text, { start: 0, end: text.length }).map((block) => parseBlock(text, block, 0));
  const statements = parts.flatMap((part) => part.root.children);
  const comments = parts.flatMap((part) => part.comments);
  return { text, statements, comments, errors: parts.flatMap((part) => part.errors) };
}

const nothing: Converted = { root: { type: "module", start: 0, end: 0, children: [] }, comments: [], errors: [] };

function parse(text: string, offset: number): Converted {
  const tree = parsePython(text);
  if (!tree) return nothing;
  try {
    const converted = convertTree(tree, offset);
    return { ...converted, errors: [...converted.errors, ...overlookedErrors(converted.root, text, offset)] };
  } finally {
    tree.delete();
  }
}

const holdsStatements = /_statement$|_clause$|_definition$|^(?:module|block)$/;

/**
 * The grammar is more lenient than Python: it lets an expression go on in the next line (`x =` above `y()`), a block be
 * empty, and its statements be indented as they like. All are what half-typed code looks like.
 */
function overlookedErrors(root: Node, text: string, offset: number): Range[] {
  const errors: Range[] = [];
  const open: Node[] = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.type === "module" || node.type === "block") errors.push(...strayLines(node, text, offset));
    for (const child of node.children) {
      if (child.type === "block" && child.children.length === 0) errors.push({ start: node.start, end: child.end });
      if (child.type === "block" || holdsStatements.test(child.type)) open.push(child);
    }
    if (node.type !== "expression_statement" && node.type !== "return_statement" && node.type !== "raise_statement")
      continue;
    const broken = bareLineBreak(text, node.start - offset, node.end - offset);
    if (broken !== undefined) errors.push({ start: node.start, end: broken + offset });
  }
  return errors;
}

/** Statements that begin a line with another indentation than the first of their block: spaces for tabs, or one too many. */
function strayLines({ type, children }: Node, text: string, offset: number): Range[] {
  let expected = type === "module" ? "" : undefined;
  return children.flatMap(({ type: kind, start, end }) => {
    if (kind === "ERROR") return [];
    const lineStart = text.lastIndexOf("\n", start - offset - 1) + 1;
    const before = text.slice(lineStart, start - offset).replace(/^[\uFEFF\f]+/, "");
    if (/[^ \t\f]/.test(before)) return [];
    expected ??= before;
    if (before === expected) return [];
    const lineEnd = text.indexOf("\n", start - offset);
    return [{ start, end: lineEnd < 0 ? end : Math.min(end, lineEnd + offset) }];
  });
}

const maximalDepth = 8;

/** One block; where it does not parse whole, its head and each statement of its body alone. */
function parseBlock(text: string, block: Range, depth: number): Converted {
  const whole = parseIndented(text, block);
  if (whole.errors.length === 0 || depth > maximalDepth) return whole;
  return parseInPieces(text, block, depth) ?? whole;
}

/** Lines that are indented are given something to be indented under. */
function parseIndented(text: string, block: Range): Converted {
  const code = text.slice(block.start, block.end);
  if (!/^(?:[ \t]*(?:#.*)?\r?\n)*[ \t]+[^\s#]/.test(code)) return parse(code, block.start);
  const prefix = "if 1:\n";
  const parsed = parse(prefix + code, block.start - prefix.length);
  const errors = parsed.errors.map((error) => within(block, error));
  const statement = parsed.root.children[0];
  const body = statement?.children.find((child) => child.type === "block");
  if (statement?.type !== "if_statement" || !body) {
    const error: Node = { type: "ERROR", ...block, children: [] };
    return { root: { ...nothing.root, children: [error] }, comments: parsed.comments, errors: [block] };
  }
  const strays = statement.children
    .filter((child) => child.type === "ERROR")
    .map((stray) => ({ ...stray, ...within(block, stray) }));
  const children = [...strays, ...body.children, ...parsed.root.children.slice(1)].sort((a, b) => a.start - b.start);
  return { ...parsed, errors, root: { ...body, children } };
}

/** An error may reach back into what the lines were put under. */
const within = (block: Range, range: Range): Range => ({
  start: Math.min(Math.max(range.start, block.start), block.end),
  end: Math.min(Math.max(range.end, block.start), block.end),
});

function parseInPieces(text: string, block: Range, depth: number): Converted | undefined {
  const code = text.slice(block.start, block.end);
  const head =
    /^((?:[ \t]*(?:[#@].*)?\r?\n)*[ \t]*(?:def|class|async|with|for|while|if)\b[^\n]*:)[ \t]*(?:#.*)?\r?\n/.exec(code);
  if (!head?.[1]) return undefined;
  const bodyStart = block.start + head[0].length;
  const column = bodyColumn(text, bodyStart, block.end);
  if (column === undefined) return undefined;
  const opening = parseOpening(text, { start: block.start, end: block.start + head[1].length });
  if (!opening) return undefined;
  const pieces = cutBlocks(text, { start: bodyStart, end: block.end }, column);
  const parts = pieces.map((piece) => parseBlock(text, piece, depth + 1));
  const children = parts.flatMap((part) => part.root.children);
  const end = children.at(-1)?.end ?? bodyStart;
  const body: Node = { type: "block", start: children[0]?.start ?? bodyStart, end, children };
  return {
    root: { ...nothing.root, children: [withBody(opening, body)] },
    comments: parts.flatMap((part) => part.comments),
    errors: [...parts.flatMap((part) => part.errors), ...strayLines(body, text, 0)],
  };
}

/** The compound statement that `head` begins, with an empty body. */
function parseOpening(text: string, head: Range): Node | undefined {
  const code = text.slice(head.start, head.end);
  const indent = /[ \t]*(?=\S[^\n]*$)/.exec(code)?.[0] ?? "";
  const prefix = indent === "" ? "" : "if 1:\n";
  const parsed = parse(`${prefix}${code} pass\n`, head.start - prefix.length);
  if (parsed.errors.length > 0) return undefined;
  const [only] = parsed.root.children;
  return prefix === "" ? only : only?.children.find((child) => child.type === "block")?.children[0];
}

function withBody(node: Node, body: Node): Node {
  const children = node.children.map((child) =>
    child.type === "block"
      ? body
      : child.type === "function_definition" || child.type === "class_definition"
        ? withBody(child, body)
        : child,
  );
  return { ...node, end: Math.max(body.end, body.start), children };
}

/** The indentation of the first line that holds code. */
function bodyColumn(text: string, start: number, end: number): number | undefined {
  const lines = text.slice(start, end).matchAll(/^[ \t]*(?=[^\s#])/gm);
  for (const line of lines) return indentWidth(text, start + line.index);
  return undefined;
}
