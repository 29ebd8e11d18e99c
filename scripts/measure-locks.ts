/** Measures every row of `scripts/locks/rows` on every version of PostgreSQL and writes `scripts/locks/measured.json`. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { format } from "prettier";
import { postgresVersions, type PostgresVersion } from "../server/src/locks/impact.ts";
import { createScope, type Scope } from "./host/scope.ts";
import { measure, openBench } from "./locks/measure.ts";
import { keyOf, type Seen } from "./locks/row.ts";
import { allRows } from "./locks/rows/index.ts";
import { startVersion } from "./locks/servers.ts";
import { toStored } from "./locks/stored.ts";

const file = path.join(import.meta.dirname, "locks", "measured.json");

async function measureVersion(scope: Scope, version: PostgresVersion): Promise<ReadonlyMap<string, Seen>> {
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

const scope = createScope();
process.once("SIGINT", () => void scope.close().finally(() => process.exit(130)));
try {
  const byVersion = new Map<PostgresVersion, ReadonlyMap<string, Seen>>();
  for (const version of postgresVersions) {
    const begin = performance.now();
    byVersion.set(version, await measureVersion(scope, version));
    console.log(`PostgreSQL ${version}: ${allRows.length} rows in ${Math.round((performance.now() - begin) / 1000)} s`);
  }
  const missing: Seen = { error: "" };
  const seen = new Map(
    allRows.map((row) => {
      const key = keyOf(row);
      const of = (version: PostgresVersion): Seen => byVersion.get(version)?.get(key) ?? missing;
      return [key, { 13: of(13), 14: of(14), 15: of(15), 16: of(16), 17: of(17), 18: of(18) }] as const;
    }),
  );
  await writeFile(file, await format(JSON.stringify(toStored(seen)), { parser: "json", printWidth: 120 }));
} finally {
  await scope.close();
}
