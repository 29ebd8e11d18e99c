import type { Direction, Operation, Phase, RevisionFile } from "../model/revision.ts";
import { impactsIn } from "../facts/impacts.ts";
import type { Impact, PostgresVersion } from "../locks/impact.ts";
import type { Project, ProjectProblem } from "../project/snapshot.ts";
import { phasesIn } from "../schema/phases.ts";
import { renderStatements } from "../schema/statements.ts";
import { renderName, type Dialect } from "../sql/action.ts";
import { LineIndex, type Position } from "../text/lines.ts";
import type { Range } from "../text/range.ts";
import { entriesOf } from "./formats/entries.ts";
import { lineIndexes } from "./line-indexes.ts";
import { pageOf } from "./pages.ts";
import { displayPath, type Io } from "./io.ts";
import type { Fix, Report, Reported } from "./report.ts";
import { readVersion } from "./version.ts";

interface JsonRange {
  readonly start: Position;
  readonly end: Position;
}

const toRange = (lines: LineIndex, range: Range): JsonRange => ({
  start: lines.positionAt(range.start),
  end: lines.positionAt(range.end),
});

const toFix = ({ id, title, unavailable }: Fix) => ({
  id,
  title,
  available: unavailable === undefined,
  ...(unavailable === undefined ? {} : { reason: unavailable }),
});

const toFinding = (
  { rule, severity, message, path, revision, range, related, fixes = [] }: Reported,
  { lines, fingerprint }: { readonly lines: LineIndex; readonly fingerprint: string },
  io: Io,
) => ({
  rule,
  severity,
  message,
  page: pageOf(rule),
  fingerprint,
  file: displayPath(path, io.cwd),
  revision: revision ?? null,
  range: toRange(lines, range),
  related: related.map((one) => ({ message: one.message, range: toRange(lines, one.range) })),
  fixes: fixes.map(toFix),
});

const toProblem = ({ code, message, file, range }: ProjectProblem, lines: LineIndex, io: Io) => ({
  code,
  message,
  file: displayPath(file, io.cwd),
  range: toRange(lines, range),
});

/** One line of JSON would be as good to machines, but people read it too. */
const render = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

export function renderJson(report: Report, io: Io): string {
  // Findings come first among the entries.
  const entries = entriesOf(report, io);
  const linesOf = lineIndexes(report);
  return render({
    version: readVersion(),
    projects: report.projects,
    files: report.files,
    revisions: report.revisions,
    statements: report.statements,
    notJudged:
      report.leftOut === undefined ? null : { revisions: report.leftOut.revisions, findings: report.leftOut.findings },
    unread: report.unread.map(({ path, range, why }) => ({
      file: displayPath(path, io.cwd),
      range: toRange(linesOf(path), range),
      why,
    })),
    findings: report.findings.map((finding, i) =>
      toFinding(finding, { lines: linesOf(finding.path), fingerprint: entries[i]?.fingerprint ?? "" }, io),
    ),
    problems: report.problems.map((problem) => toProblem(problem, linesOf(problem.file), io)),
  });
}

/** Locks have modes in PostgreSQL only; MySQL and MariaDB tell an algorithm and what it lets others do. */
const toImpact = (impact: Impact | undefined) => ({
  locks:
    impact?.basis === "measured" ? impact.locks.map(({ table, mode }) => ({ table: renderName(table), mode })) : null,
  ...(impact?.algorithm !== undefined && { algorithm: impact.algorithm, lock: impact.lock ?? null }),
  rewrites: impact?.rewrites.map(renderName) ?? null,
  scans: impact?.scans.map(renderName) ?? null,
  transactional: impact?.transactional ?? null,
});

interface View {
  readonly dialect: Dialect;
  readonly lines: LineIndex;
}

const toOperation = (operation: Operation, phase: Phase | undefined, { dialect, lines }: View) => ({
  kind: operation.kind,
  table: operation.table === undefined ? null : renderName(operation.table),
  columns: operation.columns,
  sql: operation.sql ?? (dialect === "postgresql" ? renderStatements(operation)?.join(";\n") : undefined) ?? null,
  range: toRange(lines, operation.range),
  phase: phase ?? null,
  confidence: operation.confidence,
});

/** What a server of the newest version does; the hover tells where others differ. */
const newest: readonly PostgresVersion[] = [18];

const toDirection = (project: Project, file: RevisionFile, directions: readonly Direction[], lines: LineIndex) => ({
  operations: directions.flatMap((direction) => {
    const { operations, engine } = direction;
    const phases = phasesIn(direction, project.config.dialect);
    const impacts = impactsIn(project, file, direction, newest);
    return operations.map((operation) => ({
      ...toOperation(operation, phases.get(operation), { dialect: project.config.dialect, lines }),
      ...toImpact(impacts.get(operation)?.[0]?.impact),
      ...(engine === undefined ? {} : { engine }),
    }));
  }),
});

/** The model of one revision. */
export function renderModel(project: Project, file: RevisionFile): string {
  const { identifiers, text, upgrades, downgrades } = file;
  const lines = new LineIndex(text);
  return render({
    revision: identifiers.revision?.value ?? null,
    parents: identifiers.downRevision?.value ?? [],
    upgrade: toDirection(project, file, upgrades, lines),
    downgrade: toDirection(project, file, downgrades, lines),
  });
}
