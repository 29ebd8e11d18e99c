/** Who a revision is and what it follows: the variables, and the docstring that repeats them. */
import type { RevisionFile } from "../model/revision.ts";
import type { TextEdit } from "../text/edit.ts";
import { slice, type Range } from "../text/range.ts";
import { headerOf } from "./header.ts";
import { quoteOf, renderString } from "./literal.ts";

export interface Identity {
  readonly revision?: string;
  /** The one parent; absent: stays as it is. */
  readonly parent?: string;
  /** Put at the end of the message. */
  readonly messageSuffix?: string;
  readonly dropBranchLabels?: boolean;
  readonly dropDependsOn?: boolean;
}

/** The edits that give the file another identity, each in the file's own style. */
export function identityEdits(file: RevisionFile, identity: Identity): readonly TextEdit[] {
  const { identifiers } = file;
  const header = headerOf(file);
  const { revision, parent, messageSuffix } = identity;
  const edits: TextEdit[] = [];
  const set = (range: Range | undefined, newText: string): void => {
    if (range && slice(file.text, range) !== newText) edits.push({ range, newText });
  };
  if (revision !== undefined) {
    set(identifiers.revision?.range, renderString(revision, quoteOf(file)));
    set(header?.revisionId?.range, revision);
  }
  if (parent !== undefined) {
    set(identifiers.downRevision?.range, renderParent(file, parent));
    const revises = header?.revises?.range;
    set(revises, revises && file.text[revises.start - 1] === ":" ? ` ${parent}` : parent);
  }
  if (messageSuffix !== undefined && header && header.message.value !== "") {
    const { end } = header.message.range;
    edits.push({ range: { start: end, end }, newText: ` ${messageSuffix}` });
  }
  if (identity.dropBranchLabels === true && (identifiers.branchLabels?.value.length ?? 0) > 0) {
    set(identifiers.branchLabels?.range, "None");
  }
  if (identity.dropDependsOn === true && (identifiers.dependsOn?.value.length ?? 0) > 0) {
    set(identifiers.dependsOn?.range, "None");
  }
  return edits;
}

/** The parent as a literal; where the file writes its parent as a tuple or list of one, the new one too. */
function renderParent(file: RevisionFile, parent: string): string {
  const literal = renderString(parent, quoteOf(file));
  const written = file.identifiers.downRevision;
  const shape = written && /^([([])\s*(?:"[^"]*"|'[^']*')\s*(,?)\s*[)\]]$/.exec(slice(file.text, written.range));
  if (!shape) return literal;
  if (shape[1] === "[") return `[${literal}]`;
  return shape[2] === "," ? `(${literal},)` : literal;
}
