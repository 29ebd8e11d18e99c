import { migrate } from "../alembic/migrate.ts";
import { nextUp } from "../alembic/plan.ts";
import type { CommandHandler } from "./handler.ts";
import { findProject, pickRevision } from "./target.ts";
import { nameRevision } from "../alembic/wording.ts";
import { t } from "../l10n.ts";

export const upgradeOne: CommandHandler = async (services, argument) => {
  const project = await findProject(services, argument);
  if (project === undefined) return;
  await migrate(services, project, {
    direction: "upgrade",
    plan: async (node, applied) => {
      const next = nextUp(node.revisions, applied);
      if (next.length === 0) return t("The database is at head already.");
      const revision =
        next.length === 1
          ? next[0]
          : await pickRevision(next, t("Several branches go on from here. Run which revision?"));
      if (revision === undefined) return undefined;
      return { argument: revision.id, revisions: [revision], target: nameRevision(revision) };
    },
  });
};
