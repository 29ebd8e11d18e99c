/** A revision that becomes several: new files in a chain before it, and the original, which comes last and keeps its file and id. */
import type { RevisionFile } from "../model/revision.ts";
import { newRevisionIds } from "../project/naming.ts";
import type { Project } from "../project/snapshot.ts";
import { changeBuilder } from "../rewrite/change.ts";
import { inProjectForm } from "../rewrite/form.ts";
import { messageOf } from "../rewrite/header.ts";
import type { Identity } from "../rewrite/identity.ts";
import { newPaths } from "../rewrite/place.ts";
import { applyEdits, type TextEdit } from "../text/edit.ts";
import type { Part, Result } from "./define.ts";

export interface Link {
  /** In the message and the file name of a new revision. */
  readonly name: string;
  /** What makes the link of the original text, with who it is and where it will lie. */
  readonly edits: (identity: Identity, path: string) => readonly TextEdit[];
}

export function writeChain(
  project: Project,
  file: RevisionFile,
  links: readonly Link[],
  notes: readonly string[],
): Result {
  const message = messageOf(file);
  const original = file.identifiers.revision?.value ?? "";
  const fresh = links.slice(0, -1);
  const ids = newRevisionIds(project.history, original, fresh.length);
  const named = fresh.map(({ name }, i) => ({ revision: ids[i] ?? "", message, suffix: name }));
  const paths = newPaths(project, file, named);
  const change = changeBuilder((path) => project.files.has(path));
  const parts = links.map(({ name, edits }, i): Part => {
    const isNew = i < fresh.length;
    const path = isNew ? (paths[i] ?? "") : file.path;
    const parent = ids[i - 1];
    const identity: Identity = {
      ...(parent !== undefined && { parent, dropDependsOn: true }),
      ...(isNew && { revision: ids[i] ?? "", messageSuffix: `(${name})`, dropBranchLabels: true }),
    };
    const made = edits(identity, path);
    const edited = applyEdits(file.text, made);
    const text = isNew ? inProjectForm(project.config, path, edited) : edited;
    if (isNew) change.create(path, text);
    else change.edit(path, file.text, made);
    const revision = isNew ? (ids[i] ?? "") : original;
    return { path, isNew, revision, name, title: `${message} (${name})`.trim(), text, before: isNew ? "" : file.text };
  });
  return { change: change.build(), parts, notes };
}
