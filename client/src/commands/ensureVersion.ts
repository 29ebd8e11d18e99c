import { alone } from "../alembic/alone.ts";
import { executeOrTell } from "../alembic/execute.ts";
import { databaseName, mayRun } from "../alembic/judge.ts";
import { prepare } from "../alembic/prepare.ts";
import { showResult } from "../dialogs.ts";
import type { CommandHandler } from "./handler.ts";
import { findProject } from "./target.ts";
import { t } from "../l10n.ts";

/** Makes the version table where there is none; what is in one is left alone. */
export const ensureVersion: CommandHandler = async (services, argument) => {
  const project = await findProject(services, argument);
  if (project === undefined) return;
  await alone(services, project, async () => {
    const prepared = await prepare(services, project);
    if (prepared === undefined) return;
    const { node, tools } = prepared;
    const question = { kind: "ensureVersion", target: node.versionTable, revisions: [], always: false } as const;
    if (!(await mayRun(services, prepared, question))) return;
    const title = t("Making the version table of {0}…", databaseName(prepared));
    const stdout = await executeOrTell(services, { tools, command: ["ensure_version"], title }, t("Nothing was made."));
    await services.projects.readStandings([node.id]);
    if (stdout !== undefined)
      showResult(t("{0} has a table {1}.", databaseName(prepared), node.versionTable), services.log);
  });
};
