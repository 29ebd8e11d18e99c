import { describe, expect, test } from "vitest";
import type { Overview } from "../../client/src/database/overview.ts";
import type { Standing } from "../../client/src/database/standing.ts";
import { buildDatabaseRows, type DatabaseRow, type Line } from "../../client/src/views/database/model.ts";
import {
  durationInWords,
  judgeSessions,
  nameSession,
  sessionContext,
  stateInWords,
} from "../../client/src/views/database/sessions.ts";
import type { Session } from "../../server/src/database/sessions.ts";
import type { Statistics } from "../../server/src/database/statistics.ts";
import type { Glance } from "../../server/src/protocol/index.ts";
import { statistics, users } from "../support/statistics.ts";
import { diamond } from "./history.ts";

const session = (over: Partial<Session>): Session => ({
  pid: 7,
  began: "2026-01-01 00:00:00+00",
  user: "dev",
  application: "psql",
  client: "127.0.0.1",
  backend: "client backend",
  state: "idle in transaction",
  statement: "SELECT * FROM users",
  transactionSeconds: 5,
  stateSeconds: 4,
  locks: [],
  blockedBy: [],
  maySignal: true,
  ...over,
});
const reading = { schema: "public", table: "users", mode: "AccessShareLock", isGranted: true };
const needed = { table: "users", mode: "AccessExclusiveLock", waitsFor: ["AccessShareLock", "RowExclusiveLock"] };

describe("sessions", () => {
  test("that hold what a pending revision waits for come first; those of other tables and schemas do not count", () => {
    const judged = judgeSessions(
      [
        session({ pid: 1 }),
        session({ pid: 2, transactionSeconds: 3_600 }),
        session({ pid: 3, locks: [reading] }),
        session({ pid: 4, locks: [{ ...reading, table: "orders" }] }),
        session({ pid: 5, locks: [{ ...reading, schema: "other" }] }),
        session({ pid: 6, locks: [{ ...reading, mode: "SIReadLock" }] }),
      ],
      [needed],
      "public",
    );
    expect(judged.map((one) => [one.session.pid, one.blocking.length, one.isLong])).toEqual([
      [3, 1, false],
      [2, 0, true],
      [1, 0, false],
      [4, 0, false],
      [5, 0, false],
      [6, 0, false],
    ]);
    const named = judgeSessions(
      [session({ locks: [{ ...reading, schema: "other" }] })],
      [{ ...needed, table: "other.users" }],
      "public",
    );
    expect(named[0]?.blocking).toHaveLength(1);
  });

  test("are told in words", () => {
    expect(nameSession(session({}))).toBe("psql");
    expect(nameSession(session({ application: "", user: "", backend: "autovacuum worker" }))).toBe("autovacuum worker");
    expect(stateInWords(session({ stateSeconds: 700 }))).toBe("idle in a transaction for 11 min");
    expect(stateInWords(session({ state: "active", statementSeconds: 3, blockedBy: [9, 0] }))).toBe(
      "has waited for pid 9, a prepared transaction for 3 s",
    );
    expect(stateInWords(session({ prepared: "x", transactionSeconds: 400_000 }))).toContain("4 days");
    expect(durationInWords(0.2)).toBe("less than a second");
  });

  test("can be stopped only where a statement runs, and ended only by who may", () => {
    expect(sessionContext(session({}))).toBe("session signal");
    expect(sessionContext(session({ state: "active" }))).toBe("session signal statement");
    expect(sessionContext(session({ state: "active", maySignal: false }))).toBe("session");
  });
});

const known = (...versions: string[]): Standing => ({
  kind: "known",
  name: "app",
  database: "dev@localhost/app",
  versions,
  from: "by the variable DATABASE_URL",
});
const glance: Glance = {
  id: "e",
  tables: [
    { table: "orders", mode: "ShareLock", blocks: "blocks writes", waitsFor: ["RowExclusiveLock"] },
    { ...needed, blocks: "blocks reads and writes" },
  ],
  isPartlyUnknown: true,
  isMixed: false,
  wayBack: "yes",
  wayBackWhy: "",
};
const sizes: Statistics = { ...statistics, tables: [{ ...users, rows: 7 }] };
const read: Overview = { kind: "read", sessions: [session({ locks: [reading] })], sizes };

const rowsFor = (standing: Standing, overview: Overview = read): readonly DatabaseRow[] =>
  buildDatabaseRows([{ node: diamond, standing }], () => ({ overview, glances: new Map([["e", glance]]) }));
const lines = (rows: readonly DatabaseRow[]): readonly Line[] =>
  rows.flatMap((row) => (row.kind === "line" ? [row] : []));
const labels = (rows: readonly DatabaseRow[]): readonly string[] =>
  lines(rows).map(({ label, description }) => `${label} | ${description}`);

describe("the view", () => {
  test("tells the connection, where it stands, the tables at stake with sizes, and who would block", () => {
    const rows = lines(rowsFor(known("d")));
    expect(labels(rows)).toEqual([
      "app | dev@localhost/app",
      "At d message of d | ",
      "1 revision pending | locks 2 tables in use",
      "1 session would block | 1 open transaction",
      "Models and database | compare",
    ]);
    const pending = rows[2];
    expect(labels(pending?.children ?? [])[0]).toMatch(/^users \| 7 rows, .* · ACCESS EXCLUSIVE$/);
    expect(labels(pending?.children ?? [])[1]).toBe("orders | SHARE");
    expect(pending?.details.join(" ")).toContain("could not be told in full");
    const [blocker] = lines(rows[3]?.children ?? []);
    expect(blocker).toMatchObject({ label: "psql", tone: "warning" });
    expect(blocker?.description).toBe("holds ACCESS SHARE on users · idle in a transaction for 4 s");
  });

  test("explains a revision that no file has, and claims nothing about what is pending", () => {
    const rows = lines(rowsFor(known("gone")));
    expect(rows[1]).toMatchObject({ label: "Unknown revision gone", context: "unknownRevision", tone: "warning" });
    expect(rows[1]?.details.join(" ")).toContain("can neither upgrade nor downgrade");
  });

  test("says nothing where nobody may look, and what the way in is", () => {
    expect(rowsFor({ kind: "restricted" })).toMatchObject([{ kind: "status", label: "Restricted Mode" }]);
    const guarded = lines(rowsFor(known("d"), { kind: "guarded", reasons: ["db.example is not this machine."] }));
    expect(guarded.find(({ context }) => context === "guarded")).toMatchObject({
      label: "Sessions and sizes",
      command: { id: "retort.lookIntoDatabase" },
    });
    const elsewhere = lines(rowsFor(known("d"), { kind: "elsewhere" })).find(({ label }) => label === "Sessions");
    expect(elsewhere?.details.join(" ")).toContain("another database");
    expect(labels(rowsFor(known("e"), { kind: "otherDialect", dialect: "sqlite" }))).toEqual([
      "app | dev@localhost/app",
      "At e message of e | head",
      "Nothing is pending | ",
      "Models and database | compare",
    ]);
  });
});
