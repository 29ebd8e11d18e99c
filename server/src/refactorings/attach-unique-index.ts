import { playedIn } from "../facts/played.ts";
import type { Operation } from "../model/revision.ts";
import { newEdit } from "../rewrite/edit.ts";
import { lineOf, Refused } from "../rewrite/refused.ts";
import { autocommitHead } from "../rewrite/statement-edits.ts";
import { renderName, type QualifiedName } from "../sql/action.ts";
import type { ConstraintDefinition } from "../sql/definition.ts";
import { keyOf } from "../schema/replay/schema.ts";
import type { Found, Table } from "../schema/state.ts";
import { quoteName, renderFullName } from "../sql/quote.ts";
import { defineRefactoring } from "./define.ts";
import { codeFor } from "./downgrade/code.ts";
import { named } from "./named.ts";
import { absent } from "./split/revision.ts";
import { alsoAbout, applyStages, offerStages, type Staging, type StagesPlan } from "./staged.ts";
import type { Stage } from "./stages.ts";

const buildsIndex = ({ kind, details }: Operation): boolean =>
  (kind === "create_unique_constraint" || kind === "create_primary_key") &&
  !(details.constraints ?? []).some(({ usingIndex }) => usingIndex !== undefined);

interface Subject {
  readonly table: QualifiedName;
  readonly name: string;
  readonly columns: readonly string[];
  readonly constraint: ConstraintDefinition;
}

function make(staging: Staging): { readonly plan: StagesPlan; readonly title: string } {
  const subject = subjectOf(staging);
  return {
    plan: {
      stages: [indexStage(staging, subject), attachStage(staging, subject)],
      notes: [
        "If rows are not unique, the build of the index fails and leaves an invalid one, which the next run drops; nothing else has happened by then.",
      ],
    },
    title: `Build the index of ${subject.name} concurrently first, in a revision of its own`,
  };
}

/** @throws Refused where the index could not be built before everything else of the revision. */
function subjectOf({ project, file, upgrade, judged }: Staging): Subject {
  const { operation: written, index } = judged;
  const at = lineOf(file, written.range);
  const played = playedIn(project, file, upgrade);
  if (!played) throw new Refused("The revision is not in the history.");
  const { operation } = named(judged, played.met[index + 1] ?? played.after);
  const [constraint, ...others] = operation.details.constraints ?? [];
  const name = constraint?.name ?? operation.name;
  const { table } = operation;
  if (!table || !constraint?.columns || name === undefined || others.length > 0)
    throw new Refused(`The name or the columns of the constraint on ${at} are not known.`);
  const { include, nullsNotDistinct, period, columns } = constraint;
  if (include ?? nullsNotDistinct ?? period)
    throw new Refused(`The constraint on ${at} has options that its index would need as well.`);
  refuseTable(played.before.table(table), table, columns, constraint.type === "primary_key");
  const [earlier] = alsoAbout(upgrade.operations.slice(0, index), table).filter(
    ({ kind, columns: changed }) =>
      kind !== "add_column" &&
      kind !== "create_index" &&
      !(kind === "drop_column" && !changed.some((one) => columns.includes(one))),
  );
  if (earlier)
    throw new Refused(
      `What is done to ${renderName(table)} on ${lineOf(file, earlier.range)} comes before, and may be what makes the rows unique.`,
    );
  return { table, name, columns, constraint };
}

function refuseTable(known: Found<Table>, table: QualifiedName, columns: readonly string[], isPrimary: boolean): void {
  const name = renderName(table);
  if (typeof known !== "object") throw new Refused(`What ${name} is like before the revision is not known.`);
  if (known.kind !== "table")
    throw new Refused(`${name} is no plain table, and its index cannot be built concurrently.`);
  for (const column of columns) {
    const found = known.columns.find((one) => one.name === column);
    if (!found)
      throw new Refused(
        `The column ${name}.${column} is not there before the revision, so its index cannot be built first.`,
      );
    if (isPrimary && found.nullable !== false)
      throw new Refused(
        `The column ${name}.${column} may be NULL, and to make it NOT NULL would read all rows under the lock.`,
      );
  }
}

/** Before everything else, and alone, since an autocommit block commits what stands before it. */
function indexStage({ file, upgrade }: Staging, { table, name, columns }: Subject): Stage {
  const edit = newEdit(file);
  const code = codeFor(file, edit);
  const drop = code.call(
    `${code.op}.drop_index`,
    code.final(name),
    `table_name=${code.text(table.name)}`,
    code.schema(table),
    "if_exists=True",
    "postgresql_concurrently=True",
  );
  const create = code.call(
    `${code.op}.create_index`,
    code.final(name),
    code.text(table.name),
    code.list(columns),
    "unique=True",
    code.schema(table),
    "postgresql_concurrently=True",
  );
  const block = (lines: readonly string[]): string =>
    [autocommitHead(code.op), ...lines.map((line) => `    ${line}`)].join("\n");
  edit.replaceBody(upgrade, block(["# A build that failed before has left an invalid index.", drop, create]));
  const downgrade = file.downgrades[0] ?? absent;
  if (downgrade.form === "body") {
    // What an original leaves keeps its index, and the way back would stop at it.
    const goes = downgrade.operations.some((one) => takesAway(one, { table, name, columns }));
    edit.replaceBody(downgrade, goes ? block([drop]) : "pass");
  }
  return { name: "index", edits: edit.build() };
}

const takesAway = (
  operation: Operation,
  { table, name, columns }: Pick<Subject, "table" | "name" | "columns">,
): boolean =>
  operation.table !== undefined &&
  keyOf(operation.table) === keyOf(table) &&
  (operation.kind === "drop_table" ||
    (operation.kind === "drop_constraint" && operation.name === name) ||
    (operation.kind === "drop_column" && operation.columns.some((one) => columns.includes(one))));

function attachStage({ file, judged: { operation } }: Staging, { table, name, constraint }: Subject): Stage {
  const edit = newEdit(file);
  const code = codeFor(file, edit);
  const quoted = quoteName(name, "postgresql");
  const what = constraint.type === "primary_key" ? "PRIMARY KEY" : "UNIQUE";
  const ends = `${constraint.deferrable ? " DEFERRABLE" : ""}${constraint.initiallyDeferred ? " INITIALLY DEFERRED" : ""}`;
  const sql = `ALTER TABLE ${renderFullName(table)} ADD CONSTRAINT ${quoted} ${what} USING INDEX ${quoted}${ends}`;
  edit.replaceStatement(operation, code.call(`${code.op}.execute`, code.text(sql)));
  return { name: "constraint", edits: edit.build() };
}

export const attachUniqueIndex = defineRefactoring<StagesPlan>({
  id: "attach-unique-index",
  title: "Build the constraint's index concurrently first",
  summary:
    "Builds the index of a unique constraint or a primary key concurrently, in a revision before, and attaches it.",
  why: `A unique constraint or a primary key builds its index while nobody may read or write the table. Built beforehand, with CONCURRENTLY, the index only
has to be attached, which takes a moment.`,
  keeps: [
    "The constraint: its name, its columns, whether it is deferrable.",
    "Everything else of the revision, in the second of the two.",
    "The original revision id, on the second: children, stamped databases and merges stay true.",
    "downgrade(): the index goes with the constraint, and is dropped where there is only the index; it stays with a constraint that stays.",
  ],
  refuses: [
    "Columns that the revision itself adds, and rows that it changes before.",
    "A primary key over columns that may be NULL.",
    "Constraints with options of their index, and partitioned tables.",
    "A constraint in a loop, under a test or in a helper, and tables of which nothing is known.",
  ],
  keepsSchema: true,
  createsFiles: true,
  examples: [
    {
      title: "Emails become unique",
      given: `op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.Text()))
`,
      before: `def upgrade() -> None:
    <|>op.create_unique_constraint("uq_users_email", "users", ["email"])


def downgrade() -> None:
    op.drop_constraint("uq_users_email", "users")
`,
      after: [
        `def upgrade() -> None:
    with op.get_context().autocommit_block():
        # A build that failed before has left an invalid index.
        op.drop_index(op.f("uq_users_email"), table_name="users", if_exists=True, postgresql_concurrently=True)
        op.create_index(op.f("uq_users_email"), "users", ["email"], unique=True, postgresql_concurrently=True)


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index(op.f("uq_users_email"), table_name="users", if_exists=True, postgresql_concurrently=True)
`,
        `def upgrade() -> None:
    op.execute("ALTER TABLE users ADD CONSTRAINT uq_users_email UNIQUE USING INDEX uq_users_email")


def downgrade() -> None:
    op.drop_constraint("uq_users_email", "users")
`,
      ],
    },
  ],
  plan: offerStages(buildsIndex, make),
  apply: applyStages(),
});
