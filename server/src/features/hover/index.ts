import { hoverCoverage } from "./coverage.ts";
import { hoverOperation } from "./operation.ts";
import type { Hover, HoverPlace } from "./place.ts";
import { hoverTable } from "./table.ts";

/** The first that has something to say answers. */
const producers: readonly ((place: HoverPlace) => Hover | undefined)[] = [hoverCoverage, hoverTable, hoverOperation];

export function hoverAt(place: HoverPlace): Hover | undefined {
  for (const produce of producers) {
    const hover = produce(place);
    if (hover) return hover;
  }
  return undefined;
}
