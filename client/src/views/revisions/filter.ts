/** Which revisions the view shows. */
import type { RevisionRow } from "./model.ts";
import { t } from "../../l10n.ts";

export type Sort = "pending" | "applied" | "heads" | "merges" | "findings" | "errors" | "broken";

export interface Filter {
  /** Each of these words must be somewhere in the message, the id, the file's name or a label. */
  readonly text: string;
  /** Of these sorts; empty: of all. A revision that is of one of them is shown. */
  readonly sorts: ReadonlySet<Sort>;
}

export const noFilter: Filter = { text: "", sorts: new Set() };

export const isFiltering = ({ text, sorts }: Filter): boolean => text.trim() !== "" || sorts.size > 0;

const isOf: Readonly<Record<Sort, (row: RevisionRow) => boolean>> = {
  pending: ({ state }) => state === "pending",
  applied: ({ state }) => state === "applied" || state === "current",
  heads: ({ revision }) => revision.isHead,
  merges: ({ revision }) => revision.isMerge,
  findings: ({ revision: { findings } }) => findings.error + findings.warning + findings.information > 0,
  errors: ({ revision: { findings } }) => findings.error > 0,
  broken: ({ revision }) => (revision.missingParents ?? []).length > 0,
};

export const sortNames: Readonly<Record<Sort, string>> = {
  pending: t("not applied yet"),
  applied: t("applied"),
  heads: t("heads"),
  merges: t("merges"),
  findings: t("with findings"),
  errors: t("with errors"),
  broken: t("with a missing parent"),
};

export function passes(row: RevisionRow, { text, sorts }: Filter): boolean {
  if (sorts.size > 0 && ![...sorts].some((sort) => isOf[sort](row))) return false;
  const { message, id, uri, branchLabels } = row.revision;
  const file = decodeURIComponent(uri.slice(uri.lastIndexOf("/") + 1));
  const all = [message, id, file, ...branchLabels].join("\n").toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}

/** `“users”, with findings or heads`. */
export const filterInWords = ({ text, sorts }: Filter): string =>
  [
    ...(text.trim() === "" ? [] : [t("“{0}”", text.trim())]),
    ...(sorts.size === 0 ? [] : [[...sorts].map((sort) => sortNames[sort]).reduce((a, b) => t("{0} or {1}", a, b))]),
  ].join(", ");
