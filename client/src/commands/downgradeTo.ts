import { migrate } from "../alembic/migrate.ts";
import { planDowngrade } from "../alembic/plan.ts";
import type { CommandHandler } from "./handler.ts";
import { findTarget } from "./target.ts";
import { nameRevision } from "../alembic/wording.ts";
import { t } from "../l10n.ts";

export const downgradeTo: CommandHandler = async (services, argument) => {
  const target = await findTarget(services, argument, t("Downgrade to which revision? What came after it is undone."));
  if (target === undefined) return;
  const { project, revision } = target;
  await migrate(services, project, {
    direction: "downgrade",
    plan: (node, applied) => {
      if (!applied.ids.has(revision.id)) return Promise.resolve(t("{0} is not applied.", nameRevision(revision)));
      const revisions = planDowngrade(node.revisions, applied, revision.id);
      if (revisions.length === 0) return Promise.resolve(t("The database is at {0} already.", nameRevision(revision)));
      return Promise.resolve({ argument: revision.id, revisions, target: nameRevision(revision) });
    },
  });
};
