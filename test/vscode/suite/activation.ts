import assert from "node:assert/strict";
import * as vscode from "vscode";
import { holds } from "./host.ts";

const extension = (): vscode.Extension<unknown> => {
  const found = vscode.extensions.getExtension("retort.retort");
  assert(found, "the extension is not there");
  return found;
};

export const activation = (): void => {
  describe("Retort", () => {
    it("wakes up by itself in a folder with an Alembic project", async () => {
      await holds("activation", () => extension().isActive);
    });

    it("registers every command that it contributes", async () => {
      const { contributes } = extension().packageJSON as { contributes: { commands: { command: string }[] } };
      const registered = new Set(await vscode.commands.getCommands(true));
      const missing = contributes.commands.map(({ command }) => command).filter((command) => !registered.has(command));
      assert.deepEqual(missing, []);
    });
  });
};
