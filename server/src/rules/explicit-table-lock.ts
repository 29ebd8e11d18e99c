import type { Judged } from "../facts/judged.ts";
import { conflict, stronger } from "../locks/modes.ts";
import { lockModes } from "../locks/impact.ts";
import { sameTable } from "../locks/names.ts";
import { at, defineRule, type Found } from "./define.ts";
import { renderWaiting } from "./waiting.ts";

interface Locked extends Found {
  readonly waiting: string;
}

/** The next statement takes a lock on the table that is as strong: nobody waits longer for the one that is asked for. */
function isTakenAnyway(one: Judged, next: Judged | undefined): boolean {
  const mode = lockModes.find((each) => each === one.operation.details.lockMode);
  const table = one.operation.table;
  if (mode === undefined || table === undefined || next?.transaction !== one.transaction) return false;
  return (next.impact?.locks ?? []).some(
    (lock) => sameTable(lock.table, table) && conflict(lock.mode, mode) && stronger(lock.mode, mode) === lock.mode,
  );
}

export const explicitTableLock = defineRule({
  id: "explicit-table-lock",
  group: "locking",
  severity: "warning",
  recommended: true,
  dialects: ["postgresql"],
  summary: "LOCK TABLE keeps people from a table until the transaction ends.",
  why: `The lock is there from the statement to the end of the transaction, whatever else the revision does in the meantime; and while it waits
for those who use the table, everybody who comes later waits behind it.`,
  instead: `Leave it out: each statement takes the lock that it needs. Where rows must not change between two statements, lock these rows
(\`SELECT … FOR UPDATE\`), or let one statement do both. Else set \`lock_timeout\` before it and keep the transaction short.`,
  allowed: [
    "Modes that let others read and write.",
    "A lock that the next statement takes on the table in any case.",
    "Tables that the revision has made itself.",
  ],
  sources: [
    "https://www.postgresql.org/docs/current/sql-lock.html",
    "https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES",
  ],
  options: {},
  examples: [
    {
      title: "Nobody may write while rows are counted",
      before: `op.execute("LOCK TABLE users IN EXCLUSIVE MODE")
op.execute("UPDATE teams SET size = (SELECT count(*) FROM users WHERE team_id = teams.id)")
`,
      after: [
        `op.execute("UPDATE teams SET size = (SELECT count(*) FROM users WHERE team_id = teams.id)")
`,
      ],
    },
  ],
  catches: [
    {
      title: "Without a mode: the strongest is meant",
      code: `op.execute("LOCK users")\nop.execute("UPDATE users SET a = 1")\n`,
    },
    {
      title: "With NOWAIT: it fails instead of waiting, but others wait for it",
      code: `op.execute("LOCK TABLE users IN SHARE MODE NOWAIT")\nop.execute("UPDATE users SET a = 1")\n`,
    },
  ],
  passes: [
    { title: "A mode that lets others work", code: `op.execute("LOCK TABLE users IN ROW SHARE MODE")\n` },
    {
      title: "A lock that the next statement takes anyway",
      code: `op.execute("LOCK TABLE users IN ACCESS EXCLUSIVE MODE")\nop.drop_column("users", "fax")\n`,
    },
    {
      title: "A table of its own",
      code: `op.create_table("t", sa.Column("id", sa.Integer()))\nop.execute("LOCK TABLE t")\n`,
    },
  ],
  *detect({ judged }) {
    for (const [i, one] of judged.entries()) {
      if (one.operation.kind !== "lock" || !one.isOnExistingTable || !one.isUnderstood) continue;
      const waiting = renderWaiting(one.impact?.locks ?? []);
      if (waiting === undefined || isTakenAnyway(one, judged[i + 1])) continue;
      const locked: Locked = { ...at(one), waiting };
      yield locked;
    }
  },
  message: ({ waiting }) => `From here to the end of the transaction ${waiting}.`,
});
