/** The question before a run that needs a yes, in words. */
import type { RevisionNode } from "../../../server/src/protocol/index.ts";
import type { Verdict } from "../database/guard.ts";
import { shortId } from "./wording.ts";
import { inDigits, listed, t } from "../l10n.ts";

export interface Question {
  readonly kind: "upgrade" | "downgrade" | "redo" | "stamp" | "ensureVersion";
  readonly target: string;
  readonly revisions: readonly RevisionNode[];
  readonly verdict: Verdict;
  /** What it means here, beyond the list of revisions. */
  readonly notes?: readonly string[];
}

const buttons: Record<Question["kind"], string> = {
  upgrade: t("Upgrade"),
  downgrade: t("Downgrade"),
  redo: t("Redo"),
  stamp: t("Stamp"),
  ensureVersion: t("Create Version Table"),
};

/** A dialog has no scroll bar. */
const mostRevisionsNamed = 8;

export const renderQuestion = (question: Question): { message: string; detail: string; button: string } => {
  const { kind, verdict, target, notes = [] } = question;
  const names = listed(verdict.databases.map(({ database, host }) => t("“{0}” on {1}", database, host)));
  const button = buttons[kind];
  const places = verdict.databases.flatMap(({ host, database, user }) => [
    t("Host: {0}", host),
    t("Database: {0}", database),
    ...(user === "" ? [] : [t("User: {0}", user)]),
  ]);
  const detail = [
    ...(verdict.reasons.length > 0 ? [verdict.reasons.join("\n")] : []),
    [...places, t("Target: {0}", target)].join("\n"),
    ...notes,
    ...renderRevisions(question),
  ];
  return {
    message: ask(kind, names || t("a database that could not be named")),
    detail: detail.join("\n\n"),
    button,
  };
};

const ask = (kind: Question["kind"], database: string): string => {
  switch (kind) {
    case "upgrade":
      return t("Upgrade {0}?", database);
    case "downgrade":
      return t("Downgrade {0}?", database);
    case "redo":
      return t("Redo on {0}?", database);
    case "stamp":
      return t("Stamp {0}?", database);
    case "ensureVersion":
      return t("Create the version table of {0}?", database);
  }
};

/** `1 revision`, `3 revisions`. */
export const countRevisions = (count: number): string =>
  count === 1 ? t("1 revision") : t("{0} revisions", inDigits(count));

const renderRevisions = ({ kind, revisions }: Question): string[] => {
  if (revisions.length === 0) return [];
  const count = countRevisions(revisions.length);
  const named = revisions.slice(0, mostRevisionsNamed).map((one) => `  ${shortId(one.id)}  ${one.message}`);
  const more = revisions.length - named.length;
  const list = [...named, ...(more > 0 ? [`  ${t("and {0} more", more)}`] : [])].join("\n");
  switch (kind) {
    case "upgrade":
      return [`${t("This runs {0}:", count)}\n${list}`];
    case "downgrade":
      return [`${t("This undoes {0}; what they created is dropped, with the rows in it:", count)}\n${list}`];
    case "redo":
      return [
        `${t("This undoes {0} and runs it anew; what it created is dropped, with the rows in it:", count)}\n${list}`,
      ];
    case "stamp":
    case "ensureVersion":
      return [];
  }
};
