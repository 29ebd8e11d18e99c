/** What each refactoring has to offer at a place. */
import type { Offer, Place, Refactoring } from "./define.ts";
import { allRefactorings } from "./index.ts";

export interface Offered {
  readonly refactoring: Refactoring;
  readonly offer: Exclude<Offer<unknown>, undefined>;
}

/** What can be done at the place, and what would be offered but cannot be right. */
export function refactorings(place: Place): readonly Offered[] {
  return allRefactorings.flatMap((refactoring) => {
    const offer = offerOf(refactoring, place);
    return offer === undefined ? [] : [{ refactoring, offer }];
  });
}

/** What is known of a file only from before it broke is nothing to edit by. A defect of one refactoring costs only itself. */
export function offerOf(refactoring: Refactoring, place: Place): Offer<unknown> {
  const offer = planOf(refactoring, place);
  return offer === undefined || "unavailable" in offer || place.file.stale === undefined
    ? offer
    : { unavailable: staleness };
}

function planOf(refactoring: Refactoring, place: Place): Offer<unknown> {
  try {
    return refactoring.plan(place);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { unavailable: `A defect of Retort keeps this from being offered: ${message}.` };
  }
}

/** Why nothing is edited in a file that is read as it last was. */
export const staleness = "A part of the file is not valid Python now.";

export const refactoringById = (id: string): Refactoring | undefined => allRefactorings.find((one) => one.id === id);

/** For the end of a sentence. */
export const listRefactorings = (): string => `the refactorings are ${allRefactorings.map((one) => one.id).join(", ")}`;
