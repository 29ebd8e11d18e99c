/** The parts of a split, held against the revision that they were made of. */
import { expect } from "vitest";
import { mustKeepOrder } from "../../server/src/model/order.ts";
import type { Direction, RevisionFile } from "../../server/src/model/revision.ts";
import type { Project } from "../../server/src/project/snapshot.ts";
import { judgeHalves } from "../../server/src/refactorings/split/halves.ts";

/** Where a text stands in the chain: its part, and the place in that part. It is there once. */
function placesIn(files: readonly RevisionFile[]): (text: string) => number {
  return (text) => {
    const found = files.flatMap((file, part) => {
      const at = file.text.indexOf(text);
      return at < 0 ? [] : [part * 1e6 + at];
    });
    expect(found, `${text} is there once`).toHaveLength(1);
    return found[0] ?? -1;
  };
}

/** Put together, the parts are the original's statements in an order that every dependent pair may have. */
export function expectPermutation(
  project: Project,
  file: RevisionFile,
  upgrade: Direction,
  parts: readonly RevisionFile[],
): void {
  const at = placesIn(parts);
  const places = upgrade.operations.map(({ range }) => {
    const statement = upgrade.statements.find((one) => one.range.start <= range.start && range.end <= one.range.end);
    return at(file.text.slice(statement?.lines.start, statement?.lines.end));
  });
  const { known } = judgeHalves(upgrade, upgrade, project);
  upgrade.operations.forEach((a, i) => {
    upgrade.operations.forEach((b, j) => {
      const why = j > i ? mustKeepOrder(a, b, known) : undefined;
      if (why !== undefined)
        expect(places[i], `${a.kind} before ${b.kind}: ${why}`).toBeLessThanOrEqual(places[j] ?? -1);
    });
  });
}
