import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Half } from "../../server/src/refactorings/split/halves.ts";
import { findPhases, type Edges, type Step } from "../../server/src/refactorings/split/phases.ts";

const most = 8;

interface Case {
  readonly steps: readonly Step[];
  readonly edges: Edges;
}

const cases = fc.integer({ min: 1, max: most }).chain((count) =>
  fc
    .record({
      steps: fc.array(fc.record({ half: fc.constantFrom<Half>("schema", "data"), contracts: fc.boolean() }), {
        minLength: count,
        maxLength: count,
      }),
      tied: fc.array(fc.boolean(), { minLength: count * count, maxLength: count * count }),
    })
    .map(({ steps, tied }): Case => {
      const edges = steps.map(
        (_, i) => new Set(steps.map((__, j) => j).filter((j) => j < i && tied[i * count + j] === true)),
      );
      return { steps: steps.map((step) => ({ ...step, contracts: step.contracts && step.half === "schema" })), edges };
    }),
);

/** The fewest runs of one half over all orders that keep the edges, by trying every set of steps that can be done. */
function fewest({ steps, edges }: Case): number {
  const all = (1 << steps.length) - 1;
  const close = (done: number, half: Half): number => {
    for (let grown = true; grown;) {
      grown = false;
      for (const [i, step] of steps.entries()) {
        const ready = [...(edges[i] ?? [])].every((j) => (done & (1 << j)) !== 0);
        if ((done & (1 << i)) === 0 && step.half === half && ready) {
          done |= 1 << i;
          grown = true;
        }
      }
    }
    return done;
  };
  const runs = (done: number, half: Half, count: number): number => {
    if (done === all) return count;
    const next = close(done, half);
    if (next === done && count > 0) return Infinity;
    return runs(next, half === "schema" ? "data" : "schema", next === done ? count : count + 1);
  };
  return Math.min(runs(0, "schema", 0), runs(0, "data", 0));
}

describe("phases", () => {
  test("keep every edge, alternate, and are pure", () => {
    fc.assert(
      fc.property(cases, ({ steps, edges }) => {
        const { halves, of } = findPhases(steps, edges);
        steps.forEach((step, i) => {
          expect(halves[of[i] ?? -1]).toBe(step.half);
          for (const j of edges[i] ?? []) expect(of[j]).toBeLessThanOrEqual(of[i] ?? -1);
        });
        halves.forEach((half, i) => {
          if (i > 0) expect(half).not.toBe(halves[i - 1]);
          expect(of).toContain(i);
        });
      }),
    );
  });

  test("are the fewest that there can be", () => {
    fc.assert(
      fc.property(cases, (one) => {
        expect(findPhases(one.steps, one.edges).halves).toHaveLength(fewest(one));
      }),
    );
  });

  test("hold what takes away as late as what waits for it allows", () => {
    fc.assert(
      fc.property(cases, ({ steps, edges }) => {
        const { halves, of } = findPhases(steps, edges);
        steps.forEach((step, i) => {
          if (!step.contracts) return;
          const later = (of[i] ?? 0) + 2;
          if (later >= halves.length) return;
          const held = steps.some(
            (other, j) => edges[j]?.has(i) === true && (of[j] ?? 0) < later + (other.half === step.half ? 0 : 1),
          );
          expect(held).toBe(true);
        });
      }),
    );
  });
});
