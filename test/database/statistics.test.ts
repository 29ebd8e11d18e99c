/** `retort stats`, asked of servers of every version by a role that may do nothing but connect. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Postgres } from "../../scripts/demo/postgres.ts";
import { createScope } from "../../scripts/host/scope.ts";
import { startVersion } from "../../scripts/locks/servers.ts";
import type { Io } from "../../server/src/cli/io.ts";
import { run } from "../../server/src/cli/run.ts";
import { sizeIn } from "../../server/src/project/sizes.ts";
import { parseStatistics, type Statistics } from "../../server/src/project/statistics.ts";
import { postgresVersions, type PostgresVersion } from "../../server/src/sql/postgres-version.ts";
import { memoryFiles } from "../support/memory.ts";

const scope = createScope();
const servers = new Map<PostgresVersion, Postgres>();

const setup = `
  CREATE TABLE users (id bigint PRIMARY KEY, email text UNIQUE);
  INSERT INTO users SELECT n, 'secret-row-' || n || '@example.org' FROM generate_series(1, 5000) n;
  UPDATE users SET email = email || 'x' WHERE id <= 100;
  DELETE FROM users WHERE id > 4000;
  CREATE TABLE fresh (id integer);
  CREATE TABLE empty (id integer);
  CREATE TABLE documents (body text);
  ALTER TABLE documents ALTER COLUMN body SET STORAGE EXTERNAL;
  INSERT INTO documents SELECT repeat('long', 5000) FROM generate_series(1, 50);
  CREATE TABLE parts (id integer, at integer) PARTITION BY RANGE (at);
  CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (10);
  CREATE TABLE parts_2 PARTITION OF parts FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (at);
  CREATE TABLE parts_2a PARTITION OF parts_2 FOR VALUES FROM (10) TO (20);
  INSERT INTO parts SELECT n, n % 20 FROM generate_series(1, 2000) n;
  CREATE SCHEMA app;
  CREATE TABLE app.audit (id integer);
  INSERT INTO app.audit SELECT generate_series(1, 10);
  CREATE MATERIALIZED VIEW counts AS SELECT count(*) FROM users;
  CREATE ROLE reader LOGIN PASSWORD 'p@ss:word/1';
  REVOKE ALL ON ALL TABLES IN SCHEMA public, app FROM PUBLIC;
  REVOKE ALL ON SCHEMA public, app FROM PUBLIC;
  VACUUM;
  ANALYZE;
`;

beforeAll(async () => {
  for (const version of postgresVersions) {
    const server = await startVersion(scope, version);
    servers.set(version, server);
    await server.createDatabase("shop");
    await server.withClient("shop", async (client) => {
      for (const statement of setup.split(";").filter((one) => one.trim() !== "")) await client.query(statement);
      await client.query("INSERT INTO fresh SELECT generate_series(1, 300)");
    });
    // What a session has counted is told to others when it ends, and before 15 by a process of its own.
    await new Promise((resolve) => setTimeout(resolve, 700));
  }
});

afterAll(() => scope.close());

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly files: ReadonlyMap<string, string>;
}

async function retort(argv: readonly string[], environment: Io["environment"] = {}): Promise<Ran> {
  const memory = memoryFiles({});
  const said = { out: "", err: "" };
  const code = await run(argv, {
    cwd: "/w",
    files: memory,
    environment,
    colours: false,
    out: (text) => void (said.out += text),
    err: (text) => void (said.err += text),
    save: () => Promise.reject(new Error("nothing is saved")),
    write: async ({ create }) => {
      for (const { path, text } of create) memory.texts.set(path, text);
      return Promise.resolve();
    },
  });
  return { code, ...said, files: memory.texts };
}

const serverOf = (version: PostgresVersion): Postgres => {
  const server = servers.get(version);
  if (!server) throw new Error(`PostgreSQL ${String(version)} has not started`);
  return server;
};

const password = encodeURIComponent("p@ss:word/1");
const urlOf = ({ port }: Postgres, driver = ""): string =>
  `postgresql${driver}://reader:${password}@127.0.0.1:${String(port)}/shop`;

function parsed(text: string): Statistics {
  const statistics = parseStatistics(text);
  if ("problem" in statistics) throw new Error(statistics.problem);
  return statistics;
}

describe.each(postgresVersions)("PostgreSQL %d", (version) => {
  test("tells rows, sizes and writes to a role without rights", async () => {
    const server = serverOf(version);
    const { code, out, err } = await retort(["stats", "--database", urlOf(server, "+psycopg")]);
    expect({ code, err }).toEqual({
      code: 0,
      err: `Read the sizes of 10 tables of reader@127.0.0.1:${String(server.port)}/shop (--database).\n`,
    });
    expect(out).not.toMatch(/secret-row|p@ss|p%40ss/);
    const statistics = parsed(out);
    expect(statistics.server.version).toMatch(new RegExp(`^${String(version)}\\.`));
    expect(statistics).toMatchObject({ database: "shop", defaultSchema: "public", sizes: "measured" });
    const of = (name: string, schema = "public") =>
      statistics.tables.find((one) => one.name === name && one.schema === schema);
    expect(of("users")).toMatchObject({
      kind: "table",
      rows: 4000,
      writes: { inserted: 5000, updated: 100, deleted: 1000 },
    });
    expect(of("fresh")).toMatchObject({ rows: null, writes: { inserted: 300 } });
    expect(of("empty")).toMatchObject({ rows: 0, tableBytes: 0, indexBytes: 0 });
    expect(of("audit", "app")).toMatchObject({ rows: 10 });
    expect(of("parts")).toMatchObject({ kind: "partitioned", rows: 2000, writes: { inserted: 2000 } });
    expect(of("parts_2")).toMatchObject({ kind: "partitioned", rows: 1000 });
    expect(of("counts")).toMatchObject({ kind: "materialized_view", rows: 1, writes: null });
    expect(of("documents")?.toastBytes).toBeGreaterThan(50 * 20_000);
    const { rows } = await server.withClient("shop", (client) =>
      client.query<{ total: string }>("SELECT pg_total_relation_size('users') AS total"),
    );
    expect(sizeIn(statistics, { name: "users" })?.bytes).toBe(Number(rows[0]?.total));
  });

  test("does without sizes of the disk where a table is locked", async () => {
    const server = serverOf(version);
    await server.withClient("shop", async (holder) => {
      await holder.query("BEGIN; LOCK TABLE users IN ACCESS EXCLUSIVE MODE");
      const { code, out, err } = await retort(["stats", "--database", urlOf(server)]);
      expect(code).toBe(0);
      expect(err).toMatch(/one was locked/);
      const statistics = parsed(out);
      expect(statistics.sizes).toBe("estimated");
      const users = statistics.tables.find(({ name }) => name === "users");
      expect(users).toMatchObject({ rows: 4000 });
      expect(users?.tableBytes).toBeGreaterThan(100_000);
      expect(users?.indexBytes).toBeGreaterThan(100_000);
    });
  });
});

const newest = (): Postgres => serverOf(18);

test("the URL may come from the environment, and the file be written at once", async () => {
  const { code, out, err, files } = await retort(["stats", "--output", "retort.stats.json"], {
    DATABASE_URL: "",
    POSTGRES_URL: urlOf(newest()),
  });
  expect({ code, out }).toEqual({ code: 0, out: "" });
  expect(err).toContain("the variable POSTGRES_URL");
  expect(parsed(files.get("/w/retort.stats.json") ?? "").tables).toHaveLength(10);
});

test.each<[string, () => readonly string[], RegExp]>([
  [
    "a wrong password",
    () => ["--database", urlOf(newest()).replace(password, "wr0ng-secret")],
    /refuses the password of user "reader"/,
  ],
  [
    "a database that is not there",
    () => ["--database", urlOf(newest()).replace("/shop", "/nowhere")],
    /no database "nowhere"/,
  ],
])("%s is told in one sentence without the password", async (_what, argv, message) => {
  const { code, out, err } = await retort(["stats", ...argv()]);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toMatch(message);
  expect(err).not.toMatch(/wr0ng-secret|p@ss|p%40ss/);
  expect(err.trim().split("\n")).toHaveLength(1);
});
