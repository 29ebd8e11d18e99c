import type { Services } from "../services.ts";

/** Every command that Retort contributes. A test holds `package.json` to this list. */
export const commandIds = [
  "retort.upgradeHead",
  "retort.upgradeTo",
  "retort.upgradeOne",
  "retort.downgradeOne",
  "retort.downgradeTo",
  "retort.downgradeBefore",
  "retort.showCurrent",
  "retort.showSql",
  "retort.refresh",
  "retort.showLog",
  "retort.previewRefactoring",
  "retort.selectInterpreter",
  "retort.setDatabaseUrl",
  "retort.readSizes",
  "retort.copyRevisionId",
  "retort.init",
  "retort.newRevision",
  "retort.autogenerate",
  "retort.upgradeSteps",
  "retort.downgradeSteps",
  "retort.redo",
  "retort.stamp",
  "retort.mergeHeads",
  "retort.ensureVersion",
  "retort.check",
  "retort.history",
  "retort.showRevision",
  "retort.openRevision",
  "retort.openNewest",
  "retort.showSqlDown",
  "retort.showSqlRange",
  "retort.reviewPending",
  "retort.setArguments",
  "retort.restartServer",
  "retort.findRevision",
  "retort.headsDoctor",
  "retort.checkRemote",
  "retort.showGraph",
  "retort.filterRevisions",
  "retort.clearFilter",
  "retort.stopStatement",
  "retort.endSession",
  "retort.lookIntoDatabase",
] as const;

export type CommandId = (typeof commandIds)[number];

/** `argument` is whatever the caller gave: a row of the tree, a revision id, or nothing. */
export type CommandHandler = (services: Services, argument: unknown) => Promise<void>;
