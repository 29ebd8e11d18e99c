/**
 * Runs a row on a server and looks at what it did there: `pg_locks` of its backend, the files of the tables before and
 * after, the counters of sequential scans, and what the server itself says at `client_min_messages = debug1`.
 */
import { readLocks, readRelations, readScans, type Relation, rewritten, strongestLocks } from "./catalog.ts";
import { type Bench, prepare } from "./bench.ts";
import { measureAlone } from "./measure-alone.ts";
import { listen, understand } from "./messages.ts";
import type { Measured, Row, Seen } from "./row.ts";

/** "cannot run inside a transaction block" */
const activeTransaction = "25001";

export async function measure(bench: Bench, row: Row): Promise<Seen> {
  try {
    await prepare(bench, row.given);
  } catch (error) {
    return { error: codeOf(error) };
  }
  try {
    return await measureInside(bench, row);
  } catch (error) {
    if (codeOf(error) !== activeTransaction) return { error: codeOf(error) };
    return await measureAlone(bench, row);
  } finally {
    await bench.client.query("ROLLBACK");
  }
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (!/^[0-9A-Z]{5}$/.test(code)) throw error;
  return code;
}

async function measureInside({ client }: Bench, row: Row): Promise<Measured> {
  const before = await readRelations(client);
  await client.query("BEGIN");
  if (row.within !== undefined) await client.query(row.within);
  const scansBefore = await readScans(client);
  const messages = await listen(client, () => client.query(row.sql));
  const locks = strongestLocks(await readLocks(client), before);
  const after = await readRelations(client);
  const rewrites = rewritten(before, after);
  const said = await understand(client, messages);
  const scansAfter = await readScans(client);
  const counted = [...scansAfter].filter(([oid, count]) => count > (scansBefore.get(oid) ?? 0)).map(([oid]) => oid);
  // To check a foreign key the server joins both tables; which way it goes through the other one is the planner's choice.
  const scanned = said.checksReferences ? said.scans : [...said.scans, ...counted];
  const names = (oids: readonly number[]): readonly string[] =>
    namesOf(
      oids.filter((oid) => (after.get(oid)?.bytes ?? 0) > 0),
      before,
    ).filter((name) => !rewrites.includes(name));
  return {
    locks,
    rewrites,
    scans: names(scanned),
    builds: names(said.builds),
    transactional: true,
    waits: false,
  };
}

const namesOf = (oids: readonly number[], before: ReadonlyMap<number, Relation>): readonly string[] =>
  [...new Set(oids.flatMap((oid) => before.get(oid)?.name ?? []))].sort();
