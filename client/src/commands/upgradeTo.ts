import { migrate } from "../alembic/migrate.ts";
import { planUpgrade } from "../alembic/plan.ts";
import type { CommandHandler } from "./handler.ts";
import { findTarget } from "./target.ts";
import { nameRevision } from "../alembic/wording.ts";
import { t } from "../l10n.ts";

export const upgradeTo: CommandHandler = async (services, argument) => {
  const target = await findTarget(services, argument, t("Upgrade to which revision?"));
  if (target === undefined) return;
  const { project, revision } = target;
  await migrate(services, project, {
    direction: "upgrade",
    plan: (node, applied) =>
      Promise.resolve(
        applied.ids.has(revision.id)
          ? t("{0} is applied already.", nameRevision(revision))
          : {
              argument: revision.id,
              revisions: planUpgrade(node.revisions, applied, [revision.id]),
              target: nameRevision(revision),
            },
      ),
  });
};
