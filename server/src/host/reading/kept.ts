/**
 * The readings of a project, kept from one run to the next file by file: after a change only the file that changed is read.
 * They hold for the same text, as long as what was asked of the project's other modules has the same answers.
 */
import { hash } from "node:crypto";
import type { FileSource } from "../../project/ports.ts";
import type { ProjectConfig } from "../../project/snapshot.ts";
import type { KeptBytes } from "../kept-files.ts";
import { answerOf, type Testimony } from "../recall.ts";
import { withoutExtra, type Compact } from "./compact.ts";

interface Entry extends Omit<Compact, "bytes"> {
  readonly digest: string;
  readonly length: number;
}

interface Head {
  readonly testimony: Testimony;
  /** What the extras were made for. */
  readonly purpose: string;
  readonly entries: readonly Entry[];
}

export interface KeptReading {
  /** Of the text. */
  readonly digest: string;
  readonly reading: Compact;
}

export interface KeptReadings {
  readonly byPath: ReadonlyMap<string, KeptReading>;
  /** What was asked of the disk for them, beside their own texts. */
  readonly testimony: Testimony;
}

const none: KeptReadings = { byPath: new Map(), testimony: [] };

export const digestOfText = (text: string): string => hash("sha1", text, "base64");

/** A reading depends on the dialect; all else that a config says counts for the extras only. */
const nameOf = ({ root, section, dialect, versionLocations }: ProjectConfig): string =>
  JSON.stringify(["readings", root, section, dialect, versionLocations]);

/** Before the head: its length. */
const lengthBytes = 4;

/** Nothing where an answer is not what it was. `purpose`: what the extras are wanted for. */
export async function readKept(
  kept: KeptBytes,
  config: ProjectConfig,
  purpose: string,
  files: FileSource,
): Promise<KeptReadings> {
  const all = kept.readBytes(nameOf(config));
  if (all === undefined) return none;
  const start = lengthBytes + all.readUInt32LE(0);
  const head = JSON.parse(all.toString("utf8", lengthBytes, start)) as Head;
  for (const { question, answer } of head.testimony) if ((await answerOf(question, files)) !== answer) return none;
  const byPath = new Map<string, KeptReading>();
  let at = start;
  for (const { digest, length, ...entry } of head.entries) {
    const reading = { ...entry, bytes: all.subarray(at, at + length) };
    byPath.set(entry.path, { digest, reading: head.purpose === purpose ? reading : withoutExtra(reading) });
    at += length;
  }
  return { byPath, testimony: head.testimony };
}

export function writeKept(
  kept: KeptBytes,
  config: ProjectConfig,
  purpose: string,
  { byPath, testimony }: KeptReadings,
): void {
  const readings = [...byPath.values()];
  const entries = readings.map(({ digest, reading: { bytes, ...entry } }): Entry => {
    return { ...entry, digest, length: bytes.length };
  });
  const head = Buffer.from(JSON.stringify({ testimony, purpose, entries } satisfies Head));
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32LE(head.length);
  kept.writeBytes(nameOf(config), [length, head, ...readings.map(({ reading }) => reading.bytes)]);
}
