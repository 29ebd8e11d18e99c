/** A revision file while it is typed: as it could last be read, at the places where that stands now. */
import type { Followed } from "../syntax/follow.ts";
import { countKept, moveRange, type Kept } from "../text/kept.ts";
import { overlaps, type Range } from "../text/range.ts";
import { readRevision, syntaxProblems, type ReadOptions } from "./read.ts";
import type { Direction, Identifiers, RevisionFile, Statement } from "./revision.ts";

export interface HalfTyped {
  readonly file: RevisionFile;
  /** What `file` was made of: the reading of the text that could last be read. */
  readonly basis: RevisionFile;
}

/** The basis of an earlier reading with the same options holds on where the same text is the last that could be read. */
export function readHalfTyped(
  path: string,
  { text, readable, kept, errors, stale }: Followed,
  options: ReadOptions,
  earlier?: RevisionFile,
): HalfTyped {
  const basis =
    earlier?.text === readable.text ? earlier : readRevision(path, readable.text, { ...options, source: readable });
  if (stale.length === 0) return { file: basis, basis };
  const moved = moveRanges(withoutLost(basis, kept), kept);
  const syntax = syntaxProblems(errors, text, moved.isRevision).map((problem) =>
    stale.some((block) => overlaps(block, problem.range) || block.end === problem.range.start)
      ? { ...problem, message: lastReadable }
      : problem,
  );
  const others = moved.problems.filter(({ code }) => code !== "syntax");
  return { file: { ...moved, text, problems: [...syntax, ...others], stale }, basis };
}

const lastReadable = "This is not valid Python now; what is said of this block is of when it last was.";

/** Less than half of a place that still stands is another place. */
const stands = (kept: readonly Kept[], place: Range): boolean =>
  place.end <= place.start || 2 * countKept(kept, place) >= place.end - place.start;

function withoutLost(file: RevisionFile, kept: readonly Kept[]): RevisionFile {
  const identifiers = identifiersLeft(file.identifiers, kept);
  const { header, ...rest } = file;
  return {
    ...rest,
    identifiers,
    isRevision: identifiers.revision !== undefined,
    ...(header && stands(kept, header.range) ? { header } : {}),
    comments: file.comments.filter(({ range }) => stands(kept, range)),
    module: file.module.filter(({ range }) => stands(kept, range)),
    upgrades: directionsLeft(file.upgrades, kept),
    downgrades: directionsLeft(file.downgrades, kept),
    problems: file.problems.filter(({ range }) => stands(kept, range)),
  };
}

const identifiersLeft = (identifiers: Identifiers, kept: readonly Kept[]): Identifiers => {
  const left = Object.entries(identifiers as Readonly<Record<string, { readonly statement: Range } | undefined>>);
  return Object.fromEntries(left.filter(([, one]) => one !== undefined && stands(kept, one.statement)));
};

function directionsLeft(directions: readonly Direction[], kept: readonly Kept[]): readonly Direction[] {
  const left = directions
    .filter(({ nameRange }) => nameRange === undefined || stands(kept, nameRange))
    .map((direction) => operationsLeft(direction, kept));
  const [first] = directions;
  return left.length > 0 || !first
    ? left
    : [{ name: first.name, form: "absent", indent: "", statements: [], operations: [] }];
}

function operationsLeft(direction: Direction, kept: readonly Kept[]): Direction {
  const operations = direction.operations.filter(({ nameRange }) => stands(kept, nameRange));
  if (operations.length === direction.operations.length) return direction;
  const places = new Map(operations.map((operation, i) => [operation, i]));
  const renumbered = direction.operations.map((operation) => places.get(operation));
  return { ...direction, operations, statements: renumber(direction.statements, renumbered) };
}

const renumber = (statements: readonly Statement[], places: readonly (number | undefined)[]): readonly Statement[] =>
  statements.map(({ compound, ...statement }) => ({
    ...statement,
    operations: statement.operations.flatMap((index) => places[index] ?? []),
    ...(compound
      ? {
          compound: {
            ...compound,
            blocks: compound.blocks.map((block) => ({ ...block, statements: renumber(block.statements, places) })),
          },
        }
      : {}),
  }));

/** The same value with every range in it moved. In the model whatever has a start and an end is a place in the file. */
function moveRanges<T>(value: T, kept: readonly Kept[]): T {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => moveRanges(item, kept)) as T;
  const moved = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, moveRanges(item, kept)]));
  return (isRange(value) ? { ...moved, ...moveRange(kept, value) } : moved) as T;
}

const isRange = (value: object): value is Range =>
  "start" in value && "end" in value && typeof value.start === "number" && typeof value.end === "number";
