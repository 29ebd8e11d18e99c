import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { FileUnreadable, type FileSource } from "../project/ports.ts";

/**
 * Above this a text is an accident, and reading it would hold up everything else. Far more than is analysed: a revision
 * that carries its rows along still has its place in the history.
 */
export const maximumBytes = 32 * 1024 * 1024;

/** Files of this machine. Paths are absolute and have "/" between names on every platform. */
export const nodeFiles: FileSource = {
  async read(path) {
    const bytes = await attempt(path, async () => {
      const { size } = await stat(path);
      if (size > maximumBytes)
        throw new FileUnreadable(`${path} is larger than ${maximumBytes / 1024 / 1024} MB and was not read.`);
      return readFile(path);
    });
    return bytes === undefined ? undefined : decode(path, bytes);
  },
  async list(path) {
    const entries = await attempt(path, () => readdir(path, { withFileTypes: true }));
    if (entries === undefined) return undefined;
    return Promise.all(
      entries.map(async (entry) => ({
        name: entry.name,
        folder: entry.isSymbolicLink() ? await isFolderElsewhere(path, entry.name) : entry.isDirectory(),
      })),
    );
  },
};

/** A link to a folder that it lies in would never end. */
async function isFolderElsewhere(parent: string, name: string): Promise<boolean> {
  try {
    const target = await realpath(`${parent}/${name}`);
    if (!(await stat(target)).isDirectory()) return false;
    const here = await realpath(parent);
    return here !== target && !`${here}/`.startsWith(target.endsWith("/") ? target : `${target}/`);
  } catch {
    return false;
  }
}

const absent = new Set(["ENOENT", "ENOTDIR", "EISDIR"]);

async function attempt<T>(path: string, action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof FileUnreadable) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (absent.has(code)) return undefined;
    throw new FileUnreadable(`${path} cannot be read: ${reasons[code] ?? code}.`, { cause: error });
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EMFILE: "too many files are open",
  ELOOP: "its symbolic links form a loop",
  ENAMETOOLONG: "its name is too long",
};

function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    throw new FileUnreadable(`${path} is not valid UTF-8.`);
  }
}
