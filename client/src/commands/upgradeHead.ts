import * as vscode from "vscode";
import { migrate } from "../alembic/migrate.ts";
import { planUpgrade } from "../alembic/plan.ts";
import type { ProjectNode } from "../../../server/src/protocol/index.ts";
import type { CommandHandler } from "./handler.ts";
import { findProject } from "./target.ts";
import { nameRevision } from "../alembic/wording.ts";
import { t } from "../l10n.ts";
import { plain } from "../plain.ts";

export const upgradeHead: CommandHandler = async (services, argument) => {
  const project = await findProject(services, argument);
  if (project === undefined) return;
  await migrate(services, project, {
    direction: "upgrade",
    plan: async (node, applied) => {
      const pending = node.heads.filter((head) => !applied.ids.has(head));
      if (pending.length === 0) return t("The database is at head already.");
      const heads = pending.length === 1 ? pending : await chooseHeads(node, pending);
      if (heads === undefined) return undefined;
      const [only] = heads;
      const all = heads.length > 1;
      // A head is named by its id, since "head" is refused where there are several.
      const argumentText = all ? "heads" : node.heads.length === 1 ? "head" : (only ?? "head");
      const revision = node.revisions.find((one) => one.id === only);
      const target = all || revision === undefined ? t("all heads") : t("head, {0}", nameRevision(revision));
      return { argument: argumentText, revisions: planUpgrade(node.revisions, applied, heads), target };
    },
  });
};

const chooseHeads = async (node: ProjectNode, heads: readonly string[]): Promise<readonly string[] | undefined> => {
  const items = [
    { label: t("All heads"), description: t("{0} branches", heads.length), heads },
    ...node.revisions
      .filter((one) => heads.includes(one.id))
      .map((one) => ({
        label: plain(nameRevision(one)),
        description: plain(one.branchLabels.join(", ")),
        heads: [one.id],
      })),
  ];
  const choice = await vscode.window.showQuickPick(items, {
    title: "Retort",
    placeHolder: t("The history has several heads. Upgrade to which?"),
  });
  return choice?.heads;
};
