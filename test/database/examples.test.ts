/**
 * The proof of every refactoring on its own examples: the original and what it makes of it, run by the real Alembic on two
 * databases over the same rows (none; such as break careless code; tame ones), leave the same: up, down, and up again.
 */
import { expect, test } from "vitest";
import { allRefactorings } from "../../server/src/refactorings/index.ts";
import { exampleSource, refactors } from "../support/cases.ts";
import { useAlembic } from "./alembic.ts";
import { useDatabases } from "./postgres.ts";
import { useProver } from "./proving.ts";
import { differences, prove, rewriteOf, type Proven } from "./rewrites.ts";

const databases = useDatabases();
const prover = useProver(databases, useAlembic());

/** What the examples meet that do not tell it. */
const pasts: Readonly<Record<string, string>> = {
  "A value that only Python can compute": "CREATE TABLE users (id serial PRIMARY KEY, name text, slug text)",
};

/** Rows such as the examples are about. */
const changes: Readonly<Record<string, string>> = {
  "bind-parameters": "UPDATE users SET name = CASE WHEN id % 5 = 0 THEN '' ELSE name || ' ' END WHERE id % 3 > 0",
  // The generated way back cannot fill a unique column, and says so; it comes back to one row at most.
  "generate-downgrade": "DELETE FROM users WHERE id > 1",
  "rebuild-enum": "UPDATE days SET mood = 'ok' WHERE mood = 'meh'",
};

const examples = allRefactorings.flatMap((refactoring) =>
  refactoring.examples.map((example) => ({ id: refactoring.id, title: example.title, refactoring, example })),
);

const runs = [
  { perMigration: true },
  { perMigration: false, load: { each: 20 } },
  { perMigration: true, load: { each: 20, tame: true } },
] as const;

test.each(examples)("$id: $title", async ({ id, title, refactoring, example }) => {
  const rewrite = rewriteOf(await refactors(refactoring, exampleSource(example)));
  const difference = differences[id];
  const [given, change] = [pasts[title], changes[id]];
  const proven: Proven[] = [];
  for (const run of runs)
    proven.push(
      await prove(prover, rewrite, {
        ...run,
        ...(difference && { difference }),
        ...(given !== undefined && { given }),
        ...(change !== undefined && { change }),
      }),
    );
  if (difference?.original) for (const { stop } of proven) expect(stop).toMatch(difference.original);
  // Rows without surprises are no reason to stop.
  else expect(proven.at(-1)?.steps).toBeGreaterThanOrEqual(difference?.mends ? 1 : 3);
});

test("what may differ is of refactorings that there are", () => {
  const ids = allRefactorings.map(({ id }) => id);
  expect(Object.keys(differences).filter((id) => !ids.includes(id))).toEqual([]);
});
