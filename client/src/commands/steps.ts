/** Upgrade and downgrade by a number of steps, each named by where it leads. */
import * as vscode from "vscode";
import type { ProjectNode, RevisionNode } from "../../../server/src/protocol/index.ts";
import { migrate, type Planned } from "../alembic/migrate.ts";
import { findApplied, nextUp, planDowngrade, planUpgrade, type Applied } from "../alembic/plan.ts";
import { nameRevision } from "../alembic/wording.ts";
import type { CommandHandler } from "./handler.ts";
import { findProject } from "./target.ts";
import { t } from "../l10n.ts";

export const upgradeSteps: CommandHandler = async (services, argument) => {
  const project = await findProject(services, argument);
  if (project === undefined) return;
  await migrate(services, project, {
    direction: "upgrade",
    plan: async (node, applied) => {
      const walk = walkUp(node, applied);
      if (walk.length === 0) return nothingUp(node, applied);
      const choice = await pickSteps(
        walk.map((one) => t("to {0}", nameRevision(one))),
        t("Upgrade by how many steps?"),
      );
      const revision = choice === undefined ? undefined : walk[choice];
      if (revision === undefined) return undefined;
      const revisions = planUpgrade(node.revisions, applied, [revision.id]);
      return { argument: revision.id, revisions, target: nameRevision(revision) };
    },
  });
};

export const downgradeSteps: CommandHandler = async (services, argument) => {
  const project = await findProject(services, argument);
  if (project === undefined) return;
  await migrate(services, project, {
    direction: "downgrade",
    plan: async (node, applied) => {
      const walk = walkDown(node, applied);
      if (applied.current.size === 0) return t("Nothing is applied that could be undone.");
      if (walk.length === 0)
        return t("The database is on several branches, where steps are not defined. Use Downgrade to Here instead.");
      const choice = await pickSteps(
        walk.map(({ target }) => t("to {0}", target)),
        t("Downgrade by how many steps?"),
      );
      return choice === undefined ? undefined : walk[choice];
    },
  });
};

/** As long as one revision only comes next: where branches part, a number of steps says too little. */
const walkUp = (node: ProjectNode, from: Applied): RevisionNode[] => {
  const walk: RevisionNode[] = [];
  let applied = from;
  for (;;) {
    const next = nextUp(node.revisions, applied);
    const [only] = next;
    if (only === undefined || next.length > 1) return walk;
    walk.push(only);
    applied = findApplied(node.revisions, [...applied.current, only.id]);
  }
};

const nothingUp = (node: ProjectNode, applied: Applied): string =>
  nextUp(node.revisions, applied).length === 0
    ? t("The database is at head already.")
    : t("Several branches go on from here. Use Upgrade to Here instead.");

/** From one current revision to its only parent, and so on, down to the empty database. */
const walkDown = (node: ProjectNode, applied: Applied): Planned[] => {
  const walk: Planned[] = [];
  const byId = new Map(node.revisions.map((one) => [one.id, one]));
  const [current, ...others] = applied.current;
  let revision = others.length > 0 || current === undefined ? undefined : byId.get(current);
  while (revision !== undefined && revision.parents.length < 2) {
    const [parent] = revision.parents;
    const below = parent === undefined ? undefined : byId.get(parent);
    walk.push({
      argument: parent ?? "base",
      revisions: planDowngrade(node.revisions, applied, parent),
      target: below === undefined ? emptyDatabase : nameRevision(below),
    });
    revision = below;
  }
  return walk;
};

export const emptyDatabase = t("the empty database");

const pickSteps = async (targets: readonly string[], question: string): Promise<number | undefined> => {
  const items = targets.map((description, index) => ({
    label: index === 0 ? t("1 step") : t("{0} steps", index + 1),
    description,
    index,
  }));
  const choice = await vscode.window.showQuickPick(items, {
    title: "Retort",
    placeHolder: question,
    matchOnDescription: true,
  });
  return choice?.index;
};
