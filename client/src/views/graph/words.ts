/** What the page says of a revision, in words: for those who hear it, for search, and beside what is drawn. */
import type { Glance } from "../../../../server/src/protocol/index.ts";
import { findingsInWords, stateWords } from "../revisions/model.ts";
import type { PageRow } from "./messages.ts";

export const stateName = ({ state, isRunning }: PageRow): string =>
  isRunning ? "running" : state === "unknown" ? "" : state;

export const badgesOf = (row: PageRow): readonly string[] => [
  ...(row.isHead ? ["HEAD"] : []),
  ...(row.isMerge ? ["MERGE"] : []),
  ...(row.missing.length > 0 ? ["BROKEN"] : []),
];

/** `AccessExclusiveLock` as people write it: `ACCESS EXCLUSIVE`. */
export const modeInWords = (mode: string): string =>
  mode.endsWith("Lock")
    ? mode
        .slice(0, -4)
        .replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ")
        .toUpperCase()
    : mode;

export function lockInWords({ lock, tables, isPartlyUnknown }: Glance): string {
  if (lock === undefined) return isPartlyUnknown ? "locks not known" : "";
  const more = tables.length > 1 ? `, and locks on ${String(tables.length - 1)} more` : "";
  return `${modeInWords(lock.mode)} on ${lock.table} ${lock.blocks}${more}`;
}

export const wayBackInWords = ({ wayBack, wayBackWhy }: Glance): string => {
  const why = wayBackWhy === "" ? "" : `: ${wayBackWhy}`;
  if (wayBack === "yes") return "reversible";
  return wayBack === "no" ? `not reversible${why}` : `not known whether it is reversible${why}`;
};

export function rowInWords(row: PageRow, glance: Glance | undefined): string {
  return [
    row.message || "no message",
    `revision ${row.shortId}`,
    ...badgesOf(row).map((badge) => badge.toLowerCase()),
    row.isRunning ? "running now" : stateWords[row.state],
    findingsInWords(row.findings),
    ...(row.missing.length > 0 ? [`parent ${row.missing.join(", ")} is missing`] : []),
    ...(glance === undefined
      ? []
      : [lockInWords(glance), glance.isMixed ? "mixes schema and data" : "", wayBackInWords(glance)]),
    row.age === "" ? "" : `${row.age} old`,
    row.author,
  ]
    .filter((part) => part !== "")
    .join(", ");
}

/** Every word of the search must be somewhere in this. */
export const searchText = (row: PageRow): string =>
  [
    row.message,
    row.id,
    row.file,
    row.author,
    row.date,
    ...row.labels,
    ...badgesOf(row),
    stateName(row),
    findingsInWords(row.findings),
  ]
    .join("\n")
    .toLowerCase();

export function matches(row: PageRow, search: string): boolean {
  const text = searchText(row);
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
