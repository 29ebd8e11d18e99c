/**
 * Runs a row on a server and looks at what it did there: `pg_locks` of its backend, the files of the tables before and
 * after, the counters of sequential scans, and what the server itself says at `client_min_messages = debug1`.
 */
import pg from "pg";
import type { PostgresVersion } from "../../server/src/locks/impact.ts";
import type { Postgres } from "../demo/postgres.ts";
import { readLocks, readRelations, readScans, type Relation, strongestLocks, tablesOfConstraint } from "./catalog.ts";
import { measureAlone } from "./measure-alone.ts";
import { base, baseRows, type Measured, type Row, type Seen } from "./row.ts";

/** "cannot run inside a transaction block" */
const activeTransaction = "25001";

export interface Bench {
  readonly postgres: Postgres;
  readonly version: PostgresVersion;
  /** The session in which statements are measured. */
  readonly client: pg.Client;
  /** What was prepared, as long as nothing has changed it. */
  prepared: string | undefined;
}

/** Opens a database of its own on the server. End the client when done. */
export async function openBench(postgres: Postgres, version: PostgresVersion): Promise<Bench> {
  await postgres.createDatabase("locks");
  await postgres.withClient("locks", async (client) => {
    await client.query("SET allow_in_place_tablespaces = on");
    await client.query("CREATE TABLESPACE elsewhere LOCATION ''");
    await client.query("CREATE ROLE reader");
  });
  const client = new pg.Client({ connectionString: postgres.url("locks") });
  await client.connect();
  // The planner of the server shall not choose a scan because tables are small: then what scans must scan.
  await client.query("SET enable_seqscan = off; SET jit = off");
  return { postgres, version, client, prepared: undefined };
}

/** Makes the base schema and what the row adds to it, unless it is there, untouched. */
export async function prepare(bench: Bench, given = ""): Promise<void> {
  if (bench.prepared === given) return;
  bench.prepared = undefined;
  const { rows } = await bench.client.query<{ name: string }>(
    "SELECT quote_ident(nspname) AS name FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'",
  );
  const drops = rows.map(({ name }) => `DROP SCHEMA ${name} CASCADE;`).join(" ");
  await bench.client.query(`${drops} CREATE SCHEMA public; ${base} ${baseRows}`);
  if (given !== "") await bench.client.query(given);
  bench.prepared = given;
}

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

/** Rows in a new file. (TRUNCATE gives a new file, too, and an empty one.) */
export const rewritten = (
  before: ReadonlyMap<number, Relation>,
  after: ReadonlyMap<number, Relation>,
): readonly string[] =>
  [...after.values()]
    .filter(({ oid, kind, file, bytes }) => {
      const was = before.get(oid);
      return was !== undefined && (kind === "r" || kind === "m") && was.file !== file && bytes > 0;
    })
    .map(({ oid, name }) => before.get(oid)?.name ?? name)
    .sort();

const namesOf = (oids: readonly number[], before: ReadonlyMap<number, Relation>): readonly string[] =>
  [...new Set(oids.flatMap((oid) => before.get(oid)?.name ?? []))].sort();

/** The server's messages while `act` runs. */
export async function listen(client: pg.Client, act: () => Promise<unknown>): Promise<readonly string[]> {
  const messages: string[] = [];
  const hear = ({ message }: { readonly message?: string | undefined }): void => void messages.push(message ?? "");
  await client.query("SET client_min_messages = debug1");
  client.on("notice", hear);
  try {
    await act();
  } finally {
    client.removeListener("notice", hear);
  }
  await client.query("RESET client_min_messages");
  return messages;
}

interface Said {
  readonly scans: readonly number[];
  readonly builds: readonly number[];
  readonly checksReferences: boolean;
}

/** The four things that the server says at `debug1`, in its own words. */
export async function understand(client: pg.Client, messages: readonly string[]): Promise<Said> {
  const named = (start: string): readonly string[] =>
    messages.filter((text) => text.startsWith(start)).map((text) => text.slice(start.length).split('"')[0] ?? "");
  const builds = messages
    .filter((text) => text.startsWith('building index "'))
    .map((text) => text.split('" on table "')[1]?.split('"')[0] ?? "");
  const constraints = named('validating foreign key constraint "');
  const scans = await oidsOf(client, [...named('verifying table "'), ...builds]);
  const checked: number[] = [];
  for (const name of constraints) checked.push(...(await tablesOfConstraint(client, name)));
  return {
    scans: [...scans, ...checked],
    builds: await oidsOf(client, builds),
    checksReferences: constraints.length > 0,
  };
}

async function oidsOf(client: pg.Client, names: readonly string[]): Promise<readonly number[]> {
  const { rows } = await client.query<{ oid: number }>("SELECT oid::int FROM pg_class WHERE relname = ANY ($1)", [
    names,
  ]);
  return rows.map(({ oid }) => oid);
}
