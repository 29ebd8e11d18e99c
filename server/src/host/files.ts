import { readdirSync, readFileSync, statSync, type Dirent } from "node:fs";
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { FileUnreadable, type FileSource } from "../project/ports.ts";
import { decode } from "./decode.ts";

/**
 * Above this a text is an accident, and reading it would hold up everything else. Far more than is analysed: a revision
 * that carries its rows along still has its place in the history.
 */
export const maximumBytes = 32 * 1024 * 1024;

/** Files of this machine. Paths are absolute and have "/" between names on every platform. */
export const nodeFiles: FileSource = {
  read: (path) => limited(() => readWith(path, stat, readFile)),
  list: (path) => listWith(path, () => readdir(path, { withFileTypes: true })),
};

/**
 * The same for a process that has nothing else to do meanwhile: the thread waits for each answer, which for thousands of
 * small files takes less than half of the time.
 */
export const blockingFiles: FileSource = {
  read: (path) => readWith(path, statSync, readFileSync),
  list: (path) => listWith(path, () => readdirSync(path, { withFileTypes: true })),
};

type Now<T> = T | Promise<T>;

async function readWith(
  path: string,
  measure: (path: string) => Now<{ readonly size: number }>,
  take: (path: string) => Now<Uint8Array>,
): Promise<string | undefined> {
  const bytes = await attempt(path, async () => {
    const { size } = await measure(path);
    if (size > maximumBytes)
      throw new FileUnreadable(`${path} is larger than ${maximumBytes / 1024 / 1024} MB and was not read.`);
    return take(path);
  });
  return bytes === undefined ? undefined : decode(path, bytes);
}

async function listWith(path: string, take: () => Now<readonly Dirent[]>): ReturnType<FileSource["list"]> {
  const entries = await attempt(path, async () => take());
  if (entries === undefined) return undefined;
  return Promise.all(
    entries.map(async (entry) => ({
      name: entry.name,
      folder: entry.isSymbolicLink() ? await isFolderElsewhere(path, entry.name) : entry.isDirectory(),
    })),
  );
}

/** Each file that is being read is open, and a process may have some hundreds of them open. */
const mostAtOnce = 32;
let reading = 0;
const waiting: (() => void)[] = [];

async function limited<T>(read: () => Promise<T>): Promise<T> {
  if (reading >= mostAtOnce) await new Promise<void>((resolve) => waiting.push(resolve));
  reading++;
  try {
    return await read();
  } finally {
    reading--;
    waiting.shift()?.();
  }
}

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
