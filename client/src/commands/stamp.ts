import * as vscode from "vscode";
import type { ProjectNode } from "../../../server/src/protocol/index.ts";
import { alone } from "../alembic/alone.ts";
import { executeOrTell } from "../alembic/execute.ts";
import { databaseName, mayRun } from "../alembic/judge.ts";
import { findApplied, type Applied } from "../alembic/plan.ts";
import { prepare, type Prepared } from "../alembic/prepare.ts";
import { describePosition, nameRevision, shortId } from "../alembic/wording.ts";
import { showResult } from "../dialogs.ts";
import type { Services } from "../services.ts";
import type { CommandHandler } from "./handler.ts";
import { findProject, readNamed, readText, toPickItem } from "./target.ts";
import { t } from "../l10n.ts";
import { countRevisions } from "../alembic/confirm.ts";

/** Writes the version table and runs nothing; the person reads what it says before and after, and says why. */
export const stamp: CommandHandler = async (services, argument) => {
  const project = await findProject(services, argument);
  if (project === undefined) return;
  await alone(services, project, async () => {
    const prepared = await prepare(services, project, { mayBeUnknown: true, otherwise: t("Nothing was stamped.") });
    if (prepared !== undefined) await stampPrepared(services, prepared, argument);
  });
};

interface StampTarget {
  /** Argument of `alembic stamp`. */
  readonly argument: string;
  readonly words: string;
  readonly versions: readonly string[];
}

const stampPrepared = async (services: Services, prepared: Prepared, argument: unknown): Promise<void> => {
  const { node, applied, tools } = prepared;
  const { log, projects } = services;
  const target = await chooseTarget(node, applied, readNamed(argument).revisionId);
  if (target === undefined) return;
  const why = readText(argument, "why") ?? (await askWhy());
  if (why === undefined) return;
  const before = tableSays([...applied.current, ...applied.unknown]);
  const notes = [
    [t("The version table says now: {0}", before), t("It will say: {0}", tableSays(target.versions))].join("\n"),
    difference(node, applied, target),
    t("Why: {0}", why),
  ];
  const question = { kind: "stamp", target: target.words, revisions: [], notes, always: true } as const;
  if (!(await mayRun(services, prepared, question))) return;
  log.info(`Stamp of ${databaseName(prepared)}: ${before} becomes ${tableSays(target.versions)}. Why: ${why}`);
  // Alembic stumbles over a version that it has no file for, unless the table is emptied first.
  const purge = applied.unknown.length > 0 ? ["--purge"] : [];
  const command = ["stamp", ...purge, target.argument];
  const execution = { tools, command, title: t("Stamping {0}…", databaseName(prepared)) };
  const stdout = await executeOrTell(services, execution, t("The database was not stamped."));
  await projects.readStandings([node.id]);
  if (stdout === undefined) return;
  showResult(
    t(
      "{0} is stamped: {1} became {2}. Nothing else was changed.",
      databaseName(prepared),
      before,
      tableSays(target.versions),
    ),
    log,
  );
};

const tableSays = (versions: readonly string[]): string =>
  versions.length === 0 ? t("nothing (no revision is applied)") : versions.map(shortId).join(", ");

/** What the stamp claims, since nothing of it is done. */
const difference = (node: ProjectNode, applied: Applied, { versions }: StampTarget): string => {
  const after = findApplied(node.revisions, versions).ids;
  const claimed = node.revisions.filter(({ id }) => after.has(id) && !applied.ids.has(id));
  const disclaimed = node.revisions.filter(({ id }) => applied.ids.has(id) && !after.has(id));
  return [
    t("No migration runs and no table changes."),
    ...(claimed.length > 0 ? [t("{0} will count as applied without having run.", countRevisions(claimed.length))] : []),
    ...(disclaimed.length > 0
      ? [t("{0} will count as not applied, and would run again.", countRevisions(disclaimed.length))]
      : []),
  ].join(" ");
};

const chooseTarget = async (
  node: ProjectNode,
  applied: Applied,
  named: string | undefined,
): Promise<StampTarget | undefined> => {
  const revisions = node.revisions.map((revision) => ({
    ...toPickItem(revision, applied),
    target: { argument: revision.id, words: nameRevision(revision), versions: [revision.id] },
  }));
  const given = revisions.find(({ target }) => target.argument === named);
  if (given !== undefined) return given.target;
  const items = [
    ...(node.heads.length > 1
      ? [
          {
            label: t("All heads"),
            description: node.heads.map(shortId).join(", "),
            target: { argument: "heads", words: t("all heads"), versions: node.heads },
          },
        ]
      : []),
    ...revisions,
    {
      label: t("Nothing applied"),
      description: "base",
      target: { argument: "base", words: t("base: nothing applied"), versions: [] },
    },
  ];
  const choice = await vscode.window.showQuickPick(items, {
    title: t("Stamp: {0}", describePosition(node, [...applied.current, ...applied.unknown])),
    placeHolder: t("What shall the version table say? Nothing runs."),
    matchOnDescription: true,
  });
  return choice?.target;
};

const reasons = [
  t("The schema is there already: it was made by create_all, by a restore or by hand."),
  t("The revision that the database is at is gone: its branch was removed, or the history was squashed."),
  t("A run failed halfway and was repaired by hand."),
] as const;

const askWhy = async (): Promise<string | undefined> => {
  const other = t("Another reason…");
  const choice = await vscode.window.showQuickPick([...reasons, other], {
    title: t("Stamp"),
    placeHolder: t("Why is it right to change the version table without running anything? The log keeps the answer."),
  });
  if (choice !== other) return choice;
  return vscode.window.showInputBox({
    title: t("Stamp"),
    prompt: t("Why? The log keeps the answer."),
    ignoreFocusOut: true,
    validateInput: (value) => (value.trim() === "" ? t("A few words will do.") : undefined),
  });
};
