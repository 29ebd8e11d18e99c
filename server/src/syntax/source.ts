/** Python text as statements. Any text gives an answer: what cannot be parsed is an `ERROR` node and listed. */
import type { Range } from "../text/range.ts";
import { endOfBlock, newPatience } from "./blocks.ts";
import { overlookedErrors, refuseReturns } from "./leniency.ts";
import { type Converted, convertTree, type Node } from "./node.ts";
import { parsePython } from "./parser.ts";
import { readInPieces } from "./pieces.ts";

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
  return toSource(text, whole.errors.length === 0 ? [whole] : parseBlocks(text).map(({ parsed }) => parsed));
}

function toSource(text: string, parts: readonly Converted[]): Source {
  const errors = parts.flatMap((part) => part.errors);
  const statements = refuseReturns(
    parts.flatMap((part) => part.root.children),
    errors,
  );
  return { text, statements, comments: parts.flatMap((part) => part.comments), errors };
}

interface Block extends Range {
  readonly parsed: Converted;
}

/** Strings that hold what looks like code are believed where their block parses. */
function parseBlocks(text: string): readonly Block[] {
  const blocks: Block[] = [];
  const patience = newPatience();
  for (let start = 0; start < text.length;) {
    const rest = { start, end: text.length };
    const trusted = parsed(text, { start, end: endOfBlock(text, rest, { patience }) });
    const doubted =
      trusted.parsed.errors.length === 0 || patience.left <= 0
        ? trusted.end
        : endOfBlock(text, { start, end: trusted.end }, { patience, distrust: true });
    if (doubted < trusted.end) patience.left--;
    const block = doubted < trusted.end ? parsed(text, { start, end: doubted }) : trusted;
    blocks.push(block);
    start = block.end;
  }
  return blocks;
}

const parsed = (text: string, block: Range): Block => ({ ...block, parsed: parseBlock(text, block, 0) });

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

const maximalDepth = 8;

/** One block; where it does not parse whole, its head and each statement of its body alone. */
function parseBlock(text: string, block: Range, depth: number): Converted {
  const whole = parseIndented(text, block);
  if (whole.errors.length === 0 || depth > maximalDepth) return whole;
  return readInPieces(text, block, { parse, readPiece: (piece) => parseBlock(text, piece, depth + 1) }) ?? whole;
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
