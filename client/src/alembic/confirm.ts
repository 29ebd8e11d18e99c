/** The question before a run that needs a yes, in words. */
import type { RevisionNode } from "../../../server/src/protocol/index.ts";
import type { Verdict } from "../database/guard.ts";
import { shortId } from "./wording.ts";

export interface Question {
  readonly direction: "upgrade" | "downgrade";
  readonly target: string;
  readonly revisions: readonly RevisionNode[];
  readonly verdict: Verdict;
}

/** A dialog has no scroll bar. */
const mostRevisionsNamed = 8;

export const renderQuestion = (question: Question): { message: string; detail: string; button: string } => {
  const { direction, verdict, target } = question;
  const names = verdict.databases.map(({ database, host }) => `"${database}" on ${host}`).join(" and ");
  const button = direction === "upgrade" ? "Upgrade" : "Downgrade";
  const places = verdict.databases.flatMap(({ host, database, user }) => [
    `Host: ${host}`,
    `Database: ${database}`,
    ...(user === "" ? [] : [`User: ${user}`]),
  ]);
  const detail = [
    ...(verdict.reasons.length > 0 ? [verdict.reasons.join("\n")] : []),
    [...places, `Target: ${target}`].join("\n"),
    renderRevisions(question),
  ];
  return {
    message: `${button} ${names || "a database that could not be named"}?`,
    detail: detail.join("\n\n"),
    button,
  };
};

const renderRevisions = ({ direction, revisions }: Question): string => {
  const count = `${String(revisions.length)} revision${revisions.length === 1 ? "" : "s"}`;
  const named = revisions.slice(0, mostRevisionsNamed).map((one) => `  ${shortId(one.id)}  ${one.message}`);
  const more = revisions.length - named.length;
  const list = [...named, ...(more > 0 ? [`  and ${String(more)} more`] : [])].join("\n");
  return direction === "upgrade"
    ? `This runs ${count}:\n${list}`
    : `This undoes ${count}; what they created is dropped, with the rows in it:\n${list}`;
};
