/** Values kept from one run to the next, one file each. What cannot be read back whole is as if it had never been kept. */
import { createHash } from "node:crypto";
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  utimesSync,
  writevSync,
} from "node:fs";
import path from "node:path";
import { deserialize, serialize } from "node:v8";

/** None of these throws: a cache that does not work costs time and nothing else. */
export interface KeptBytes {
  /** Undefined where nothing is kept under this name, or it is damaged, or another build has made it. */
  readBytes(name: string): Buffer | undefined;
  /** The parts, one behind the other. */
  writeBytes(name: string, parts: readonly Uint8Array[]): void;
}

export interface Kept {
  /** Undefined where nothing is kept under this name, or it is damaged, or another build has made it. */
  read(name: string): unknown;
  write(name: string, value: unknown): void;
}

const digestBytes = 32;
/** Older ones are for projects that are no longer checked here. */
const mostFiles = 64;

const sha256 = (...parts: readonly (string | Uint8Array)[]): Buffer => {
  const digest = createHash("sha256");
  for (const part of parts) digest.update(part);
  return digest.digest();
};

/** `identify` tells what made the values: those of another build are not read. Without an answer nothing is kept. */
export function keptFiles(folder: string, identify: () => string | undefined): Kept & KeptBytes {
  let identity: { readonly build: string | undefined } | undefined;
  const digestOf = (name: string, parts: readonly Uint8Array[]): Buffer | undefined => {
    identity ??= { build: identify() };
    const { build } = identity;
    return build === undefined ? undefined : sha256(`${JSON.stringify([build, name])}\n`, ...parts);
  };
  const fileOf = (name: string): string => path.join(folder, `${sha256(name).toString("hex").slice(0, 32)}.bin`);
  const readBytes = (name: string): Buffer | undefined => {
    try {
      const bytes = readFileSync(fileOf(name));
      const body = bytes.subarray(digestBytes);
      if (digestOf(name, [body])?.equals(bytes.subarray(0, digestBytes)) !== true) return undefined;
      const now = new Date();
      utimesSync(fileOf(name), now, now);
      return body;
    } catch {
      return undefined;
    }
  };
  const writeBytes = (name: string, parts: readonly Uint8Array[]): void => {
    const target = fileOf(name);
    const temporary = `${target}.${process.pid}.tmp`;
    try {
      const digest = digestOf(name, parts);
      if (digest === undefined) return;
      // Texts of a private project may be among it.
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeParts(temporary, [digest, ...parts]);
      renameSync(temporary, target);
      prune(folder);
    } catch {
      remove(temporary);
    }
  };
  return {
    readBytes,
    writeBytes,
    read(name) {
      const body = readBytes(name);
      try {
        return body && (deserialize(body) as unknown);
      } catch {
        return undefined;
      }
    },
    write(name, value) {
      try {
        writeBytes(name, [serialize(value)]);
      } catch {
        // It holds what cannot be kept.
      }
    },
  };
}

/** Systems take no more at once. */
const mostAtOnce = 1000;

function writeParts(file: string, parts: readonly Uint8Array[]): void {
  const descriptor = openSync(file, "w", 0o600);
  try {
    for (let i = 0; i < parts.length; i += mostAtOnce) writeAll(descriptor, parts.slice(i, i + mostAtOnce));
  } finally {
    closeSync(descriptor);
  }
}

function writeAll(descriptor: number, parts: readonly Uint8Array[]): void {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (writevSync(descriptor, parts) !== length) throw new Error("the disk is full");
}

function remove(file: string): void {
  try {
    unlinkSync(file);
  } catch {
    // It never came to be.
  }
}

/** Also what a process left half-written that was killed. */
function prune(folder: string): void {
  const files = readdirSync(folder)
    .filter((name) => /^[0-9a-f]{32}\.bin(?:\.\d+\.tmp)?$/.test(name))
    .map((name) => path.join(folder, name));
  if (files.length <= mostFiles) return;
  const used = new Map(files.map((file) => [file, statSync(file).mtimeMs]));
  files.sort((a, b) => (used.get(b) ?? 0) - (used.get(a) ?? 0));
  for (const file of files.slice(mostFiles)) remove(file);
}
