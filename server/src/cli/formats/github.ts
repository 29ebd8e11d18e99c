/** Workflow commands of GitHub Actions, which show findings beside the lines of a pull request. */
import type { Severity } from "../../rules/define.ts";
import type { Io } from "../io.ts";
import type { Report } from "../report.ts";
import { entriesOf, type Entry } from "./entries.ts";

const commands: Record<Severity, string> = { error: "error", warning: "warning", information: "notice" };

const escapeData = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

const escapeProperty = (text: string): string => escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");

function renderEntry({ severity, rule, message, file, span: { start, end } }: Entry): string {
  const properties = {
    file,
    line: String(start.line + 1),
    // GitHub takes columns only where they are of one line.
    ...(start.line === end.line && { col: String(start.character + 1), endColumn: String(end.character + 1) }),
    ...(start.line !== end.line && { endLine: String(end.line + 1) }),
    title: `Retort: ${rule}`,
  };
  const written = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(value)}`);
  return `::${commands[severity]} ${written.join(",")}::${escapeData(message)}\n`;
}

export const renderGithub = (report: Report, io: Io): string => entriesOf(report, io).map(renderEntry).join("");
