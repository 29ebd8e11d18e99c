/** What the pure layers need from the world. Node's versions are in `host/`, in-memory ones in `test/support`. */
export interface FileSource {
  /** The text of a file, decoded as UTF-8 without its byte-order mark; undefined where there is none. Throws `FileUnreadable` otherwise. */
  read(path: string): Promise<string | undefined>;
  /** Entries of a folder, or undefined where it is none. */
  list(path: string): Promise<readonly { readonly name: string; readonly folder: boolean }[] | undefined>;
}

export class FileUnreadable extends Error {
  override readonly name = "FileUnreadable";
}

export interface Log {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

/** A file as a commit has it. */
export interface CommittedFile {
  /** Relative to the folder that was asked for. */
  readonly path: string;
  /** Names its content. */
  readonly object: string;
}

/**
 * What a repository knows. Only asked where its owner is trusted, since a repository's own configuration says how it is to
 * be read. Every question is asked from a folder of the working tree.
 */
export interface Repository {
  /** The topmost folder of the working tree; undefined where the folder is in none. */
  top(folder: string): Promise<string | undefined>;
  /** The commit that a name leads to; undefined where it leads to none. */
  commit(folder: string, name: string): Promise<string | undefined>;
  /** The name of the default branch, the remote's before this machine's; undefined where none can be told. */
  defaultBranch(folder: string): Promise<string | undefined>;
  /** Where two commits have parted; undefined where that is not known, as in a shallow clone. */
  mergeBase(folder: string, one: string, other: string): Promise<string | undefined>;
  /** The files beneath the folder. */
  list(folder: string, commit: string): Promise<readonly CommittedFile[]>;
  /** Texts by object; without those that cannot be read as text. */
  read(folder: string, objects: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

/** There is no repository program, or it refuses to read this repository. */
export class RepositoryUnreadable extends Error {
  override readonly name = "RepositoryUnreadable";
}
