/** What a person chose last, by project. Kept by the editor, outside the workspace: a repository cannot set it. */
import type * as vscode from "vscode";
import type { ProjectNode } from "../../server/src/protocol/index.ts";

export interface Memory {
  readonly recall: (project: ProjectNode, what: Remembered) => readonly string[];
  readonly keep: (project: ProjectNode, what: Remembered, values: readonly string[]) => Promise<void>;
}

/** `arguments`: what env.py gets by `-x`, one `name=value` each. */
export type Remembered = "arguments" | "template" | "head" | "historyRange";

export const createMemory = (state: vscode.Memento): Memory => {
  const keyOf = (project: ProjectNode, what: Remembered): string => `${what}:${project.id}`;
  return {
    recall: (project, what) => {
      const value: unknown = state.get(keyOf(project, what));
      return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
    },
    keep: async (project, what, values) => {
      await state.update(keyOf(project, what), values.length === 0 ? undefined : [...values]);
    },
  };
};
