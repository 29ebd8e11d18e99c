/** Whether the parts of a split, put together, are the original's statements in an order that every dependent pair may have. */
import { mustKeepOrder } from "../../server/src/model/order.ts";
import type { Direction, Operation, RevisionFile } from "../../server/src/model/revision.ts";
import type { Project } from "../../server/src/project/snapshot.ts";
import { judgeHalves } from "../../server/src/refactorings/split/halves.ts";

export interface Order {
  /** Pairs that must keep their order, and were held to it. */
  readonly pairs: number;
  /** Such pairs of which one is written otherwise in its part, so that its place is not known. */
  readonly unplaced: number;
  readonly faults: readonly string[];
}

/** What does nothing that lasts may be repeated in each part. */
const isRepeatable = ({ effect }: Operation): boolean =>
  effect === "read" || effect === "session" || effect === "transaction";

/** Of what both directions of the original do. */
export function findOrder(project: Project, original: RevisionFile, parts: readonly RevisionFile[]): Order {
  const orders = original.upgrades.map((upgrade, i) => {
    const others = parts.map((part) => part.upgrades[i]);
    return orderOf(project, { file: original, direction: upgrade }, textsIn(parts, others));
  });
  return {
    pairs: orders.reduce((sum, { pairs }) => sum + pairs, 0),
    unplaced: orders.reduce((sum, { unplaced }) => sum + unplaced, 0),
    faults: orders.flatMap(({ faults }) => faults),
  };
}

const textOf = (file: RevisionFile, { range }: Operation): string =>
  file.text.slice(range.start, range.end).split(/\s+/).join(" ");

/** In the order of the chain. */
const textsIn = (parts: readonly RevisionFile[], directions: readonly (Direction | undefined)[]): readonly string[] =>
  parts.flatMap((part, i) =>
    (directions[i]?.operations ?? []).filter((one) => !isRepeatable(one)).map((one) => textOf(part, one)),
  );

interface Original {
  readonly file: RevisionFile;
  readonly direction: Direction;
}

function orderOf(project: Project, { file, direction }: Original, texts: readonly string[]): Order {
  const operations = direction.operations.filter((one) => !isRepeatable(one));
  const { known } = judgeHalves(direction, direction, project);
  const places = placesOf(
    operations.map((one) => textOf(file, one)),
    texts,
  );
  const faults: string[] = [];
  let pairs = 0;
  let unplaced = 0;
  for (const [i, first] of operations.entries()) {
    for (const [j, second] of operations.entries()) {
      const why = j > i ? mustKeepOrder(first, second, known) : undefined;
      if (why === undefined) continue;
      const [a, b] = [places[i], places[j]];
      if (a === undefined || b === undefined) unplaced++;
      else {
        pairs++;
        if (a > b) faults.push(`${second.kind} has come before ${first.kind}: ${why}`);
      }
    }
  }
  return { pairs, unplaced, faults };
}

/** Where each text stands among the others; of several that are alike the first is the first. Undefined: not as often there. */
function placesOf(texts: readonly string[], others: readonly string[]): readonly (number | undefined)[] {
  const taken = new Map<string, number>();
  return texts.map((text) => {
    const places = others.flatMap((other, i) => (other === text ? [i] : []));
    const nth = taken.get(text) ?? 0;
    taken.set(text, nth + 1);
    return places.length === texts.filter((one) => one === text).length ? places[nth] : undefined;
  });
}
