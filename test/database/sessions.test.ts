/** Who is at work in a database, asked of the oldest and the newest server by a role that may do nothing but connect. */
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Postgres } from "../../scripts/demo/postgres.ts";
import { createScope } from "../../scripts/host/scope.ts";
import { startVersion } from "../../scripts/locks/servers.ts";
import type { Answered } from "../../server/src/database/connect.ts";
import { toPgTarget, type PgTarget } from "../../server/src/database/pg-target.ts";
import { blockersOf, readSessions, signalSession, type Session } from "../../server/src/database/sessions.ts";
import { parseDatabaseUrl } from "../../server/src/database/url.ts";

const scope = createScope();
const versions = [13, 18] as const;
const servers = new Map<number, Postgres>();

beforeAll(async () => {
  for (const version of versions) {
    const server = await startVersion(scope, version);
    servers.set(version, server);
    await server.createDatabase("shop");
    await server.withClient("shop", async (client) => {
      await client.query("CREATE TABLE users (id bigint PRIMARY KEY)");
      await client.query("CREATE SCHEMA app");
      await client.query("CREATE TABLE app.audit (id bigint)");
      await client.query("CREATE ROLE reader LOGIN PASSWORD 'reader'");
    });
  }
});
afterAll(() => scope.close());

const serverOf = (version: number): Postgres => {
  const server = servers.get(version);
  if (server === undefined) throw new Error("the server was not started");
  return server;
};

const targetOf = (url: string): PgTarget => {
  const parsed = parseDatabaseUrl(url);
  const target = parsed && toPgTarget(parsed);
  if (target === undefined) throw new Error("no target");
  return target;
};

const value = <T>(answer: Answered<T>): T => {
  if (!answer.ok) throw new Error(answer.reason);
  return answer.value;
};

async function connect(server: Postgres, application: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: server.url("shop"), application_name: application });
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

async function until(ask: () => Promise<Session | undefined>): Promise<Session> {
  for (let tries = 0; tries < 200; tries++) {
    const found = await ask();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error("waited in vain");
}

async function gone(target: PgTarget, application: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (!value(await readSessions(target)).some((one) => one.application === application)) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error("it is still there");
}

describe.each(versions)("PostgreSQL %i", (version) => {
  test("tells who holds which lock, who waits for whom, and lets the waiting statement be cancelled", async () => {
    const server = serverOf(version);
    const target = targetOf(server.url("shop"));
    const [holder, waiter, idle] = [
      await connect(server, "holder"),
      await connect(server, "waiter"),
      await connect(server, "idle"),
    ];
    try {
      await holder.query("BEGIN");
      await holder.query("SELECT count(*) FROM users");
      await holder.query("INSERT INTO app.audit VALUES (1)");
      await waiter.query("BEGIN");
      const altered = waiter.query("ALTER TABLE users ADD COLUMN email text").then(
        () => "done",
        (error: unknown) => String(error),
      );
      const waiting = await until(async () =>
        value(await readSessions(target)).find((one) => one.application === "waiter" && one.blockedBy.length > 0),
      );
      const all = value(await readSessions(target));
      const holding = all.find((one) => one.application === "holder");

      expect(all.map((one) => one.application)).toEqual(["holder", "waiter"]);
      expect(holding).toMatchObject({
        state: "idle in transaction",
        user: "retort",
        client: "127.0.0.1",
        maySignal: true,
      });
      expect(holding?.locks).toContainEqual({
        schema: "public",
        table: "users",
        mode: "AccessShareLock",
        isGranted: true,
      });
      expect(holding?.locks).toContainEqual({
        schema: "app",
        table: "audit",
        mode: "RowExclusiveLock",
        isGranted: true,
      });
      expect(waiting).toMatchObject({
        state: "active",
        statement: "ALTER TABLE users ADD COLUMN email text",
        waitsFor: "Lock: relation",
      });
      expect(waiting.locks).toContainEqual({
        schema: "public",
        table: "users",
        mode: "AccessExclusiveLock",
        isGranted: false,
      });
      expect(waiting.blockedBy).toEqual([holding?.pid]);
      expect(blockersOf(waiting.pid, all)).toEqual([holding]);
      expect(holding?.transactionSeconds).toBeGreaterThan(0);

      const other = { pid: waiting.pid, began: "2001-01-01 00:00:00+00" };
      expect(value(await signalSession(target, other, "cancel"))).toBe(false);
      expect(value(await signalSession(target, waiting, "cancel"))).toBe(true);
      expect(await altered).toMatch(/canceling statement due to user request/);
      expect(value(await signalSession(target, holding ?? other, "end"))).toBe(true);
      await gone(target, "holder");
    } finally {
      await Promise.all([holder, waiter, idle].map((client) => client.end().catch(() => undefined)));
    }
  });

  test("tells a role without rights what it may know, and that it may cancel nobody", async () => {
    const server = serverOf(version);
    const holder = await connect(server, "holder");
    try {
      await holder.query("BEGIN");
      await holder.query("LOCK TABLE users IN ACCESS EXCLUSIVE MODE");
      const url = server.url("shop").replace("retort:retort", "reader:reader");
      const sessions = value(await readSessions(targetOf(url)));
      expect(sessions).toHaveLength(1);
      expect(sessions[0]).toMatchObject({
        user: "retort",
        maySignal: false,
        locks: [{ schema: "public", table: "users", mode: "AccessExclusiveLock", isGranted: true }],
      });
      expect(sessions[0]?.statement).not.toContain("LOCK TABLE");
      expect(sessions[0]?.began).toBe("");
      const refused = await signalSession(targetOf(url), sessions[0] ?? { pid: 0, began: "" }, "cancel");
      expect(refused.ok && refused.value).toBe(false);
    } finally {
      await holder.end();
    }
  });
});
