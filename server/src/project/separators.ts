/** How Alembic splits an option that lists paths. */

/** A part, with the place where it begins in the whole. */
export interface Part {
  readonly text: string;
  readonly start: number;
}

/** Before `path_separator` came: spaces and commas, and for `prepend_sys_path` colons as well. */
export const legacySeparators = { version_locations: /, *| +/g, prepend_sys_path: /, *| +|:/g } as const;

/** `os` is ":" but for the colon of a drive, and ";" where one is written: the text tells the platform that it is for. */
const separators: ReadonlyMap<string, RegExp> = new Map([
  ["space", / /g],
  ["newline", /\n/g],
  ["os", /;|(?<!(?:^|[;:\s])[A-Za-z]):|(?<=(?:^|[;:\s])[A-Za-z]):(?![\\/])/g],
  [":", /:/g],
  [";", /;/g],
]);

/** What separates under that value of `path_separator`; undefined for one that Alembic refuses. */
export const separatorNamed = (name: string): RegExp | undefined => separators.get(name);

export const separatorNames = 'space, newline, os, ":" or ";"';

/** Also the empty parts between two separators. */
export function splitAt(value: string, separator: RegExp): readonly Part[] {
  const parts: Part[] = [];
  let start = 0;
  for (const found of value.matchAll(separator)) {
    parts.push({ text: value.slice(start, found.index), start });
    start = found.index + found[0].length;
  }
  return [...parts, { text: value.slice(start), start }];
}
