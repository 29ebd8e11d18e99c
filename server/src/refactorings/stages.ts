/**
 * A revision that becomes several, in which its statements are not only parted but others: each stage is the original
 * with edits of its own. The last one keeps the original's file and id, as in a split.
 */
import type { RevisionFile } from "../model/revision.ts";
import { newRevisionIds } from "../project/naming.ts";
import type { Project } from "../project/snapshot.ts";
import { changeBuilder, difference } from "../rewrite/change.ts";
import { inProjectForm } from "../rewrite/form.ts";
import { messageOf } from "../rewrite/header.ts";
import { identityEdits } from "../rewrite/identity.ts";
import { pruneExisting, pruneNew } from "../rewrite/module.ts";
import { newPaths } from "../rewrite/place.ts";
import { applyEdits, type TextEdit } from "../text/edit.ts";
import type { Part, Result } from "./define.ts";
import { readAgain, usesOf } from "./idle.ts";

export interface Stage {
  /** In the message and the file name of a new revision. */
  readonly name: string;
  /** Of the original text: its functions and imports, not its identity. */
  readonly edits: readonly TextEdit[];
}

export function writeStages(
  project: Project,
  file: RevisionFile,
  stages: readonly Stage[],
  notes: readonly string[],
): Result {
  const message = messageOf(file);
  const original = file.identifiers.revision?.value ?? "";
  const fresh = stages.slice(0, -1);
  const ids = newRevisionIds(project.history, original, fresh.length);
  const named = fresh.map(({ name }, i) => ({ revision: ids[i] ?? "", message, suffix: name }));
  const paths = newPaths(project, file, named);
  const change = changeBuilder((path) => project.files.has(path));
  const parts = stages.map(({ name, edits }, i): Part => {
    const isNew = i < fresh.length;
    const path = isNew ? (paths[i] ?? "") : file.path;
    const parent = ids[i - 1];
    const identity = {
      ...(parent !== undefined && { parent, dropDependsOn: true }),
      ...(isNew && { revision: ids[i] ?? "", messageSuffix: `(${name})`, dropBranchLabels: true }),
    };
    const edited = applyEdits(file.text, [...edits, ...identityEdits(file, identity)]);
    const pruned = withoutIdle(project, file, path, edited, isNew);
    const text = isNew ? inProjectForm(project.config, path, pruned) : pruned;
    if (isNew) change.create(path, text);
    else change.edit(path, file.text, [difference(file.text, text)]);
    return {
      path,
      isNew,
      revision: isNew ? (ids[i] ?? "") : original,
      name,
      title: `${message} (${name})`,
      text,
      before: isNew ? "" : file.text,
    };
  });
  return { change: change.build(), parts, notes };
}

/** Imports, constants and helpers that only the other stages use. */
function withoutIdle(project: Project, file: RevisionFile, path: string, text: string, isNew: boolean): string {
  const made = readAgain(project, path, text);
  return applyEdits(
    text,
    isNew ? pruneNew(made, usesOf(made)) : pruneExisting(made, { before: usesOf(file), after: usesOf(made) }),
  );
}
