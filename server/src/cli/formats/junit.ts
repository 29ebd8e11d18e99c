/** JUnit's XML, which every CI can read: a test for each revision, and one for each finding. */
import { displayPath, type Io } from "../io.ts";
import { isFailing, type FailOn, type Report } from "../report.ts";
import { entriesOf, type Entry } from "./entries.ts";

/** What XML 1.0 cannot hold in any form; half of a surrogate pair among it. */
const unwritable = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  // In an attribute they would be read as blanks.
  "\t": "&#9;",
  "\n": "&#10;",
  "\r": "&#13;",
};

const escapeXml = (text: string): string =>
  text.replaceAll(unwritable, "\uFFFD").replaceAll(/[&<>"\t\n\r]/g, (character) => escapes[character] ?? character);

const attributes = (values: Readonly<Record<string, string | number>>): string =>
  Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`)
    .join("");

function renderEntry(entry: Entry, failOn: FailOn): string {
  const { rule, severity, message, file, span } = entry;
  const place = `${file}:${span.start.line + 1}:${span.start.character + 1}`;
  const head = `    <testcase${attributes({ classname: file, name: `${rule} (${span.start.line + 1}:${span.start.character + 1})` })}>`;
  const text = `${place} ${severity} ${rule}: ${message}`;
  const body = isFailing(severity, failOn)
    ? `<failure${attributes({ type: rule, message })}>${escapeXml(text)}</failure>`
    : `<system-out>${escapeXml(text)}</system-out>`;
  return `${head}\n      ${body}\n    </testcase>\n`;
}

export function renderJunit(report: Report, io: Io, failOn: FailOn): string {
  const entries = entriesOf(report, io);
  const troubled = new Set(entries.map(({ file }) => file));
  const clean = [
    ...new Set(report.lineages.flatMap(({ revisions }) => revisions.map(({ path }) => displayPath(path, io.cwd)))),
  ]
    .filter((file) => !troubled.has(file))
    .map((file) => `    <testcase${attributes({ classname: file, name: "nothing found" })}/>\n`);
  const failures = entries.filter(({ severity }) => isFailing(severity, failOn)).length;
  const counts = attributes({ tests: entries.length + clean.length, failures, errors: 0 });
  const cases = [...entries.map((entry) => renderEntry(entry, failOn)), ...clean].join("");
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="retort"${counts}>
  <testsuite name="retort"${counts}>
${cases}  </testsuite>
</testsuites>
`;
}
