/** Short views of what a split made, for tests that are about one aspect of it. */
import { splitMixedMigration as split } from "../../server/src/refactorings/split-mixed-migration.ts";
import { refactors, type RefactoringCase, type Refactored } from "../support/cases.ts";

/** The source of one function, from its `def` to the next thing in column 0, without the blank lines at its end. */
export function functionOf(text: string, name: string): string {
  const lines = text.split("\n");
  const start = lines.findIndex((line) => line.startsWith(`def ${name}(`));
  if (start < 0) return "";
  const length = lines.slice(start + 1).findIndex((line) => /^[^\s#)]/.test(line));
  return lines
    .slice(start, length < 0 ? lines.length : start + 1 + length)
    .join("\n")
    .trimEnd();
}

const bodyOf = (text: string, name: string): string => functionOf(text, name).split("\n").slice(1).join("\n");

/** Lines without indentation, comments and blank lines. */
const lines = (body: string): string =>
  body
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .join("\n");

export interface Brief {
  /** `name: statements`, one entry for each part. */
  readonly up: Readonly<Record<string, string>>;
  readonly down: Readonly<Record<string, string>>;
  readonly texts: readonly string[];
  readonly made: Refactored;
}

const base = '-- versions/0001_base.py --\nop.create_table("base", sa.Column("id", sa.Integer()))\n';

/** Splits a revision that follows a base: its text is the body of `upgrade()`, or has its functions. */
export async function splits(body: string, options: RefactoringCase = {}): Promise<Brief> {
  const made = await refactors(split, `${base}-- versions/0002_case.py --\n${body.replace(/^\n/, "")}`, options);
  const up: Record<string, string> = {};
  const down: Record<string, string> = {};
  for (const part of made.parts) {
    up[part.name] = lines(bodyOf(part.text, "upgrade"));
    down[part.name] = lines(bodyOf(part.text, "downgrade"));
  }
  return { up, down, texts: made.parts.map(({ text }) => text), made };
}

/** The same source as one that is refused or ignored. */
export const source = (body: string): string => `${base}-- versions/0002_case.py --\n${body.replace(/^\n/, "")}`;
