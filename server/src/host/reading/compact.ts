/**
 * A reading as bytes, which go from thread to thread and to the disk at little cost, and the reading again. All of it is
 * thousands of small objects; most files are only asked for their place in the history, and of most others for one part.
 */
import type { RevisionFile } from "../../model/revision.ts";

/** The parts that fill memory, each made by itself. Whatever else a reading has is small, and the history asks each file for it. */
const largeNames = ["upgrades", "downgrades", "module"] as const;
type LargeName = (typeof largeNames)[number];
type Small = Omit<RevisionFile, LargeName | "text" | "upgradesOnce">;

/** Values as JSON, one behind the other: the small parts, what was made beside the reading, and the large parts in their order. */
export interface Compact {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Of each value, in bytes; 0 of what is not there. */
  readonly lengths: readonly number[];
}

const extraAt = 1;
const largeAt = 2;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function compact(file: RevisionFile, extra?: unknown): Compact {
  const { text: _text, upgrades, downgrades, module, upgradesOnce: _once, ...small } = file;
  const values = [small satisfies Small, extra, upgrades, downgrades, module];
  const parts = values.map((value) => encoder.encode(value === undefined ? "" : JSON.stringify(value)));
  return { path: file.path, bytes: joined(parts), lengths: parts.map(({ length }) => length) };
}

/** Of its own memory, which may be handed over to another thread. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function bytesOf({ bytes, lengths }: Compact, index: number): Uint8Array {
  let start = 0;
  for (let i = 0; i < index; i++) start += lengths[i] ?? 0;
  return bytes.subarray(start, start + (lengths[index] ?? 0));
}

export function withoutExtra(whole: Compact): Compact {
  if (whole.lengths[extraAt] === 0) return whole;
  const parts = whole.lengths.map((_, index) => (index === extraAt ? new Uint8Array() : bytesOf(whole, index)));
  return { ...whole, bytes: joined(parts), lengths: parts.map(({ length }) => length) };
}

function valueAt(whole: Compact, index: number): unknown {
  const bytes = bytesOf(whole, index);
  return bytes.length === 0 ? undefined : JSON.parse(decoder.decode(bytes));
}

/** What was made beside the reading; undefined where there is nothing. */
export const extraOf = (whole: Compact): unknown => valueAt(whole, extraAt);

interface Source {
  readonly compact: Compact;
  /** Each given up where memory is short and nobody holds a part of it. */
  readonly made: WeakRef<object>[];
}

const sources = new WeakMap<object, Source>();
/** A direction that somebody holds keeps the list that it is in alive, so that it stays one of its file's. */
const lists = new WeakMap<object, object>();

function largePart(file: object, index: number): unknown {
  const source = sources.get(file);
  if (source === undefined) return undefined;
  const known = source.made[index]?.deref();
  if (known) return known;
  const made = valueAt(source.compact, largeAt + index) as readonly object[];
  for (const one of made) lists.set(one, made);
  source.made[index] = new WeakRef(made);
  return made;
}

/** Of all restored files the same, so that a file costs no more than its values. */
const lazily: PropertyDescriptorMap = {
  upgradesOnce: {
    value(this: object) {
      const source = sources.get(this);
      return source && valueAt(source.compact, largeAt);
    },
  },
};
for (const [index, name] of largeNames.entries())
  lazily[name] = {
    enumerable: true,
    configurable: true,
    get(this: object) {
      return largePart(this, index);
    },
  };

/** The file again. Its large parts are made when one is asked for. */
export function restore(from: Compact, text: string): RevisionFile {
  const small = valueAt(from, 0) as Small;
  const file = Object.defineProperties({ ...small, text }, lazily);
  sources.set(file, { compact: from, made: [] });
  return file as RevisionFile;
}
