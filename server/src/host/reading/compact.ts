/**
 * A reading as bytes, which go from thread to thread and to the disk at little cost, and the reading again. All of it is
 * thousands of small objects; most files are only asked for their place in the history.
 */
import type { RevisionFile } from "../../model/revision.ts";

/** The parts that fill memory. Whatever else a reading has is small, and the history asks each file for it. */
const wholeNames = ["upgrades", "downgrades", "module"] as const;
type Whole = Pick<RevisionFile, (typeof wholeNames)[number]>;
type Small = Omit<RevisionFile, keyof Whole | "text">;

/** `small`, `extra` and `whole`, one behind the other, each as JSON. */
export interface Compact {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly small: number;
  /** What was made of it beside; 0 where there is nothing. */
  readonly extra: number;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function compact(file: RevisionFile, extra?: unknown): Compact {
  const { text: _text, upgrades, downgrades, module, ...rest } = file;
  const small = encoder.encode(JSON.stringify(rest satisfies Small));
  const beside = encoder.encode(extra === undefined ? "" : JSON.stringify(extra));
  const whole = encoder.encode(JSON.stringify({ upgrades, downgrades, module } satisfies Whole));
  return {
    path: file.path,
    bytes: joined([small, beside, whole]),
    small: small.length,
    extra: beside.length,
  };
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

export function withoutExtra({ bytes, extra, ...rest }: Compact): Compact {
  if (extra === 0) return { ...rest, bytes, extra };
  const { small } = rest;
  return { ...rest, bytes: joined([bytes.subarray(0, small), bytes.subarray(small + extra)]), extra: 0 };
}

const parse = (bytes: Uint8Array, start: number, end?: number): unknown =>
  JSON.parse(decoder.decode(bytes.subarray(start, end)));

/** What was kept beside the reading; undefined where there is nothing. */
export const extraOf = ({ bytes, small, extra }: Compact): unknown =>
  extra === 0 ? undefined : parse(bytes, small, small + extra);

interface Source {
  readonly compact: Compact;
  /** Given up where memory is short and nobody holds a part of it. */
  made?: WeakRef<Whole>;
}

const sources = new WeakMap<object, Source>();
/** A direction that somebody holds keeps the rest alive, so that it stays one of its file's. */
const owners = new WeakMap<object, Whole>();

function wholeOf(file: object): Whole | undefined {
  const source = sources.get(file);
  if (source === undefined) return undefined;
  const known = source.made?.deref();
  if (known) return known;
  const { bytes, small, extra } = source.compact;
  const whole = parse(bytes, small + extra) as Whole;
  for (const direction of [...whole.upgrades, ...whole.downgrades]) owners.set(direction, whole);
  source.made = new WeakRef(whole);
  return whole;
}

/** Of all restored files the same, so that a file costs no more than its values. */
const lazily = Object.fromEntries(
  wholeNames.map((name): [string, PropertyDescriptor] => [
    name,
    {
      enumerable: true,
      configurable: true,
      get(this: object) {
        return wholeOf(this)?.[name];
      },
    },
  ]),
);

/** The file again. Its larger parts are made when one of them is asked for. */
export function restore(from: Compact, text: string): RevisionFile {
  const small = parse(from.bytes, 0, from.small) as Small;
  const file = Object.defineProperties({ ...small, text }, lazily);
  sources.set(file, { compact: from });
  return file as RevisionFile;
}
