import { expect, test } from "vitest";
import { describeSeen } from "../../client/src/alembic/watching.ts";
import type { Session } from "../../server/src/database/sessions.ts";

const session = (over: Partial<Session> = {}): Session => ({
  pid: 10,
  began: "now",
  user: "anna",
  application: "psql",
  client: "",
  backend: "client backend",
  state: "active",
  statement: "UPDATE users\n   SET a = 1",
  locks: [],
  blockedBy: [],
  maySignal: true,
  ...over,
});

test("a statement is told with its age once that is worth telling", () => {
  expect(describeSeen({ session: session({ statementSeconds: 0.4 }), blockers: [] })).toBe("UPDATE users SET a = 1");
  expect(describeSeen({ session: session({ statementSeconds: 75 }), blockers: [] })).toBe(
    "UPDATE users SET a = 1, 75 s",
  );
});

test("a wait names the lock, the table and who holds it", () => {
  const waiting = session({
    statementSeconds: 12,
    blockedBy: [11],
    locks: [
      { schema: "public", table: "a", mode: "AccessShareLock", isGranted: true },
      { schema: "public", table: "users", mode: "AccessExclusiveLock", isGranted: false },
    ],
  });
  const holder = session({ pid: 11, state: "idle in transaction", stateSeconds: 180 });
  expect(describeSeen({ session: waiting, blockers: [holder, session({ pid: 12 })] })).toBe(
    "waits 12 s for AccessExclusiveLock on users, held by psql of anna (pid 11), idle in transaction for 3 min and 1 more",
  );
  expect(describeSeen({ session: waiting, blockers: [session({ pid: 0, prepared: "gid" })] })).toContain(
    "held by the prepared transaction “gid”",
  );
});

test("progress is told as the server counts it", () => {
  const progress = { phase: "building index", unit: "rows", done: 500_000, total: 2_000_000 } as const;
  const index = session({ statement: "CREATE INDEX ix ON users (a)" });
  expect(describeSeen({ session: index, blockers: [], progress })).toBe(
    "CREATE INDEX ix ON users (a), building index: 500,000 of 2,000,000 (25 %) rows",
  );
});
