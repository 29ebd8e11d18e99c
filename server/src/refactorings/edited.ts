/** The result of a refactoring that changes one file and makes no other. */
import type { RevisionFile } from "../model/revision.ts";
import { changeBuilder } from "../rewrite/change.ts";
import { messageOf } from "../rewrite/header.ts";
import { applyEdits, type TextEdit } from "../text/edit.ts";
import type { Result } from "./define.ts";

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
