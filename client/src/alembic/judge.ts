/** May it run? The guard's verdict on the databases that Alembic named. */
import { thisMachine } from "../database/machine.ts";
import { guard, type Verdict } from "../database/guard.ts";
import type { UrlSource } from "../database/source.ts";
import { parseDatabaseUrl, renderDatabase, sameDatabase, type DatabaseUrl } from "../../../server/src/database/url.ts";
import { confirmModal } from "../dialogs.ts";
import type { Services } from "../services.ts";
import type { Prepared } from "./prepare.ts";
import { renderQuestion, type Question } from "./confirm.ts";

/**
 * True where nothing speaks against it, or where the person said yes.
 * @param always ask even where the database is one for development
 */
export const mayRun = async (
  services: Services,
  prepared: Prepared,
  { always, ...question }: Omit<Question, "verdict"> & { readonly always: boolean },
): Promise<boolean> => {
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
  );
  const other = urls.find((url) => url !== undefined && !isShown(url));
  if (source === undefined || shown === undefined || other === undefined) return verdict;
  const [theirs, ours] = [other, shown].map((url) => renderDatabase(url, machine.environment));
  const disagreement = `Alembic connects to ${String(theirs)}, while ${source.from} names ${String(ours)}.`;
  return { ...verdict, reasons: [...verdict.reasons, disagreement] };
};

/** What messages call the databases of a run. */
export const databaseName = ({ databases, tools }: Prepared): string => {
  const names = databases.map(({ url }) => {
    const parsed = parseDatabaseUrl(url);
    return parsed === undefined ? "the database" : renderDatabase(parsed, tools.environment);
  });
  return names.join(", ") || "the database";
};
