/**
 * A text that is being typed. While one of its blocks is no Python, the block stands for what it last was; all other
 * blocks are what they are now.
 */
import { countKept, findSplice, joinKept, keepThrough, type Kept, type Splice } from "../text/kept.ts";
import { range, type Range } from "../text/range.ts";
import { cutBlocks } from "./blocks.ts";
import { parseRegions, parseSource, readBlocks, type Source } from "./source.ts";

export interface Followed {
  readonly text: string;
  /** The text as it could last be read, block by block. */
  readonly readable: Source;
  /** The parts of `readable.text` that stand in `text`. */
  readonly kept: readonly Kept[];
  /** What is no Python, in `text`. */
  readonly errors: readonly Range[];
  /** Blocks of `text` that stand for what they last were, in `text`. */
  readonly stale: readonly Range[];
  /** The blocks of a text that is not all Python. */
  readonly blocks?: readonly Block[];
}

/** A block, or several that cannot be told apart while they are broken. Places count from its beginning. */
interface Block {
  readonly length: number;
  /** What it last was; for a block that never was Python, what it is. */
  readonly readable: string;
  readonly kept: readonly Kept[];
  readonly errors: readonly Range[];
  /** It is no Python and stands for what it last was. */
  readonly stale: boolean;
  /** Edits since it last was Python. */
  readonly edits: number;
}

/** An old reading is given up after so many edits of its block, */
const maximalEdits = 500;
/** and when less than this of it is left, or less than this of what stands there now is of it. */
const leastKept = 0.5;

/** `earlier` is what the same text was before the last edit. */
export function follow(text: string, earlier?: Followed): Followed {
  const source = parseSource(text);
  if (source.errors.length === 0)
    return { text, readable: source, kept: [{ from: 0, to: 0, length: text.length }], errors: [], stale: [] };
  const blocks = earlier
    ? recut(text, earlier.blocks ?? goodBlocks(earlier.text), findSplice(earlier.text, text))
    : cutAnew(text, range(0, text.length));
  return assemble(text, blocks, earlier);
}

const goodBlocks = (text: string): readonly Block[] =>
  cutBlocks(text, range(0, text.length)).map(({ start, end }) => freshBlock(text.slice(start, end), []));

const freshBlock = (text: string, errors: readonly Range[]): Block => ({
  length: text.length,
  readable: text,
  kept: [{ from: 0, to: 0, length: text.length }],
  errors,
  stale: false,
  edits: 0,
});

const cutAnew = (text: string, region: Range): readonly Block[] =>
  readBlocks(text, region).map(({ start, end, parsed }) =>
    freshBlock(
      text.slice(start, end),
      parsed.errors.map((error) => shifted(error, -start)),
    ),
  );

const shifted = ({ start, end }: Range, by: number): Range => range(start + by, end + by);

/** The blocks before and after the edit stay; those that it touches are cut anew, among themselves. */
function recut(text: string, blocks: readonly Block[], splice: Splice): readonly Block[] {
  const starts = startsOf(blocks);
  const end = splice.at + splice.removed;
  const isTouched = blocks.map(({ length }, i) => {
    const start = starts[i] ?? 0;
    return start <= end && splice.at <= start + length;
  });
  const first = isTouched.indexOf(true);
  const last = isTouched.lastIndexOf(true);
  if (first < 0) return cutAnew(text, range(0, text.length));
  const touched = blocks.slice(first, last + 1);
  const start = starts[first] ?? 0;
  const region = range(start, start + lengthOf(touched) + splice.inserted - splice.removed);
  const local = { ...splice, at: splice.at - start };
  return [...blocks.slice(0, first), ...align(touched, cutAnew(text, region), local), ...blocks.slice(last + 1)];
}

const startsOf = (blocks: readonly Block[]): readonly number[] => {
  const starts: number[] = [];
  let at = 0;
  for (const { length } of blocks) {
    starts.push(at);
    at += length;
  }
  return [...starts, at];
};

const lengthOf = (blocks: readonly Block[]): number => blocks.reduce((total, { length }) => total + length, 0);

/**
 * Between two places where old and new blocks begin together, the old ones became the new ones. Both cover the same
 * part of the text, which begins at 0 here.
 */
function align(old: readonly Block[], now: readonly Block[], splice: Splice): readonly Block[] {
  const meetings = meetingsOf(startsOf(old), startsOf(now), splice);
  const starts = startsOf(old);
  return meetings.slice(1).flatMap(([oldEnd, newEnd], i) => {
    const [oldStart, newStart] = meetings[i] ?? [0, 0];
    const local = { ...splice, at: splice.at - (starts[oldStart] ?? 0) };
    return become(old.slice(oldStart, oldEnd), now.slice(newStart, newEnd), local);
  });
}

/** A place before the edit is where it was, one behind it has moved along. Indexes into both; first and last meet always. */
function meetingsOf(old: readonly number[], now: readonly number[], { at, removed, inserted }: Splice) {
  const meetings: (readonly [number, number])[] = [[0, 0]];
  for (const [j, place] of now.entries()) {
    if (j === 0 || j === now.length - 1) continue;
    for (const [i, start] of old.entries()) {
      const before = start <= at && start === place;
      const behind = start >= at + removed && start === place - inserted + removed;
      if (i > 0 && i < old.length - 1 && (before || behind)) meetings.push([i, j]);
    }
  }
  meetings.push([old.length - 1, now.length - 1]);
  return meetings;
}

/** What the new blocks stand for. The edit is counted from the beginning of the old ones. */
function become(old: readonly Block[], now: readonly Block[], splice: Splice): readonly Block[] {
  const isBroken = now.some(({ errors }) => errors.length > 0);
  const wasReadable = old.some(({ stale, errors }) => stale || errors.length === 0);
  if (!isBroken || !wasReadable) return now;
  const [before, after] = [joinBlocks(old), joinBlocks(now)];
  const isElsewhere = splice.inserted !== splice.removed && before.length === after.length;
  const kept = isElsewhere ? before.kept : keepThrough(before.kept, splice);
  const edits = Math.max(...old.map((one) => one.edits)) + (isElsewhere ? 0 : 1);
  const { readable } = before;
  const left = countKept(kept, range(0, readable.length));
  if (edits > maximalEdits || left < leastKept * Math.max(readable.length, after.length)) return now;
  return [{ length: after.length, readable, kept, errors: after.errors, stale: true, edits }];
}

function joinBlocks(blocks: readonly Block[]): Pick<Block, "length" | "readable" | "kept" | "errors"> {
  const kept: Kept[] = [];
  const errors: Range[] = [];
  let [from, to] = [0, 0];
  for (const block of blocks) {
    kept.push(...block.kept.map((one) => ({ from: one.from + from, to: one.to + to, length: one.length })));
    errors.push(...block.errors.map((error) => shifted(error, to)));
    from += block.readable.length;
    to += block.length;
  }
  return { length: to, readable: blocks.map(({ readable }) => readable).join(""), kept: joinKept(kept), errors };
}

function assemble(text: string, blocks: readonly Block[], earlier: Followed | undefined): Followed {
  const { readable, kept, errors } = joinBlocks(blocks);
  const starts = startsOf(blocks);
  const stale = blocks.flatMap((block, i) => (block.stale ? [shifted(range(0, block.length), starts[i] ?? 0)] : []));
  return {
    text,
    readable: earlier?.readable.text === readable ? earlier.readable : parseReadable(readable, blocks),
    kept,
    errors,
    stale,
    blocks,
  };
}

/** Each block by itself, so that one which never was Python does not reach into the next. */
function parseReadable(text: string, blocks: readonly Block[]): Source {
  let at = 0;
  return parseRegions(
    text,
    blocks.map(({ readable }) => {
      at += readable.length;
      return range(at - readable.length, at);
    }),
  );
}
