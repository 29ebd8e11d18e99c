/** A revision file, from text to values. */
import type { Dialect } from "../sql/action.ts";
import { interpretModule } from "../syntax/interpret.ts";
import type { Interpreter, ResolveStar } from "../syntax/interpreter.ts";
import { parseSource, type Source } from "../syntax/source.ts";
import { phaseOf, readAttributeSet, readCall, readIteration, roleOf } from "./calls/index.ts";
import { readDirections, type DirectionReading } from "./directions.ts";
import { readHeader } from "./header.ts";
import { readIdentifiers } from "./identifiers.ts";
import { readModuleItems } from "./module-items.ts";
import type { Readers } from "./recorder.ts";
import type { Direction, Identifiers, Problem, RevisionFile } from "./revision.ts";

export interface ReadOptions {
  readonly dialect: Dialect;
}

/** Characters of Python beyond which a file is only asked for its identifiers. */
export const longestRead = 1_000_000;
const longestOpening = 64 * 1024;

/** Reads any text; what it cannot understand is listed in `problems` or opaque. Needs `loadEngine()`. */
export function readRevision(path: string, text: string, { dialect }: ReadOptions): RevisionFile {
  return readRevisionWith(path, text, { readCall, readAttributeSet, readIteration, roleOf, phaseOf, dialect });
}

/** As `readRevision`, with the readers of single calls given. */
export function readRevisionWith(path: string, text: string, readers: Readers): RevisionFile {
  const tooLarge = text.length > longestRead;
  const source = parseSource(tooLarge ? openingOf(text) : text);
  const vm = interpretModule(source, resolveStar);
  const identifiers = readIdentifiers(source.statements, vm);
  const upgrades = tooLarge ? [absent("upgrade")] : readDirections("upgrade", vm, readers);
  const downgrades = tooLarge ? [absent("downgrade")] : readDirections("downgrade", vm, readers);
  const header = readHeader(source.statements[0], text);
  const problems = [
    ...problemsOf(source),
    ...(tooLarge ? [largeness(text)] : []),
    ...missingRevision(identifiers, upgrades),
  ];
  return {
    path,
    text,
    isRevision: identifiers.revision !== undefined,
    identifiers,
    ...(header ? { header } : {}),
    comments: source.comments
      .map((range) => ({ range, text: text.slice(range.start, range.end) }))
      .filter((comment) => comment.text.includes("retort:")),
    module: readModuleItems(source),
    upgrades: upgrades.map(({ direction }) => direction),
    downgrades: downgrades.map(({ direction }) => direction),
    aliases: aliasesOf(vm),
    problems,
    statements: count([...upgrades, ...downgrades]),
    newline: text.includes("\r\n") ? "\r\n" : "\n",
  };
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

const problemsOf = ({ errors, text }: Source): Problem[] =>
  errors.slice(0, maximalProblems).map(({ start, end }) => ({
    code: "syntax",
    message: "This is not valid Python, so it was not analysed.",
    range: { start, end: Math.min(Math.max(end, start + (start < text.length ? 1 : 0)), text.length) },
  }));

const largeness = (text: string): Problem => ({
  code: "too-large",
  message: `The file is larger than ${String(longestRead / 1_000_000)} MB, so its upgrade() and downgrade() were not analysed.`,
  range: { start: 0, end: text.indexOf("\n") < 0 ? Math.min(text.length, 80) : text.indexOf("\n") },
});

/** A helper module beside the revisions has neither `revision` nor `upgrade()`; a file with only one of them is a mistake. */
function missingRevision(identifiers: Identifiers, upgrades: readonly DirectionReading[]): Problem[] {
  const upgrade = upgrades[0]?.direction;
  if (identifiers.revision || !upgrade?.nameRange) return [];
  return [
    {
      code: "no-revision",
      message: "This file has upgrade() but no revision identifier, so Alembic does not load it.",
      range: upgrade.nameRange,
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
const resolveStar: ResolveStar = (name, modules) => {
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
