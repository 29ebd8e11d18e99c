/** How the rows of the view look. */
import * as vscode from "vscode";
import {
  contextWords,
  describeGroup,
  findingsInWords,
  groupFindings,
  renderAge,
  stateInWords,
  type FilterRow,
  type GroupRow,
  type ProblemRow,
  type ProjectRow,
  type RevisionRow,
  type Row,
  type StatusAction,
  type StatusRow,
} from "./model.ts";
import { shortId } from "../../alembic/wording.ts";
import { decorationUri } from "./decorations.ts";
import { renderTooltip } from "./tooltip.ts";
import { t } from "../../l10n.ts";

export const toItem = (row: Row, now: number): vscode.TreeItem => {
  switch (row.kind) {
    case "project":
      return projectItem(row);
    case "revision":
      return revisionItem(row, now);
    case "status":
      return statusItem(row);
    case "problem":
      return problemItem(row);
    case "group":
      return groupItem(row);
    case "filter":
      return filterItem(row);
  }
};

const groupItem = (row: GroupRow): vscode.TreeItem => {
  const label = describeGroup(row);
  const [newest, oldest] = [row.rows[0], row.rows.at(-1)];
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = row.key;
  item.iconPath = icon("ellipsis");
  const findings = findingsInWords(groupFindings(row));
  const range = t("{0} to {1}", shortId(oldest?.revision.id ?? ""), shortId(newest?.revision.id ?? ""));
  item.description = [range, findings].filter((one) => one !== "").join(" · ");
  item.contextValue = "group";
  const line = t("{0} in a straight line, {1}", label, range);
  item.tooltip = findings === "" ? line : `${line}: ${findings}`;
  item.accessibilityInformation = { label: [label, range, findings].filter((one) => one !== "").join(", ") };
  return item;
};

const filterItem = (row: FilterRow): vscode.TreeItem => {
  const item = new vscode.TreeItem(row.label);
  item.id = row.key;
  item.iconPath = icon("filter-filled");
  item.description = row.description;
  item.contextValue = "filter";
  item.tooltip = t("Click to show all revisions again.");
  item.accessibilityInformation = { label: t("Filter: {0}, {1}", row.label, row.description) };
  item.command = { command: "retort.clearFilter", title: t("Show All Revisions") };
  return item;
};

const icon = (name: string, color?: string): vscode.ThemeIcon =>
  new vscode.ThemeIcon(name, color === undefined ? undefined : new vscode.ThemeColor(color));

/** Shape and colour both tell the state; what is not done yet stays grey, since yellow and red belong to findings. */
const revisionIcon = (row: RevisionRow): vscode.ThemeIcon => {
  if (row.isRunning) return icon("loading~spin");
  if (row.revision.missingParents !== undefined) return icon("warning", "list.errorForeground");
  switch (row.state) {
    case "current":
      return icon("target", "charts.blue");
    case "applied":
      return icon("pass", "charts.green");
    case "pending":
      return icon(row.revision.isHead ? "arrow-circle-up" : "circle-large-outline", "descriptionForeground");
    case "unknown":
      return icon("git-commit", "descriptionForeground");
  }
};

const revisionItem = (row: RevisionRow, now: number): vscode.TreeItem => {
  const { revision } = row;
  const item = new vscode.TreeItem(`${lanesOf(revision)}${messageOf(row)}`);
  item.id = row.key;
  item.iconPath = revisionIcon(row);
  item.description = [
    ...(revision.isHead ? [t("head")] : []),
    ...(revision.isMerge ? [t("merge")] : []),
    ...(revision.missingParents === undefined ? [] : [t("broken")]),
    shortId(revision.id),
    ...(revision.branchLabels.length > 0 ? [revision.branchLabels.join(", ")] : []),
    ...[renderAge(revision.createDate, now)].filter((age) => age !== undefined),
  ].join(" · ");
  item.contextValue = contextWords(row);
  item.tooltip = new vscode.MarkdownString(renderTooltip(row));
  item.resourceUri = decorationUri(row);
  item.command = { command: "vscode.open", title: t("Open Revision"), arguments: [vscode.Uri.parse(revision.uri)] };
  item.accessibilityInformation = { label: accessibleLabel(row) };
  return item;
};

/** The lanes left of a revision: a line where one passes, room where none does. */
const lanesOf = ({ lane, lines }: RevisionRow["revision"]): string => {
  const isLine = (one: number): boolean => lines === undefined || lines.passing.includes(one);
  return Array.from({ length: Math.min(lane, mostLanes) }, (_, one) => (isLine(one) ? "│ " : "\u2002")).join("");
};
/** A view is narrow, and the message counts more. */
const mostLanes = 6;

const messageOf = ({ revision }: RevisionRow): string => revision.message || t("(no message)");

const accessibleLabel = (row: RevisionRow): string =>
  [
    messageOf(row),
    t("revision {0}", row.revision.id),
    ...(row.revision.isHead ? [t("head")] : []),
    ...(row.revision.isMerge ? [t("merge")] : []),
    ...(row.revision.branchLabels.length > 0 ? [t("branch {0}", row.revision.branchLabels.join(", "))] : []),
    ...(row.revision.missingParents === undefined
      ? []
      : [t("parent {0} is missing", row.revision.missingParents.join(", "))]),
    stateInWords(row),
    findingsInWords(row.revision.findings),
  ]
    .filter((part) => part !== "")
    .join(", ");

const projectItem = (row: ProjectRow): vscode.TreeItem => {
  const item = new vscode.TreeItem(row.label, vscode.TreeItemCollapsibleState.Expanded);
  item.id = row.key;
  item.iconPath = icon("beaker");
  item.description = row.summary;
  item.contextValue = "project";
  item.accessibilityInformation = { label: [row.label, row.summary].filter((part) => part !== "").join(", ") };
  item.tooltip = vscode.Uri.parse(row.project.node.configUri ?? row.project.node.folderUri).fsPath;
  return item;
};

const statusIcons: Record<StatusRow["tone"], vscode.ThemeIcon> = {
  database: icon("database"),
  busy: icon("loading~spin"),
  restricted: icon("workspace-untrusted"),
  virtual: icon("cloud"),
  warning: icon("warning", "list.warningForeground"),
  error: icon("debug-disconnect", "list.errorForeground"),
};

const actions: Record<StatusAction, { readonly command: string; readonly title: string }> = {
  trust: { command: "workbench.trust.manage", title: t("Manage Workspace Trust") },
  selectInterpreter: { command: "retort.selectInterpreter", title: t("Select Interpreter") },
  setDatabaseUrl: { command: "retort.setDatabaseUrl", title: t("Set Database URL") },
  showLog: { command: "retort.showLog", title: t("Show Log") },
};

export const statusItem = (row: StatusRow): vscode.TreeItem => {
  const item = new vscode.TreeItem(row.label);
  item.id = row.key;
  item.iconPath = statusIcons[row.tone];
  item.description = row.description;
  item.contextValue = `status ${row.state}`;
  item.tooltip = [row.label, ...row.details].join("\n");
  item.accessibilityInformation = { label: [row.label, row.description, ...row.details].join(", ") };
  if (row.action !== undefined) item.command = { ...actions[row.action], arguments: [row] };
  return item;
};

const problemItem = (row: ProblemRow): vscode.TreeItem => {
  const item = new vscode.TreeItem(row.message);
  item.id = row.key;
  item.iconPath = icon("error", "list.errorForeground");
  item.contextValue = "problem";
  item.tooltip = row.message;
  if (row.uri === undefined) return item;
  const selection =
    row.range === undefined
      ? undefined
      : new vscode.Range(row.range.start.line, row.range.start.character, row.range.end.line, row.range.end.character);
  item.command = {
    command: "vscode.open",
    title: t("Open"),
    arguments: [vscode.Uri.parse(row.uri), ...(selection === undefined ? [] : [{ selection }])],
  };
  return item;
};
