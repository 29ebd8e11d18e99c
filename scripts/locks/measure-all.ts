/** Every row on every version. */
import { postgresVersions, type PostgresVersion } from "../../server/src/locks/impact.ts";
import type { Scope } from "../host/scope.ts";
import { openBench } from "./bench.ts";
import { measure } from "./measure.ts";
import { keyOf, type Seen, type SeenByVersion } from "./row.ts";
import { allRows } from "./rows/index.ts";
import { startVersion } from "./servers.ts";

/** What each row showed, by `keyOf` the row. */
export async function measureVersion(scope: Scope, version: PostgresVersion): Promise<ReadonlyMap<string, Seen>> {
  const postgres = await startVersion(scope, version);
  const bench = await openBench(postgres, version);
  try {
    const seen = new Map<string, Seen>();
    for (const row of allRows) seen.set(keyOf(row), await measure(bench, row));
    return seen;
  } finally {
    await bench.client.end();
    await postgres.stop();
  }
}

/** Two versions at a time: a statement waits for its server most of the time. */
export async function measureAll(scope: Scope): Promise<ReadonlyMap<string, SeenByVersion>> {
  const byVersion = new Map<PostgresVersion, ReadonlyMap<string, Seen>>();
  const left = [...postgresVersions];
  const work = async (): Promise<void> => {
    for (let version = left.shift(); version !== undefined; version = left.shift())
      byVersion.set(version, await measureVersion(scope, version));
  };
  await Promise.all([work(), work()]);
  return new Map(
    allRows.map((row) => {
      const key = keyOf(row);
      const of = (version: PostgresVersion): Seen => byVersion.get(version)?.get(key) ?? { error: "" };
      return [key, { 13: of(13), 14: of(14), 15: of(15), 16: of(16), 17: of(17), 18: of(18) }] as const;
    }),
  );
}
