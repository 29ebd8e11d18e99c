/** What stands where the person asks: at the cursor, in the selection, under a finding. */
import type { Direction, Operation, RevisionFile, Statement } from "../model/revision.ts";
import { statementAround } from "../model/written.ts";
import { includes, type Range } from "../text/range.ts";
import type { Place } from "./define.ts";

/** True where the cursor is in it or at its edge, or where the selection has a part of it. */
export const touches = ({ start, end }: Range, selected: Range): boolean =>
  selected.start === selected.end
    ? includes({ start, end }, selected.start)
    : start < selected.end && selected.start < end;

/** Where the file itself leads to the operation: its own text, or the call of the helper that holds it. */
export const placeOf = ({ calls: [first], range }: Operation): Range => first?.range ?? range;

/** In the statement that makes it, or in the helper that does. */
export function isAt({ file, range }: Place, operation: Operation): boolean {
  if (touches(operation.range, range)) return true;
  const around = statementAround(file, placeOf(operation));
  return around !== undefined && touches(around.statement.range, range);
}

/** Statements of a function's own body that the selection has a part of. */
export const selectedIn = ({ statements }: Direction, { range }: Place): readonly Statement[] =>
  statements.filter((statement) => touches(statement.range, range));

/** The statement of the function's own body that leads to the operation. */
export const ownStatementOf = (direction: Direction, operation: Operation): Statement | undefined =>
  direction.statements[operation.statement];

/** Nothing of a revision for several databases is changed: each has functions of its own. */
export const onlyUpgrade = ({ upgrades }: RevisionFile): Direction | undefined =>
  upgrades.length === 1 && upgrades[0]?.engine === undefined ? upgrades[0] : undefined;

/** In downgrade(), at the head of upgrade(), or all of the file: where a person looks for the way back. */
export function isInHead({ file, range }: Place): boolean {
  const heads = file.upgrades.flatMap(({ head }) => head ?? []);
  const whole = file.downgrades.flatMap(({ head, body }) =>
    head === undefined ? [] : [{ start: head.start, end: (body ?? head).end }],
  );
  return [...heads, ...whole].some((one) => touches(one, range));
}
