/** Python text as statements. Any text gives an answer: what cannot be parsed is an `ERROR` node and listed. */
import type { Range } from "../text/range.ts";
import { endOfBlock, newPatience } from "./blocks.ts";
import { overlookedErrors, refuseReturns, strayLines } from "./leniency.ts";
import { type Converted, convertTree, type Node } from "./node.ts";
import { parsePython, type Tree } from "./parser.ts";
import { readInPieces } from "./pieces.ts";
import { readPlain } from "./plain/index.ts";

export interface Source {
  readonly text: string;
  /** The statements of the module, in order. */
  readonly statements: readonly Node[];
  /** Every comment of the file, in order. */
  readonly comments: readonly Range[];
  readonly errors: readonly Range[];
}

export function parseSource(text: string): Source {
  const plain = readPlain(text);
  return plain ? { text, ...plain, errors: [] } : parseByGrammar(text);
}

/** As `parseSource`, by the grammar alone. */
export function parseByGrammar(text: string): Source {
  const tree = parseIf(text, 0, ({ rootNode }) => !rootNode.hasError);
  const whole = tree && withoutReturns(tree);
  if (whole?.errors.length === 0) return toSource(text, [whole]);
  return parseRegions(text, [{ start: 0, end: text.length }]);
}

/** Parses parts of the text, in order, each as if there were nothing else. */
export const parseRegions = (text: string, regions: readonly Range[]): Source =>
  toSource(
    text,
    regions.flatMap((region) => readBlocks(text, region)).map(({ parsed }) => parsed),
  );

const toSource = (text: string, parts: readonly Converted[]): Source => ({
  text,
  statements: parts.flatMap((part) => part.root.children),
  comments: parts.flatMap((part) => part.comments),
  errors: parts.flatMap((part) => part.errors),
});

export interface Block extends Range {
  readonly parsed: Converted;
}

/**
 * The blocks of a region, each parsed alone. A string that holds what looks like code is believed where its block parses,
 * and the next one: else it may be one that began too early, or ended too late.
 */
export function readBlocks(text: string, { start: first, end }: Range): readonly Block[] {
  const blocks: Block[] = [];
  const patience = newPatience();
  let broken = 0;
  const next = (start: number): Block =>
    readBlock(text, { start, end: endOfBlock(text, { start, end }, { patience }) });
  for (let start = first; start < end;) {
    let block = next(start);
    const doubted =
      patience.left <= 0 ? block.end : endOfBlock(text, { start, end: block.end }, { patience, distrust: true });
    if (doubted < block.end) {
      patience.left--;
      if (isBroken(block) || (block.end < end && isBroken(next(block.end))))
        block = readBlock(text, { start, end: doubted });
    }
    blocks.push(block);
    start = block.end;
    if (isBroken(block) && ++broken > maximalBroken && start < end) {
      const rest = { start, end };
      return [...blocks, { ...rest, parsed: withoutReturns(parseBlock(text, rest, maximalDepth + 1)) }];
    }
  }
  return blocks;
}

/** What has more broken blocks is no file that somebody types in; the rest of it is parsed at one go. */
const maximalBroken = 500;

const isBroken = ({ parsed }: Block): boolean => parsed.errors.length > 0;

/** At this level no line may be indented. */
function readBlock(text: string, block: Range): Block {
  const parsed = withoutReturns(parseBlock(text, block, 0));
  const strays = parsed.root.type === "block" ? strayLines({ ...parsed.root, type: "module" }, text, 0) : [];
  return { ...block, parsed: { ...parsed, errors: [...parsed.errors, ...strays] } };
}

function withoutReturns(parsed: Converted): Converted {
  const errors = [...parsed.errors];
  const children = refuseReturns(parsed.root.children, errors);
  return errors.length === parsed.errors.length ? parsed : { ...parsed, root: { ...parsed.root, children }, errors };
}

const nothing: Converted = { root: { type: "module", start: 0, end: 0, children: [] }, comments: [], errors: [] };

function parse(text: string, offset: number): Converted {
  return parseIf(text, offset, () => true) ?? nothing;
}

/** Undefined where the tree is not worth to be converted. */
function parseIf(text: string, offset: number, isWanted: (tree: Tree) => boolean): Converted | undefined {
  const tree = parsePython(text);
  if (!tree) return undefined;
  try {
    if (!isWanted(tree)) return undefined;
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
