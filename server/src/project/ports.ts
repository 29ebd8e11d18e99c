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
