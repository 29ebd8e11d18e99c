import { describe, expect, test } from "vitest";
import { guard, isThisMachine, saysProduction, type Machine } from "../../client/src/database/guard.ts";
import { parseDatabaseUrl } from "../../server/src/database/url.ts";

const machine: Machine = { names: ["workbox", "192.168.1.20"], environment: {} };
const reasons = (url: string, calledBy: readonly string[] = [], on: Machine = machine): readonly string[] =>
  guard([{ url: parseDatabaseUrl(url), calledBy }], on).reasons;

describe("the guard", () => {
  test.each([
    "postgresql://dev:x@localhost/app",
    "postgresql://dev@127.0.0.1:5433/app",
    "postgresql://dev@127.8.8.8/app",
    "postgresql://dev@[::1]/app",
    "postgresql:///app",
    "postgresql:///app?host=/var/run/postgresql",
    "postgresql://dev@WORKBOX/app",
    "postgresql://dev@192.168.1.20/app",
    "sqlite:///dev.db",
    "postgresql://dev@localhost/products",
    "postgresql://delivery@localhost/livestock",
  ])("lets %s pass", (url) => {
    expect(reasons(url)).toEqual([]);
  });

  test.each([
    ["postgresql://dev@db.example.com/app", "db.example.com is not this machine."],
    ["postgresql://dev@db/app", "db is not this machine."],
    ["postgresql://dev@10.0.0.5/app", "10.0.0.5 is not this machine."],
    ["postgresql://dev@localhost.evil.com/app", "localhost.evil.com is not this machine."],
    ["postgresql://dev@127.0.0.1.evil.com/app", "127.0.0.1.evil.com is not this machine."],
    ["postgresql:///app?host=localhost&host=db2", "db2 is not this machine."],
    ["postgresql://dev@localhost/app?host=db2", "db2 is not this machine."],
    ["postgresql://dev@localhost/app?hostaddr=10.1.1.1", "10.1.1.1 is not this machine."],
    ["postgresql://dev@localhost/app_prod", "The name “app_prod” says production."],
    ["postgresql://prod@localhost/app", "The name “prod” says production."],
    ["postgresql://u@prod-db-1.localhost/app", "The name “prod-db-1.localhost” says production."],
    ["sqlite:///live.db", "The name “live.db” says production."],
    ["postgresql:///app?service=main", "The connection service “main” decides which server is used."],
  ])("asks about %s: %s", (url, reason) => {
    expect(reasons(url)).toEqual([reason]);
  });

  test("asks when the environment sends a URL without a host elsewhere", () => {
    expect(reasons("postgresql:///app", [], { names: [], environment: { PGHOST: "db.example.com" } })).toEqual([
      "db.example.com is not this machine.",
    ]);
    expect(reasons("postgresql:///app", [], { names: [], environment: { PGSERVICE: "main" } })).toHaveLength(1);
  });

  test("asks when the section or the variable that names the database says production", () => {
    expect(reasons("postgresql://u@localhost/app", ["production"])).toEqual(["The name “production” says production."]);
    expect(reasons("postgresql://u@localhost/app", ["alembic", "PROD_DATABASE_URL"])).toHaveLength(1);
  });

  test("asks when nobody knows which database it is, or when one of several is elsewhere", () => {
    expect(guard([], machine).reasons).toEqual(["Alembic did not say which database it uses."]);
    expect(guard([{ url: undefined }], machine).reasons).toHaveLength(1);
    const both = ["postgresql://u@localhost/a", "postgresql://u@far/b"].map((url) => ({ url: parseDatabaseUrl(url) }));
    expect(guard(both, machine).reasons).toEqual(["far is not this machine."]);
  });

  test("names host, database and user, and no password", () => {
    const verdict = guard([{ url: parseDatabaseUrl("postgresql://dev:secret@db.example.com:5433/app") }], machine);
    expect(verdict.databases).toEqual([{ host: "db.example.com:5433", database: "app", user: "dev" }]);
    expect(JSON.stringify(verdict)).not.toContain("secret");
  });
});

test.each(["prod", "PROD", "app-production", "appProd", "prod2", "live", "db.primary.internal", "prd_eu"])(
  "%s says production",
  (name) => {
    expect(saysProduction(name)).toBe(true);
  },
);

test.each(["product", "products", "reproduction", "delivery", "alive", "olive", "primarykey", "dev"])(
  "%s does not say production",
  (name) => {
    expect(saysProduction(name)).toBe(false);
  },
);

test("a name that only begins like this machine is another machine", () => {
  expect(isThisMachine("workbox.example.com", ["workbox"])).toBe(false);
  expect(isThisMachine("::ffff:127.0.0.1")).toBe(true);
  expect(isThisMachine("::2")).toBe(false);
});

describe("databases that a person has listed", () => {
  const listedReasons = (url: string, ...listed: string[]): readonly string[] =>
    guard([{ url: parseDatabaseUrl(url) }], machine, listed).reasons;

  test.each([
    ["postgresql://dev@localhost/app", "app"],
    ["postgresql://dev@localhost/app", "LOCALHOST/app"],
    ["postgresql:///warehouse", "localhost/ware*"],
    ["postgresql://dev@127.0.0.1/app_eu_1", "*_eu_*"],
    ["postgresql://dev@127.0.0.1/app", "127.0.0.1"],
  ])("are asked about: %s by %s", (url, pattern) => {
    expect(listedReasons(url, "other", pattern)).toEqual([
      `“${pattern}” in retort.protectedDatabases is about this database.`,
    ]);
  });

  test.each(["ap", "app2", "host/app", "a*b", "", " "])("and no others: %j", (pattern) => {
    expect(listedReasons("postgresql://dev@localhost/app", pattern)).toEqual([]);
  });
});
