/** What people write to name revisions: `ae10`, `head`, `lib@head`, `+2`, `ae10-1`, `lib@+1`. */

/** The characters of `id` that Alembic does not allow in a revision id, each once. */
export const illegalCharacters = (id: string): string => illegal.filter((character) => id.includes(character)).join("");

const illegal = ["+", "-", ":", "@"];

/** Characters that `alembic_version.version_num` holds where Alembic made the table (`MigrationContext`: `String(32)`). */
export const longestStoredId = 32;

export const lengthOf = (id: string): number => [...id].length;

export interface Named {
  /** Of `branch@name`; empty where nothing stands before the "@". */
  readonly branch: string | undefined;
  readonly name: string;
}

export function splitBranch(text: string): Named {
  const at = text.indexOf("@");
  return at === -1 ? { branch: undefined, name: text } : { branch: text.slice(0, at), name: text.slice(at + 1) };
}

export interface Relative {
  readonly branch: string | undefined;
  /** From where to go; undefined: from where the database stands. */
  readonly symbol: string | undefined;
  /** Above 0 towards the heads. */
  readonly steps: number;
  /** The steps as written. */
  readonly written: string;
}

/** Alembic's own grammar of it is this expression, which need not match up to the end; `\w` of Python is spelled out. */
const relative = /^(?:([^\n]+?)@)?([\p{L}\p{N}_]+)?([+-]\d+)/u;

/** Undefined where the text is not relative. */
export function parseRelative(text: string): Relative | undefined {
  const [, branch, symbol, written] = relative.exec(text) ?? [];
  return written === undefined ? undefined : { branch, symbol, steps: Number(written), written };
}

/** `-2` alone; other whole numbers are ids. */
export const parseStepsDown = (text: string): number | undefined =>
  /^-\d+$/.test(text.trim()) && Number(text) < 0 ? Number(text) : undefined;
