/** Where a location that a config names may be. */
import type { Range } from "../text/range.ts";
import { isAbsolute, parentOf, resolvePath } from "./paths.ts";
import type { Found } from "./options.ts";

/** Which of the candidates exists only the file system tells. */
export interface Location {
  readonly written: string;
  /** Likeliest first; `root` is the folder that Alembic would be started in. */
  readonly candidates: readonly { readonly path: string; readonly root: string }[];
  readonly file: string;
  readonly range: Range;
}

/** Not absolute and with a colon: a folder inside a package that Python finds. */
export const isInPackage = (written: string): boolean =>
  !isAbsolute(written.replaceAll("\\", "/")) && written.includes(":");

/**
 * Alembic takes relative paths from where it is started: nearly always the config's folder, now and then one above.
 * `package.sub:folder` is a folder inside an importable package.
 */
export function toLocation({ value, file, range }: Found, roots: readonly string[]): Location {
  const [root = ""] = roots;
  const base = { written: value, file, range };
  if (isInPackage(value)) {
    const [packageName = "", ...names] = value.split(":");
    const inside = [packageName.replaceAll(".", "/"), ...names].join("/");
    const folders = [...new Set(roots.flatMap((one) => [one, resolvePath(one, "src"), ...above(one)]))];
    return { ...base, candidates: folders.map((folder) => ({ path: resolvePath(folder, inside), root })) };
  }
  const folders = isAbsolute(value) ? [root] : [root, ...above(root)];
  return { ...base, candidates: folders.map((folder) => ({ path: resolvePath(folder, value), root: folder })) };
}

const levelsAbove = 3;

function above(folder: string): string[] {
  const folders: string[] = [];
  let at = folder;
  for (let i = 0; i < levelsAbove && parentOf(at) !== at; i++) {
    at = parentOf(at);
    folders.push(at);
  }
  return folders;
}
