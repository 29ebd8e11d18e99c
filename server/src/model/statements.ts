/** The statements of a body and of the blocks in it, as places: what each does is added when the body was run. */
import { namesOf } from "../syntax/names.ts";
import { childOf, textOf, type Node } from "../syntax/node.ts";
import type { Range } from "../text/range.ts";
import { isDocstring } from "./header.ts";
import { divideLines, endOfBlock, endOfLine, indentAt, startOfLine } from "./lines.ts";
import type { Context, Purity, Statement } from "./revision.ts";

/** What running the body has shown of a statement. */
export interface Shown {
  readonly operations: readonly number[];
  readonly purity: Purity;
  /** Names of lists and dictionaries that it changes in place. */
  readonly mutated: readonly string[];
  readonly context?: Context;
  readonly managed?: boolean;
}

export interface Body {
  readonly range: Range;
  readonly indent: string;
  readonly nodes: readonly Node[];
}

/** The body of a function: whole lines, unless it stands on the line of its head. */
export function bodyOfFunction(definition: Node, text: string): Body | undefined {
  const nodes = childOf(definition, "block")?.children ?? [];
  const [first] = nodes;
  const last = nodes.at(-1);
  const head = headOf(definition, text);
  if (!first || !last || !head) return undefined;
  const afterHead = endOfLine(text, head.end);
  const inline = first.start < afterHead;
  const column = indentAt(text, definition.start).length;
  const start = inline ? first.start : afterHead;
  const end = inline ? endOfLine(text, last.end) : endOfBlock(text, last.end, column);
  return { range: { start, end }, indent: inline ? "" : indentAt(text, first.start), nodes };
}

/** From the keyword up to and including the colon. */
export function headOf(node: Node, text: string): Range | undefined {
  const block = childOf(node, "block");
  if (!block) return undefined;
  const before = node.children.filter((child) => child.end <= block.start && child !== block).at(-1);
  let at = before ? before.end : node.start;
  for (; at < block.start; at++) {
    if (text[at] === "#") at = endOfLine(text, at) - 1;
    else if (text[at] === ":") return { start: node.start, end: at + 1 };
  }
  return { start: node.start, end: Math.max(node.start, Math.min(at, block.start)) };
}

export type Show = (node: Node) => Shown;

export function readStatements(nodes: readonly Node[], whole: Range, text: string, show: Show): readonly Statement[] {
  const ends = nodes.map((node) => ({ start: node.start, end: Math.max(node.end, endOfOwnLines(text, node)) }));
  const placed = divideLines(text, whole, ends);
  return nodes.map((node, i): Statement => {
    const { operations, purity, mutated, context, managed } = show(node);
    const { binds, uses } = namesOf(node, text);
    const { lines, shared } = placed[i] ?? { lines: node, shared: true };
    const blocks = blocksOf(node, text).map(({ head, nodes: inside, whole: range }) => ({
      head,
      statements: readStatements(inside, range, text, show),
    }));
    const head = blocks[0]?.head;
    return {
      range: { start: node.start, end: node.end },
      lines: { start: lines.start, end: lines.end },
      shared,
      kind: kindOf(node, i),
      binds: [...new Set([...binds, ...mutated])],
      uses,
      purity,
      operations,
      ...(head && compound.has(node.type)
        ? { compound: { head, blocks, ...(context && { context }), ...(managed !== undefined && { managed }) } }
        : {}),
    };
  });
}

const compound = new Set([
  "if_statement",
  "for_statement",
  "while_statement",
  "with_statement",
  "try_statement",
  "match_statement",
]);
const clauses = new Set(["elif_clause", "else_clause", "except_clause", "finally_clause", "case_clause"]);

interface Block {
  readonly head: Range;
  readonly nodes: readonly Node[];
  readonly whole: Range;
}

function blocksOf(node: Node, text: string): readonly Block[] {
  if (!compound.has(node.type)) return [];
  const holder = node.type === "match_statement" ? (childOf(node, "block") ?? node) : node;
  const parts = [...(holder === node ? [node] : []), ...holder.children.filter((child) => clauses.has(child.type))];
  return parts.flatMap((part): readonly Block[] => {
    const head = headOf(part, text);
    const body = bodyOfFunction(part, text);
    return head && body ? [{ head, nodes: body.nodes, whole: body.range }] : [];
  });
}

/** A comment that is indented as deep as a block belongs to the block, and with it to the statement that holds it. */
function endOfOwnLines(text: string, node: Node): number {
  if (!compound.has(node.type) && node.type !== "function_definition" && node.type !== "class_definition")
    return node.end;
  const end = endOfBlock(text, node.end, indentAt(text, node.start).length);
  return end === endOfLine(text, node.end) ? node.end : startOfLine(text, end - 1);
}

function kindOf(node: Node, index: number): Statement["kind"] {
  switch (node.type) {
    case "expression_statement":
      if (index === 0 && isDocstring(node)) return "docstring";
      return ["assignment", "augmented_assignment"].includes(node.children[0]?.type ?? "")
        ? "assignment"
        : "expression";
    case "decorated_definition":
      return node.children.at(-1)?.type === "class_definition" ? "class" : "def";
    default:
      return kinds[node.type] ?? "other";
  }
}

const kinds: Readonly<Record<string, Statement["kind"]>> = {
  if_statement: "if",
  for_statement: "for",
  while_statement: "while",
  with_statement: "with",
  try_statement: "try",
  return_statement: "return",
  raise_statement: "raise",
  pass_statement: "pass",
  import_statement: "import",
  import_from_statement: "import",
  function_definition: "def",
  class_definition: "class",
};

export const isEllipsis = (node: Node, text: string): boolean =>
  node.type === "expression_statement" && textOf(text, node) === "...";
