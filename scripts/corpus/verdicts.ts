/**
 * What people said of findings that they read: `test/corpus/verdicts.json`. A verdict is of one place in a pinned
 * package, so it can be held against what is found there today.
 */
import * as v from "valibot";
import { severities, type Severity } from "../../server/src/rules/define.ts";
import type { CorpusFinding } from "./findings.ts";

export const judgements = ["right", "wrong", "unclear"] as const;

const sentence = v.pipe(v.string(), v.regex(/^\S.{15,}\.$/s, "must be a sentence that says why"));
const fromOne = v.pipe(v.number(), v.integer(), v.minValue(1));

const verdict = v.strictObject({
  rule: v.string(),
  severity: v.picklist(severities),
  place: v.string(),
  line: fromOne,
  column: fromOne,
  message: v.string(),
  /** Right: somebody who runs this on a service in use wants to know. Wrong: nothing bad can come of it. */
  verdict: v.picklist(judgements),
  reason: sentence,
});

export type Verdict = v.InferOutput<typeof verdict>;

const verdictFile = v.strictObject({ verdicts: v.array(verdict) });

/** @throws Error that names the first entry that is not as it must be. */
export function parseVerdicts(text: string): readonly Verdict[] {
  const result = v.safeParse(verdictFile, JSON.parse(text));
  if (result.success) return result.output.verdicts;
  const [issue] = result.issues;
  throw new Error(`verdicts.json: ${v.getDotPath(issue) ?? "the file"}: ${issue.message}`);
}

type Placed = Pick<Verdict, "rule" | "place" | "line" | "column">;

export const keyOf = ({ rule, place, line, column }: Placed): string => `${rule} ${place}:${line}:${column}`;

export interface Rate {
  readonly severity: Severity;
  readonly read: number;
  readonly wrong: number;
  readonly unclear: number;
  /** Verdicts of what is not found any more: most were wrong, and led to a better rule. */
  readonly gone: number;
}

/** The verdicts on what rules that are on by default still find, by severity. */
export function rate(
  verdicts: readonly Verdict[],
  findings: readonly CorpusFinding[],
  recommended: ReadonlySet<string>,
): readonly Rate[] {
  const today = new Map(findings.map((finding) => [keyOf(finding), finding.severity]));
  const counting = verdicts.filter(({ rule }) => recommended.has(rule));
  return severities.map((severity) => {
    const about = counting.filter((one) => (today.get(keyOf(one)) ?? one.severity) === severity);
    const standing = about.filter((one) => today.has(keyOf(one)));
    const counted = (judgement: Verdict["verdict"]): number =>
      standing.filter((one) => one.verdict === judgement).length;
    return {
      severity,
      read: standing.length,
      wrong: counted("wrong"),
      unclear: counted("unclear"),
      gone: about.length - standing.length,
    };
  });
}

/** The share of wrong findings that is borne. */
export const mostWrong: Readonly<Partial<Record<Severity, number>>> = { error: 0.01, warning: 0.05 };

/** Severities of which more is wrong than is borne. A handful of verdicts says nothing yet. */
export const tooWrong = (rates: readonly Rate[]): readonly Rate[] =>
  rates.filter(({ severity, read, wrong }) => read >= 100 && wrong > (mostWrong[severity] ?? 1) * read);
