import { createHash } from "node:crypto";
import {
  DocumentDiagnosticReportKind,
  type Diagnostic,
  type DocumentDiagnosticReport,
  type WorkspaceDiagnosticReport,
} from "vscode-languageserver/node";
import { findExplanation } from "../history/explained.ts";
import type { Project, ProjectProblem } from "../project/snapshot.ts";
import type { Finding } from "../rules/check.ts";
import { countsInPast } from "../rules/past.ts";
import { linesOf, pathOf, toDiagnostic, uriOf, type Reported } from "./convert.ts";
import { documentAt, findingsOf, projectFindingsOf, textOf, type Session } from "./session.ts";
import { rules } from "../rules/index.ts";

/** @param pages where the pages are, if the editor can open them */
const problem = ({ code, message, file, range, related = [] }: ProjectProblem, pages?: string): Reported => ({
  code,
  severity: "error",
  message,
  path: file,
  range,
  related,
  ...(pages !== undefined && findExplanation(code) ? { href: pages.replace("{id}", code) } : {}),
});

/** Problems of the configuration and the history, by file: they stop Alembic itself. */
function problemsByPath(session: Session): Map<string, Reported[]> {
  const { projects, problems } = session.workspace();
  const byPath = new Map<string, Reported[]>();
  for (const one of [...problems, ...session.settingsProblems(), ...projects.flatMap((project) => project.problems)]) {
    const known = byPath.get(one.file) ?? [];
    if (
      !known.some(
        ({ code, range, message }) => code === one.code && range.start === one.range.start && message === one.message,
      )
    ) {
      byPath.set(one.file, [...known, problem(one, session.client.pageAddresses)]);
    }
  }
  return byPath;
}

/** Of old history hints are given where somebody looks at it; what Alembic stops at is none. */
const quieted = (session: Session, project: Project, finding: Finding): Finding | Hint =>
  !countsInPast(finding) && session.isPast(project, finding.path) ? { ...finding, severity: "hint" } : finding;

const tags = new Map(rules.map(({ id, tag }) => [id, tag]));
const tagOf = ({ rule }: Finding): Pick<Reported, "tag"> => {
  const tag = tags.get(rule);
  return tag === undefined ? {} : { tag };
};

type Hint = Omit<Finding, "severity"> & { readonly severity: "hint" };

function findings(session: Session, project: Project, path: string): Reported[] {
  const problems = project.files.get(path)?.problems ?? [];
  return [
    ...problems.map(({ code, message, range }) => ({
      code,
      severity: "information" as const,
      message,
      path,
      range,
      related: [],
    })),
    ...findingsOf(session, project, path).map((finding) => ({
      code: finding.rule,
      ...quieted(session, project, finding),
      ...tagOf(finding),
      ...(session.client.pageAddresses === undefined
        ? {}
        : { href: session.client.pageAddresses.replace("{id}", finding.rule) }),
    })),
  ];
}

function toDiagnostics(session: Session, path: string, reported: readonly Reported[]): Diagnostic[] {
  const lines = linesOf(path, textOf(session, path));
  const linesAt = (other: string): ReturnType<typeof linesOf> => linesOf(other, textOf(session, other));
  return reported.map((one) => toDiagnostic(one, lines, session.client.relatedInformation ? linesAt : undefined));
}

/**
 * What is no Python stops Alembic, which runs every file. But while a call is being typed the file is broken all the
 * time, and other extensions shout loud enough.
 */
const unparsedAs =
  (severity: Reported["severity"]) =>
  (reported: Reported): Reported =>
    reported.code === "syntax" ? { ...reported, severity } : reported;

/** The first place of each file that is no Python. */
const unparsed = ({ files }: Project): ProjectProblem[] =>
  [...files.values()].flatMap(({ path, problems }) => {
    const first = problems.find(({ code }) => code === "syntax");
    return first ? [{ ...first, file: path }] : [];
  });

/** Of all that something may be found in: revisions, env.py, the config. */
const pathsOf = (session: Session, project: Project): ReadonlySet<string> =>
  new Set([...project.files.keys(), ...projectFindingsOf(session, project).map(({ path }) => path)]);

/** All that is to be said of a document that is open. */
export function documentDiagnostics(session: Session, uri: string): Diagnostic[] {
  const path = pathOf(uri);
  if (path === undefined) return [];
  const own = session.workspace().projects.flatMap((project) => findings(session, project, path));
  return toDiagnostics(session, path, [...(problemsByPath(session).get(path) ?? []), ...own].map(unparsedAs("hint")));
}

const resultId = (diagnostics: readonly Diagnostic[]): string =>
  createHash("sha1").update(JSON.stringify(diagnostics)).digest("base64url");

export function documentReport(session: Session, uri: string, previous: string | undefined): DocumentDiagnosticReport {
  const items = documentDiagnostics(session, uri);
  const id = resultId(items);
  return id === previous
    ? { kind: DocumentDiagnosticReportKind.Unchanged, resultId: id }
    : { kind: DocumentDiagnosticReportKind.Full, resultId: id, items };
}

/**
 * Reports files that are not open: what stops Alembic always, findings only where the person asked for the whole
 * workspace. Files reported before and clean now get an empty report, so that their old diagnostics go.
 */
export function workspaceReport(
  session: Session,
  previous: readonly { readonly uri: string; readonly value: string }[],
): WorkspaceDiagnosticReport {
  const byPath = problemsByPath(session);
  const add = (path: string, more: readonly Reported[]): void => {
    if (more.length > 0) byPath.set(path, [...(byPath.get(path) ?? []), ...more]);
  };
  for (const project of session.workspace().projects) {
    if (session.scope === "workspace")
      for (const path of pathsOf(session, project))
        add(
          path,
          findings(session, project, path).filter(({ severity }) => severity !== "hint"),
        );
    else for (const one of unparsed(project)) add(one.file, [problem(one)]);
  }
  const known = new Map(previous.map(({ uri, value }) => [uri, value]));
  const uris = new Set([...[...byPath.keys()].map(uriOf), ...known.keys()]);
  const closed = [...uris].filter((uri) => {
    const path = pathOf(uri);
    return path === undefined || documentAt(session.documents, path) === undefined;
  });
  return {
    items: closed.map((uri) => {
      const path = pathOf(uri);
      const reported = path === undefined ? [] : (byPath.get(path) ?? []);
      const items = path === undefined ? [] : toDiagnostics(session, path, reported.map(unparsedAs("error")));
      const id = resultId(items);
      return id === known.get(uri)
        ? { kind: DocumentDiagnosticReportKind.Unchanged, uri, version: null, resultId: id }
        : { kind: DocumentDiagnosticReportKind.Full, uri, version: null, resultId: id, items };
    }),
  };
}
