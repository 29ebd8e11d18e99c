/** What was measured, as text. */
import type { Counts, Measured } from "./measure.ts";

export function renderMeasured(measured: Measured): string {
  const { statements, splits, seconds, crashes, invalid } = measured;
  const refused = Object.values(splits.refused).reduce((total, one) => total + one, 0);
  return [
    `${number(measured.revisions)} revisions in ${number(measured.files)} files of ${number(measured.projects)} projects`,
    `${number(statements.analysed)} of ${number(statements.total)} statements analysed (${percent(statements.analysed, statements.total)})`,
    section("Not understood", measured.opaque, Infinity, measured.examples),
    section("Understood in part", measured.likely, 15),
    section("Problems of files and projects", measured.problems),
    section("Findings per rule", measured.rules),
    `Splits: ${number(splits.made)} made, ${number(refused)} refused, ${number(splits.notOffered)} not asked for`,
    `Pairs whose order counts: ${number(splits.pairs.kept)} held, ${number(splits.pairs.unplaced)} written otherwise`,
    section("Refused", splits.refused),
    ...invalid.map(({ path, faults }) => `INVALID SPLIT of ${path}\n${faults.map((fault) => `  ${fault}\n`).join("")}`),
    ...crashes.map(({ path, during, message }) => `CRASH in ${path} (${during})\n${message}\n`),
    `read ${seconds.read.toFixed(2)} s, check ${seconds.check.toFixed(2)} s, split ${seconds.split.toFixed(2)} s; peak memory ${number(measured.peakMegabytes)} MB`,
    `${number(crashes.length)} crashes, ${number(invalid.length)} invalid splits`,
    "",
  ].join("\n");
}

function section(
  title: string,
  counts: Counts,
  most = Infinity,
  examples: Readonly<Record<string, string>> = {},
): string {
  const rows = Object.entries(counts);
  const shown = rows.slice(0, most).map(([key, count]) => {
    const example = examples[key];
    return `  ${number(count).padStart(6)}  ${key}${example === undefined ? "" : `\n          ${example}`}`;
  });
  const rest = rows.slice(most).reduce((total, [, count]) => total + count, 0);
  if (rest > 0) shown.push(`  ${number(rest).padStart(6)}  (${number(rows.length - most)} other causes)`);
  return [`${title}:`, ...(shown.length > 0 ? shown : ["       none"])].join("\n");
}

/** New and gone findings, invalid splits and crashes, and how the counts moved. */
export function renderComparison(before: Measured, after: Measured): string {
  const keys = ({ findings, invalid, crashes }: Measured): ReadonlySet<string> =>
    new Set([
      ...findings.map(({ rule, path, line, message }) => `${path}:${String(line)} ${rule}: ${message}`),
      ...invalid.map(({ path, faults }) => `${path} invalid split: ${faults.join("; ")}`),
      ...crashes.map(({ path, during }) => `${path} crash in ${during}`),
    ]);
  const [was, is] = [keys(before), keys(after)];
  const moved = ([title, a, b]: readonly [string, number, number]): readonly string[] =>
    a === b ? [] : [`${title}: ${number(a)} before, ${number(b)} now`];
  return [
    ...moved(["statements analysed", before.statements.analysed, after.statements.analysed]),
    ...moved(["statements", before.statements.total, after.statements.total]),
    ...moved(["splits made", before.splits.made, after.splits.made]),
    ...[...is].filter((key) => !was.has(key)).map((key) => `+ ${key}`),
    ...[...was].filter((key) => !is.has(key)).map((key) => `- ${key}`),
    "",
  ].join("\n");
}

const number = (value: number): string => value.toLocaleString("en");

const percent = (part: number, whole: number): string =>
  whole === 0 ? "nothing to analyse" : `${((100 * part) / whole).toFixed(1)} %`;
