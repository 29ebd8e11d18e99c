/** The question before a run that needs a yes, in words. */
import type { RevisionNode } from "../../../server/src/protocol/index.ts";
import type { Verdict } from "../database/guard.ts";
import { shortId } from "./wording.ts";

export interface Question {
  readonly kind: "upgrade" | "downgrade" | "redo" | "stamp" | "ensureVersion";
  readonly target: string;
  readonly revisions: readonly RevisionNode[];
  readonly verdict: Verdict;
  /** What it means here, beyond the list of revisions. */
  readonly notes?: readonly string[];
}

const buttons: Record<Question["kind"], string> = {
  upgrade: "Upgrade",
  downgrade: "Downgrade",
  redo: "Redo",
  stamp: "Stamp",
  ensureVersion: "Create Version Table",
};

/** A dialog has no scroll bar. */
const mostRevisionsNamed = 8;

export const renderQuestion = (question: Question): { message: string; detail: string; button: string } => {
  const { kind, verdict, target, notes = [] } = question;
  const names = verdict.databases.map(({ database, host }) => `"${database}" on ${host}`).join(" and ");
  const button = buttons[kind];
  const places = verdict.databases.flatMap(({ host, database, user }) => [
    `Host: ${host}`,
    `Database: ${database}`,
    ...(user === "" ? [] : [`User: ${user}`]),
  ]);
  const detail = [
    ...(verdict.reasons.length > 0 ? [verdict.reasons.join("\n")] : []),
    [...places, `Target: ${target}`].join("\n"),
    ...notes,
    ...renderRevisions(question),
  ];
  return {
    message: `${kind === "ensureVersion" ? "Create the version table of" : button} ${names || "a database that could not be named"}?`,
    detail: detail.join("\n\n"),
    button,
  };
};

const renderRevisions = ({ kind, revisions }: Question): string[] => {
  if (revisions.length === 0) return [];
  const count = `${String(revisions.length)} revision${revisions.length === 1 ? "" : "s"}`;
  const named = revisions.slice(0, mostRevisionsNamed).map((one) => `  ${shortId(one.id)}  ${one.message}`);
  const more = revisions.length - named.length;
  const list = [...named, ...(more > 0 ? [`  and ${String(more)} more`] : [])].join("\n");
  switch (kind) {
    case "upgrade":
      return [`This runs ${count}:\n${list}`];
    case "downgrade":
      return [`This undoes ${count}; what they created is dropped, with the rows in it:\n${list}`];
    case "redo":
      return [`This undoes ${count} and runs it anew; what it created is dropped, with the rows in it:\n${list}`];
    case "stamp":
    case "ensureVersion":
      return [];
  }
};
