/** Values kept from one run to the next, one file each. What cannot be read back whole is as if it had never been kept. */
import { createHash } from "node:crypto";
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { deserialize, serialize } from "node:v8";

/** Neither of these throws: a cache that does not work costs time and nothing else. */
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
export function keptFiles(folder: string, identify: () => string | undefined): Kept {
  let identity: { readonly build: string | undefined } | undefined;
  const digestOf = (name: string, body: Uint8Array): Buffer | undefined => {
    identity ??= { build: identify() };
    const { build } = identity;
    return build === undefined ? undefined : sha256(`${JSON.stringify([build, name])}\n`, body);
  };
  const fileOf = (name: string): string => path.join(folder, `${sha256(name).toString("hex").slice(0, 32)}.bin`);
  return {
    read(name) {
      try {
        const bytes = readFileSync(fileOf(name));
        const body = bytes.subarray(digestBytes);
        if (digestOf(name, body)?.equals(bytes.subarray(0, digestBytes)) !== true) return undefined;
        const now = new Date();
        utimesSync(fileOf(name), now, now);
        return deserialize(body);
      } catch {
        return undefined;
      }
    },
    write(name, value) {
      const target = fileOf(name);
      const temporary = `${target}.${process.pid}.tmp`;
      try {
        const body = serialize(value);
        const digest = digestOf(name, body);
        if (digest === undefined) return;
        // Texts of a private project may be among it.
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        writeFileSync(temporary, Buffer.concat([digest, body]), { mode: 0o600 });
        renameSync(temporary, target);
        prune(folder);
      } catch {
        remove(temporary);
      }
    },
  };
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
