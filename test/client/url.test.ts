import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toPgTarget } from "../../server/src/database/pg-target.ts";
import { hostsOf, parseDatabaseUrl, renderDatabase, sameDatabase } from "../../server/src/database/url.ts";

const parse = (text: string) => {
  const url = parseDatabaseUrl(text);
  if (url === undefined) throw new Error(`not a URL: ${text}`);
  return url;
};

describe("a database URL", () => {
  test("gives up its parts, percent signs decoded", () => {
    expect(parse("postgresql+psycopg://d%40v:p%40ss%2Fw%25rd@db.example.com:5433/app?sslmode=require")).toEqual({
      dialect: "postgresql",
      driver: "psycopg",
      user: "d@v",
      password: "p@ss/w%rd",
      host: "db.example.com",
      port: 5433,
      database: "app",
      query: new Map([["sslmode", ["require"]]]),
    });
  });

  test.each([
    ["postgres://u@h/d", "postgresql"],
    ["sqlite:///dev.db", "sqlite"],
    ["mysql+pymysql://u:p@h/d", "mysql"],
  ])("%s is of dialect %s", (text, dialect) => {
    expect(parse(text).dialect).toBe(dialect);
  });

  test.each(["", "localhost", "app.db", "postgresql:/x", "postgresql://h:port/d"])("%j is none", (text) => {
    expect(parseDatabaseUrl(text)).toBeUndefined();
  });

  test("reads an IPv6 host", () => {
    expect(parse("postgresql://u@[::1]:5432/d")).toMatchObject({ host: "::1", port: 5432 });
  });

  test("never throws, and gives back every user and password that was encoded", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (user, password) => {
        const url = parse(`postgresql://${encodeURIComponent(user)}:${encodeURIComponent(password)}@h/d`);
        expect([url.user, url.password]).toEqual([user, password]);
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        parseDatabaseUrl(text);
        parseDatabaseUrl(`postgresql://${text}`);
      }),
    );
  });

  test("names hosts of its query, and those of the environment where it names none", () => {
    expect(hostsOf(parse("postgresql:///d?host=a:5432&host=b"))).toEqual(["a", "b"]);
    expect(hostsOf(parse("postgresql:///d?host=a,b"))).toEqual(["a", "b"]);
    expect(hostsOf(parse("postgresql:///d"), { PGHOST: "db.example.com" })).toEqual(["db.example.com"]);
    expect(hostsOf(parse("postgresql://h/d"), { PGHOST: "db.example.com" })).toEqual(["h"]);
    expect(hostsOf(parse("sqlite:///d"), { PGHOST: "db.example.com" })).toEqual([]);
  });

  test.each([
    ["postgresql+psycopg://dev:secret@localhost/app", "dev@localhost/app"],
    ["postgresql://dev:secret@localhost:5433/app", "dev@localhost:5433/app"],
    ["postgresql://dev@/app?host=/var/run/postgresql", "dev@local socket/app"],
    ["sqlite:///dev.db", "dev.db"],
  ])("%s is called %s", (text, name) => {
    expect(renderDatabase(parse(text))).toBe(name);
  });

  test("is the same database by any driver, password and name of this machine", () => {
    const a = parse("postgresql+psycopg://u:***@127.0.0.1:5432/app");
    expect(sameDatabase(a, parse("postgresql://other:x@localhost/app"))).toBe(true);
    expect(sameDatabase(a, parse("postgresql://u@localhost/app2"))).toBe(false);
    expect(sameDatabase(a, parse("postgresql://u@localhost:5433/app"))).toBe(false);
    expect(sameDatabase(a, parse("postgresql://u@db/app"))).toBe(false);
  });
});

describe("for the driver pg", () => {
  test("a URL becomes its parts and a mode of encryption", () => {
    expect(toPgTarget(parse("postgresql+asyncpg://u:p@h:1/d?ssl=require"))).toEqual({
      config: { host: "h", port: 1, user: "u", password: "p", database: "d" },
      sslMode: "require",
    });
    expect(toPgTarget(parse("postgresql:///d?host=/tmp&user=u&sslmode=verify-full&sslrootcert=/ca.pem"))).toEqual({
      config: { host: "/tmp", user: "u", database: "d" },
      sslMode: "verify-full",
      rootCertificateFile: "/ca.pem",
    });
  });

  test("a URL of another dialect is none", () => {
    expect(toPgTarget(parse("sqlite:///d"))).toBeUndefined();
  });
});
