/**
 * Blocks that do not parse whole, read in pieces: the heads of a compound statement, and each statement of its bodies
 * alone. What is broken is an `ERROR` node; the statements around it are read as ever.
 */
import type { Range } from "../text/range.ts";
import { cutBlocks, indentWidth, logicalLine } from "./blocks.ts";
import { strayLines } from "./leniency.ts";
import type { Converted, Node } from "./node.ts";

export interface Reading {
  /** Parses code, the first character of which stands at `offset` of the file. */
  readonly parse: (code: string, offset: number) => Converted;
  /** Reads a statement of a body, as well as it can be read. */
  readonly readPiece: (piece: Range) => Converted;
}

/** The head of a statement, or of one of its later clauses. */
interface Clause {
  /** Its block is no part of the file. */
  readonly node: Node;
  readonly body: Range;
  readonly errors: readonly Range[];
}

const compound = /(?:async[ \t]+)?(?:def|class|with|for|while|if|try)\b/y;
const named = /(?:async[ \t]+)?(def|class)[ \t]+(\w+)/y;
const clause = /(?:else|elif|except|finally)\b/y;

/** Undefined where the block is no compound statement, or one whose head cannot be read. */
export function readInPieces(text: string, block: Range, reading: Reading): Converted | undefined {
  const start = startOfCode(text, block);
  const column = indentWidth(text, text.lastIndexOf("\n", start - 1) + 1);
  const [first = block, ...others] = cutBlocks(text, { start, end: block.end }, { column, clauses: true });
  const head = readHead(text, first, reading);
  if (!head) return undefined;
  const read = [head, ...others.map((range) => readClause(text, range, head.node, reading))].map((part) =>
    readBody(text, part, reading),
  );
  const [whole, ...rest] = read.map(({ node }) => node);
  if (!whole) return undefined;
  const end = Math.max(whole.end, ...rest.map((node) => node.end));
  const statement: Node = { ...whole, end, children: [...whole.children, ...rest] };
  return {
    root: { type: "module", start: block.start, end, children: [statement] },
    comments: [
      ...reading.parse(text.slice(block.start, start), block.start).comments,
      ...read.flatMap(({ comments }) => comments),
    ],
    errors: read.flatMap(({ errors }) => errors),
  };
}

function readBody(text: string, { node, body, errors }: Clause, { readPiece }: Reading) {
  const column = bodyColumn(text, body);
  const pieces = (column === undefined ? [body] : cutBlocks(text, body, { column })).map(readPiece);
  const children = pieces.flatMap((piece) => piece.root.children);
  const [first] = children;
  const end = children.at(-1)?.end ?? body.start;
  const block: Node = { type: "block", start: first?.start ?? body.start, end, children };
  return {
    node: node.type === "ERROR" ? node : withBody(node, block),
    comments: pieces.flatMap(({ comments }) => comments),
    errors: [
      ...errors,
      ...(first ? [] : [{ start: node.start, end: body.start }]),
      ...pieces.flatMap((piece) => piece.errors),
      ...strayLines(block, text, 0),
    ],
  };
}

/** The first statement's keyword, or the decorators above it. */
function startOfCode(text: string, { start, end }: Range): number {
  const blank = /(?:[ \t\f]*(?:#[^\r\n]*)?(?:\r\n|\r|\n))*[ \t\f]*/y;
  blank.lastIndex = start;
  return Math.min(end, start + (blank.exec(text)?.[0].length ?? 0));
}

/** A head as it stands; where it lacks its colon, with one; and of a definition at least its name. */
function readHead(text: string, { start, end }: Range, { parse }: Reading): Clause | undefined {
  const keyword = skipDecorators(text, { start, end });
  if (matchAt(compound, text, keyword) === undefined) return undefined;
  const isTry = text.startsWith("try", keyword);
  for (const line of linesOfHead(text, { start: keyword, end })) {
    const code = text.slice(start, line.end);
    const parsed = parse(`${code}${code.endsWith(":") ? "" : ":"} pass\n${isTry ? "finally: pass\n" : ""}`, start);
    const [only, ...more] = parsed.root.children;
    if (parsed.errors.length > 0 || !only || more.length > 0) continue;
    const children = isTry ? only.children.filter(({ type }) => type === "block") : only.children;
    const errors = code.endsWith(":") ? [] : [{ start, end: line.end }];
    return { node: { ...only, children }, body: { start: line.next, end }, errors };
  }
  return readName(text, { start: keyword, end });
}

/** Of `def upgrade( -> None` what matters. */
function readName(text: string, { start, end }: Range): Clause | undefined {
  const match = matchAt(named, text, start);
  const line = linesOfHead(text, { start, end }).at(-1);
  if (!match || !line) return undefined;
  const name = { start: start + match[0].length - (match[2]?.length ?? 0), end: start + match[0].length };
  const nothing = { start: line.end, end: line.end, children: [] };
  const children: Node[] = [
    { type: "identifier", ...name, children: [] },
    ...(match[1] === "def" ? [{ type: "parameters", ...nothing }] : []),
    { type: "block", ...nothing },
  ];
  const type = match[1] === "def" ? "function_definition" : "class_definition";
  return {
    node: { type, start, end: line.end, children },
    body: { start: line.next, end },
    errors: [{ start, end: line.end }],
  };
}

/** A statement of each kind that such a clause may follow. */
const scaffolds: Readonly<Record<string, string>> = {
  if_statement: "if x: pass\n",
  for_statement: "for x in x: pass\n",
  while_statement: "while x: pass\n",
  try_statement: "try: pass\n",
};

/** What does not parse is left out with its body: nobody knows under what that would run. */
function readClause(text: string, range: Range, { type }: Node, { parse }: Reading): Clause {
  const start = startOfCode(text, range);
  const isElse = text.startsWith("else", start);
  const scaffold = `${scaffolds[type] ?? ""}${isElse && type === "try_statement" ? "except: pass\n" : ""}`;
  for (const line of matchAt(clause, text, start) === undefined ? [] : linesOfHead(text, { start, end: range.end })) {
    const code = text.slice(start, line.end);
    const parsed = parse(`${scaffold}${code}${code.endsWith(":") ? "" : ":"} pass\n`, start - scaffold.length);
    const node = parsed.root.children[0]?.children.at(-1);
    if (parsed.errors.length > 0 || parsed.root.children.length !== 1 || !node?.type.endsWith("_clause")) continue;
    const errors = code.endsWith(":") ? [] : [{ start, end: line.end }];
    return { node, body: { start: line.next, end: range.end }, errors };
  }
  const lost = { start, end: Math.max(start, range.end) };
  return {
    node: { type: "ERROR", ...lost, children: [] },
    body: { start: lost.end, end: lost.end },
    errors: [lost],
  };
}

/** How far a head goes: to the end of its line, brackets and strings respected; else of the line that it begins on. */
function linesOfHead(text: string, { start, end }: Range) {
  const lineBreak = /[\r\n]/g;
  lineBreak.lastIndex = start;
  const physical = Math.min(end, lineBreak.exec(text)?.index ?? end);
  const afterBreak = /(?:\r\n|\r|\n)?/y;
  return [end, physical].map((limit) => {
    const line = logicalLine(text, start, limit);
    afterBreak.lastIndex = line.lineBreak ?? limit;
    return { end: line.end, next: Math.min(end, afterBreak.lastIndex + (afterBreak.exec(text)?.[0].length ?? 0)) };
  });
}

function skipDecorators(text: string, { start, end }: Range): number {
  let at = start;
  while (text.charAt(at) === "@") {
    const { lineBreak } = logicalLine(text, at, end);
    if (lineBreak === undefined) break;
    at = startOfCode(text, { start: lineBreak, end });
  }
  return at;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
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
function bodyColumn(text: string, body: Range): number | undefined {
  const code = startOfCode(text, body);
  return code >= body.end ? undefined : indentWidth(text, text.lastIndexOf("\n", code - 1) + 1);
}
