/**
 * A revision that becomes several, in which its statements are not only parted but others: each stage is the original
 * with edits of its own. The last one keeps the original's file and id, as in a split.
 */
import type { RevisionFile } from "../model/revision.ts";
import type { Project } from "../project/snapshot.ts";
import { difference } from "../rewrite/change.ts";
import { identityEdits } from "../rewrite/identity.ts";
import { pruneExisting, pruneNew } from "../rewrite/module.ts";
import { applyEdits, type TextEdit } from "../text/edit.ts";
import { writeChain } from "./chain.ts";
import type { Result } from "./define.ts";
import { readAgain, usesOf } from "./idle.ts";

export interface Stage {
  /** In the message and the file name of a new revision. */
  readonly name: string;
  /** Of the original text: its functions and imports, not its identity. */
  readonly edits: readonly TextEdit[];
}

export const writeStages = (
  project: Project,
  file: RevisionFile,
  stages: readonly Stage[],
  notes: readonly string[],
): Result =>
  writeChain(
    project,
    file,
    stages.map(({ name, edits }) => ({
      name,
      edits: (identity, path) => {
        const edited = applyEdits(file.text, [...edits, ...identityEdits(file, identity)]);
        return [difference(file.text, withoutIdle(project, file, path, edited))];
      },
    })),
    notes,
  );

/** Imports, constants and helpers that only the other stages use. */
function withoutIdle(project: Project, file: RevisionFile, path: string, text: string): string {
  const made = readAgain(project, path, text);
  const isNew = path !== file.path;
  return applyEdits(
    text,
    isNew ? pruneNew(made, usesOf(made)) : pruneExisting(made, { before: usesOf(file), after: usesOf(made) }),
  );
}
