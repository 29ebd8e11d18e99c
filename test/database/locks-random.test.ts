/** Circumstances combine: random operations on random schemas, predicted from their SQL and measured on a server. */
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createScope } from "../../scripts/host/scope.ts";
import { type Bench, openBench, prepare } from "../../scripts/locks/bench.ts";
import { differences } from "../../scripts/locks/compare.ts";
import { measure } from "../../scripts/locks/measure.ts";
import { operationsOf, play, predictAll } from "../../scripts/locks/predicted.ts";
import { base } from "../../scripts/locks/row.ts";
import { startVersion } from "../../scripts/locks/servers.ts";
import { KnownSchema } from "../../server/src/schema/replay/schema.ts";
import { randomCase } from "../locks/random.ts";

const version = 16;
const scope = createScope();
let bench: Bench | undefined;

const running = (): Bench => {
  if (bench === undefined) throw new Error("PostgreSQL has not started");
  return bench;
};

beforeAll(async () => {
  bench = await openBench(await startVersion(scope, version), version);
});

afterAll(async () => {
  await bench?.client.end();
  await scope.close();
});

/** The additions that the server took, one after the other. */
async function addTo(one: Bench, additions: readonly string[]): Promise<readonly string[]> {
  await prepare(one);
  const taken: string[] = [];
  for (const addition of additions) {
    const isTaken = await one.client.query(addition).then(
      () => true,
      () => false,
    );
    if (isTaken) taken.push(addition);
  }
  one.prepared = taken.length > 0 ? undefined : "";
  return taken;
}

test("what is predicted of any operation is what the server does", async () => {
  let compared = 0;
  let certain = 0;
  await fc.assert(
    fc.asyncProperty(randomCase, async ({ given, sql }) => {
      const taken = await addTo(running(), given);
      // As it stands now, whatever led to it.
      running().prepared = taken.join("; ");
      const seen = await measure(running(), { given: taken.join("; "), sql });
      if (taken.length > 0) running().prepared = undefined;
      if ("error" in seen) return;
      const schema = play(play(new KnownSchema(), operationsOf(base)), operationsOf(taken.join("; ")));
      const predicted = predictAll(operationsOf(sql), schema, version, []);
      expect(predicted, sql).toBeDefined();
      if (predicted === undefined) return;
      compared++;
      if (predicted.confidence === "certain") certain++;
      expect(differences(predicted, seen), [...taken, sql].join(";\n")).toEqual([]);
    }),
    { numRuns: Number(process.env["RETORT_LOCK_RUNS"] ?? 450) },
  );
  expect(compared).toBeGreaterThan(150);
  // Being unsure is no way out.
  expect(certain / compared).toBeGreaterThan(0.8);
});
