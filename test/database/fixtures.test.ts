/**
 * The proof of the refactorings on the fixtures of their own tests: what each test makes is run beside its original by the
 * real Alembic, on two databases over the same rows: up, down, and up again. Where a fixture does not tell its tables, they
 * are made of what the server misses.
 */
import { readdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import type { Refactoring } from "../../server/src/refactorings/define.ts";
import { watchRefactored, type Refactored } from "../support/cases.ts";
import { reason } from "../support/txtar.ts";
import { useAlembic } from "./alembic.ts";
import { useDatabases } from "./postgres.ts";
import { isState, useProver, type Outcome } from "./proving.ts";
import {
  differences,
  movesValues,
  proveAgainst,
  rewriteOf,
  runOriginal,
  type Proving,
  type Rewrite,
} from "./rewrites.ts";

const prover = useProver(useDatabases(), useAlembic());

/** Laws over many generated fixtures, which `proof-generated.test.ts` runs; and what is about other things. */
const leftOut = new Set([
  "generated.test.ts",
  "laws.test.ts",
  "stages.test.ts",
  "offers.test.ts",
  "phases.test.ts",
  "attached.test.ts",
]);

const made: { readonly refactoring: Refactoring; readonly result: Refactored }[] = [];
watchRefactored((refactoring, result) => made.push({ refactoring, result }));
const folder = path.join(import.meta.dirname, "..", "refactorings");
for (const name of readdirSync(folder)) {
  if (name.endsWith(".test.ts") && !leftOut.has(name)) await import(`../refactorings/${name.slice(0, -3)}.ts`);
}

/** Rows that are others at each run. */
const isRandom = ({ original }: Rewrite): boolean =>
  [...original.values()].some((text) => /\b(?:random|gen_random_uuid|now|clock_timestamp)\(/.test(text));

/** What is rewritten is the last, and its `downgrade()` is there for the form only. */
const isOneWay = ({ original }: Rewrite): boolean => ([...original.values()].at(-1) ?? "").includes(reason);

const quoted = (name: string): string => (/^[a-z_]\w*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`);

/** What the server misses, as SQL that makes it; undefined where that is not to be had. */
function missing(failure: string, tables: ReadonlySet<string>): readonly string[] | undefined {
  const table = /relation "(?:public\.)?([^"]+)" does not exist/.exec(failure)?.[1];
  const [, column, of] = /column "([^"]+)" of relation "([^"]+)" does not exist/.exec(failure) ?? [];
  if (column !== undefined && of !== undefined) return [`ALTER TABLE ${quoted(of)} ADD COLUMN ${quoted(column)} text`];
  if (table !== undefined) return [`CREATE TABLE ${quoted(table)} (id serial PRIMARY KEY)`];
  const named = /column "?(?:\w+\.)?([^"\s]+)"? does not exist/.exec(failure)?.[1];
  const sql = failure.slice(failure.indexOf("[SQL:"));
  const asked = [...tables].filter((one) => sql.includes(one));
  return named === undefined || asked.length === 0
    ? undefined
    : asked.slice(0, 1).map((one) => `ALTER TABLE ${quoted(one)} ADD COLUMN ${quoted(named)} text`);
}

interface Started {
  readonly proving: Proving;
  readonly outcomes: readonly Outcome[];
}

const loads = [{ load: { each: 5 } }, { load: { each: 5, tame: true } }, {}];
const stopOf = (outcomes: readonly Outcome[]): string | undefined =>
  outcomes.flatMap((one) => (isState(one) ? [] : [one.failure]))[0];

/** The original, over tables that are made for it, with rows if they let it run. */
async function start(rewrite: Rewrite, isEmpty: boolean): Promise<Started | string> {
  const past: string[] = [];
  const tables = new Set<string>();
  for (let attempt = 0; attempt < 12; attempt++) {
    const proving = {
      perMigration: true,
      isOneWay: isOneWay(rewrite),
      ...(past.length > 0 && { given: past.join("; ") }),
    };
    const outcomes = await runOriginal(prover, rewrite, proving).catch((error: unknown) => [
      { failure: String(error) },
    ]);
    const failure = outcomes.length > 2 ? undefined : stopOf(outcomes);
    if (failure === undefined) return isEmpty ? { proving, outcomes } : withRows(rewrite, proving, outcomes);
    const more = missing(failure, tables);
    if (!more || more.some((one) => past.includes(one))) return failure;
    for (const one of more) tables.add(/TABLE "?([^"(\s]+)/.exec(one)?.[1] ?? "");
    past.push(...more);
  }
  return "too much is missing";
}

async function withRows(rewrite: Rewrite, proving: Proving, outcomes: readonly Outcome[]): Promise<Started> {
  for (const { load } of loads.slice(0, 2)) {
    const filled = { ...proving, ...(load && { load }) };
    const got = await runOriginal(prover, rewrite, filled);
    if (got.length >= outcomes.length && stopOf(got) === stopOf(outcomes)) return { proving: filled, outcomes: got };
  }
  return { proving, outcomes };
}

test("what the tests of the refactorings make leaves the same as its original", async () => {
  const counts = { proven: 0, withRows: 0, complete: 0 };
  const faults: string[] = [];
  const unrun = new Map<string, number>();
  for (const { refactoring, result } of made) {
    const { id } = refactoring;
    const isMany = [...result.before.history.revisions.values()].some(({ parents }) => parents.length > 1);
    if (result.before.config.dialect !== "postgresql" || isMany) continue;
    const rewrite = rewriteOf(result);
    const difference = differences[id];
    // A way back that is made anew says itself that it needs an empty table where values are gone.
    const started = await start(rewrite, difference?.restores === true);
    if (typeof started === "string") {
      const why = started.split("\n")[0]?.slice(0, 120) ?? "";
      unrun.set(why, (unrun.get(why) ?? 0) + 1);
      continue;
    }
    try {
      const { steps } = await proveAgainst(started.outcomes, prover, rewrite, {
        ...started.proving,
        difference: { ...difference, ...((movesValues.has(id) || isRandom(rewrite)) && { schemaOnly: true }) },
      });
      if (steps > 0) counts.proven++;
      if (started.proving.load) counts.withRows++;
      if (steps >= 2) counts.complete++;
    } catch (error) {
      faults.push(`${id}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (process.env["RETORT_PROOF"] !== undefined) console.log(made.length, counts, Object.fromEntries(unrun));
  expect(faults).toEqual([]);
  expect(counts.proven).toBeGreaterThan(100);
}, 600_000);
