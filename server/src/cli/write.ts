import { isUtf8 } from "node:buffer";
import * as node from "node:fs/promises";
import { dirname } from "node:path";
import { applyEdits, type Change } from "../text/edit.ts";
import { WriteRefused } from "./io.ts";

/** What writing takes of the file system, step by step. */
export type Disk = Pick<
  typeof node,
  "link" | "readFile" | "rename" | "stat" | "unlink" | "writeFile" | "chmod" | "mkdir"
>;

/** Beside its target, so that renaming stays within one file system; hidden from Alembic, which loads `*.py`. */
const temporary = (path: string): string => `${path}.retort-${process.pid}.tmp`;

const reason = (error: unknown): string =>
  error instanceof Error ? error.message.replace(/^[A-Z]+: /, "") : String(error);

const isTaken = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "EEXIST";

/**
 * Makes the change on the disk. Every text is written beside its target first; then new files are put in place, each
 * only where there is none, in the order of the chain; then the edited ones are replaced, so that a run which is cut off
 * leaves a history that is whole. Whatever fails, what was new is taken away again.
 */
export async function writeChange({ create, edit }: Change, disk: Disk = node): Promise<void> {
  const { link, rename, stat, unlink, writeFile, chmod, mkdir } = disk;
  const written: string[] = [];
  const placed: string[] = [];
  try {
    const edited = await Promise.all(edit.map(async (one) => ({ path: one.path, text: await readEdited(one, disk) })));
    for (const { path, text } of [...create, ...edited]) {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(temporary(path), text, { flag: "wx" });
      written.push(temporary(path));
    }
    for (const { path } of create) {
      // A link, unlike a rename, fails where the name is taken.
      await link(temporary(path), path).catch((error: unknown) => {
        throw isTaken(error)
          ? new Error(`${path} exists already, and nothing is overwritten`, { cause: error })
          : error;
      });
      placed.push(path);
    }
    for (const { path } of edited) {
      await chmod(temporary(path), (await stat(path)).mode);
      await rename(temporary(path), path);
    }
  } catch (error) {
    await Promise.all(placed.map((path) => unlink(path).catch(() => undefined)));
    throw new WriteRefused(reason(error), { cause: error });
  } finally {
    await Promise.all(written.map((path) => unlink(path).catch(() => undefined)));
  }
}

/** Writes a report, in the place of an earlier one. */
export async function saveFile(path: string, text: string): Promise<void> {
  try {
    await node.mkdir(dirname(path), { recursive: true });
    await node.writeFile(path, text);
  } catch (error) {
    throw new WriteRefused(reason(error), { cause: error });
  }
}

/** Offsets are counted without the byte-order mark, which stays in its place. What is written is UTF-8. */
async function readEdited({ path, edits, before }: Change["edit"][number], { readFile, stat }: Disk): Promise<string> {
  const bytes = await readFile(path);
  if (!isUtf8(bytes)) throw new Error(`${path} is not UTF-8, and only that is written`);
  // A rename would put another file in its place without asking.
  if (((await stat(path)).mode & 0o222) === 0) throw new Error(`${path} is read-only`);
  const text = bytes.toString("utf8");
  const mark = text.startsWith("\uFEFF") ? "\uFEFF" : "";
  const own = text.slice(mark.length);
  if (before !== undefined && own !== before) throw new Error(`${path} has changed since it was read`);
  return mark + applyEdits(own, edits);
}
