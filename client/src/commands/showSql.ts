import * as vscode from "vscode";
import type { ProjectNode, RevisionNode } from "../../../server/src/protocol/index.ts";
import { failureOf } from "../alembic/current.ts";
import { execute } from "../alembic/execute.ts";
import { sqlOfRevision } from "../alembic/output.ts";
import { saveFirst, showFailure, showToolsProblem } from "../dialogs.ts";
import { shortId } from "../alembic/wording.ts";
import type { Services } from "../services.ts";
import type { CommandHandler } from "./handler.ts";
import { appliedIn, findProject, findTarget, pickRevision } from "./target.ts";
import { t } from "../l10n.ts";

/** Alembic's offline mode, for this revision alone: one bad file elsewhere in the history does not matter. */
export const showSql: CommandHandler = async (services, argument) => {
  const target = await findTarget(services, argument, t("Show the SQL of which revision?"));
  if (target === undefined) return;
  const { project, revision } = target;
  await writeSql(services, project, {
    command: ["upgrade", `${revision.parents[0] ?? "base"}:${revision.id}`, "--sql"],
    key: `sql/${revision.id}`,
    name: titleOf(revision),
    files: [revision],
    read: (stdout) => sqlOfRevision(stdout, revision.id) ?? stdout,
  });
};

/** The way back of one revision, by the same means. */
export const showSqlDown: CommandHandler = async (services, argument) => {
  const target = await findTarget(services, argument, t("Show the SQL that undoes which revision?"));
  if (target === undefined) return;
  const { project, revision } = target;
  await writeSql(services, project, {
    command: ["downgrade", `${revision.id}:${revision.parents[0] ?? "base"}`, "--sql"],
    key: `sql-down/${revision.id}`,
    name: t("{0}, downgrade", titleOf(revision)),
    files: [revision],
    read: (stdout) => stdout,
  });
};

/** What leads from one revision to a later one. */
export const showSqlRange: CommandHandler = async (services, argument) => {
  const project = await findProject(services, argument);
  if (project === undefined) return;
  const applied = appliedIn(services, project);
  const to = await pickRevision(project.revisions, t("Show the SQL up to which revision, itself included?"), {
    applied,
  });
  if (to === undefined) return;
  const below = ancestorsOf(project, to);
  const from = await pickStart(below, applied);
  if (from === undefined) return;
  await writeSql(services, project, {
    command: ["upgrade", `${from === "" ? "base" : from}:${to.id}`, "--sql"],
    key: `sql/${from}:${to.id}`,
    name: t("{0} to {1}", from === "" ? "base" : shortId(from), titleOf(to)),
    files: [to, ...below],
    read: (stdout) => stdout,
  });
};

/** "" for the empty database. */
const pickStart = async (
  below: readonly RevisionNode[],
  applied: ReturnType<typeof appliedIn>,
): Promise<string | undefined> => {
  if (below.length === 0) return "";
  const current = below.find((one) => applied?.current.has(one.id));
  const base = t("From the empty database");
  const after = t("After a revision…");
  const start = current === undefined ? undefined : t("From where the database is: {0}", titleOf(current));
  const choice = await vscode.window.showQuickPick([...(start === undefined ? [] : [start]), base, after], {
    title: "Retort",
    placeHolder: t("Where does the SQL begin?"),
  });
  if (choice === undefined) return undefined;
  if (choice === base) return "";
  if (choice === start) return current?.id;
  return (await pickRevision(below, t("After which revision, which is not included?"), { applied }))?.id;
};

const ancestorsOf = ({ revisions }: ProjectNode, revision: RevisionNode): RevisionNode[] => {
  const seen = new Set<string>();
  const byId = new Map(revisions.map((one) => [one.id, one]));
  const queue = [...revision.parents];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    queue.push(...(byId.get(id)?.parents ?? []));
  }
  return revisions.filter(({ id }) => seen.has(id));
};

const titleOf = (revision: RevisionNode): string => `${shortId(revision.id)} ${revision.message}`.trim();

interface Script {
  readonly command: readonly string[];
  /** Of the document. */
  readonly key: string;
  readonly name: string;
  readonly files: readonly RevisionNode[];
  readonly read: (stdout: string) => string;
}

const writeSql = async (services: Services, project: ProjectNode, script: Script): Promise<void> => {
  const { documents, log, toolchain } = services;
  const found = await toolchain.find(project);
  if (found.kind !== "tools") return showToolsProblem(found, log);
  if (!(await saveFirst(new Set(script.files.map(({ uri }) => vscode.Uri.parse(uri).toString()))))) return;
  const title = t("Writing the SQL of {0}…", script.name);
  const { finished, cancelled } = await execute(services, { tools: found.tools, command: script.command, title });
  if (cancelled) return;
  if (finished.exitCode !== 0) {
    const failure = failureOf(finished, found.tools.folder);
    return showFailure(t("The SQL cannot be written without a database. {0}", failure.reason), failure, log);
  }
  const name = script.name.replaceAll(/[\\/:*?"<>|]+/g, " ");
  const uri = documents.put(script.key, `${name}.sql`, script.read(finished.stdout));
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(await vscode.languages.setTextDocumentLanguage(document, "sql"), {
    preview: true,
  });
};
