import type { Kept, KeptBytes } from "../host/kept-files.ts";
import type { Threads } from "../host/reading/threads.ts";
import type { Progress } from "./progress.ts";
import type { Change } from "../text/edit.ts";
import type { FileSource, Repository } from "../project/ports.ts";

/** All that the command line asks of the process it runs in. */
export interface Io {
  /** Absolute, with "/". */
  readonly cwd: string;
  readonly files: FileSource;
  /** Where answers and readings are kept for the next run; absent where there is no such place. */
  readonly kept?: Kept & KeptBytes;
  /** Absent where there is but one, or the files are none that another could read. */
  readonly threads?: Threads;
  /** Variables of the process; absent: none. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Absent where nothing may be asked of it. */
  readonly repository?: Repository;
  /** Absent where nobody looks. */
  readonly progress?: Progress;
  /** Standard output is a terminal that shows colours. */
  readonly colours: boolean;
  /** The width of that terminal, in characters. */
  readonly columns?: number;
  /** Answers. */
  out(text: string): void;
  /** What went wrong, one line each. */
  err(text: string): void;
  /** Writes one file, in the place of what is there. Rejects with a `WriteRefused` where that cannot be. */
  save(path: string, text: string): Promise<void>;
  /** Creates and replaces files, all of them or none. Rejects with a `WriteRefused` where that cannot be. */
  write(change: Change): Promise<void>;
}

export class WriteRefused extends Error {
  override readonly name = "WriteRefused";
}

/** Wrong use: its message is shown with a hint at `--help`, and the process ends with 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Input that cannot be read, or a request that cannot be granted: its message is shown, and the process ends with 2. */
export class InputError extends Error {
  override readonly name = "InputError";
}

/** Settings that make no sense: a line for each of them, and the process ends with 2. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

export const exitCodes = { clean: 0, findings: 1, unusable: 2 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** As shown to the person: relative to the working directory, unless it lies elsewhere. */
export function displayPath(path: string, cwd: string): string {
  const base = cwd.endsWith("/") ? cwd : `${cwd}/`;
  if (path.startsWith(base)) return path.slice(base.length);
  const from = base.split("/").slice(1, -1);
  const to = path.split("/").slice(1);
  let shared = 0;
  while (shared < from.length && shared < to.length - 1 && from[shared] === to[shared]) shared++;
  // Nothing in common but the root: going up all the way helps nobody.
  if (shared === 0) return path;
  return [...from.slice(shared).map(() => ".."), ...to.slice(shared)].join("/");
}
