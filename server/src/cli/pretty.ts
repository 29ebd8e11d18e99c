import { createColors } from "picocolors";
import { renderCoverage } from "../features/coverage.ts";
import type { Severity } from "../rules/define.ts";
import type { ProjectProblem } from "../project/snapshot.ts";
import { LineIndex } from "../text/lines.ts";
import type { Range } from "../text/range.ts";
import { displayPath, type Io } from "./io.ts";
import { lineIndexes } from "./line-indexes.ts";
import type { Report, Reported } from "./report.ts";
import { printable, widthOf } from "./terminal.ts";
import { count, renderLeftOut } from "./wording.ts";

type Colours = ReturnType<typeof createColors>;

const tab = "    ";
const widest = 200;

/** The first line of the range, and carets beneath it. */
function renderSource(text: string, lines: LineIndex, range: Range, colours: Colours): string {
  const { line } = lines.positionAt(range.start);
  const start = lines.lineStart(line);
  const source = text.slice(start).split(/[\r\n]/, 1)[0] ?? "";
  const column = range.start - start;
  // A line of a dump may be megabytes long: what is shown is what surrounds the place.
  const from = column > widest / 2 ? column - widest / 4 : 0;
  const to = from + widest;
  const shown = (part: string): string => printable(part).replaceAll("\t", tab);
  const before = (from > 0 ? "…" : "") + shown(source.slice(from, column));
  const marked = shown(source.slice(column, Math.min(range.end - start, to)));
  const after =
    shown(source.slice(Math.max(column, Math.min(range.end - start, to)), to)) + (source.length > to ? "…" : "");
  const number = String(line + 1);
  const gutter = " ".repeat(number.length);
  const carets = "^".repeat(Math.max(1, widthOf(marked)));
  return [
    `  ${colours.dim(`${number} |`)} ${before}${marked}${after}`.trimEnd(),
    `  ${colours.dim(`${gutter} |`)} ${" ".repeat(widthOf(before))}${colours.yellow(carets)}`,
  ].join("\n");
}

const paint = (severity: Severity, colours: Colours): string =>
  severity === "error"
    ? colours.red(severity)
    : severity === "warning"
      ? colours.yellow(severity)
      : colours.cyan(severity);

const mostRelated = 3;

/** Findings that are shown with their fixes: of a legacy with thousands nobody reads them, and each has to be planned. */
export const mostWithFixes = 1000;

/** Other places that a finding is about. */
function renderRelated({ related }: Reported, lines: LineIndex): readonly string[] {
  const shown = related.slice(0, mostRelated).map(({ message, range }) => {
    const { line, character } = lines.positionAt(range.start);
    return `  ${line + 1}:${character + 1}: ${printable(message)}`;
  });
  return related.length > mostRelated
    ? [...shown, `  and ${count(related.length - mostRelated, "other place")}`]
    : shown;
}

/** Why others cannot be made matters only where none can. */
function renderFixes({ fixes = [] }: Reported): readonly string[] {
  const offered = fixes.filter(({ unavailable }) => unavailable === undefined);
  if (offered.length > 0) return offered.map(({ title }) => `  fix: ${title}`);
  return fixes.slice(0, 1).map(({ unavailable = "" }) => `  no fix: ${printable(unavailable)}`);
}

interface Source {
  readonly text: string;
  readonly lines: LineIndex;
}

function renderFinding(finding: Reported, { text, lines }: Source, io: Io, colours: Colours): string {
  const { line, character } = lines.positionAt(finding.range.start);
  const place = `${printable(displayPath(finding.path, io.cwd))}:${line + 1}:${character + 1}`;
  return [
    `${colours.bold(place)} ${paint(finding.severity, colours)} ${colours.dim(finding.rule)}`,
    `  ${printable(finding.message)}`,
    renderSource(text, lines, finding.range, colours),
    ...[...renderRelated(finding, lines), ...renderFixes(finding)].map((one) => colours.dim(one)),
    "",
  ].join("\n");
}

/** Lines are counted from 1 here: that is what editors and terminals understand. */
export function renderPretty(report: Report, io: Io): string {
  const colours = createColors(io.colours);
  const linesOf = lineIndexes(report);
  const blocks = report.findings.map((finding) => {
    const { path } = finding;
    return renderFinding(finding, { text: report.texts.get(path) ?? "", lines: linesOf(path) }, io, colours);
  });
  const summary = [
    count(report.files, "file"),
    renderCoverage(report.statements),
    count(report.findings.length, "finding"),
    ...(report.problems.length > 0 ? [count(report.problems.length, "problem")] : []),
  ].join(", ");
  const last = [
    summary,
    ...renderLeftOut(report).map(printable),
    ...renderFewerFixes(report),
    ...(report.advice === undefined ? [] : [report.advice]),
    "",
  ];
  return [...blocks, ...renderUnread(report, io, colours), last.join("\n")].join("\n");
}

const renderFewerFixes = ({ findings }: Report): readonly string[] =>
  findings.some(({ fixes }) => fixes === undefined)
    ? [
        `fixes are shown of the first ${mostWithFixes} findings; name a file to see those of others, --format json has all`,
      ]
    : [];

const mostUnread = 10;

/** What was not understood, so that nobody takes silence for safety; of many places the first, as JSON has them all. */
function renderUnread({ unread, texts }: Report, io: Io, colours: Colours): readonly string[] {
  if (unread.length === 0) return [];
  const lines = unread.slice(0, mostUnread).map(({ path, range, why }) => {
    const { line, character } = new LineIndex(texts.get(path) ?? "").positionAt(range.start);
    return `  ${printable(displayPath(path, io.cwd))}:${line + 1}:${character + 1} ${colours.dim(printable(why))}`;
  });
  const others = unread.length - lines.length;
  const more = others > 0 ? [`  and ${others} more; --format json lists them all`] : [];
  return [["Not analysed:", ...lines, ...more, ""].join("\n")];
}

/** One line for each input that has something wrong: one mistake in a file often makes a dozen. */
export function renderProblems(report: Report, io: Io): string {
  const groups = new Map<string, ProjectProblem[]>();
  for (const problem of report.problems) {
    const key = JSON.stringify([problem.file, problem.code]);
    groups.set(key, [...(groups.get(key) ?? []), problem]);
  }
  return [...groups.values()]
    .flatMap(([first, ...others]) => (first === undefined ? [] : [renderProblem(first, others.length, report, io)]))
    .join("");
}

function renderProblem({ message, file, range }: ProjectProblem, others: number, report: Report, io: Io): string {
  const text = report.texts.get(file);
  const isWhole = range.start === 0 && range.end === 0;
  const line = text === undefined || isWhole ? "" : `:${new LineIndex(text).positionAt(range.start).line + 1}`;
  const shown = displayPath(file, io.cwd);
  const more = others === 0 ? "" : ` (and ${others} more)`;
  // Some messages begin with the path themselves, as far as they knew it.
  for (const name of [shown, file])
    if (message.startsWith(name)) return `${shown}${message.slice(name.length)}${more}\n`;
  return `${shown}${line}: ${line === "" ? message : message.replace(/^Line \d+: /, "")}${more}\n`;
}
