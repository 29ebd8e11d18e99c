import * as vscode from "vscode";
import { showFailure } from "../dialogs.ts";
import { wordsOf } from "../log.ts";
import type { Services } from "../services.ts";
import { addCiWorkflow, addMigrationTests } from "./addFiles.ts";
import { autogenerate } from "./autogenerate.ts";
import { check } from "./check.ts";
import { copyRevisionId } from "./copyRevisionId.ts";
import { explainFinding } from "./explainFinding.ts";
import { downgradeBefore } from "./downgradeBefore.ts";
import { debugRevision } from "./debugRevision.ts";
import { downgradeOne } from "./downgradeOne.ts";
import { downgradeTo } from "./downgradeTo.ts";
import { ensureVersion } from "./ensureVersion.ts";
import { clearFilter, filterRevisions } from "./filterRevisions.ts";
import { commandIds, type CommandHandler, type CommandId } from "./handler.ts";
import { findRevision } from "./findRevision.ts";
import { checkRemote, headsDoctor } from "./headsDoctor.ts";
import { history, showRevision } from "./history.ts";
import { init } from "./init.ts";
import { mergeHeads } from "./mergeHeads.ts";
import { newRevision } from "./newRevision.ts";
import { openNewest, openRevision } from "./open.ts";
import { previewRefactoring } from "./previewRefactoring.ts";
import { readSizes } from "./readSizes.ts";
import { redo } from "./redo.ts";
import { refresh } from "./refresh.ts";
import { restartServer } from "./restartServer.ts";
import { reviewPending } from "./reviewPending.ts";
import { selectInterpreter } from "./selectInterpreter.ts";
import { setArguments } from "./setArguments.ts";
import { setDatabaseUrl } from "./setDatabaseUrl.ts";
import { showCurrent } from "./showCurrent.ts";
import { showGraph } from "./showGraph.ts";
import { showLog } from "./showLog.ts";
import { showSql, showSqlDown, showSqlRange } from "./showSql.ts";
import { endSession, lookIntoDatabase, stopStatement } from "./signalSession.ts";
import { stamp } from "./stamp.ts";
import { downgradeSteps, upgradeSteps } from "./steps.ts";
import { upgradeHead } from "./upgradeHead.ts";
import { upgradeOne } from "./upgradeOne.ts";
import { upgradeTo } from "./upgradeTo.ts";
import { t } from "../l10n.ts";

const handlers = {
  "retort.upgradeHead": upgradeHead,
  "retort.upgradeTo": upgradeTo,
  "retort.upgradeOne": upgradeOne,
  "retort.downgradeOne": downgradeOne,
  "retort.downgradeTo": downgradeTo,
  "retort.downgradeBefore": downgradeBefore,
  "retort.showCurrent": showCurrent,
  "retort.showSql": showSql,
  "retort.refresh": refresh,
  "retort.showLog": showLog,
  "retort.previewRefactoring": previewRefactoring,
  "retort.selectInterpreter": selectInterpreter,
  "retort.setDatabaseUrl": setDatabaseUrl,
  "retort.readSizes": readSizes,
  "retort.copyRevisionId": copyRevisionId,
  "retort.init": init,
  "retort.newRevision": newRevision,
  "retort.autogenerate": autogenerate,
  "retort.upgradeSteps": upgradeSteps,
  "retort.downgradeSteps": downgradeSteps,
  "retort.redo": redo,
  "retort.stamp": stamp,
  "retort.mergeHeads": mergeHeads,
  "retort.ensureVersion": ensureVersion,
  "retort.check": check,
  "retort.history": history,
  "retort.showRevision": showRevision,
  "retort.openRevision": openRevision,
  "retort.openNewest": openNewest,
  "retort.showSqlDown": showSqlDown,
  "retort.showSqlRange": showSqlRange,
  "retort.reviewPending": reviewPending,
  "retort.setArguments": setArguments,
  "retort.restartServer": restartServer,
  "retort.findRevision": findRevision,
  "retort.headsDoctor": headsDoctor,
  "retort.checkRemote": checkRemote,
  "retort.explainFinding": explainFinding,
  "retort.showGraph": showGraph,
  "retort.filterRevisions": filterRevisions,
  "retort.clearFilter": clearFilter,
  "retort.stopStatement": stopStatement,
  "retort.endSession": endSession,
  "retort.lookIntoDatabase": lookIntoDatabase,
  "retort.debugRevision": debugRevision,
  "retort.addMigrationTests": addMigrationTests,
  "retort.addCiWorkflow": addCiWorkflow,
} satisfies Record<CommandId, CommandHandler>;

export const registerCommands = (context: vscode.ExtensionContext, services: Services): void => {
  for (const id of commandIds) {
    const handler: CommandHandler = handlers[id];
    context.subscriptions.push(
      vscode.commands.registerCommand(id, (argument: unknown) => guarded(services, () => handler(services, argument))),
    );
  }
};

/** A fault of ours is told, in the log with its stack, and never lost. */
const guarded = async ({ log }: Services, action: () => Promise<void>): Promise<void> => {
  try {
    await action();
  } catch (error) {
    log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    showFailure(t("Retort failed: {0}", wordsOf(error)), {}, log);
  }
};
