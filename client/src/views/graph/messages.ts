/** What the graph page and the extension say to each other. Plain values; both sides check what they get. */
import type { Glance, OperationsAnswer, RevisionNode, RowLines } from "../../../../server/src/protocol/index.ts";
import type { RevisionState } from "../revisions/model.ts";

/** A row of the page: what is known of a revision without asking what it does. */
export interface PageRow {
  readonly id: string;
  readonly shortId: string;
  readonly message: string;
  readonly parents: readonly string[];
  readonly dependsOn: readonly string[];
  readonly labels: readonly string[];
  /** As the file has it, and how long ago that is. */
  readonly date: string;
  readonly age: string;
  readonly author: string;
  readonly file: string;
  readonly lane: number;
  readonly lines: RowLines;
  readonly missing: readonly string[];
  readonly isHead: boolean;
  readonly isMerge: boolean;
  readonly isBranchPoint: boolean;
  readonly state: RevisionState;
  readonly isRunning: boolean;
  readonly findings: RevisionNode["findings"];
}

export interface PageProject {
  readonly id: string;
  readonly name: string;
  readonly total: number;
  readonly lanes: number;
  readonly heads: readonly string[];
  /** Where the database stands, in words. */
  readonly standing: string;
  /** Whether migrations may run now: the folder is trusted, and none runs. */
  readonly canRun: boolean;
  /** Whether SQL may be asked of Alembic: the folder is trusted. */
  readonly isTrusted: boolean;
  /** What may be done about more than one head. */
  readonly headActions: readonly HeadAction[];
}

export interface HeadAction {
  readonly id: string;
  readonly title: string;
}

export type ToPage =
  | {
      readonly type: "project";
      readonly project: PageProject;
      readonly projects: readonly { readonly id: string; readonly name: string }[];
    }
  /** Something changed: what was told of revisions at a glance may be old. */
  | { readonly type: "stale" }
  | { readonly type: "rows"; readonly projectId: string; readonly from: number; readonly rows: readonly PageRow[] }
  | { readonly type: "glances"; readonly projectId: string; readonly glances: readonly Glance[] }
  | { readonly type: "operations"; readonly projectId: string; readonly id: string; readonly answer: OperationsAnswer }
  | { readonly type: "reveal"; readonly projectId: string; readonly id: string }
  /** There is no project to show, and why. */
  | { readonly type: "nothing"; readonly why: string };

/** Commands that the page may start on a revision: the same as the tree's. */
export const revisionCommands = [
  "retort.upgradeTo",
  "retort.downgradeTo",
  "retort.downgradeOne",
  "retort.showSql",
  "retort.copyRevisionId",
] as const;
export type RevisionCommand = (typeof revisionCommands)[number];

export type FromPage =
  | { readonly type: "ready"; readonly projectId?: string }
  | { readonly type: "choose"; readonly projectId: string }
  | { readonly type: "glances"; readonly projectId: string; readonly ids: readonly string[] }
  | { readonly type: "operations"; readonly projectId: string; readonly id: string }
  | { readonly type: "open"; readonly projectId: string; readonly id: string; readonly line?: number }
  | { readonly type: "run"; readonly projectId: string; readonly id: string; readonly command: RevisionCommand }
  | { readonly type: "heads"; readonly projectId: string; readonly action: string }
  | { readonly type: "export"; readonly projectId: string; readonly format: "svg" | "mermaid" };

/** More would be no page. */
const mostIds = 500;

const isText = (value: unknown): value is string => typeof value === "string";

/** Undefined for anything that the page does not say. */
export function readFromPage(value: unknown): FromPage | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const message = value as Readonly<Record<string, unknown>>;
  const { type, projectId, id } = message;
  if (type === "ready") return { type, ...(isText(projectId) ? { projectId } : {}) };
  if (!isText(projectId)) return undefined;
  switch (type) {
    case "choose":
      return { type, projectId };
    case "glances": {
      const { ids } = message;
      return Array.isArray(ids) && ids.every(isText) ? { type, projectId, ids: ids.slice(0, mostIds) } : undefined;
    }
    case "heads":
      return isText(message["action"]) ? { type, projectId, action: message["action"] } : undefined;
    case "export": {
      const { format } = message;
      return format === "svg" || format === "mermaid" ? { type, projectId, format } : undefined;
    }
    case "operations":
      return isText(id) ? { type, projectId, id } : undefined;
    case "open": {
      const { line } = message;
      if (!isText(id)) return undefined;
      return { type, projectId, id, ...(Number.isSafeInteger(line) ? { line: Number(line) } : {}) };
    }
    case "run": {
      const command = revisionCommands.find((one) => one === message["command"]);
      return isText(id) && command !== undefined ? { type, projectId, id, command } : undefined;
    }
    default:
      return undefined;
  }
}
