/** Facts about PostgreSQL that the predictor keeps as tables, asked of the servers themselves. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Postgres } from "../../scripts/demo/postgres.ts";
import { createScope } from "../../scripts/host/scope.ts";
import { startVersion } from "../../scripts/locks/servers.ts";
import { type LockMode, lockModes } from "../../server/src/locks/impact.ts";
import { blocksOf, conflict } from "../../server/src/locks/modes.ts";
import { stableFunctions, volatileFunctions } from "../../server/src/locks/postgres/volatility.ts";

const scope = createScope();
let servers: readonly Postgres[] = [];

beforeAll(async () => {
  servers = await Promise.all([startVersion(scope, 13), startVersion(scope, 18)]);
  for (const server of servers)
    await server.withClient("postgres", (client) =>
      client.query("CREATE TABLE t (id integer); CREATE INDEX ix ON t (id)"),
    );
});

afterAll(() => scope.close());

const spoken: Readonly<Record<LockMode, string>> = {
  AccessShareLock: "ACCESS SHARE",
  RowShareLock: "ROW SHARE",
  RowExclusiveLock: "ROW EXCLUSIVE",
  ShareUpdateExclusiveLock: "SHARE UPDATE EXCLUSIVE",
  ShareLock: "SHARE",
  ShareRowExclusiveLock: "SHARE ROW EXCLUSIVE",
  ExclusiveLock: "EXCLUSIVE",
  AccessExclusiveLock: "ACCESS EXCLUSIVE",
};

/** Does a statement of another session have to wait while the first holds what `holds` gives it? */
const hasToWait = (server: Postgres, holds: string, statement: string): Promise<boolean> =>
  server.withClient("postgres", (holder) =>
    server.withClient("postgres", async (other) => {
      await holder.query(`BEGIN; ${holds}`);
      await other.query("BEGIN; SET LOCAL lock_timeout = '30ms'");
      return other.query(statement).then(
        () => false,
        (error: unknown) => {
          if (error instanceof Error && "code" in error && error.code === "55P03") return true;
          throw error;
        },
      );
    }),
  );

const newest = (): Postgres => {
  const server = servers.at(-1);
  if (server === undefined) throw new Error("PostgreSQL has not started");
  return server;
};

describe("lock modes", () => {
  test.each(lockModes)("%s conflicts with what the table says", async (held) => {
    for (const wanted of lockModes) {
      const waits = await hasToWait(newest(), `LOCK t IN ${spoken[held]} MODE`, `LOCK t IN ${spoken[wanted]} MODE`);
      expect(waits, wanted).toBe(conflict(held, wanted));
    }
  });

  test.each(lockModes)("%s holds up whom it is said to", async (held) => {
    const holds = `LOCK t IN ${spoken[held]} MODE`;
    const blocks = blocksOf(held);
    expect(await hasToWait(newest(), holds, "SELECT * FROM t")).toBe(blocks.includes("reads"));
    expect(await hasToWait(newest(), holds, "INSERT INTO t VALUES (1)")).toBe(blocks.includes("writes"));
    expect(await hasToWait(newest(), holds, "ALTER TABLE t ADD COLUMN z integer")).toBe(blocks.includes("ddl"));
  });

  test("REINDEX holds up readers, though its lock on the table does not", async () => {
    expect(await hasToWait(newest(), "REINDEX INDEX ix", "SELECT * FROM t")).toBe(true);
    expect(await hasToWait(newest(), "LOCK t IN SHARE MODE", "SELECT * FROM t")).toBe(false);
  });
});

describe("functions", () => {
  const volatilities = async (server: Postgres): Promise<ReadonlyMap<string, ReadonlySet<string>>> => {
    const { rows } = await server.withClient("postgres", (client) =>
      client.query<{ name: string; kinds: string[] }>(
        `SELECT proname AS name, array_agg(DISTINCT provolatile::text) AS kinds
           FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace
            AND NOT (proname = 'timezone' AND (pronargs = 1 OR 'timetz'::regtype = ANY (proargtypes)))
          GROUP BY proname`,
      ),
    );
    return new Map(rows.map(({ name, kinds }) => [name, new Set(kinds)]));
  };

  test("those that are said to be volatile are, wherever they exist", async () => {
    const all = await Promise.all(servers.map(volatilities));
    for (const name of volatileFunctions) {
      const kinds = all.flatMap((one) => [...(one.get(name) ?? [])]);
      expect(kinds.length, name).toBeGreaterThan(0);
      expect(kinds, name).toContain("v");
    }
  });

  test("those that are said to give every row the same value are not volatile in any form", async () => {
    for (const one of await Promise.all(servers.map(volatilities)))
      for (const name of stableFunctions) expect([...(one.get(name) ?? [])], name).not.toContain("v");
  });
});
