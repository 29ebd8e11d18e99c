import { stableWords, volatileFunctions, volatileInExtensions } from "../locks/postgres/volatility.ts";
import { renderName } from "../sql/action.ts";
import { at, defineRule, type Found } from "./define.ts";

interface Moving extends Found {
  readonly table: string;
  readonly call: string;
}

/** Functions that give the same within one statement, and another value in the next session. */
const ofTheMoment = new Set(
  "current_setting now statement_timestamp transaction_timestamp txid_current version".split(" "),
);

/** Gives another value later, or to somebody else. */
const isMoving = (call: string): boolean =>
  [ofTheMoment, stableWords, volatileFunctions, volatileInExtensions].some((list) => list.has(call));

export const volatileCheck = defineRule({
  id: "volatile-check",
  group: "correctness",
  severity: "warning",
  recommended: true,
  reach: "file",
  dialects: ["postgresql"],
  summary: "A CHECK constraint asks for the time, the user or something else that changes.",
  why: `PostgreSQL takes it and checks it only when a row is written. Tomorrow the rows of today no longer meet it: an UPDATE of another column fails, and so does the restore of
a dump, which is when it is needed least.`,
  instead: `Compare columns of the row with each other or with constants. What depends on the moment belongs into a trigger, or into the code that writes.`,
  allowed: ["Functions that always give the same for the same row: `lower`, `length`, `coalesce`."],
  counted: ["`now()`, `current_date` and `current_user`, which are stable within a statement but not from day to day."],
  sources: ["https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-CHECK-CONSTRAINTS"],
  options: {},
  examples: [
    {
      title: "No dates in the future",
      before: `op.create_check_constraint("ck_users_born", "users", "born <= current_date")
`,
      after: [
        `op.create_check_constraint("ck_users_born", "users", "born >= '1900-01-01'")
`,
      ],
    },
  ],
  catches: [
    { title: "On a column of a new table", code: `op.execute("CREATE TABLE t (a timestamptz CHECK (a < now()))")\n` },
    {
      title: "With ALTER TABLE",
      code: `op.execute("ALTER TABLE t ADD CONSTRAINT c CHECK (owner = current_user) NOT VALID")\n`,
    },
  ],
  passes: [
    {
      title: "A function that always gives the same",
      code: `op.create_check_constraint("ck_users_email", "users", "email = lower(email)")\n`,
    },
    { title: "Two columns", code: `op.create_check_constraint("ck_t_order", "t", "started <= ended")\n` },
  ],
  *detect({ judged }) {
    for (const one of judged) {
      const { details, table } = one.operation;
      for (const constraint of details.constraints ?? []) {
        const call = constraint.type === "check" ? constraint.expression?.calls?.find(isMoving) : undefined;
        if (call === undefined) continue;
        const moving: Moving = { ...at(one), table: table ? renderName(table) : "the table", call };
        yield moving;
      }
    }
  },
  message: ({ table, call }) =>
    `This CHECK on ${table} depends on ${call}, which changes: rows that meet it today fail it later, when they are updated or restored.`,
});
