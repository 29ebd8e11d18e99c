/**
 * The proof of the refactorings on generated migrations: what is made of them, run by the real Alembic on two databases
 * over the same rows, leaves the same: up, down, and up again.
 *
 * `RETORT_PROOF=N` runs N migrations instead of 300, others at each run.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Place, Refactoring } from "../../server/src/refactorings/define.ts";
import { allRefactorings } from "../../server/src/refactorings/index.ts";
import { offerOf } from "../../server/src/refactorings/offers.ts";
import { splitMixedMigration } from "../../server/src/refactorings/split-mixed-migration.ts";
import { generatedBodies, generatedGiven, type GeneratedBody } from "../refactorings/generated.ts";
import { expectPermutation } from "../refactorings/permutation.ts";
import { refactorsAt } from "../support/cases.ts";
import { absolute, openFixture, type FixtureProject } from "../support/project.ts";
import { useAlembic } from "./alembic.ts";
import { useDatabases } from "./postgres.ts";
import { useProver } from "./proving.ts";
import { differences, originalOf, proveAgainst, rewriteOf, runOriginal } from "./rewrites.ts";

const prover = useProver(useDatabases(), useAlembic());

const more = process.env["RETORT_PROOF"];
const count = Number(more ?? 300);

/** They move values on purpose, or belong to env.py: their own tests hold them. */
const others = new Set([
  "set-lock-timeout",
  "transaction-per-migration",
  "extract-data-script",
  "rename-not-drop-and-add",
]);

const indented = (body: string): string => body.replaceAll(/^(?=.)/gm, "    ");

const source = ({ body, undo }: GeneratedBody): string => `-- versions/0001_given.py --
op.execute("""${generatedGiven}""")
-- versions/0002_case.py --
def upgrade() -> None:
${indented(body)}

def downgrade() -> None:
${indented(undo)}`;

interface Offered {
  readonly refactoring: Refactoring;
  readonly place: Place;
}

function offersOf({ project }: FixtureProject, refactoring: Refactoring): readonly Offered[] {
  const file = project.files.get(absolute("versions/0002_case.py"));
  const upgrade = file?.upgrades[0];
  if (!file || !upgrade) throw new Error("there is no upgrade");
  // At the revision as a whole, at each of its operations, and at its way back.
  const ranges = [upgrade, ...upgrade.operations, ...file.downgrades].flatMap(({ nameRange }) => nameRange ?? []);
  return ranges.flatMap((range) => {
    const place = { project, file, range };
    const offer = offerOf(refactoring, place);
    return offer && !("unavailable" in offer) ? [{ refactoring, place }] : [];
  });
}

/** The split where there is one; at every third migration, and where there is none, another that is offered. */
function chosen(opened: FixtureProject, number: number): readonly Offered[] {
  const split = offersOf(opened, splitMixedMigration).slice(0, 1);
  if (split.length > 0 && number % 3 > 0) return split;
  const rest = allRefactorings.filter((one) => one !== splitMixedMigration && !others.has(one.id));
  const offered = rest.map((one) => offersOf(opened, one)).filter(({ length }) => length > 0);
  const same = offered[number % Math.max(1, offered.length)] ?? [];
  return [...split, ...same.slice(number % Math.max(1, same.length)).slice(0, 1)];
}

test(`${String(count)} generated migrations leave the same when they are rewritten`, async () => {
  const proven = new Map<string, number>();
  let complete = 0;
  let all = 0;
  await fc.assert(
    fc.asyncProperty(generatedBodies, fc.nat(), fc.boolean(), async (generated, number, perMigration) => {
      const opened = await openFixture(source(generated));
      const offers = chosen(opened, number);
      if (offers.length === 0) return;
      all++;
      const proving = { perMigration };
      const original = await runOriginal(prover, originalOf(opened, "0001"), proving);
      let isComplete = false;
      for (const { refactoring, place } of offers) {
        const { id } = refactoring;
        const made = await refactorsAt(refactoring, opened, place);
        const { file } = place;
        const [upgrade] = file.upgrades;
        if (upgrade && refactoring === splitMixedMigration)
          expectPermutation(
            place.project,
            file,
            upgrade,
            made.parts.flatMap(({ path }) => made.after.files.get(path) ?? []),
          );
        const difference = differences[id];
        const { steps } = await proveAgainst(original, prover, rewriteOf(made), {
          ...proving,
          ...(difference && { difference }),
        });
        if (steps === 3) isComplete = true;
        if (steps > 0) proven.set(id, (proven.get(id) ?? 0) + 1);
      }
      if (isComplete) complete++;
    }),
    { numRuns: count, endOnFailure: true, ...(more === undefined && { seed: 7 }) },
  );
  console.log(Object.fromEntries(proven), { all, complete });
  expect(proven.get(splitMixedMigration.id)).toBeGreaterThan(count / 3);
  // What stops in the middle proves less.
  expect(complete / all).toBeGreaterThan(0.6);
}, 900_000);
