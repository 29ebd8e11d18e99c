/** A review as Markdown, fit for a pull request. Text of the project is shown and does nothing. */
import { LineIndex } from "../../text/lines.ts";
import { renderCoverage } from "../coverage.ts";
import { code, escapeMarkdown } from "../hover/markdown.ts";
import type { Answer, Fact, Verdict } from "./answer.ts";
import { questions, type Review } from "./review.ts";

/** Words beside the signs: no answer by colour or sign alone. */
const signs: Record<Verdict, string> = { yes: "✅ yes", no: "❌ no", unknown: "❔ not known" };

/** More would hide the other answers; the rest is counted. */
const mostFacts = 5;

/** The address of a line, counted from 1; for pages whose reader can follow it. */
export type LinkToLine = (line: number) => string;

/** `shown`: the path as people know it. */
export function renderReviewMarkdown(review: Review, text: string, shown: string, link?: LinkToLine): string {
  const lines = new LineIndex(text);
  const title = [review.revision, review.message].filter(Boolean).map((part) => escapeMarkdown(part ?? ""));
  const rows = review.answers.map((one) => renderRow(one, lines, link));
  return [
    `### ${title.join(": ") || escapeMarkdown(shown)}`,
    "",
    `${link === undefined ? code(shown) : `[${escapeMarkdown(shown)}](${link(1)})`}, ${renderCoverage(review.statements)}`,
    "",
    "| | | why |",
    "|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}

function renderRow({ question, verdict, facts }: Answer, lines: LineIndex, link: LinkToLine | undefined): string {
  const told = facts.slice(0, mostFacts).map((fact) => renderFact(fact, lines, link));
  const more = facts.length > mostFacts ? [`and ${String(facts.length - mostFacts)} more`] : [];
  return `| ${questions[question]} | ${signs[verdict]} | ${[...told, ...more].join("<br>")} |`;
}

function renderFact({ text, range }: Fact, lines: LineIndex, link: LinkToLine | undefined): string {
  if (range === undefined) return escapeMarkdown(text);
  const line = lines.positionAt(range.start).line + 1;
  const place = `line ${String(line)}`;
  return `${link === undefined ? place : `[${place}](${link(line)})`}: ${escapeMarkdown(text)}`;
}
