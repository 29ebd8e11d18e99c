import { migrate } from "../alembic/migrate.ts";
import { undoTarget } from "../alembic/plan.ts";
import { nameRevision } from "../alembic/wording.ts";
import type { CommandHandler } from "./handler.ts";
import { findProject, pickCurrent } from "./target.ts";
import { t } from "../l10n.ts";

/** Down and up again: what one does after changing a revision that the dev database has run already. */
export const redo: CommandHandler = async (services, argument) => {
  const project = await findProject(services, argument);
  if (project === undefined) return;
  await migrate(services, project, {
    direction: "downgrade",
    plan: async (node, applied) => {
      const current = node.revisions.filter((one) => applied.current.has(one.id));
      if (current.length === 0) return t("Nothing is applied that could be undone and run anew.");
      const question = t("The database is on several branches. Redo which revision?");
      const revision = await pickCurrent(current, question, { applied });
      if (revision === undefined) return undefined;
      return {
        argument: undoTarget(node, applied, revision),
        revisions: [revision],
        target: nameRevision(revision),
      };
    },
    then: ({ revisions }) => ({ direction: "upgrade", argument: revisions[0]?.id ?? "head", revisions }),
  });
};
