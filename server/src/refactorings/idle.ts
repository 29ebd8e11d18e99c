/** What a changed file does not need any more. */
import { readRevision } from "../model/read.ts";
import type { RevisionFile, Statement } from "../model/revision.ts";
import type { Project } from "../project/snapshot.ts";
import { difference } from "../rewrite/change.ts";
import { newEdit } from "../rewrite/edit.ts";
import { pruneExisting } from "../rewrite/module.ts";
import { lineOf, Refused } from "../rewrite/refused.ts";
import { applyEdits, type TextEdit } from "../text/edit.ts";
import { headUses } from "./split/write.ts";

export const usesOf = (file: RevisionFile): readonly string[] =>
  [...file.upgrades, ...file.downgrades].flatMap((direction) => [
    ...headUses(file, direction),
    ...direction.statements.flatMap(({ uses }) => uses),
  ]);

export function readAgain({ config, modules }: Project, path: string, text: string): RevisionFile {
  return readRevision(path, text, { dialect: config.dialect, ...(modules ? { modules } : {}) });
}

function importsIn(statements: readonly Statement[]): readonly Statement[] {
  return statements.flatMap((statement) => [
    ...(statement.kind === "import" ? [statement] : []),
    ...importsIn((statement.compound?.blocks ?? []).flatMap((block) => block.statements)),
  ]);
}

/** The edits, and without the imports of these names, which nothing uses afterwards. */
export function withoutIdleImports(
  project: Project,
  file: RevisionFile,
  edits: readonly TextEdit[],
  names: readonly string[],
): readonly TextEdit[] {
  const changed = readAgain(project, file.path, applyEdits(file.text, edits));
  const local = [...changed.upgrades, ...changed.downgrades].flatMap(({ statements }) => importsIn(statements));
  const idle = local.filter(({ binds }) => binds.some((name) => names.includes(name)));
  const shared = idle.find(({ binds }) => !binds.every((name) => names.includes(name)));
  if (shared)
    throw new Refused(`The import on ${lineOf(changed, shared.range)} is of other names as well; take it apart first.`);
  const edit = newEdit(changed);
  for (const statement of idle) edit.removeStatement(statement);
  const without = readAgain(project, file.path, applyEdits(changed.text, edit.build()));
  const uses = usesOf(without);
  const text = applyEdits(without.text, pruneExisting(without, { before: [...uses, ...names], after: uses }));
  return text === file.text ? [] : [difference(file.text, text)];
}
