import { migrate } from "../alembic/migrate.ts";
import { planUndo, undoTarget } from "../alembic/plan.ts";
import { nameRevision } from "../alembic/wording.ts";
import { t } from "../l10n.ts";
import type { CommandHandler } from "./handler.ts";
import { findTarget } from "./target.ts";

/** Undoes a revision and all that stands on it; of its parents nothing. */
export const downgradeBefore: CommandHandler = async (services, argument) => {
  const target = await findTarget(services, argument, t("Undo which revision, with all that came after it?"));
  if (target === undefined) return;
  const { project, revision } = target;
  await migrate(services, project, {
    direction: "downgrade",
    plan: (node, applied) => {
      if (!applied.ids.has(revision.id)) return Promise.resolve(t("{0} is not applied.", nameRevision(revision)));
      const parents = node.revisions.filter((one) => revision.parents.includes(one.id));
      return Promise.resolve({
        argument: undoTarget(node, applied, revision),
        revisions: planUndo(node.revisions, applied, revision.id),
        target: parents.map(nameRevision).join(", ") || t("the empty database"),
      });
    },
  });
};
