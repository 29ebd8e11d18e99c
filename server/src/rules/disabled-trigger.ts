import type { Judged } from "../facts/judged.ts";
import { sameTable } from "../locks/names.ts";
import { renderName } from "../sql/action.ts";
import { at, defineRule, type Found } from "./define.ts";
import { renderWaiting } from "./waiting.ts";

interface Disabled extends Found {
  readonly table: string;
  readonly trigger: string | undefined;
  readonly how: "for good" | "for all" | "while rows change";
  readonly waiting: string;
}

const switches = ({ operation }: Judged, on: Judged): boolean => {
  const off = operation;
  const back = on.operation;
  if (back.details.triggers !== "enabled" || !back.table || !off.table || !sameTable(back.table, off.table))
    return false;
  return back.name === undefined || back.name === off.name;
};

const changesRows = ({ operation: { effect, kind } }: Judged): boolean => effect === "data" && kind !== "truncate";

export const disabledTrigger = defineRule({
  id: "disabled-trigger",
  group: "correctness",
  severity: "warning",
  recommended: true,
  dialects: ["postgresql"],
  summary: "Triggers are switched off, for everybody and not only for the revision.",
  why: `DISABLE TRIGGER is a change of the table: nobody's writes fire the trigger until it is switched on again and that is committed; with ALL
the checks of foreign keys are among them. It also keeps writers from the table until the transaction ends, a long data change included.`,
  instead: `Switch them off for the session only: \`SET LOCAL session_replication_role = replica\` (a superuser may, or who was granted the
setting, from PostgreSQL 15 on). Or let the function of the trigger look at a setting of your own.`,
  allowed: [
    "Triggers that are switched off and on again in one transaction, with no change of rows in between.",
    "Triggers of tables that the revision has made itself.",
    "Downgrades.",
  ],
  sources: [
    "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-DISABLE-ENABLE-TRIGGER",
    "https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-SESSION-REPLICATION-ROLE",
  ],
  options: {},
  examples: [
    {
      title: "A backfill without its trigger",
      before: `op.execute("ALTER TABLE users DISABLE TRIGGER touch")
op.execute("UPDATE users SET full_name = name WHERE id < 1000")
op.execute("ALTER TABLE users ENABLE TRIGGER touch")
`,
      after: [
        `op.execute("SET LOCAL session_replication_role = replica")
op.execute("UPDATE users SET full_name = name WHERE id < 1000")
`,
      ],
    },
  ],
  catches: [
    { title: "Never switched on again", code: `op.execute("ALTER TABLE users DISABLE TRIGGER ALL")\n` },
    {
      title: "Switched on again in another transaction",
      code: `op.execute("ALTER TABLE users DISABLE TRIGGER touch")
with op.get_context().autocommit_block():
    op.execute("UPDATE users SET a = 1")
op.execute("ALTER TABLE users ENABLE TRIGGER touch")
`,
    },
  ],
  passes: [
    { title: "A trigger that is switched on", code: `op.execute("ALTER TABLE users ENABLE TRIGGER touch")\n` },
    {
      title: "A table of its own",
      code: `op.create_table("t", sa.Column("id", sa.Integer()))\nop.execute("ALTER TABLE t DISABLE TRIGGER ALL")\n`,
    },
  ],
  *detect({ judged }) {
    const upgrade = judged.filter(({ direction }) => direction.name === "upgrade");
    for (const [i, one] of upgrade.entries()) {
      const { details, table, name } = one.operation;
      if (details.triggers !== "disabled" || !table || !one.isUnderstood || !one.isOnExistingTable) continue;
      const back = upgrade.findIndex((other, j) => j > i && switches(one, other));
      const on = upgrade[back];
      const how =
        on === undefined
          ? "for good"
          : on.transaction !== one.transaction
            ? "for all"
            : upgrade.slice(i, back).some(changesRows)
              ? "while rows change"
              : undefined;
      if (how === undefined) continue;
      const waiting = renderWaiting(one.impact?.locks ?? []) ?? "";
      const disabled: Disabled = { ...at(one), table: renderName(table), trigger: name, how, waiting };
      yield disabled;
    }
  },
  message: ({ table, trigger, how, waiting }) => {
    const what = trigger === undefined ? `the triggers of "${table}"` : `the trigger "${trigger}" of "${table}"`;
    if (how === "for good")
      return `Nobody's writes fire ${what} any more: nothing here switches ${trigger === undefined ? "them" : "it"} on again.`;
    if (how === "for all")
      return `Until they are switched on again in a later transaction, nobody's writes fire ${what}.`;
    return `Rows change with ${what} switched off, and ${waiting} until the transaction ends.`;
  },
});
