/** The rows that the graph page shows, from what is known of a project. */
import type { RevisionNode, RowLines } from "../../../../server/src/protocol/index.ts";
import { describePosition, shortId } from "../../alembic/wording.ts";
import { renderAge, revisionRows, type ProjectView } from "../revisions/model.ts";
import type { HeadAction, PageProject, PageRow } from "./messages.ts";
import { t } from "../../l10n.ts";

/** `authors`: by file address, where the repository tells. */
export function buildPageRows(project: ProjectView, now: number, authors: ReadonlyMap<string, string>): PageRow[] {
  return revisionRows(project).map(({ revision, state, isRunning }) => ({
    id: revision.id,
    shortId: shortId(revision.id),
    message: revision.message,
    parents: revision.parents,
    dependsOn: revision.dependsOn,
    labels: revision.branchLabels,
    date: revision.createDate?.replace(/\.\d+$/, "") ?? "",
    age: renderAge(revision.createDate, now) ?? "",
    author: authors.get(revision.uri) ?? "",
    file: decodeURIComponent(revision.uri.slice(revision.uri.lastIndexOf("/") + 1)),
    lane: revision.lane,
    lines: linesOf(revision),
    missing: revision.missingParents ?? [],
    isHead: revision.isHead,
    isMerge: revision.isMerge,
    isBranchPoint: revision.isBranchPoint,
    state,
    isRunning,
    findings: revision.findings,
  }));
}

/** The server says nothing of a line that goes straight on. */
export const linesOf = ({ lane, lines }: Pick<RevisionNode, "lane" | "lines">): RowLines =>
  lines ?? { arriving: [lane], leaving: [lane], passing: [] };

/** How many lanes there are in all. */
export const countLanes = (rows: readonly Pick<PageRow, "lane" | "lines">[]): number =>
  rows.reduce(
    (most, { lane, lines }) =>
      Math.max(most, lane + 1, ...lines.passing.map((one) => one + 1), ...lines.leaving.map((one) => one + 1)),
    1,
  );

export function describeProject(
  project: ProjectView,
  rows: readonly PageRow[],
  around: { readonly isTrusted: boolean; readonly headActions: readonly HeadAction[] },
): PageProject {
  const { node } = project;
  return {
    id: node.id,
    name: node.name,
    total: rows.length,
    lanes: countLanes(rows),
    heads: node.heads,
    standing: standingInWords(project),
    canRun: around.isTrusted && project.running === undefined,
    isTrusted: around.isTrusted,
    headActions: node.heads.length > 1 ? around.headActions : [],
  };
}

function standingInWords({ node, standing }: ProjectView): string {
  switch (standing.kind) {
    case "known":
      return `${standing.name}: ${describePosition(node, standing.versions)}`;
    case "unread":
    case "reading":
      return t("asking where the database stands…");
    case "restricted":
      return t("Restricted Mode: no database is asked");
    case "virtual":
      return t("virtual workspace: no database is asked");
    case "unreachable":
      return t("database unreachable");
    case "noConfig":
    case "noInterpreter":
    case "failed":
      return t("not known where the database stands");
  }
}
