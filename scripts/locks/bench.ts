/** A database on a server in which rows are measured, with the schema that they meet. */
import pg from "pg";
import type { PostgresVersion } from "../../server/src/locks/impact.ts";
import type { Postgres } from "../demo/postgres.ts";
import { base, baseRows } from "./row.ts";

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
