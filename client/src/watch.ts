/** What happens around the extension and makes its knowledge stale. */
import * as vscode from "vscode";
import { section } from "./settings.ts";
import type { Services } from "./services.ts";
import { wordsOf } from "./log.ts";

type Needed = Pick<Services, "engine" | "projects" | "toolchain" | "log">;

/** A person who comes back from a terminal may have migrated there; more often than this nobody looks. */
const restingTime = 10_000;

export const watchSurroundings = (
  context: vscode.ExtensionContext,
  { engine, projects, toolchain, log }: Needed,
): void => {
  const run = (action: () => Promise<void>): void => {
    action().catch((error: unknown) => {
      log.error(wordsOf(error));
    });
  };
  const lookAgain = async (): Promise<void> => {
    toolchain.forget();
    await projects.readWatched();
  };
  let lastLook = Date.now();
  context.subscriptions.push(
    engine.onProjectsChanged(() => {
      run(projects.reload);
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      run(lookAgain);
    }),
    vscode.workspace.onDidChangeConfiguration((change) => {
      const asked = ["python", "alembicCommand", "databaseUrl", "environment"].some((key) =>
        change.affectsConfiguration(`${section}.${key}`),
      );
      if (asked) run(lookAgain);
    }),
    vscode.window.onDidChangeWindowState(({ focused }) => {
      if (!focused || Date.now() - lastLook < restingTime) return;
      lastLook = Date.now();
      run(projects.readWatched);
    }),
  );
};
