/** What the page offers where a history has more than one head. */
import * as vscode from "vscode";
import type { ProjectNode } from "../../../../server/src/protocol/index.ts";
import type { HeadAction } from "./messages.ts";
import { t } from "../../l10n.ts";
import { isVirtualWindow } from "../../virtual.ts";

/** Commands that every place of the editor offers for it: nothing is changed before it was shown. */
const commands: Readonly<Record<string, string>> = { doctor: "retort.headsDoctor", merge: "retort.mergeHeads" };

/** A merge revision is made by Alembic itself, which runs in trusted folders only. */
export const headActions = (): readonly HeadAction[] => [
  { id: "doctor", title: t("Show Both Ways Out") },
  ...(vscode.workspace.isTrusted && !isVirtualWindow() ? [{ id: "merge", title: t("Merge Heads") }] : []),
];

export async function runHeadAction(node: ProjectNode | undefined, action: string): Promise<void> {
  const command = commands[action];
  if (node !== undefined && command !== undefined)
    await vscode.commands.executeCommand(command, { projectId: node.id });
}
