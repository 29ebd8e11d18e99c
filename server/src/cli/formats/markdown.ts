/** Markdown, fit for a comment on a pull request. Text of the project is shown and does nothing. */
import { renderCoverage } from "../../features/coverage.ts";
import { code, codeBlock, escapeMarkdown } from "../../features/hover/markdown.ts";
import type { Severity } from "../../rules/define.ts";
import type { Io } from "../io.ts";
import { pageOf } from "../pages.ts";
import type { Report } from "../report.ts";
import { renderLeftOut } from "../wording.ts";
import { entriesOf, type Entry } from "./entries.ts";

/** Words beside the signs: no answer by colour or sign alone. */
const signs: Record<Severity, string> = { error: "❌ error", warning: "⚠️ warning", information: "ℹ️ information" };

/** A comment on GitHub holds 65,536 characters; the rest is counted. */
const most = 60_000;
const longestSource = 800;

/** A backslash keeps nobody from being called: that is decided after it is gone. */
const escapeText = (text: string): string => escapeMarkdown(text).replaceAll("\\@", "@\u2060");

const ruleName = (rule: string): string => {
  const page = pageOf(rule);
  return page.startsWith("https:") ? `[${code(rule)}](${page})` : code(rule);
};

function renderEntry({ severity, rule, message, file, span, source, related, fixes }: Entry): string {
  const place = code(`${file}:${span.start.line + 1}`);
  const shown = source.length > longestSource ? `${source.slice(0, longestSource)}…` : source;
  const more = [
    ...related.map((one) => `- line ${one.span.start.line + 1}: ${escapeText(one.message)}`),
    ...fixes.map(({ title, unavailable }) =>
      unavailable === undefined ? `- fix: ${escapeText(title)}` : `- no fix: ${escapeText(unavailable)}`,
    ),
  ];
  return [
    `#### ${signs[severity]}: ${ruleName(rule)}`,
    "",
    `${place}: ${escapeText(message)}`,
    "",
    ...(shown.trim() === "" ? [] : [codeBlock("", shown.replaceAll("\r\n", "\n")), ""]),
    ...(more.length === 0 ? [] : [...more, ""]),
    "",
  ].join("\n");
}

const count = (n: number, one: string): string => `${n} ${one}${n === 1 ? "" : "s"}`;

export function renderMarkdown(report: Report, io: Io): string {
  const entries = entriesOf(report, io);
  const numbers = (["error", "warning", "information"] as const).flatMap((severity) => {
    const found = entries.filter((entry) => entry.severity === severity).length;
    return found === 0 ? [] : [count(found, severity === "information" ? "remark" : severity)];
  });
  const head = [
    `### Retort: ${numbers.length === 0 ? "nothing found" : numbers.join(", ")}`,
    "",
    [
      `${count(report.files, "file")}, ${renderCoverage(report.statements)}`,
      ...renderLeftOut(report).map(escapeText),
    ].join("<br>\n"),
    "",
    "",
  ].join("\n");
  let text = head;
  let shown = 0;
  for (const entry of entries) {
    const next = renderEntry(entry);
    if (text.length + next.length > most) break;
    text += next;
    shown++;
  }
  return shown === entries.length ? text : `${text}and ${entries.length - shown} more\n`;
}
