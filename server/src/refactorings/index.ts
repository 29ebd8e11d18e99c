/** Every refactoring there is, and what each has to offer at a place. */
import type { Offer, Place, Refactoring } from "./define.ts";
import { splitMixedMigration } from "./split-mixed-migration.ts";

/** A refactoring whose plan is known only to itself: what `plan` gave is handed back to `apply`. */
type AnyRefactoring = Refactoring;

const known: readonly AnyRefactoring[] = [splitMixedMigration as AnyRefactoring];

export interface Offered {
  readonly refactoring: AnyRefactoring;
  readonly offer: Exclude<Offer<unknown>, undefined>;
}

/** What can be done at the place, and what would be offered but cannot be right. */
export function refactorings(place: Place): readonly Offered[] {
  return known.flatMap((refactoring) => {
    const offer = offerOf(refactoring, place);
    return offer === undefined ? [] : [{ refactoring, offer }];
  });
}

/** What is known of a file only from before it broke is nothing to edit by. */
export function offerOf(refactoring: AnyRefactoring, place: Place): Offer<unknown> {
  const offer = refactoring.plan(place);
  return offer === undefined || "unavailable" in offer || place.file.stale === undefined
    ? offer
    : { unavailable: staleness };
}

/** Why nothing is edited in a file that is read as it last was. */
export const staleness = "A part of the file is not valid Python now.";

export const refactoringById = (id: string): AnyRefactoring | undefined => known.find((one) => one.id === id);

export const allRefactorings = known;
