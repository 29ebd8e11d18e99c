/** What a revision does, as the outline and the symbols of a file show it: its functions, and their operations in words. */
import type { Direction, Operation, RevisionFile } from "../model/revision.ts";
import { contains, hull, slice, type Range } from "../text/range.ts";
import { nameOperation, type OperationName } from "./operation-words.ts";

export interface OutlineItem extends OperationName {
  readonly range: Range;
  /** What is selected where somebody goes there. */
  readonly nameRange: Range;
  readonly children: readonly OutlineItem[];
}

/** More at one place, as a loop makes them, are counted. */
const mostAtOnePlace = 8;

export function outlineOf(file: RevisionFile): readonly OutlineItem[] {
  if (!file.isRevision) return [];
  return [...file.upgrades, ...file.downgrades].flatMap((direction) => {
    const { head, nameRange, body } = direction;
    if (!head || !nameRange) return [];
    const range = body ? withoutEnd(file, hull(head, body)) : head;
    const children = operationsOf(file, direction).filter((item) => contains(range, item.range));
    return [
      { name: slice(file.text, nameRange), detail: countOf(children), kind: "function", range, nameRange, children },
    ];
  });
}

const countOf = ({ length }: { readonly length: number }): string =>
  length === 0 ? "" : `${String(length)} operation${length === 1 ? "" : "s"}`;

/** The blank lines behind a body are not shown as a part of it. */
function withoutEnd({ text }: RevisionFile, { start, end }: Range): Range {
  return { start, end: start + text.slice(start, end).trimEnd().length };
}

export function operationsOf(file: RevisionFile, { operations }: Direction): readonly OutlineItem[] {
  const places = new Map<string, { readonly place: Placed; readonly names: OperationName[] }>();
  for (const operation of operations) {
    const place = placeOf(operation);
    const key = `${String(place.range.start)}-${String(place.range.end)}`;
    const known = places.get(key) ?? { place, names: [] };
    const named = nameOperation(operation, file.text);
    if (!known.names.some(({ name }) => name === named.name)) known.names.push(named);
    places.set(key, known);
  }
  return [...places.values()]
    .flatMap(({ place, names }) => {
      const shown = names.length > mostAtOnePlace ? names.slice(0, mostAtOnePlace - 1) : names;
      const more = names.length - shown.length;
      return [
        ...shown,
        ...(more > 0 ? [{ name: `and ${String(more)} more`, detail: "", kind: "other" as const }] : []),
      ].map((named) => ({ ...named, ...place, children: [] }));
    })
    .sort((a, b) => a.range.start - b.range.start);
}

interface Placed {
  readonly range: Range;
  readonly nameRange: Range;
}

/** What a helper does stands where the function itself calls it. */
function placeOf({ range, nameRange, calls }: Operation): Placed {
  const [call] = calls;
  return call ? { range: call.range, nameRange: call.range } : { range, nameRange };
}
