/** What a person chose last, by project. Kept by the editor, outside the workspace: a repository cannot set it. */
import type * as vscode from "vscode";
import type { GrowingMask } from "../../server/src/database/mask.ts";
import type { ProjectNode } from "../../server/src/protocol/index.ts";

export interface Memory {
  readonly recall: (project: ProjectNode, what: Remembered) => readonly string[];
  readonly keep: (project: ProjectNode, what: Remembered, values: readonly string[]) => Promise<void>;
  /** What env.py gets by `-x`, one `name=value` each: people type it, and it may hold a password, so it is a secret. */
  readonly recallArguments: (project: ProjectNode) => Promise<readonly string[]>;
  readonly keepArguments: (project: ProjectNode, values: readonly string[]) => Promise<void>;
}

export type Remembered = "head" | "historyRange";

export const createMemory = (state: vscode.Memento, secrets: vscode.SecretStorage, mask: GrowingMask): Memory => {
  const secretOf = (project: ProjectNode): string => `arguments:${project.id}`;
  const keyOf = (project: ProjectNode, what: Remembered): string => `${what}:${project.id}`;
  return {
    recall: (project, what) => {
      const value: unknown = state.get(keyOf(project, what));
      return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
    },
    keep: async (project, what, values) => {
      await state.update(keyOf(project, what), values.length === 0 ? undefined : [...values]);
    },
    recallArguments: async (project) => {
      const kept = readList(await secrets.get(secretOf(project)));
      mask.learn(
        [],
        kept.filter((one) => secretName.test(one)).map((one) => one.slice(one.indexOf("=") + 1)),
      );
      return kept;
    },
    keepArguments: async (project, values) => {
      if (values.length === 0) await secrets.delete(secretOf(project));
      else await secrets.store(secretOf(project), JSON.stringify(values));
    },
  };
};

const secretName = /^[^=]*(password|passwd|pwd|secret|token|key)=/i;

const readList = (text: string | undefined): readonly string[] => {
  try {
    const value: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
  } catch {
    return [];
  }
};
