/** May it run? The guard's verdict on the databases that Alembic named. */
import * as vscode from "vscode";
import { thisMachine } from "../database/machine.ts";
import { guard, type Verdict } from "../database/guard.ts";
import type { UrlSource } from "../database/source.ts";
import { parseDatabaseUrl, renderDatabase, sameDatabase, type DatabaseUrl } from "../../../server/src/database/url.ts";
import { askInBackground, confirmModal } from "../dialogs.ts";
import type { ProjectNode } from "../../../server/src/protocol/index.ts";
import type { Services } from "../services.ts";
import { readSettings, type ClientSettings } from "../settings.ts";
import type { Prepared } from "./prepare.ts";
import { renderQuestion, type Question } from "./confirm.ts";
import { t } from "../l10n.ts";

/**
 * True where nothing speaks against it, or where the person said yes.
 * @param always ask even where the database is one for development
 */
export const mayRun = async (
  services: Services,
  prepared: Prepared,
  { always, ...question }: Omit<Question, "verdict"> & { readonly always: boolean },
): Promise<boolean> => {
  if (isReadOnly(prepared.node)) {
    tellReadOnly(services, prepared.node);
    return false;
  }
  const verdict = judge(prepared, await services.sources.find(prepared.node));
  if (verdict.reasons.length === 0 && !always) return true;
  const { message, detail, button } = renderQuestion({ ...question, verdict });
  const mask = services.log.mask;
  return confirmModal(mask(message), mask(detail), button);
};

/** The guard's verdict, and whether Alembic uses another database than the one that the view shows. */
export const judge = ({ databases, node, tools }: Prepared, source: UrlSource | undefined): Verdict => {
  const machine = thisMachine(tools.environment);
  const shown = source === undefined ? undefined : parseDatabaseUrl(source.url);
  const urls = databases.map(({ url }) => parseDatabaseUrl(url));
  const isShown = (url: DatabaseUrl | undefined): boolean =>
    url !== undefined && shown !== undefined && sameDatabase(url, shown, machine.environment);
  const verdict = guard(
    urls.map((url) => ({
      url,
      calledBy: [node.section, ...(isShown(url) && source !== undefined ? [source.calledBy] : [])],
    })),
    machine,
    settingsOf(node).protectedDatabases,
  );
  const other = urls.find((url) => url !== undefined && !isShown(url));
  if (source === undefined || shown === undefined || other === undefined) return verdict;
  const [theirs, ours] = [other, shown].map((url) => renderDatabase(url, machine.environment));
  const disagreement = t("Alembic connects to {0}, while {1} names {2}.", theirs ?? "", source.from, ours ?? "");
  return { ...verdict, reasons: [...verdict.reasons, disagreement] };
};

const settingsOf = ({ folderUri }: ProjectNode): ClientSettings => readSettings(vscode.Uri.parse(folderUri));

const isReadOnly = (node: ProjectNode): boolean => settingsOf(node).readOnly;

const tellReadOnly = ({ log }: Pick<Services, "log">, node: ProjectNode): void => {
  const open = async (): Promise<void> =>
    void (await vscode.commands.executeCommand("workbench.action.openSettings", "retort.readOnly"));
  askInBackground(
    t("Nothing was run: the setting retort.readOnly says that {0} is only to be looked at.", node.name),
    { [t("Open Setting")]: open },
    log,
  );
};

/** A database of its own on that server changes nothing that is there; yet nobody wants one beside production unasked. */
export const mayMakeThrowaway = async (
  services: Pick<Services, "log">,
  { node, tools }: Pick<Prepared, "node" | "tools">,
  source: UrlSource,
): Promise<boolean> => {
  if (isReadOnly(node)) {
    tellReadOnly(services, node);
    return false;
  }
  const url = parseDatabaseUrl(source.url);
  const machine = thisMachine(tools.environment);
  const { reasons } = guard([{ url, calledBy: [source.calledBy] }], machine, settingsOf(node).protectedDatabases);
  if (reasons.length === 0) return true;
  const place = url === undefined ? t("that server") : renderDatabase(url, machine.environment);
  const detail = [...reasons, t("It gets a name of its own, and is dropped afterwards. What is there is not touched.")];
  return confirmModal(
    services.log.mask(t("Make a throwaway database beside {0}?", place)),
    services.log.mask(detail.join("\n")),
    t("Make It"),
  );
};

/** What messages call the databases of a run. */
export const databaseName = ({ databases, tools }: Prepared): string => {
  const names = databases.map(({ url }) => {
    const parsed = parseDatabaseUrl(url);
    return parsed === undefined ? t("the database") : renderDatabase(parsed, tools.environment);
  });
  return names.join(", ") || t("the database");
};
