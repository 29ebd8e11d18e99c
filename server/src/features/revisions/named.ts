/** The revision that a place names: in a variable, in the docstring that repeats it, in a string handed to Alembic. */
import { mentionsIn, textAt, type Mention } from "../../model/mentions.ts";
import type { RevisionFile } from "../../model/revision.ts";
import type { Project } from "../../project/snapshot.ts";
import { headerOf } from "../../rewrite/header.ts";
import { includes, range, type Range } from "../../text/range.ts";

export interface RevisionPlace {
  readonly project: Project;
  readonly file: RevisionFile;
  /** In UTF-16 code units. */
  readonly offset: number;
}

/** A name of a revision, where it stands. */
export interface Named {
  readonly id: string;
  readonly range: Range;
  readonly as: Mention["variable"] | "Revision ID" | "Revises";
  /** It is written in one piece, so that another can be written in its place. */
  readonly isLiteral: boolean;
}

const idsOf = (as: Named["as"], field: { readonly value: string; readonly range: Range } | undefined): Named[] =>
  [...(field?.value.matchAll(/[^,\s()'"]+/g) ?? [])].map(({ 0: id, index }) => {
    const start = (field?.range.start ?? 0) + index;
    return { id, range: range(start, start + id.length), as, isLiteral: true };
  });

/** All names of revisions that a revision file writes. */
export function namesIn(file: RevisionFile): readonly Named[] {
  const header = headerOf(file);
  return [
    ...mentionsIn(file).map(({ variable, ...mention }) => ({ ...mention, as: variable })),
    ...idsOf("Revision ID", header?.revisionId),
    ...idsOf("Revises", header?.revises),
  ];
}

export const namedAt = ({ file, offset }: RevisionPlace): Named | undefined =>
  file.isRevision ? namesIn(file).find((one) => includes(one.range, offset)) : undefined;

/** The file of a revision. */
export interface RevisionHome {
  readonly id: string;
  readonly file: RevisionFile;
}

/** The revisions of an id, or of a branch label; several where an id is used twice. */
export function homesOf({ files }: Project, name: string): readonly RevisionHome[] {
  const all = [...files.values()];
  const withId = all.filter(({ isRevision, identifiers }) => isRevision && identifiers.revision?.value === name);
  const found =
    withId.length > 0
      ? withId
      : all.filter(({ isRevision, identifiers }) => isRevision && identifiers.branchLabels?.value.includes(name));
  return found.flatMap((file) => {
    const id = file.identifiers.revision?.value;
    return id === undefined ? [] : [{ id, file }];
  });
}

/** Functions of Alembic, and of what tests it, that are handed revisions. */
const takers = new Set([
  "upgrade",
  "downgrade",
  "stamp",
  "show",
  "get_revision",
  "get_revisions",
  "migrate_up_to",
  "migrate_up_before",
  "migrate_down_to",
  "migrate_down_before",
]);

/** An id that nobody writes by chance. */
const isUnmistakable = (text: string): boolean => /^[0-9a-f]{10,}$/.test(text) && /\d/.test(text);

/** The id in a string of any Python file: where a function takes revisions, or where it can be nothing else. */
export function revisionTextAt(
  text: string,
  offset: number,
): { readonly id: string; readonly range: Range } | undefined {
  const placed = textAt(text, offset);
  if (!placed) return undefined;
  return takers.has(placed.callee.at(-1) ?? "") || isUnmistakable(placed.text)
    ? { id: placed.text, range: placed.range }
    : undefined;
}
