/** What a report holds, one entry for each thing said, as all formats but the pretty one and JSON need it. */
import { createHash } from "node:crypto";
import type { ProjectProblem } from "../../project/snapshot.ts";
import type { Severity } from "../../rules/define.ts";
import type { LineIndex, Position } from "../../text/lines.ts";
import type { Range } from "../../text/range.ts";
import { displayPath, type Io } from "../io.ts";
import { lineIndexes } from "../line-indexes.ts";
import type { Fix, Report, Reported } from "../report.ts";

/** From 0, as in LSP; formats count on from there. */
export interface Span {
  readonly start: Position;
  readonly end: Position;
}

export interface Entry {
  /** A rule, or the kind of a problem of the project. */
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  /** Relative to the working directory. */
  readonly file: string;
  readonly span: Span;
  /** The text that it is about. */
  readonly source: string;
  readonly related: readonly { readonly message: string; readonly span: Span }[];
  readonly fixes: readonly Fix[];
  /** The same where the same is said of the same revision, wherever in the file it stands by then. */
  readonly fingerprint: string;
}

type Bare = Omit<Entry, "fingerprint"> & { readonly subject: string };

interface Texts {
  readonly textOf: (path: string) => string;
  readonly linesOf: (path: string) => LineIndex;
}

function fromFinding(finding: Reported, { textOf, linesOf }: Texts, io: Io): Bare {
  const text = textOf(finding.path);
  const lines = linesOf(finding.path);
  const { rule, severity, message, path, range, fixes = [] } = finding;
  const file = displayPath(path, io.cwd);
  return {
    ...{ rule, severity, message, file, fixes },
    span: toSpan(lines, range),
    source: text.slice(range.start, range.end),
    related: finding.related.map((one) => ({ message: one.message, span: toSpan(lines, one.range) })),
    subject: finding.revision ?? file,
  };
}

function fromProblem({ code, message, file: path, range }: ProjectProblem, { textOf, linesOf }: Texts, io: Io): Bare {
  const file = displayPath(path, io.cwd);
  return {
    ...{ rule: code, severity: "error", message, file, fixes: [], related: [] },
    span: toSpan(linesOf(path), range),
    source: textOf(path).slice(range.start, range.end),
    subject: file,
  };
}

const toSpan = (lines: LineIndex, { start, end }: Range): Span => ({
  start: lines.positionAt(start),
  end: lines.positionAt(end),
});

/** Findings, then problems of the projects. */
export function entriesOf(report: Report, io: Io): readonly Entry[] {
  const texts = { textOf: (path: string) => report.texts.get(path) ?? "", linesOf: lineIndexes(report) };
  const bare = [
    ...report.findings.map((finding) => fromFinding(finding, texts, io)),
    ...report.problems.map((problem) => fromProblem(problem, texts, io)),
  ];
  const seen = new Map<string, number>();
  return bare.map(({ subject, ...entry }) => {
    const about = JSON.stringify([entry.rule, subject, entry.source.replaceAll(/\s+/g, " ")]);
    const before = seen.get(about) ?? 0;
    seen.set(about, before + 1);
    const fingerprint = createHash("sha256").update(`${about} ${before}`).digest("hex").slice(0, 32);
    return { ...entry, fingerprint };
  });
}

export const toJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
