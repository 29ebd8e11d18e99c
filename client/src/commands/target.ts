/** What a command is about: taken from the row it was called on, else asked. */
import * as vscode from "vscode";
import type { ProjectNode, RevisionNode } from "../../../server/src/protocol/index.ts";
import { askInBackground } from "../dialogs.ts";
import type { Services } from "../services.ts";
import { findApplied, type Applied } from "../alembic/plan.ts";
import { shortId } from "../alembic/wording.ts";
import { t } from "../l10n.ts";
import { plain } from "../plain.ts";

export interface Target {
  readonly project: ProjectNode;
  readonly revision: RevisionNode;
}

/** Rows of the tree have these; key bindings and other extensions may give them too, a project also by its config file. */
export interface Named {
  readonly projectId?: string;
  readonly revisionId?: string;
}

export const readNamed = (argument: unknown): Named => {
  if (typeof argument === "string") return { revisionId: argument };
  if (typeof argument !== "object" || argument === null) return {};
  const projectId = "projectId" in argument && typeof argument.projectId === "string" ? argument.projectId : undefined;
  const revision = "revision" in argument ? argument.revision : undefined;
  const revisionId =
    typeof revision === "string"
      ? revision
      : typeof revision === "object" && revision !== null && "id" in revision && typeof revision.id === "string"
        ? revision.id
        : undefined;
  return { ...(projectId === undefined ? {} : { projectId }), ...(revisionId === undefined ? {} : { revisionId }) };
};

/** Undefined where there is no project, which is said, or where the person did not choose. */
export const findProject = async (services: Services, argument: unknown): Promise<ProjectNode | undefined> => {
  const { projectId, revisionId } = readNamed(argument);
  const all = services.projects.all().map((view) => view.node);
  const named = all.find((node) =>
    projectId === undefined
      ? node.revisions.some((one) => one.id === revisionId)
      : node.id === projectId || isConfigOf(node, projectId),
  );
  if (named !== undefined) return named;
  if (all.length === 0) {
    askInBackground(t("There is no Alembic project in this workspace."), {}, services.log);
    return undefined;
  }
  if (all.length === 1) return all[0];
  const items = all.map((node) => ({ label: plain(node.name), description: plain(pathOf(node)), node }));
  return (await vscode.window.showQuickPick(items, { title: "Retort", placeHolder: t("Which project?") }))?.node;
};

const isConfigOf = (node: ProjectNode, uri: string): boolean =>
  node.configUri !== undefined && vscode.Uri.parse(node.configUri).toString() === vscode.Uri.parse(uri).toString();

const pathOf = (node: ProjectNode): string =>
  vscode.workspace.asRelativePath(vscode.Uri.parse(node.configUri ?? node.folderUri));

/** The revision of the row, of the file in the active editor where there is no row, else the one that is chosen from a list. */
export const findTarget = async (
  services: Services,
  argument: unknown,
  question: string,
): Promise<Target | undefined> => {
  const { revisionId } = readNamed(argument);
  const project = await findProject(services, argument);
  if (project === undefined) return undefined;
  const named = project.revisions.find((one) => one.id === revisionId);
  const revision =
    named ??
    (await pickRevision(project.revisions, question, {
      first: revisionOfActiveEditor(project),
      applied: appliedIn(services, project),
    }));
  return revision === undefined ? undefined : { project, revision };
};

export const revisionOfActiveEditor = (project: ProjectNode): RevisionNode | undefined => {
  const active = vscode.window.activeTextEditor?.document.uri.toString();
  return project.revisions.find((one) => vscode.Uri.parse(one.uri).toString() === active);
};

export interface PickOptions {
  readonly first?: RevisionNode | undefined;
  /** Where the database stands, as far as it is known: each row then says whether it is applied. */
  readonly applied?: Applied | undefined;
}

export const pickRevision = async (
  revisions: readonly RevisionNode[],
  question: string,
  { first, applied }: PickOptions = {},
): Promise<RevisionNode | undefined> => {
  const ordered = first === undefined ? revisions : [first, ...revisions.filter((one) => one !== first)];
  const items = ordered.map((revision) => ({
    ...toPickItem(revision, applied, revision === first ? [t("open in the editor")] : []),
    revision,
  }));
  const choice = await vscode.window.showQuickPick(items, {
    title: "Retort",
    placeHolder: question,
    matchOnDescription: true,
  });
  return choice?.revision;
};

/** The revision at which the database is; asked for where it is at several, undefined where nobody says or it is at none. */
export const pickCurrent = async (
  current: readonly RevisionNode[],
  question: string,
  options?: PickOptions,
): Promise<RevisionNode | undefined> => (current.length > 1 ? pickRevision(current, question, options) : current[0]);

/** Shape and word both tell the state, as in the tree. */
export const toPickItem = (
  revision: RevisionNode,
  applied: Applied | undefined,
  more: readonly string[] = [],
): { readonly label: string; readonly description: string; readonly iconPath?: vscode.ThemeIcon } => {
  const state = stateOf(revision, applied);
  return {
    label: plain(revision.message || t("(no message)")),
    description: plain(
      [
        shortId(revision.id),
        ...(revision.isHead ? [t("head")] : []),
        ...(revision.branchLabels.length > 0 ? [revision.branchLabels.join(", ")] : []),
        ...(state === undefined ? [] : [state.word]),
        ...more,
      ].join(" · "),
    ),
    ...(state === undefined ? {} : { iconPath: new vscode.ThemeIcon(state.icon) }),
  };
};

const stateOf = (
  { id }: RevisionNode,
  applied: Applied | undefined,
): { readonly word: string; readonly icon: string } | undefined => {
  if (applied === undefined) return undefined;
  if (applied.current.has(id)) return { word: t("the database is here"), icon: "target" };
  if (applied.ids.has(id)) return { word: t("applied"), icon: "pass" };
  return applied.unknown.length > 0 ? undefined : { word: t("pending"), icon: "circle-large-outline" };
};

/** What the view knows of the project's database; undefined where that is nothing. */
export const appliedIn = ({ projects }: Services, project: ProjectNode): Applied | undefined => {
  const standing = projects.find(project.id)?.standing;
  return standing?.kind === "known" ? findApplied(project.revisions, standing.versions) : undefined;
};

/** A text that a key binding or a test gives in place of a person: `{ "message": "add users" }`. */
export const readText = (argument: unknown, name: string): string | undefined => {
  const value: unknown =
    typeof argument === "object" && argument !== null
      ? Object.entries(argument).find(([key]) => key === name)?.[1]
      : undefined;
  return typeof value === "string" ? value : undefined;
};
