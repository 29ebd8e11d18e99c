/** A revision file, from text to values. */
import type { Dialect } from "../sql/action.ts";
import { cutBlocks } from "../syntax/blocks.ts";
import { interpretModule } from "../syntax/interpret.ts";
import type { Interpreter, Modules, ResolveStar } from "../syntax/interpreter.ts";
import { parseSource, type Source } from "../syntax/source.ts";
import type { Range } from "../text/range.ts";
import { phaseOf, readAttributeSet, readCall, readIteration, readRelationship, roleOf } from "./calls/index.ts";
import { readDirections, type DirectionReading } from "./directions.ts";
import { readHeader } from "./header.ts";
import { readIdentifiers } from "./identifiers.ts";
import { readRemarksToUs } from "./allowing.ts";
import { readModuleItems } from "./module-items.ts";
import type { Readers } from "./recorder.ts";
import type { Direction, Identifiers, ModuleItem, Problem, RevisionFile } from "./revision.ts";

export interface ReadOptions {
  readonly dialect: Dialect;
  /** The project's other modules, whose constants and functions the file may import. */
  readonly modules?: Modules | undefined;
  /** The text as it was parsed already. */
  readonly source?: Source;
}

/** Characters of Python beyond which a file is only asked for its identifiers. */
export const longestRead = 1_000_000;
const longestOpening = 64 * 1024;

/** Reads any text; what it cannot understand is listed in `problems` or opaque. Needs `loadEngine()`. */
export function readRevision(path: string, text: string, { dialect, modules, source }: ReadOptions): RevisionFile {
  const readers = { readCall, readAttributeSet, readRelationship, readIteration, roleOf, phaseOf, dialect };
  return readRevisionWith(path, text, { ...readers, ...(modules ? { modules } : {}) }, source);
}

/** As `readRevision`, with the readers of single calls given. */
export function readRevisionWith(path: string, text: string, readers: Readers, source?: Source): RevisionFile {
  if (text.length > longestRead) return readOpening(path, text, readers, largeness);
  try {
    return readSource(path, text, source ?? parseSource(text), readers, undefined);
  } catch (error) {
    // Such a file costs no more than itself.
    return readOpening(path, text, readers, whyUnread(error));
  }
}

/** Only the identifiers of a file that cannot be read whole, for its place in the history. */
function readOpening(path: string, text: string, readers: Readers, because: Problem["message"]): RevisionFile {
  const opening = openingOf(text);
  try {
    return readSource(path, text, { ...parseSource(opening), errors: [] }, readers, because);
  } catch {
    const assigned = parseSource(identifierLines(opening));
    return readSource(path, text, { ...assigned, errors: [] }, readers, because);
  }
}

/** `because` says why `source` is not the whole text, and upgrade() and downgrade() are not read. */
function readSource(
  path: string,
  text: string,
  source: Source,
  readers: Readers,
  because: Problem["message"] | undefined,
): RevisionFile {
  const vm = interpretModule(source, resolveStar, { path, modules: readers.modules });
  const open = { text, vm, readers, comments: source.comments };
  const identifiers = readIdentifiers(source.statements, vm);
  const upgrades = because === undefined ? readDirections("upgrade", open) : [absent("upgrade")];
  const downgrades = because === undefined ? readDirections("downgrade", open) : [absent("downgrade")];
  const header = readHeader(source.statements[0], text);
  const module = readModuleItems(source);
  const problems = [
    ...syntaxProblems(source.errors, text, identifiers.revision !== undefined),
    ...(because === undefined ? [] : [unanalysed(text, because)]),
    ...missingRevision(identifiers, upgrades, module),
  ];
  return {
    path,
    text,
    isRevision: identifiers.revision !== undefined,
    identifiers,
    ...(header ? { header } : {}),
    comments: readRemarksToUs({ ...source, text }),
    module,
    upgrades: upgrades.map(({ direction }) => direction),
    downgrades: downgrades.map(({ direction }) => direction),
    aliases: aliasesOf(vm),
    problems,
    statements: count([...upgrades, ...downgrades]),
    modules: [...vm.asked],
    newline: text.includes("\r\n") ? "\r\n" : "\n",
  };
}

/** All but the statements that assign an identifier blanked, so that places hold. */
function identifierLines(text: string): string {
  const blocks = cutBlocks(text, { start: 0, end: text.length });
  return blocks
    .map(({ start, end }) => {
      const block = text.slice(start, end);
      return /^(?:down_)?revision\b|^branch_labels\b|^depends_on\b/.test(block) && block.length < longestOpening / 16
        ? block
        : block.replaceAll(/[^\n]/g, " ");
    })
    .join("");
}

/** The first lines, up to the last one that begins in column 0. */
function openingOf(text: string): string {
  const opening = text.slice(0, longestOpening);
  const last = opening.search(/\n(?=[^\s#)\]}])[^\n]*$/);
  return last > 0 ? opening.slice(0, last + 1) : opening;
}

const absent = (name: Direction["name"]): DirectionReading => ({
  direction: { name, form: "absent", indent: "", statements: [], operations: [] },
  places: new Map(),
});

const maximalProblems = 20;

/** One for each place, however many of its parts the parser stumbled over; of a file that is no revision only the first. */
export function syntaxProblems(errors: readonly Range[], text: string, isRevision: boolean): Problem[] {
  const apart: Range[] = [];
  for (const error of errors.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const start = Math.min(error.start, text.length);
    const end = Math.min(Math.max(error.end, start + 1), text.length);
    const last = apart.at(-1);
    if (last && start <= last.end) apart[apart.length - 1] = { start: last.start, end: Math.max(last.end, end) };
    else apart.push({ start, end });
  }
  return apart.slice(0, isRevision ? maximalProblems : 1).map((range) => ({
    code: "syntax",
    message: "This is not valid Python, so it was not analysed.",
    range,
  }));
}

const largeness = `The file is larger than ${String(longestRead / 1_000_000)} MB, so its upgrade() and downgrade() were not analysed.`;

/** The stack is the last limit of all; any other error is a defect, and says so. */
const whyUnread = (error: unknown): string =>
  error instanceof RangeError
    ? "The file is nested too deeply, so its upgrade() and downgrade() were not analysed."
    : `A defect of Retort kept upgrade() and downgrade() from being analysed: ${error instanceof Error ? error.message : String(error)}.`;

function unanalysed(text: string, message: string): Problem {
  const firstLine = text.search(/[\r\n]/);
  return {
    code: "too-large",
    message,
    range: { start: 0, end: Math.min(firstLine < 0 ? text.length : firstLine, longestMark) },
  };
}

const longestMark = 80;

/** A helper module beside the revisions has neither `revision` nor `upgrade()`; a file with only one of them is a mistake. */
function missingRevision(
  identifiers: Identifiers,
  upgrades: readonly DirectionReading[],
  module: readonly ModuleItem[],
): Problem[] {
  const range = upgrades[0]?.direction.nameRange;
  if (identifiers.revision || !range) return [];
  const computed = module.find(({ binds }) => binds.includes("revision"));
  return computed
    ? [
        {
          code: "computed-revision",
          message: "The revision identifier is computed, and only running the file would tell it.",
          range: computed.range,
        },
      ]
    : [
        {
          code: "no-revision",
          message: "This file has upgrade() but no revision identifier, so Alembic does not load it.",
          range,
        },
      ];
}

function count(readings: readonly DirectionReading[]): RevisionFile["statements"] {
  const places = new Map<string, boolean>();
  for (const reading of readings) {
    for (const [place, analysed] of reading.places) places.set(place, (places.get(place) ?? true) && analysed);
  }
  return { total: places.size, analysed: [...places.values()].filter(Boolean).length };
}

function aliasesOf(vm: Interpreter): RevisionFile["aliases"] {
  const nameFor = (path: string): string | undefined =>
    [...vm.module.names].find(([, value]) => value.kind === "reference" && value.path === path)?.[0];
  const op = nameFor("alembic.op");
  const sa = nameFor("sqlalchemy");
  return { ...(op === undefined ? {} : { op }), ...(sa === undefined ? {} : { sa }) };
}

/** Names of `from alembic.op import *` and of SQLAlchemy's modules. */
export const resolveStar: ResolveStar = (name, modules) => {
  const module = modules.find((candidate) => {
    if (candidate === "alembic.op")
      return /^(?:add|alter|batch|bulk|create|drop|execute|get|rename|inline|f|invoke)(?:_|$)/.test(name);
    return (
      candidate.startsWith("sqlalchemy") &&
      /^(?:[A-Z]\w*|text|select|table|column|func|and_|or_|not_|update|insert|delete|inspect)$/.test(name)
    );
  });
  return module === undefined ? undefined : `${module}.${name}`;
};
