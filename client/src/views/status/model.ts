/** The state of the workspace's projects in a few words, for the status bar. */
import { findApplied, planUpgrade } from "../../alembic/plan.ts";
import { describePosition } from "../../alembic/wording.ts";
import type { ProjectView } from "../revisions/model.ts";
import { inDigits, t } from "../../l10n.ts";

export interface StatusText {
  readonly text: string;
  readonly tooltip: string;
  /** Alembic refuses to run until the history is mended. */
  readonly isBroken: boolean;
}

/** Undefined where there is nothing to say: no project, or none with revisions. */
export function describeStatus(projects: readonly ProjectView[]): StatusText | undefined {
  const shown = projects.filter(({ node }) => node.revisions.length > 0);
  if (shown.length === 0) return undefined;
  const tooltip = shown.map((project) => `${project.node.name}: ${inWords(project)}`).join("\n");
  if (shown.some(({ running }) => running !== undefined))
    return { text: `$(loading~spin) ${t("Migrating")}`, tooltip, isBroken: false };
  if (shown.some(isBroken)) return { text: `$(error) ${t("History broken")}`, tooltip, isBroken: true };
  const heads = Math.max(...shown.map(({ node }) => node.heads.length));
  const pending = shown.reduce((sum, project) => sum + (pendingOf(project) ?? 0), 0);
  const parts = [
    ...(heads > 1 ? [t("{0} heads", heads)] : []),
    ...(pending > 0 ? [t("{0} pending", inDigits(pending))] : []),
    ...(shown.some(isUnknown) ? [t("unknown revision")] : []),
  ];
  if (parts.length > 0) return { text: `$(beaker) ${parts.join(", ")}`, tooltip, isBroken: false };
  const isUpToDate = shown.every((project) => pendingOf(project) === 0);
  return { text: `$(beaker) ${isUpToDate ? t("Up to date") : "Alembic"}`, tooltip, isBroken: false };
}

const isBroken = ({ node }: ProjectView): boolean => node.problems.length > 0;

const isUnknown = ({ node, standing }: ProjectView): boolean =>
  standing.kind === "known" && findApplied(node.revisions, standing.versions).unknown.length > 0;

/** Undefined where it is not known. */
function pendingOf({ node, standing }: ProjectView): number | undefined {
  if (standing.kind !== "known") return undefined;
  const applied = findApplied(node.revisions, standing.versions);
  return applied.unknown.length > 0 ? undefined : planUpgrade(node.revisions, applied, node.heads).length;
}

function inWords({ node, standing, running }: ProjectView): string {
  const [problem] = node.problems;
  if (running !== undefined) return running === "" ? t("a migration runs") : t("a migration runs: {0}", running);
  if (problem !== undefined) return problem.message;
  const words = standingInWords(node, standing);
  return node.heads.length > 1 ? t("{0} heads, so upgrade head is refused; {1}", node.heads.length, words) : words;
}

function standingInWords(node: ProjectView["node"], standing: ProjectView["standing"]): string {
  switch (standing.kind) {
    case "known":
      return t("{0} is {1}", standing.name, describePosition(node, standing.versions));
    case "unread":
    case "reading":
      return t("the database was not asked yet");
    case "restricted":
      return t("Restricted Mode, so no database is asked");
    case "virtual":
      return t("virtual workspace, so no database is asked");
    case "unreachable":
      return t("the database is unreachable");
    case "noConfig":
    case "noInterpreter":
    case "failed":
      return t("not known where the database stands");
  }
}
