/** Whether one part alone can be gone back and gone again: each part's downgrade ought to take back that part. */
import { renderName } from "../../sql/action.ts";
import { maybeSame } from "../../model/footprint.ts";
import type { Operation, RevisionFile } from "../../model/revision.ts";
import { isCertainUndo, undoes } from "./inverse.ts";
import { describe, type Leaf } from "./leaves.ts";
import { lineOf, Refused } from "../../rewrite/refused.ts";
import type { UpgradePart } from "./undo.ts";

/** A downgrade that is not understood could belong to any part. @throws Refused */
export function refuseOpaque(file: RevisionFile, leaves: readonly Leaf[]): void {
  for (const leaf of leaves) {
    if (leaf.operations.some(({ confidence }) => confidence === "opaque"))
      throw new Refused(
        `In downgrade(), it is not understood what ${describe(file, leaf)} does, so it is not known which part it undoes.`,
      );
  }
}

/** Run twice it gives another result than run once: `SET x = NOT x`, `SET n = n + 1`. */
const isRepeatable = ({ kind, columns, touches }: Operation): boolean =>
  kind !== "update" ||
  !touches.some(({ how, on }) => how === "read" && on.type === "column" && columns.includes(on.column ?? "*"));

/**
 * A row change that must not be run twice, whose way back is in another part, would be run twice by going one part
 * back and forth. @throws Refused
 */
export function refuseRepeats(
  file: RevisionFile,
  parts: readonly UpgradePart[],
  undo: readonly (readonly Operation[])[],
): void {
  for (const [index, part] of parts.entries()) {
    for (const change of part.operations.filter((operation) => !isRepeatable(operation))) {
      const isUndoneIn = (other: number): boolean =>
        (undo[other] ?? []).some((down) => down.effect === "data" && undoes(change, down) >= 6);
      if (isUndoneIn(index) || !parts.some((_, other) => other !== index && isUndoneIn(other))) continue;
      throw new Refused(
        `The row change on ${lineOf(file, change.range)} gives something else when it is run again, and what undoes it belongs to another part.`,
      );
    }
  }
}

const repeatable: readonly Operation["kind"][] = ["alter_column", "validate_constraint"];

const label = ({ kind, table, name, columns }: Operation): string => {
  const place = table && (columns[0] === undefined ? renderName(table) : `${renderName(table)}.${columns[0]}`);
  return [kind, name ?? place].filter((word) => word !== undefined).join(" ");
};

/** For each part what its own downgrade leaves as it is, and what could therefore not be run again after it. */
export function leftBehind(
  parts: readonly UpgradePart[],
  undo: readonly (readonly Operation[])[],
): readonly (readonly string[])[] {
  return parts.map((part, index) =>
    index === 0 || part.half === "data"
      ? []
      : part.operations
          .filter(
            ({ effect, kind, details }) => effect === "schema" && !repeatable.includes(kind) && !details.temporary,
          )
          .filter((up) => !(undo[index] ?? []).some((down) => isCertainUndo(undoes(up, down))))
          .map(label)
          .filter((one, place, all) => all.indexOf(one) === place),
  );
}

const empties = ({ kind, details }: Operation): boolean =>
  kind === "truncate" || (kind === "delete" && details.hasWhere === false);

const demandsValue = ({ kind, details }: Operation): boolean =>
  kind === "add_column" &&
  (details.definitions ?? []).some(
    ({ nullable, hasServerDefault, generated }) =>
      nullable === false && hasServerDefault !== true && generated === undefined,
  );

/**
 * A table that is emptied so that a column without a default can be NOT NULL: a row that comes between the two
 * transactions would make the second fail. @throws Refused
 */
export function refuseEmptied(file: RevisionFile, parts: readonly UpgradePart[]): void {
  for (const [index, part] of parts.entries()) {
    for (const emptied of part.operations.filter(empties)) {
      const later = parts.slice(index + 1).flatMap(({ operations }) => operations);
      const added = later.find(
        (one) => demandsValue(one) && one.table && emptied.table && maybeSame(one.table, emptied.table),
      );
      if (added?.table === undefined) continue;
      throw new Refused(
        `${renderName(added.table)} is emptied on ${lineOf(file, emptied.range)} so that ${label(added)} can be NOT NULL, and a row that comes between two revisions would make the second fail.`,
      );
    }
  }
}
