/** The result of a refactoring that changes one file and makes no other. */
import type { RevisionFile } from "../model/revision.ts";
import { changeBuilder } from "../rewrite/change.ts";
import { messageOf } from "../rewrite/header.ts";
import { applyEdits, type TextEdit } from "../text/edit.ts";
import type { Place, Result } from "./define.ts";

/** For a plan that is made of edits of the file at hand. */
export interface EditsPlan {
  readonly edits: readonly TextEdit[];
  readonly notes: readonly string[];
}

export const applyEditsPlan = ({ file }: Place, { edits, notes }: EditsPlan): Result => editedFile(file, edits, notes);

export function editedFile(file: RevisionFile, edits: readonly TextEdit[], notes: readonly string[] = []): Result {
  const change = changeBuilder(() => true);
  change.edit(file.path, file.text, edits);
  const part = {
    path: file.path,
    isNew: false,
    revision: file.identifiers.revision?.value ?? "",
    name: "",
    title: messageOf(file),
    text: applyEdits(file.text, edits),
    before: file.text,
  };
  return { change: change.build(), parts: [part], notes };
}
