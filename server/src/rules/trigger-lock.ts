import type { Judged } from "../facts/judged.ts";
import { renderDataChange } from "../schema/wording.ts";
import { at, defineRule, type Found } from "./define.ts";
import { renderWaiting } from "./waiting.ts";

interface Held extends Found {
  readonly waiting: string;
  readonly until: string;
  readonly makes: boolean;
}

const rowChanges = new Set(["update", "delete", "merge", "copy"]);

/** May run as long as a table is large: rows that change by a condition or come from a query, or all that are read. */
function lasts(one: Judged): boolean {
  const { operation, impact, isUnderstood } = one;
  if (!isUnderstood) return false;
  const { kind, details, table } = operation;
  if (kind === "insert" && details.source === "query") return true;
  if (rowChanges.has(kind)) return table !== undefined && one.holdsOldRows(table);
  return (
    operation.effect === "schema" &&
    impact?.confidence === "certain" &&
    impact.scans.length + impact.rewrites.length > 0
  );
}

export const triggerLock = defineRule({
  id: "trigger-lock",
  group: "locking",
  severity: "warning",
  recommended: true,
  dialects: ["postgresql"],
  summary: "A trigger is made or dropped, and its lock is held while something long runs in the same transaction.",
  why: `CREATE TRIGGER keeps writers from the table and DROP TRIGGER readers as well, not for the moment that it takes but until the
transaction ends. A data change or a scan after it makes that minutes.`,
  instead: `Make or drop the trigger in a revision of its own, or last.`,
  allowed: [
    "A trigger that is made or dropped last, or with short statements after it only.",
    "Triggers of tables that the revision has made itself.",
  ],
  sources: [
    "https://www.postgresql.org/docs/current/sql-createtrigger.html",
    "https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES",
  ],
  options: {},
  examples: [
    {
      title: "A trigger that keeps a new column, and the copy of the old rows",
      before: `op.execute("CREATE TRIGGER keep BEFORE INSERT OR UPDATE ON users FOR EACH ROW EXECUTE FUNCTION keep()")
op.execute("UPDATE users SET full_name = name WHERE full_name IS NULL")
`,
      after: [
        `op.execute("CREATE TRIGGER keep BEFORE INSERT OR UPDATE ON users FOR EACH ROW EXECUTE FUNCTION keep()")
`,
        `op.execute("UPDATE users SET full_name = name WHERE full_name IS NULL")
`,
      ],
    },
  ],
  catches: [
    {
      title: "A trigger that is dropped before other rows change",
      code: `op.execute("DROP TRIGGER keep ON users")\nop.execute("DELETE FROM orders WHERE old")\n`,
    },
    {
      title: "A copy into another table",
      code: `op.execute("CREATE TRIGGER log AFTER DELETE ON users EXECUTE FUNCTION log()")
op.execute("INSERT INTO log SELECT * FROM users")
`,
    },
  ],
  passes: [
    {
      title: "A trigger that is made last",
      code: `op.execute("UPDATE users SET full_name = name")
op.execute("CREATE TRIGGER keep BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION keep()")
`,
    },
    {
      title: "Short statements only",
      code: `op.execute("CREATE TRIGGER keep BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION keep()")
op.add_column("orders", sa.Column("a", sa.Integer()))
op.execute("INSERT INTO kinds (name) VALUES ('a')")
`,
    },
    {
      title: "The data change in a transaction of its own",
      code: `op.execute("DROP TRIGGER keep ON users")
with op.get_context().autocommit_block():
    op.execute("DELETE FROM orders WHERE old")
`,
    },
  ],
  *detect({ judged }) {
    for (const [i, one] of judged.entries()) {
      const { kind } = one.operation;
      if ((kind !== "create_trigger" && kind !== "drop_trigger") || !one.isUnderstood || !one.isOnExistingTable)
        continue;
      const long = judged
        .slice(i + 1)
        .find((other) => other.direction === one.direction && other.transaction === one.transaction && lasts(other));
      const waiting = renderWaiting(one.impact?.locks ?? []);
      if (long === undefined || waiting === undefined) continue;
      const held: Held = {
        ...at(one),
        waiting,
        until: renderDataChange(long.operation),
        makes: kind === "create_trigger",
        related: [{ range: long.operation.nameRange, message: "runs while the lock is held" }],
      };
      yield held;
    }
  },
  message: ({ waiting, until, makes }) =>
    `${makes ? "Once the trigger is made" : "Once the trigger is dropped"}, ${waiting} until the transaction ends, and that is after ${until}.`,
});
