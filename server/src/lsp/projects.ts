import { layOutLanes, type Row } from "../history/lanes.ts";
import type { Project, ProjectProblem } from "../project/snapshot.ts";
import type { ProjectNode, ProjectsAnswer, RevisionNode } from "../protocol/index.ts";
import { isHistoryError } from "../rules/history-errors.ts";
import { linesOf, toRange, uriOf } from "./convert.ts";
import { findingsOf, textOf, type Session } from "./session.ts";

export function projectsAnswer(session: Session): ProjectsAnswer {
  const { projects, problems } = session.workspace();
  return {
    projects: projects.map((project) => toNode(session, project)),
    problems: firstOfEach(problems).map(({ message, file }) =>
      message.includes(file) ? message : `${file.slice(file.lastIndexOf("/") + 1)}: ${message}`,
    ),
  };
}

/** A file that cannot be read has one thing to say; Problems lists every line of it. */
const firstOfEach = (problems: readonly ProjectProblem[]): readonly ProjectProblem[] =>
  problems.filter(({ file }, index) => problems.findIndex((other) => other.file === file) === index);

function toNode(session: Session, project: Project): ProjectNode {
  const { config, history } = project;
  const configProblem = project.problems.find(({ file }) => file === config.configFile);
  return {
    id: project.id,
    name: config.root.slice(config.root.lastIndexOf("/") + 1),
    folderUri: uriOf(config.root),
    ...(config.configFile === undefined ? {} : { configUri: uriOf(config.configFile) }),
    ...(configProblem ? { configProblem: configProblem.message } : {}),
    section: config.section,
    ...(config.url === undefined ? {} : { url: config.url }),
    dialect: config.dialect,
    versionTable: config.versionTable,
    transactionPerMigration: config.env?.transactionPerMigration === true,
    revisions: layOutLanes(history).flatMap((row) => revisionNode(session, project, row)),
    heads: history.heads,
    problems: project.problems.map(({ message, file, range }) => ({
      message,
      uri: uriOf(file),
      range: toRange(linesOf(file, textOf(session, file)), range),
    })),
  };
}

/** Nothing is said of the usual row: a history of thousands is mostly those. */
function linesOfRow({ lane, arriving, parents, passing }: Row): Pick<RevisionNode, "lines"> {
  const leaving = parents.map((parent) => parent.lane);
  const isPlain = [arriving, leaving].every((lanes) => lanes.length === 1 && lanes[0] === lane) && passing.length === 0;
  return isPlain ? {} : { lines: { arriving, leaving, passing } };
}

function revisionNode(session: Session, project: Project, row: Row): RevisionNode[] {
  const { id } = row;
  const revision = project.history.revisions.get(id);
  if (!revision) return [];
  const { path } = revision.file;
  const isPast = session.isPast(project, path);
  const findings = findingsOf(session, project, path).filter((finding) => !isPast || isHistoryError(finding));
  const count = (severity: string): number => findings.filter((finding) => finding.severity === severity).length;
  const missing = revision.parents.filter((parent) => !project.history.revisions.has(parent));
  const created = revision.file.header?.createDate?.value;
  return [
    {
      id,
      parents: revision.parents,
      dependsOn: revision.dependsOn,
      branchLabels: revision.branchLabels,
      message: revision.message,
      ...(created === undefined ? {} : { createDate: created }),
      uri: uriOf(revision.file.path),
      isHead: project.history.heads.includes(id),
      isMerge: revision.parents.length > 1,
      isBranchPoint: (project.history.children.get(id)?.length ?? 0) > 1,
      lane: row.lane,
      ...linesOfRow(row),
      ...(missing.length === 0 ? {} : { missingParents: missing }),
      findings: { error: count("error"), warning: count("warning"), information: count("information") },
    },
  ];
}
