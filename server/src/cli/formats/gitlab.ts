/** GitLab's report of code quality. */
import type { Severity } from "../../rules/define.ts";
import type { Io } from "../io.ts";
import type { Report } from "../report.ts";
import { entriesOf, toJson } from "./entries.ts";

const severities: Record<Severity, string> = { error: "critical", warning: "major", information: "info" };

export const renderGitlab = (report: Report, io: Io): string =>
  toJson(
    entriesOf(report, io).map(({ rule, severity, message, file, span, fingerprint }) => ({
      description: message,
      check_name: rule,
      fingerprint,
      severity: severities[severity],
      location: { path: file, lines: { begin: span.start.line + 1, end: span.end.line + 1 } },
    })),
  );
