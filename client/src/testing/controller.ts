/** The Testing view: each revision is a test, made when somebody looks, and run on a throwaway database. */
import * as vscode from "vscode";
import type { ProjectNode, RevisionNode } from "../../../server/src/protocol/index.ts";
import { shortId } from "../alembic/wording.ts";
import { wordsOf } from "../log.ts";
import type { Services } from "../services.ts";
import { chooseRevisions, groupsOf, inOrder, readId, revisionId } from "./chosen.ts";
import { testRevisions, type Mode } from "./run.ts";
import { t } from "../l10n.ts";
import { plain } from "../plain.ts";

const profiles: readonly { readonly label: string; readonly mode: Mode }[] = [
  { label: t("Up, on a Throwaway Database"), mode: "up" },
  { label: t("Round Trip (Up, Down, Up), on a Throwaway Database"), mode: "roundTrip" },
];

export const registerTests = (context: vscode.ExtensionContext, services: Services): void => {
  const controller = vscode.tests.createTestController("retort.revisions", t("Alembic Revisions"));
  const { projects, log } = services;
  const resolved = new Set<string>();
  const nodes = (): readonly ProjectNode[] => projects.all().map(({ node }) => node);

  const toItem = (project: ProjectNode, revision: RevisionNode, index: number): vscode.TestItem => {
    const id = revisionId(project.id, revision.id);
    const item = controller.createTestItem(
      id,
      plain(revision.message || shortId(revision.id)),
      vscode.Uri.parse(revision.uri),
    );
    item.description = shortId(revision.id);
    item.sortText = String(index).padStart(6, "0");
    item.range = new vscode.Range(0, 0, 0, 0);
    return item;
  };
  const toItems = (project: ProjectNode, revisions: readonly RevisionNode[]): vscode.TestItem[] =>
    revisions.map((revision, index) => toItem(project, revision, index));

  const fill = (item: vscode.TestItem): void => {
    const chosen = readId(item.id);
    const project = nodes().find(({ id }) => id === chosen.project);
    if (project === undefined || chosen.kind === "revision") return;
    resolved.add(item.id);
    const groups = groupsOf(project);
    if (chosen.kind === "group") item.children.replace(toItems(project, groups[chosen.index]?.revisions ?? []));
    else if (groups.length === 0) item.children.replace(toItems(project, inOrder(project)));
    else
      item.children.replace(
        groups.map((group, index) => {
          const one = controller.createTestItem(group.id, group.label);
          one.canResolveChildren = true;
          one.sortText = String(index).padStart(6, "0");
          return one;
        }),
      );
  };

  let isWatched = false;
  const sync = (): void => {
    // Until somebody looks, there is nothing to keep up to date.
    if (!isWatched) return;
    const known = nodes().filter(({ revisions }) => revisions.length > 0);
    const before = new Map([...controller.items].map(([id, item]) => [id, item]));
    controller.items.replace(
      known.map((project) => {
        const item = before.get(project.id) ?? controller.createTestItem(project.id, project.name);
        item.canResolveChildren = true;
        return item;
      }),
    );
    for (const [id, item] of controller.items) if (resolved.has(id) && isOther(item)) fill(item);
  };
  /** Items that are the same are left as they are, with the results that they show. */
  const isOther = (item: vscode.TestItem): boolean => {
    const project = nodes().find(({ id }) => id === item.id);
    if (project === undefined) return false;
    const groups = groupsOf(project);
    const ids =
      groups.length > 0 ? groups.map(({ id }) => id) : inOrder(project).map(({ id }) => revisionId(project.id, id));
    return ids.length !== item.children.size || ids.some((id) => item.children.get(id) === undefined);
  };

  const itemFor = (project: ProjectNode, revision: RevisionNode): vscode.TestItem | undefined => {
    const root = controller.items.get(project.id);
    if (root === undefined) return undefined;
    if (!resolved.has(root.id)) fill(root);
    const group = groupsOf(project).find(({ revisions }) => revisions.includes(revision));
    const parent = group === undefined ? root : root.children.get(group.id);
    if (parent !== undefined && !resolved.has(parent.id)) fill(parent);
    return parent?.children.get(revisionId(project.id, revision.id));
  };

  const run = async (request: vscode.TestRunRequest, token: vscode.CancellationToken, mode: Mode): Promise<void> => {
    isWatched = true;
    sync();
    const include = (request.include ?? [...controller.items].map(([, item]) => item)).map(({ id }) => id);
    const exclude = (request.exclude ?? []).map(({ id }) => id);
    const testRun = controller.createTestRun(request);
    try {
      for (const project of nodes()) {
        const revisions = chooseRevisions(project, include, exclude);
        if (revisions.length > 0 && !token.isCancellationRequested)
          await testRevisions(services, { project, revisions, mode, run: testRun, token, itemFor });
      }
    } catch (error) {
      log.error(`Testing revisions failed: ${wordsOf(error)}`);
      testRun.appendOutput(`${log.mask(wordsOf(error))}\r\n`);
    } finally {
      testRun.end();
    }
  };

  controller.resolveHandler = (item) => {
    isWatched = true;
    if (item === undefined) sync();
    else fill(item);
  };
  for (const { label, mode } of profiles)
    controller.createRunProfile(
      label,
      vscode.TestRunProfileKind.Run,
      (request, token) => run(request, token, mode),
      mode === "up",
    );
  context.subscriptions.push(controller, projects.onDidChange(sync));
};
