/**
 * Fixtures in one text: members under `-- path --` lines, `<|>` for the cursor (or two of them around a selection), and under a line of text a line such as
 * `  ^^^^ warning: message`, which says what is expected at that place.
 *
 * A member whose name begins with `main:` is a file as git's default branch has it, and the working tree too where it has parted from
 * that.
 *
 * A member of revisions shows only what it is about. Without `revision = …` it takes its id from its file name
 * and the member above as parent; without `def upgrade` its text is the body of `upgrade()`. A name that begins with `_`
 * is a helper module beside the revisions.
 */
export interface Expected {
  readonly path: string;
  readonly start: number;
  readonly end: number;
  readonly severity: "error" | "warning" | "information" | "unavailable";
  readonly message: string;
}

export interface Fixture {
  /** Complete texts by path, in the order of the members. */
  readonly files: ReadonlyMap<string, string>;
  /** Those of the default branch; absent: there is no repository. */
  readonly committed?: ReadonlyMap<string, string>;
  readonly expected: readonly Expected[];
  readonly cursor?: { readonly path: string; readonly offset: number; readonly end: number };
}

interface Member {
  readonly path: string;
  readonly text: string;
}

/** The members of a text; text before the first header, if not blank, is one member of the given name. */
export function parseTxtar(source: string, unnamed = "versions/0001_case.py"): readonly Member[] {
  const members: { path: string; lines: string[] }[] = [];
  const before: string[] = [];
  for (const line of source.split("\n")) {
    const header = /^-- (\S.*?) --\r?$/.exec(line);
    if (header?.[1] !== undefined) members.push({ path: header[1], lines: [] });
    else (members.at(-1)?.lines ?? before).push(line);
  }
  const named = members.map(({ path, lines }) => ({ path, text: lines.join("\n") }));
  const lead = before.join("\n");
  return lead.trim() === "" ? named : [{ path: unnamed, text: lead.replace(/^\n+/, "") }, ...named];
}

interface Marked {
  readonly text: string;
  readonly marks: readonly Omit<Expected, "path">[];
  /** One, or the two ends of a selection. */
  readonly cursors: readonly number[];
}

/** Takes marker lines and the cursor out of a text. */
export function readMarks(source: string): Marked {
  const kept: string[] = [];
  const marks: Omit<Expected, "path">[] = [];
  const cursors: number[] = [];
  let lineStart = 0;
  for (const raw of source.split("\n")) {
    const mark = /^(\s*)(\^+) (error|warning|information|unavailable): (.*)$/.exec(raw);
    if (mark !== null) {
      const previous = kept.at(-1) ?? "";
      const start = lineStart - previous.length - 1 + (mark[1] ?? "").length;
      const severity = mark[3] as Expected["severity"];
      marks.push({ start, end: start + (mark[2] ?? "").length, severity, message: mark[4] ?? "" });
      continue;
    }
    let line = raw;
    for (let at = line.indexOf("<|>"); at >= 0; at = line.indexOf("<|>")) {
      cursors.push(lineStart + at);
      line = line.replace("<|>", "");
    }
    kept.push(line);
    lineStart += line.length + 1;
  }
  return { text: kept.join("\n"), marks, cursors };
}

const header = (id: string, parent: string | undefined, message: string): string => `"""${message}

Revision ID: ${id}
Revises: ${parent ?? ""}
Create Date: 2026-01-02 03:04:05.000000

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "${id}"
down_revision: Union[str, Sequence[str], None] = ${parent === undefined ? "None" : `"${parent}"`}
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


`;

const indent = "    ";

/** Behind the `pass` of a downgrade that a fixture does not give: nothing is missing there by mistake. */
export const reason = "  # not what the case is about";

/** A complete revision file, and where an offset of the short text lands in it. */
function completeRevision(
  path: string,
  text: string,
  parent: string | undefined,
): { readonly text: string; readonly at: (offset: number) => number } {
  const name = path.slice(path.lastIndexOf("/") + 1).replace(/\.py$/, "");
  const [id = name, ...words] = name.split("_");
  const top = header(id, parent, words.join(" ") || id);
  if (/^def (?:upgrade|downgrade)/m.test(text)) return { text: top + text, at: (offset) => top.length + offset };
  const start = `${top}def upgrade() -> None:\n`;
  const body = text.replace(/\s+$/, "");
  const lines = (body === "" ? "pass" : body).split("\n");
  const indented = lines.map((line) => (line === "" ? "" : indent + line)).join("\n");
  const at = (offset: number): number => {
    const above = text.slice(0, offset).split("\n");
    const blank = above.slice(0, -1).filter((line) => line === "").length;
    return start.length + offset + indent.length * (above.length - blank);
  };
  return {
    text: `${start}${indented}\n\n\ndef downgrade() -> None:\n${indent}pass${reason}\n`,
    at,
  };
}

/** The id that a revision's text gives itself. */
const ownId = (text: string): string | undefined => /^revision\b[^=\n]*=\s*["']([^"']*)["']/m.exec(text)?.[1];

const isRevision = (path: string): boolean => /(?:^|\/)versions\/(?:[^/_][^/]*)\.py$/.test(path);

const onMain = "main:";

export function readFixture(source: string): Fixture {
  const members = parseTxtar(source);
  const committed = members.filter(({ path }) => path.startsWith(onMain));
  const working = readMembers(members.filter((member) => !committed.includes(member)));
  const [first] = committed;
  if (first === undefined) return working;
  // The first of them follows the member above.
  const { parent } = readMembers(members.slice(0, members.indexOf(first)));
  const own = committed.map(({ path, text }) => ({ path: path.slice(onMain.length), text }));
  return { ...working, committed: readMembers(own, parent).files };
}

function readMembers(members: readonly Member[], above?: string): Fixture & { readonly parent: string | undefined } {
  const files = new Map<string, string>();
  const expected: Expected[] = [];
  let cursor: Fixture["cursor"];
  let parent = above;
  for (const { path, text: raw } of members) {
    const { text: short, marks, cursors } = readMarks(raw);
    const complete =
      isRevision(path) && !/^revision\b/m.test(short)
        ? completeRevision(path, short, parent)
        : { text: short, at: (offset: number) => offset };
    files.set(path, complete.text);
    for (const mark of marks) {
      const start = complete.at(mark.start);
      expected.push({ ...mark, path, start, end: start + mark.end - mark.start });
    }
    const [start, end = start] = cursors;
    if (start !== undefined && end !== undefined) cursor = { path, offset: complete.at(start), end: complete.at(end) };
    if (isRevision(path)) parent = ownId(complete.text) ?? parent;
  }
  return { files, expected, parent, ...(cursor === undefined ? {} : { cursor }) };
}
