/** SARIF 2.1.0, the format of code scanning. */
import type { Rule, Severity } from "../../rules/define.ts";
import { rules } from "../../rules/index.ts";
import type { Io } from "../io.ts";
import { pageOf } from "../pages.ts";
import type { Report } from "../report.ts";
import { readVersion } from "../version.ts";
import { entriesOf, toJson, type Entry, type Span } from "./entries.ts";

const levels: Record<Severity, string> = { error: "error", warning: "warning", information: "note" };

/** Each name of the path by itself: "/" stays, and what means something in a URI does not. Half a character is none. */
const toUri = (file: string): string =>
  file
    .replaceAll(/\p{Surrogate}/gu, "\uFFFD")
    .split("/")
    .map(encodeURIComponent)
    .join("/");

const toRegion = ({ start, end }: Span) => ({
  startLine: start.line + 1,
  startColumn: start.character + 1,
  endLine: end.line + 1,
  endColumn: end.character + 1,
});

const toLocation = (file: string, span: Span, snippet?: string) => ({
  physicalLocation: {
    // A path that begins with "/" is no relative reference.
    artifactLocation: file.startsWith("/")
      ? { uri: `file://${toUri(file)}` }
      : { uri: toUri(file), uriBaseId: "%SRCROOT%" },
    region: { ...toRegion(span), ...(snippet === undefined || snippet === "" ? {} : { snippet: { text: snippet } }) },
  },
});

const toResult = (entry: Entry, ruleIndex: number) => ({
  ruleId: entry.rule,
  ruleIndex,
  level: levels[entry.severity],
  message: { text: entry.message },
  locations: [toLocation(entry.file, entry.span, entry.source)],
  ...(entry.related.length > 0 && {
    relatedLocations: entry.related.map(({ message, span }, id) => ({
      id,
      message: { text: message },
      ...toLocation(entry.file, span),
    })),
  }),
  partialFingerprints: { "retort/v1": entry.fingerprint },
});

function describe({ id, group, severity, recommended, summary, why, instead, sources }: Rule) {
  const page = pageOf(id);
  const links = sources.map((source) => `- <${source}>\n`).join("");
  return {
    id,
    shortDescription: { text: summary },
    fullDescription: { text: why },
    help: {
      text: `${why}\n\n${instead}`,
      markdown: `${summary}\n\n**Why.** ${why}\n\n**Instead.** ${instead}\n\n${links}`,
    },
    ...(page.startsWith("https:") && { helpUri: page }),
    defaultConfiguration: { level: levels[severity], enabled: recommended },
    properties: { tags: [group] },
  };
}

/** Rules that found something, and what the project itself has wrong, which is of no rule. */
function describeAll(ids: readonly string[]) {
  return ids.map((id) => {
    const rule = rules.find((one) => one.id === id);
    return rule ? describe(rule) : { id, shortDescription: { text: `A problem of the project: ${id}.` } };
  });
}

export function renderSarif(report: Report, io: Io): string {
  const entries = entriesOf(report, io);
  const ids = [...new Set(entries.map(({ rule }) => rule))].sort();
  const notifications = report.failures.map(({ rule, path, error }) => ({
    level: "error",
    message: { text: `${path}: the rule ${rule} failed: ${error instanceof Error ? error.message : String(error)}` },
  }));
  return toJson({
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "Retort", semanticVersion: readVersion(), rules: describeAll(ids) } },
        columnKind: "utf16CodeUnits",
        invocations: [
          {
            executionSuccessful: report.failures.length === 0,
            ...(notifications.length > 0 && { toolExecutionNotifications: notifications }),
          },
        ],
        results: entries.map((entry) => toResult(entry, ids.indexOf(entry.rule))),
      },
    ],
  });
}
