/** Several heads: which of the two fixes is right, and the way to each. */
import * as vscode from "vscode";
import type {
  PreviewAnswer,
  PreviewRequest,
  ProjectNode,
  RevisionNode,
  WireRange,
} from "../../../server/src/protocol/index.ts";
import { nameRevision, shortId } from "../alembic/wording.ts";
import { askInBackground, showFailure, showResult, showToolsProblem } from "../dialogs.ts";
import type { Services } from "../services.ts";
import type { CommandHandler } from "./handler.ts";
import { findProject } from "./target.ts";
import { t } from "../l10n.ts";
import { plain } from "../plain.ts";
import { isVirtual } from "../virtual.ts";

interface Fix {
  readonly head: RevisionNode;
  readonly request: PreviewRequest & { readonly refactoring: "move-onto-head" | "merge-heads" };
  readonly answer: PreviewAnswer;
}

export const headsDoctor: CommandHandler = async (services, argument) => {
  const { log } = services;
  const project = await findProject(services, argument);
  if (project === undefined) return;
  const heads = project.revisions.filter((one) => one.isHead);
  if (heads.length < 2) return showResult(t("{0} has one head. There is nothing to cure.", project.name), log);
  const fixes = await findFixes(services, heads);
  const choice = await vscode.window.showQuickPick(toItems(fixes), {
    title: t("{0} has {1} heads: {2}", project.name, heads.length, heads.map(({ id }) => shortId(id)).join(", ")),
    placeHolder: t("The likelier cure first; each is shown before it is made."),
    matchOnDetail: true,
  });
  if (choice === undefined) return;
  const { fix } = choice;
  if (!fix.answer.ok) return askInBackground(fix.answer.reason, {}, log);
  await vscode.commands.executeCommand("retort.previewRefactoring", fix.request);
};

/** The server knows from git what others have already; a fix that would be wrong says why. */
const findFixes = async ({ engine }: Services, heads: readonly RevisionNode[]): Promise<readonly Fix[]> => {
  const ask = async (head: RevisionNode, refactoring: Fix["request"]["refactoring"]): Promise<Fix> => {
    const request = { uri: head.uri, refactoring, range: await findIdentity(head) };
    return { head, request, answer: await engine.preview(request) };
  };
  const moves = await Promise.all(heads.map((head) => ask(head, "move-onto-head")));
  const [first] = heads;
  const merge = first === undefined ? [] : [await ask(first, "merge-heads")];
  const titles = new Set<string>();
  // Two heads may lead to the same move: that of the one which nobody else has.
  const distinct = moves.filter(({ answer }) => {
    const key = answer.ok ? answer.title : answer.reason;
    return titles.size < titles.add(key).size;
  });
  const isPossible = ({ answer }: Fix): boolean => answer.ok;
  return [...distinct.filter(isPossible), ...merge, ...distinct.filter((fix) => !isPossible(fix))];
};

/** Where the file says who it is: there both fixes are offered. */
const findIdentity = async (head: RevisionNode): Promise<WireRange> => {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(head.uri));
  const lines = document.getText().split(/\r?\n/);
  const line = Math.max(
    0,
    lines.findIndex((text) => text.startsWith("revision")),
  );
  const at = { line, character: 0 };
  return { start: at, end: at };
};

const toItems = (fixes: readonly Fix[]): readonly (vscode.QuickPickItem & { readonly fix: Fix })[] =>
  fixes.map((fix) => {
    const { answer, head } = fix;
    const { refactoring } = fix.request;
    const name = refactoring === "merge-heads" ? t("Merge the heads") : t("Move {0}", nameRevision(head));
    return answer.ok
      ? {
          label: plain(answer.title),
          detail: why[refactoring],
          iconPath: new vscode.ThemeIcon(icons[refactoring]),
          fix,
        }
      : {
          label: plain(t("{0}: not here", name)),
          detail: plain(answer.reason),
          iconPath: new vscode.ThemeIcon("circle-slash"),
          fix,
        };
  });

const icons = { "move-onto-head": "git-pull-request", "merge-heads": "git-merge" } as const;

const why = {
  "move-onto-head": t("Right as long as nobody else has run it: the history stays a line."),
  "merge-heads": t("Right once others have both: a revision that joins them and does nothing else."),
} as const;

/** Before a push: would there be two heads once this is merged with the remote's default branch? */
export const checkRemote: CommandHandler = async (services, argument) => {
  const { engine, log } = services;
  if (!vscode.workspace.isTrusted) return showToolsProblem({ kind: "restricted" }, log);
  const project = await findProject(services, argument);
  if (project === undefined) return;
  if (isVirtual(project)) return showToolsProblem({ kind: "virtual" }, log);
  const answer = await engine.mergedHeads(project.id);
  if (!answer.ok) return showFailure(t("The heads were not compared. {0}", answer.reason), {}, log);
  const at = t("{0} as of {1} ({2})", answer.branch, answer.commit.slice(0, 8), answer.date.slice(0, 10));
  const { heads } = answer;
  if (heads.length < 2)
    return showResult(
      t("Merged with {0}, the history of {1} has one head. Fetch first if others have pushed since.", at, project.name),
      log,
    );
  const named = heads.map(({ id, message, side }) => `${`${shortId(id)} ${message}`.trim()} (${sides[side]})`);
  const text = t(
    "Merged with {0}, the history of {1} would have {2} heads: {3}.",
    ...[at, project.name, heads.length, named.join("; ")],
  );
  askInBackground(
    log.mask(text),
    curesFor(
      project,
      heads.some(({ side }) => side === "there"),
    ),
    log,
  );
};

const sides = { here: t("only here"), there: t("only there"), both: t("in both") } as const;

const curesFor = (project: ProjectNode, needsTheirs: boolean): Record<string, () => Promise<void>> =>
  // What is only there has to come here before anything can follow it.
  needsTheirs
    ? {}
    : {
        [t("Heads Doctor")]: async () =>
          void (await vscode.commands.executeCommand("retort.headsDoctor", { projectId: project.id })),
      };
