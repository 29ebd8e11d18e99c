/** Splits of 300 generated migrations: the same statements, each dependent pair in its order, and the same schema. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Refactoring } from "../../server/src/refactorings/define.ts";
import { splitByTable } from "../../server/src/refactorings/split-by-table.ts";
import { splitMixedMigration } from "../../server/src/refactorings/split-mixed-migration.ts";
import { refactors } from "../support/cases.ts";
import { openFixture } from "../support/project.ts";
import { generatedBodies, generatedGiven } from "./generated.ts";
import { expectPermutation } from "./permutation.ts";

const source = (body: string): string =>
  `-- versions/0001_given.py --\nop.execute("""${generatedGiven}""")\n-- versions/0002_case.py --\n${body}`;

/** Of how many a split was made; a refusal is one sentence. */
async function tryAll(refactoring: Refactoring, numRuns: number): Promise<number> {
  let made = 0;
  await fc.assert(
    fc.asyncProperty(generatedBodies, async ({ body }) => {
      const text = source(body);
      const { project } = await openFixture(text);
      const file = project.files.get("/project/versions/0002_case.py");
      const upgrade = file?.upgrades[0];
      if (!file || !upgrade) throw new Error("no upgrade");
      const offer = refactoring.plan({ project, file, range: { start: 0, end: 0 } });
      if (offer === undefined) return;
      if ("unavailable" in offer) {
        expect(offer.unavailable).toMatch(/^[A-Z`].*\.$/s);
        return;
      }
      made++;
      const { parts, after } = await refactors(refactoring, text);
      const files = parts.flatMap(({ path }) => after.files.get(path) ?? []);
      expectPermutation(project, file, upgrade, files);
    }),
    { numRuns },
  );
  return made;
}

test("split-mixed-migration", async () => {
  expect(await tryAll(splitMixedMigration, 300)).toBeGreaterThan(150);
}, 120_000);

test("split-by-table", async () => {
  expect(await tryAll(splitByTable, 60)).toBeGreaterThan(15);
}, 60_000);
