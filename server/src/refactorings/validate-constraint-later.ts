import { judgedIn, type Judged } from "../facts/judged.ts";
import { playedIn } from "../facts/played.ts";
import { statementAround, findCallAt } from "../model/written.ts";
import type { Direction, Operation, RevisionFile } from "../model/revision.ts";
import type { Project } from "../project/snapshot.ts";
import { newEdit, type Edit } from "../rewrite/edit.ts";
import { quoteOf, renderString, renderTable } from "../rewrite/literal.ts";
import { lineOf, Refused } from "../rewrite/refused.ts";
import { quoteName } from "../sql/quote.ts";
import { scan } from "../sql/scan.ts";
import { renderName } from "../sql/action.ts";
import type { TextEdit } from "../text/edit.ts";
import { slice } from "../text/range.ts";
import { defineRefactoring, type Offer } from "./define.ts";
import { named } from "./named.ts";
import { orUnavailable, remembered } from "./offering.ts";
import { isAt, onlyUpgrade, placeOf } from "./place.ts";
import { absent, whyNever } from "./split/revision.ts";
import { writeStages, type Stage } from "./stages.ts";

interface Found {
  readonly operations: readonly Operation[];
  readonly offer: Offer<Plan>;
}

interface Plan {
  readonly stages: readonly Stage[];
  readonly notes: readonly string[];
}

const find = remembered((project, file): Found | undefined => {
  const upgrade = onlyUpgrade(file);
  if (!file.isRevision || !upgrade || project.config.dialect !== "postgresql") return undefined;
  if (!upgrade.operations.some(isConstraint)) return undefined;
  const judged = judgedIn(project, file, upgrade).filter((one) => one.isUnderstood && isLater(one));
  const operations = judged.map(({ operation }) => operation);
  return operations.length === 0
    ? undefined
    : { operations, offer: orUnavailable(() => offerFor(project, file, upgrade, judged)) };
});

const isConstraint = ({ kind }: Operation): boolean =>
  kind === "create_foreign_key" || kind === "create_check_constraint";

/** It checks rows that are there before it is done. */
const isLater = ({ operation, isOnExistingTable }: Judged): boolean =>
  isOnExistingTable &&
  isConstraint(operation) &&
  operation.details.notValid !== true &&
  !(operation.details.constraints ?? []).some(({ notValid, notEnforced }) => notValid === true || notEnforced === true);

function offerFor(project: Project, file: RevisionFile, upgrade: Direction, judged: readonly Judged[]): Offer<Plan> {
  const reason = whyNever(project, file);
  if (reason !== undefined) throw new Refused(reason);
  const what = judged.length === 1 ? "the constraint" : `${judged.length} constraints`;
  const them = judged.length === 1 ? "it" : "them";
  return {
    plan: {
      stages: [
        { name: "not validated", edits: addingEdits(file, judged) },
        { name: "validated", edits: validatingEdits(project, file, upgrade, judged) },
      ],
      notes: notesFor(project),
    },
    title: `Add ${what} without a check of the rows, and validate ${them} in a revision of ${judged.length === 1 ? "its" : "their"} own`,
  };
}

const notesFor = ({ config: { env } }: Project): readonly string[] =>
  env !== undefined && !env.transactionPerMigration
    ? [
        "env.py does not set transaction_per_migration=True: `alembic upgrade head` runs both in one transaction, and the rows are checked under the lock as before.",
      ]
    : [];

function addingEdits(file: RevisionFile, judged: readonly Judged[]): readonly TextEdit[] {
  const edit = newEdit(file);
  const operations = judged.map(({ operation }) => operation);
  for (const one of judged) refuseImpossible(file, one);
  const calls = operations.filter(({ via }) => via !== "sql");
  if (calls.length > 0) edit.setArgument(calls, "postgresql_not_valid", "True");
  for (const operation of operations.filter(({ via }) => via === "sql")) addNotValid(file, edit, operation);
  return edit.build();
}

function refuseImpossible(file: RevisionFile, { operation, schema }: Judged): void {
  const at = lineOf(file, operation.range);
  if (!["directive", "batch", "sql"].includes(operation.via))
    throw new Refused(`The constraint on ${at} is not added by a directive or by SQL.`);
  const table = operation.table && schema.table(operation.table);
  if (typeof table === "object" && table.kind === "partitioned")
    throw new Refused(`The table of the constraint on ${at} is partitioned, where NOT VALID is not always allowed.`);
  if (operation.context.some(({ kind }) => kind === "branch" || kind === "try"))
    throw new Refused(`The constraint on ${at} is added only where a test or a try block allows it.`);
}

function addNotValid(file: RevisionFile, edit: Edit, operation: Operation): void {
  const statement = statementAround(file, placeOf(operation))?.statement;
  const sql = operation.sql ?? "";
  if (!statement || statement.operations.length > 1 || !findCallAt(file, statement.range))
    throw new Refused(`The SQL on ${lineOf(file, operation.range)} does more than add one constraint.`);
  const last = scan(sql, "postgresql").findLast((token) => token.kind !== "comment" && slice(sql, token) !== ";");
  const end = last?.end ?? sql.length;
  edit.replaceSql(operation, { start: end, end }, " NOT VALID");
}

/** All that is left of the original: the rows are checked. */
function validatingEdits(
  project: Project,
  file: RevisionFile,
  upgrade: Direction,
  judged: readonly Judged[],
): readonly TextEdit[] {
  const played = playedIn(project, file, upgrade);
  if (!played) throw new Refused("The revision is not in the history.");
  const edit = newEdit(file);
  const op = edit.addImport("alembic.op");
  const lines = judged.map((one) => {
    const { operation } = named(one, played.met[one.index + 1] ?? played.after);
    const { table } = operation;
    const name = operation.details.constraints?.[0]?.name ?? operation.name;
    if (!table || name === undefined)
      throw new Refused(`The name of the constraint on ${lineOf(file, operation.range)} is not known.`);
    const still = played.after.table(table);
    if (typeof still === "object" && !still.constraints.some((constraint) => constraint.name === name))
      throw new Refused(`The constraint ${name} of ${renderName(table)} is gone or renamed when the revision is done.`);
    const sql = `ALTER TABLE ${renderTable(table, "postgresql")} VALIDATE CONSTRAINT ${quoteName(name, "postgresql")}`;
    return `${op}.execute(${renderString(sql, quoteOf(file))})`;
  });
  edit.replaceBody(upgrade, lines.join("\n"));
  const downgrade = file.downgrades[0] ?? absent;
  if (downgrade.form === "body") edit.replaceBody(downgrade, "pass");
  return edit.build();
}

export const validateConstraintLater = defineRefactoring<Plan>({
  id: "validate-constraint-later",
  title: "Validate the constraint in a revision of its own",
  summary: "Adds foreign keys and check constraints as NOT VALID, and validates them in the revision that follows.",
  why: `To add a constraint reads all rows while nobody may write to the table; of a foreign key, not to the one that it points at either. NOT VALID adds it
at once, and new rows are checked from then on. VALIDATE reads the rows that are there and lets everybody go on.`,
  keeps: [
    "The constraint: its name, its columns, its condition; afterwards it is as valid as before.",
    "Everything else of the revision, in the first of the two.",
    "The original revision id, on the second: children, stamped databases and merges stay true.",
    "downgrade(), in the first of the two; the second has nothing to take back.",
  ],
  refuses: [
    "Partitioned tables, where PostgreSQL does not always allow NOT VALID.",
    "Constraints under a test or in a try block, and SQL that does more than add one.",
    "Constraints whose names are not known, or that the same revision drops or renames again.",
    "Merges and revisions of several databases.",
  ],
  keepsSchema: true,
  createsFiles: true,
  examples: [
    {
      title: "A foreign key between tables that people use",
      given: `op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
op.create_table("orders", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("user_id", sa.Integer()))
`,
      before: `def upgrade() -> None:
    <|>op.create_foreign_key("fk_orders_user", "orders", "users", ["user_id"], ["id"])


def downgrade() -> None:
    op.drop_constraint("fk_orders_user", "orders")
`,
      after: [
        `def upgrade() -> None:
    op.create_foreign_key("fk_orders_user", "orders", "users", ["user_id"], ["id"], postgresql_not_valid=True)


def downgrade() -> None:
    op.drop_constraint("fk_orders_user", "orders")
`,
        `def upgrade() -> None:
    op.execute("ALTER TABLE orders VALIDATE CONSTRAINT fk_orders_user")


def downgrade() -> None:
    pass
`,
      ],
    },
  ],
  plan: (place) => {
    const found = find(place.project, place.file);
    return found?.operations.some((operation) => isAt(place, operation)) === true ? found.offer : undefined;
  },
  apply: ({ project, file }, { stages, notes }) => writeStages(project, file, stages, notes),
});
