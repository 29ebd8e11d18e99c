/** What the page offers where a history has more than one head. */
import * as vscode from "vscode";
import type { ProjectNode } from "../../../../server/src/protocol/index.ts";
import type { HeadAction } from "./messages.ts";

const refactorings: readonly HeadAction[] = [
  { id: "merge-heads", title: "Merge Heads" },
  { id: "move-onto-head", title: "Move onto Other Head" },
];

export const headActions = (_: ProjectNode): readonly HeadAction[] => refactorings;

/** Shown as a preview first: nothing is changed until the person says so. */
export async function runHeadAction(node: ProjectNode | undefined, action: string): Promise<void> {
  const known = refactorings.find(({ id }) => id === action);
  if (node === undefined || known === undefined) return;
  const heads = node.revisions.filter(({ isHead }) => isHead);
  const isMerge = known.id === "merge-heads";
  // Alembic's own command knows the project's template; where nothing may run, ours needs none.
  if (isMerge && vscode.workspace.isTrusted)
    return void (await vscode.commands.executeCommand("retort.mergeHeads", { projectId: node.id }));
  const head = isMerge ? heads[0] : await pickHead(heads);
  if (head === undefined) return;
  await vscode.commands.executeCommand("retort.previewRefactoring", { uri: head.uri, refactoring: known.id });
}

async function pickHead(heads: ProjectNode["revisions"]): Promise<ProjectNode["revisions"][number] | undefined> {
  const items = heads.map((head) => ({ label: head.message || "(no message)", description: head.id, head }));
  const placeHolder = "Which head is moved onto the other one?";
  return (await vscode.window.showQuickPick(items, { title: "Retort", placeHolder }))?.head;
}
