import type { Direction, Operation } from "../model/revision.ts";
import { newEdit, type Edit } from "../rewrite/edit.ts";
import { clipName, withEnding } from "../schema/replay/names.ts";
import { lineOf, Refused } from "../rewrite/refused.ts";
import { renderName, type QualifiedName } from "../sql/action.ts";
import { quoteName, renderFullName } from "../sql/quote.ts";
import { defineRefactoring } from "./define.ts";
import { codeFor, type Code } from "./downgrade/code.ts";
import { changesOf } from "./said-again.ts";
import { absent } from "./split/revision.ts";
import {
  alsoAboutColumn,
  applyStages,
  offerStages,
  receiverOf,
  sharedLocks,
  type Staging,
  type StagesPlan,
} from "./staged.ts";
import type { Stage } from "./stages.ts";

const setsNotNull = ({ kind, details }: Operation): boolean => kind === "alter_column" && details.nullable === false;

interface Column {
  readonly table: QualifiedName;
  readonly column: string;
  readonly check: string;
}

function make(staging: Staging): { readonly plan: StagesPlan; readonly title: string } {
  const { project } = staging;
  const column = columnOf(staging);
  return {
    plan: {
      stages: [checkedStage(staging, column), notNullStage(staging, column)],
      notes: [
        ...sharedLocks(project),
        "PostgreSQL 12 and later take the validated check for proof; older ones read all rows under the lock once more.",
      ],
    },
    title: `Make ${renderName(column.table)}.${column.column} NOT NULL by way of a check that is validated in a revision of its own`,
  };
}

/** @throws Refused where the revision does something with the column afterwards, or nothing is known of it. */
function columnOf({ file, upgrade, judged: { operation, index, schema } }: Staging): Column {
  const at = lineOf(file, operation.range);
  const { table, columns } = operation;
  const [column] = columns;
  if (!table || column === undefined) throw new Refused(`The column on ${at} is not known.`);
  const [later] = alsoAboutColumn(upgrade.operations.slice(index + 1), table, [column]).filter(
    ({ effect }) => effect !== "data",
  );
  if (later)
    throw new Refused(
      `What is done on ${lineOf(file, later.range)} may need ${renderName(table)}.${column} to be NOT NULL.`,
    );
  const known = schema.table(table);
  if (typeof known !== "object") throw new Refused(`What ${renderName(table)} is like is not known.`);
  const changed = changesOf(
    operation,
    known.columns.find(({ name }) => name === column),
  );
  if (columns.length !== 1 || changed.some((one) => one !== "nullable"))
    throw new Refused(`What stands on ${at} changes more than NOT NULL.`);
  if (known.kind !== "table") throw new Refused(`${renderName(table)} is no plain table.`);
  const check = notNullCheckName(table.name, column);
  if (known.constraints.some(({ name }) => name === check))
    throw new Refused(`${renderName(table)} has a constraint ${check} already.`);
  return { table, column, check };
}

/** Without the table's name where the whole would be too long. */
export function notNullCheckName(table: string, column: string): string {
  const name = `ck_${table}_${column}_not_null`;
  return clipName(name) === name ? name : withEnding(`ck_${column}`, "_not_null");
}

/** The whole revision, with a check in place of NOT NULL. */
function checkedStage({ file, judged: { operation } }: Staging, { table, column, check }: Column): Stage {
  const edit = newEdit(file);
  const code = codeFor(file, edit);
  const condition = code.text(`${quoteName(column, "postgresql")} IS NOT NULL`);
  const receiver = receiverOf(file, operation);
  edit.replaceStatement(
    operation,
    receiver === undefined
      ? code.call(
          `${code.op}.create_check_constraint`,
          code.final(check),
          code.text(table.name),
          condition,
          code.schema(table),
          "postgresql_not_valid=True",
        )
      : code.call(`${receiver}.create_check_constraint`, code.final(check), condition, "postgresql_not_valid=True"),
  );
  // Taken back from here or from the next stage: there the check is gone already.
  addDrop(edit, file.downgrades[0] ?? absent, dropCheck(code, { table, column, check }, "IF EXISTS "));
  return { name: "checked", edits: edit.build() };
}

const dropCheck = (code: Code, { table, check }: Column, guard = ""): string =>
  code.call(
    `${code.op}.execute`,
    code.text(`ALTER TABLE ${renderFullName(table)} DROP CONSTRAINT ${guard}${quoteName(check, "postgresql")}`),
  );

function addDrop(edit: Edit, downgrade: Direction, drop: string): void {
  const [first] = downgrade.statements.filter(({ kind }) => kind !== "docstring");
  if (downgrade.form === "pass") edit.replaceBody(downgrade, drop);
  else if (downgrade.form === "body") {
    if (!first) throw new Refused("downgrade() stands in another file.");
    edit.insertBefore(first, drop);
  }
}

function notNullStage({ file, upgrade }: Staging, subject: Column): Stage {
  const { table, column, check } = subject;
  const edit = newEdit(file);
  const code = codeFor(file, edit);
  const alter = (nullable: string): string =>
    code.call(
      `${code.op}.alter_column`,
      code.text(table.name),
      code.text(column),
      `nullable=${nullable}`,
      code.schema(table),
    );
  const name = quoteName(check, "postgresql");
  const validate = code.text(`ALTER TABLE ${renderFullName(table)} VALIDATE CONSTRAINT ${name}`);
  edit.replaceBody(
    upgrade,
    [code.call(`${code.op}.execute`, validate), alter("False"), dropCheck(code, subject)].join("\n"),
  );
  const downgrade = file.downgrades[0] ?? absent;
  if (downgrade.form === "body") edit.replaceBody(downgrade, alter("True"));
  return { name: "not null", edits: edit.build() };
}

export const stageNotNullColumn = defineRefactoring<StagesPlan>({
  id: "stage-not-null-column",
  title: "Make the column NOT NULL by way of a validated check",
  summary:
    "Proves NOT NULL by a check constraint that is added unvalidated and validated in the revision that follows.",
  why: `SET NOT NULL reads all rows while nobody may read or write the table. A check that is added as NOT VALID takes a moment, VALIDATE lets everybody go
on while it reads, and then PostgreSQL 12 and later know without reading that there is no NULL.`,
  keeps: [
    "The column, and all else of the schema: the check is gone in the end.",
    "Everything else of the revision, in the first of the two.",
    "The original revision id, on the second: children, stamped databases and merges stay true.",
    "A downgrade from either of them.",
  ],
  refuses: [
    "A change of more than NOT NULL: of the type, the default or the name as well.",
    "A column in a loop, under a test or in a helper, and tables of which nothing is known.",
    "A revision that goes on to change the table, which may need the column to be NOT NULL.",
    "Merges and revisions of several databases.",
  ],
  keepsSchema: true,
  createsFiles: true,
  examples: [
    {
      title: "A column that is filled and then required",
      given: `op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.Text()))
`,
      before: `def upgrade() -> None:
    <|>op.alter_column("users", "name", nullable=False)


def downgrade() -> None:
    op.alter_column("users", "name", nullable=True)
`,
      after: [
        `def upgrade() -> None:
    op.create_check_constraint(op.f("ck_users_name_not_null"), "users", "name IS NOT NULL", postgresql_not_valid=True)


def downgrade() -> None:
    op.execute("ALTER TABLE users DROP CONSTRAINT IF EXISTS ck_users_name_not_null")
    op.alter_column("users", "name", nullable=True)
`,
        `def upgrade() -> None:
    op.execute("ALTER TABLE users VALIDATE CONSTRAINT ck_users_name_not_null")
    op.alter_column("users", "name", nullable=False)
    op.execute("ALTER TABLE users DROP CONSTRAINT ck_users_name_not_null")


def downgrade() -> None:
    op.alter_column("users", "name", nullable=True)
`,
      ],
    },
  ],
  plan: offerStages(setsNotNull, make),
  apply: applyStages(),
});
