import type { Judged } from "../facts/judged.ts";
import { renderDataChange } from "../schema/wording.ts";
import { renderName, sameName } from "../sql/action.ts";
import { at, defineRule, type Found } from "./define.ts";
import { isOnPeoplesTable } from "./peoples-tables.ts";

interface Unguarded extends Found {
  readonly change: string;
  readonly table: string;
}

/** Something is read from the table in the same direction: a count before, a check after. */
const isLookedAt = ({ direction, operation: { table } }: Judged): boolean =>
  direction.operations.some(
    (other) =>
      other.kind === "opaque" ||
      (other.effect === "read" &&
        table !== undefined &&
        other.touches.some(({ how, on }) => how === "read" && sameName(on.name, table))),
  );

export const unguardedDataChange = defineRule({
  id: "unguarded-data-change",
  group: "data-loss",
  severity: "information",
  recommended: false,
  reach: "file",
  summary: "Rows are deleted or overwritten, and nothing counts them before or looks at them afterwards.",
  why: `A condition that catches more than was meant takes the rows away without a word. The deployment's log says that the revision ran, not that it deleted a million rows instead of twelve.`,
  instead: `Count first, and raise where the number is not what you expect; print it in any case. Afterwards check that no row is left that should not be.`,
  allowed: [
    "A query of the table anywhere in the same function, through a connection or a session.",
    "Tables that the revision creates, and columns that are only filled where they were NULL.",
    "Revisions with a part that is not understood.",
  ],
  sources: ["https://alembic.sqlalchemy.org/en/latest/cookbook.html#data-migrations-general-techniques"],
  options: {},
  examples: [
    {
      title: "Old sessions",
      before: `op.execute("DELETE FROM sessions WHERE expires_at < now()")
`,
      after: [
        `connection = op.get_bind()
count = connection.execute(sa.text("SELECT count(*) FROM sessions WHERE expires_at < now()")).scalar()
print(f"{count} sessions are deleted")
op.execute("DELETE FROM sessions WHERE expires_at < now()")
`,
      ],
    },
  ],
  catches: [
    { title: "TRUNCATE", code: `op.execute("TRUNCATE sessions")\n` },
    {
      title: "An UPDATE that overwrites",
      code: `op.execute("UPDATE users SET role = 'member' WHERE role <> 'admin'")\n`,
    },
  ],
  passes: [
    {
      title: "A check afterwards",
      code: `op.execute("DELETE FROM sessions WHERE user_id < 0")\nleft = op.get_bind().execute(sa.text("SELECT count(*) FROM sessions WHERE user_id < 0")).scalar()\nassert left == 0\n`,
    },
    {
      title: "A column that is filled where it was empty",
      code: `op.execute("UPDATE users SET role = 'member' WHERE role IS NULL")\n`,
    },
  ],
  *detect(subject) {
    for (const one of subject.judged) {
      const { kind, details, table } = one.operation;
      const destroys = kind === "delete" || kind === "truncate" || (kind === "update" && !details.wideWhere);
      if (one.direction.name !== "upgrade" || !destroys || table === undefined) continue;
      if (!isOnPeoplesTable(one, subject) || isLookedAt(one)) continue;
      const unguarded: Unguarded = { ...at(one), change: renderDataChange(one.operation), table: renderName(table) };
      yield unguarded;
    }
  },
  message: ({ change, table }) => `Nothing counts the rows of ${table} before or after ${change}.`,
});
