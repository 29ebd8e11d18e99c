/** Findings at random with their source, for somebody who judges them. */
import type { Severity } from "../../server/src/rules/define.ts";
import { createRandom } from "../bench/random.ts";
import type { CorpusFinding } from "./findings.ts";
import { keyOf, type Verdict } from "./verdicts.ts";

export interface Choice {
  readonly rule?: string;
  readonly severity?: Severity;
  readonly count: number;
  readonly seed: number;
}

/** So many of the findings, no two the same, and none that has a verdict; the same for the same seed. */
export function choose(
  findings: readonly CorpusFinding[],
  { rule, severity, count, seed }: Choice,
  verdicts: readonly Verdict[] = [],
): readonly CorpusFinding[] {
  const judged = new Set(verdicts.map(keyOf));
  const left = findings.filter(
    (one) =>
      (rule === undefined || one.rule === rule) &&
      (severity === undefined || one.severity === severity) &&
      !judged.has(keyOf(one)),
  );
  const random = createRandom(seed);
  const chosen: CorpusFinding[] = [];
  while (chosen.length < count && left.length > 0) chosen.push(...left.splice(random.integer(left.length), 1));
  return chosen;
}

/** Lines around the place; those of the finding itself are marked. */
function renderSource({ file, range, line }: CorpusFinding, context: number): string {
  const lines = file.text.split(/\r\n|\r|\n/);
  const last = line + file.text.slice(range.start, range.end).split(/\r\n|\r|\n/).length - 1;
  const from = Math.max(1, line - context);
  const width = String(Math.min(lines.length, last + context)).length;
  return lines
    .slice(from - 1, last + context)
    .map((text, i) => {
      const number = from + i;
      const mark = number >= line && number <= last ? ">" : " ";
      return `${mark} ${String(number).padStart(width)} | ${text}`.trimEnd();
    })
    .join("\n");
}

const renderOne = (finding: CorpusFinding, index: number, context: number): string =>
  [
    `──── ${index + 1}. ${finding.place}:${finding.line}:${finding.column}  ${finding.severity} ${finding.rule} (${finding.project.config.dialect})`,
    finding.message,
    ...finding.related.map(({ message }) => `  related: ${message}`),
    "",
    renderSource(finding, context),
    "",
  ].join("\n");

export const renderReview = (chosen: readonly CorpusFinding[], context: number): string =>
  chosen.map((finding, index) => renderOne(finding, index, context)).join("\n");

/** The same findings as entries for `verdicts.json`, to be filled in. */
export const toEntries = (
  chosen: readonly CorpusFinding[],
): readonly (Omit<Verdict, "verdict"> & { readonly verdict: "" })[] =>
  chosen.map(({ rule, severity, place, line, column, message }) => ({
    rule,
    severity,
    place,
    line,
    column,
    message,
    verdict: "",
    reason: "",
  }));
