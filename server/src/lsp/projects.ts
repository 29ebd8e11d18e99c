import { setImmediate as breathe } from "node:timers/promises";
import { layOutLanes, type Row } from "../history/lanes.ts";
import type { History, Revision } from "../history/history.ts";
import type { Project, ProjectProblem, Workspace } from "../project/snapshot.ts";
import type { ProjectNode, ProjectsAnswer, RevisionNode } from "../protocol/index.ts";
import type { Finding } from "../rules/check.ts";
import { countsInPast } from "../rules/past.ts";
import { linesOf, toRange, uriOf } from "./convert.ts";
import { findingsOf, textOf, type Session } from "./session.ts";

/** For so long others wait, who ask for what is on the screen. */
const patience = 10;

/** Asks for every finding of every revision, which takes its time when it is first asked: others are let in between. */
export async function projectsAnswer(session: Session): Promise<ProjectsAnswer> {
  for (;;) {
    const workspace = session.workspace();
    for (const project of workspace.projects) await findAll(session, project);
    // What was found of another state of the project still counts where the edit has changed nothing of it.
    if (session.workspace() === workspace) return toAnswer(session, workspace);
  }
}

async function findAll(session: Session, project: Project): Promise<void> {
  let since = performance.now();
  for (const { file } of project.history.revisions.values()) {
    findingsOf(session, project, file.path);
    if (performance.now() - since < patience) continue;
    await breathe();
    await session.settled();
    if (!session.workspace().projects.includes(project)) return;
    since = performance.now();
  }
}

function toAnswer(session: Session, { projects, problems }: Workspace): ProjectsAnswer {
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
    revisions: rowsOf(history).flatMap((row) => revisionNode(session, project, row)),
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

/** By the order, which is the same value until the graph is another. */
const rows = new WeakMap<History["order"], readonly Row[]>();

function rowsOf(history: History): readonly Row[] {
  const known = rows.get(history.order) ?? layOutLanes(history);
  rows.set(history.order, known);
  return known;
}

interface Made {
  readonly from: readonly unknown[];
  readonly node: RevisionNode;
}

const made = new WeakMap<Revision, Made>();

function revisionNode(session: Session, project: Project, row: Row): RevisionNode[] {
  const revision = project.history.revisions.get(row.id);
  if (!revision) return [];
  const { path } = revision.file;
  const isPast = session.isPast(project, path);
  const findings = findingsOf(session, project, path);
  const from = [row, isPast, findings];
  const known = made.get(revision);
  if (known?.from.every((one, index) => one === from[index])) return [known.node];
  const counted = findings.filter((finding) => !isPast || countsInPast(finding));
  const node = toRevisionNode(project, revision, row, counted);
  made.set(revision, { from, node });
  return [node];
}

function toRevisionNode(
  { history }: Project,
  revision: Revision,
  row: Row,
  findings: readonly Finding[],
): RevisionNode {
  const { id } = row;
  const count = (severity: string): number => findings.filter((finding) => finding.severity === severity).length;
  const missing = revision.parents.filter((parent) => !history.revisions.has(parent));
  const created = revision.file.header?.createDate?.value;
  return {
    id,
    parents: revision.parents,
    dependsOn: revision.dependsOn,
    branchLabels: revision.branchLabels,
    message: revision.message,
    ...(created === undefined ? {} : { createDate: created }),
    uri: uriOf(revision.file.path),
    isHead: history.heads.includes(id),
    isMerge: revision.parents.length > 1,
    isBranchPoint: (history.children.get(id)?.length ?? 0) > 1,
    lane: row.lane,
    ...linesOfRow(row),
    ...(missing.length === 0 ? {} : { missingParents: missing }),
    findings: { error: count("error"), warning: count("warning"), information: count("information") },
  };
}
