/** What is said of a revision that was just generated, and whether it is asked about. */
import type { SummaryAnswer } from "../../../server/src/protocol/index.ts";
import { listed, t } from "../l10n.ts";

export interface SummaryQuestion {
  readonly message: string;
  readonly detail: string;
  /** Something would be lost: nobody should overlook it. */
  readonly isModal: boolean;
  /** Models and database do not differ. */
  readonly isEmpty: boolean;
}

/** A dialog has no scroll bar. */
const mostThingsNamed = 10;

export const renderSummary = (summary: Extract<SummaryAnswer, { ok: true }>): SummaryQuestion => {
  const { parts, coverage, isWhole } = summary;
  const unread = isWhole ? "" : t("{0}: read the file before you run it.", coverage);
  if (parts.length === 0)
    return {
      message: isWhole
        ? t("The models and the database do not differ: the new revision is empty.")
        : t("Nothing that was read of the new revision changes the database."),
      detail: unread,
      isModal: false,
      isEmpty: isWhole,
    };
  const losses = parts.filter(({ loses }) => loses);
  if (losses.length === 0)
    return {
      message: t("The new revision {0}.", listed(parts.map(({ words }) => words))),
      detail: unread,
      isModal: false,
      isEmpty: false,
    };
  const rest = parts.filter(({ loses }) => !loses).map(({ words }) => words);
  const detail = [
    ...losses.map(({ words, things }) => [t("It {0}:", words), ...named(things)].join("\n")),
    ...(rest.length > 0 ? [t("It also {0}.", listed(rest))] : []),
    t(
      "What is dropped is lost with its rows. Perhaps models are not imported in env.py, or a rename was taken for a drop and an add.",
    ),
    ...(unread === "" ? [] : [unread]),
  ].join("\n\n");
  return {
    message: t("The new revision {0}.", listed(losses.map(({ words }) => words))),
    detail,
    isModal: true,
    isEmpty: false,
  };
};

const named = (things: readonly string[]): string[] => {
  const shown = things.slice(0, mostThingsNamed).map((thing) => `  ${thing}`);
  const more = things.length - shown.length;
  return more > 0 ? [...shown, `  ${t("and {0} more", more)}`] : shown;
};
