/** The three stages: a second column with a trigger, its rows filled in batches, and the first column taken away. */
import type { Direction, Operation, RevisionFile } from "../../model/revision.ts";
import { statementAround } from "../../model/written.ts";
import { newEdit, type Edit } from "../../rewrite/edit.ts";
import { lineOf, Refused } from "../../rewrite/refused.ts";
import { batchesOf } from "../batches/conversion.ts";
import { codeFor, type Code } from "../downgrade/code.ts";
import { ownStatementOf, placeOf } from "../place.ts";
import { absent } from "../split/revision.ts";
import { refuseUncertain, type Staging } from "../staged.ts";
import type { Stage } from "../stages.ts";
import { buildBlock, dropBlock, validateAll } from "./attached-code.ts";
import { validateCheck } from "./code.ts";
import type { Twin } from "./column.ts";

/** What is different where a column is renamed and where it gets another type. */
export interface Change {
  readonly twin: Twin;
  /** Both columns are there, and each row that is written has both. */
  readonly expand: (code: Code) => string;
  readonly takeBack: (code: Code) => string;
  /** The UPDATE that fills the rows that nobody has written since. */
  readonly fill: string;
  /** Only the new one is left, under the name that it is to have. */
  readonly contract: (code: Code) => string;
  /** Both are there again, and full; `back`: the operation of downgrade() that it stands for. */
  readonly expandAgain: (code: Code, back: Operation) => string;
  /** The operation of downgrade() that undoes the change. */
  readonly undoes: (operation: Operation) => boolean;
}

export function twinStages({ file, upgrade, judged }: Staging, change: Change): readonly Stage[] {
  const downgrade = file.downgrades[0] ?? absent;
  const back = downgrade.form === "body" ? backOf(file, downgrade, change) : undefined;
  return [
    { name: "expand", edits: expandStage(file, upgrade, judged.operation, change, back) },
    { name: "backfill", edits: backfillStage(file, upgrade, downgrade, change) },
    { name: "contract", edits: contractStage(file, upgrade, downgrade, change, back) },
  ];
}

function backOf(file: RevisionFile, { operations }: Direction, { undoes }: Change): Operation {
  const [back, ...others] = operations.filter(undoes);
  if (!back || others.length > 0)
    throw new Refused(
      "downgrade() does not undo the change in a statement of its own, so that the way back cannot be cut.",
    );
  refuseUncertain(file, back);
  return back;
}

function expandStage(
  file: RevisionFile,
  upgrade: Direction,
  operation: Operation,
  change: Change,
  back: Operation | undefined,
): Stage["edits"] {
  const edit = newEdit(file);
  const code = codeFor(file, edit);
  const { old, name } = change.twin;
  const why = `# A trigger keeps ${name} in step with ${old.name} until the last of the three revisions.`;
  replaceOutsideBatch(file, edit, upgrade, operation, `${why}\n${change.expand(code)}`);
  const downgrade = file.downgrades[0];
  if (back && downgrade) replaceOutsideBatch(file, edit, downgrade, back, change.takeBack(code));
  return edit.build();
}

/** What a batch block collects is run at its end: what is to come in one order stands behind the block. */
export function replaceOutsideBatch(
  file: RevisionFile,
  edit: Edit,
  direction: Direction,
  operation: Operation,
  code: string,
): void {
  if (operation.via !== "batch") {
    edit.replaceStatement(operation, code);
    return;
  }
  const own = ownStatementOf(direction, operation);
  const inner = statementAround(file, placeOf(operation));
  if (!own || !inner || inner.statement.operations.length > 1)
    throw new Refused(`What stands on ${lineOf(file, operation.range)} is no statement of its own.`);
  if (inner.block.length === 1) edit.replaceStatement(own, code);
  else {
    edit.removeStatement(operation);
    edit.insertAfter(own, code);
  }
}

function backfillStage(
  file: RevisionFile,
  upgrade: Direction,
  downgrade: Direction,
  { twin, fill }: Change,
): Stage["edits"] {
  const edit = newEdit(file);
  const code = codeFor(file, edit);
  const lines = [
    batchesOf(file, edit, fill, twin.key),
    ...buildBlock(code, twin),
    ...validateCheck(code, twin),
    ...validateAll(code, twin),
  ];
  edit.replaceBody(upgrade, lines.join("\n"));
  const undone = dropBlock(code, twin);
  if (downgrade.form === "body") edit.replaceBody(downgrade, undone.length > 0 ? undone.join("\n") : "pass");
  return edit.build();
}

function contractStage(
  file: RevisionFile,
  upgrade: Direction,
  downgrade: Direction,
  { contract, expandAgain }: Change,
  back: Operation | undefined,
): Stage["edits"] {
  const edit = newEdit(file);
  const code = codeFor(file, edit);
  edit.replaceBody(upgrade, contract(code));
  if (back) edit.replaceBody(downgrade, expandAgain(code, back));
  return edit.build();
}
