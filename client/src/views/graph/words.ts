/** What the page says of a revision, in words: for those who hear it, for search, and beside what is drawn. */
import type { Glance } from "../../../../server/src/protocol/index.ts";
import { findingsInWords, stateWords } from "../revisions/model.ts";
import type { PageRow } from "./messages.ts";
import { t } from "../../l10n.ts";

export const stateName = ({ state, isRunning }: PageRow): string => {
  if (isRunning) return t("running");
  switch (state) {
    case "current":
      return t("current");
    case "applied":
      return t("applied");
    case "pending":
      return t("pending");
    case "unknown":
      return "";
  }
};

/** What stands out of a revision; also the name of its style. */
export type Badge = "head" | "merge" | "broken";

export const badgesOf = (row: PageRow): readonly Badge[] => [
  ...(row.isHead ? (["head"] as const) : []),
  ...(row.isMerge ? (["merge"] as const) : []),
  ...(row.missing.length > 0 ? (["broken"] as const) : []),
];

const badgeNames: Readonly<Record<Badge, string>> = { head: t("head"), merge: t("merge"), broken: t("broken") };
export const badgeName = (badge: Badge): string => badgeNames[badge];

/** `AccessExclusiveLock` as people write it: `ACCESS EXCLUSIVE`. */
export const modeInWords = (mode: string): string =>
  mode.endsWith("Lock")
    ? mode
        .slice(0, -4)
        .replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ")
        .toUpperCase()
    : mode;

/** Whom a lock holds up, as the server says it, in the language of the editor. */
const effects: Readonly<Record<string, string>> = {
  "blocks reads and writes": t("blocks reads and writes"),
  "blocks writes": t("blocks writes"),
  "blocks reads": t("blocks reads"),
  "blocks other DDL": t("blocks other DDL"),
  "blocks nobody": t("blocks nobody"),
};
export const effectInWords = (blocks: string): string => effects[blocks] ?? blocks;

export function lockInWords({ lock, tables, isPartlyUnknown }: Glance): string {
  if (lock === undefined) return isPartlyUnknown ? t("locks not known") : "";
  const words = t("{0} on {1} {2}", modeInWords(lock.mode), lock.table, effectInWords(lock.blocks));
  return tables.length > 1 ? t("{0}, and locks on {1} more", words, tables.length - 1) : words;
}

/** Why, the server says in English, as it does in its findings. */
export const wayBackInWords = ({ wayBack, wayBackWhy }: Glance): string => {
  const why = wayBackWhy === "" ? "" : `: ${wayBackWhy}`;
  if (wayBack === "yes") return t("reversible");
  return `${wayBack === "no" ? t("not reversible") : t("not known whether it is reversible")}${why}`;
};

export function rowInWords(row: PageRow, glance: Glance | undefined): string {
  return [
    row.message || t("no message"),
    t("revision {0}", row.shortId),
    ...badgesOf(row).map(badgeName),
    row.isRunning ? t("running now") : stateWords[row.state],
    findingsInWords(row.findings),
    ...(row.missing.length > 0 ? [t("parent {0} is missing", row.missing.join(", "))] : []),
    ...(glance === undefined
      ? []
      : [lockInWords(glance), glance.isMixed ? t("mixes schema and data") : "", wayBackInWords(glance)]),
    row.age === "" ? "" : t("{0} old", row.age),
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
    ...badgesOf(row).map(badgeName),
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
