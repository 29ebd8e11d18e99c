import { migrate } from "../alembic/migrate.ts";
import { undoTarget } from "../alembic/plan.ts";
import type { CommandHandler } from "./handler.ts";
import { findProject, pickCurrent } from "./target.ts";
import { nameRevision } from "../alembic/wording.ts";
import { t } from "../l10n.ts";

export const downgradeOne: CommandHandler = async (services, argument) => {
  const project = await findProject(services, argument);
  if (project === undefined) return;
  await migrate(services, project, {
    direction: "downgrade",
    plan: async (node, applied) => {
      const current = node.revisions.filter((one) => applied.current.has(one.id));
      if (current.length === 0) return t("Nothing is applied that could be undone.");
      const revision = await pickCurrent(current, t("The database is on several branches. Undo which revision?"));
      if (revision === undefined) return undefined;
      const parents = node.revisions.filter((one) => revision.parents.includes(one.id));
      return {
        argument: undoTarget(node, applied, revision),
        revisions: [revision],
        target: parents.map(nameRevision).join(", ") || t("the empty database"),
      };
    },
  });
};
