import type { Judged } from "../facts/judged.ts";
import { parkedName } from "../facts/parked.ts";
import type { Operation, RevisionFile } from "../model/revision.ts";
import { lineOf, Refused } from "../rewrite/refused.ts";
import { keyOf } from "../schema/replay/schema.ts";
import type { Column, Constraint, Table } from "../schema/state.ts";
import { renderName, type QualifiedName } from "../sql/action.ts";
import { quoteName, renderFullName } from "../sql/quote.ts";
import { scan } from "../sql/scan.ts";
import { slice } from "../text/range.ts";
import { defineRefactoring } from "./define.ts";
import type { Code } from "./downgrade/code.ts";
import { applyParking, downgradeNotes, parkingStages, type Parking } from "./parking.ts";
import { alsoAboutColumn, offerStagesTogether, receiverOf, type StagesPlan, type StagingTogether } from "./staged.ts";

const dropsColumn = ({ kind }: Operation): boolean => kind === "drop_column";

function make(staging: StagingTogether): { readonly plan: StagesPlan; readonly title: string } {
  const { file, all } = staging;
  const taken: string[] = [];
  const parkings = all.map((judged) => parkingOf(staging, judged, taken));
  const [only] = parkings;
  const relaxed = parkings.filter(({ relaxes }) => relaxes).map(({ words }) => words);
  return {
    plan: {
      stages: parkingStages(staging, parkings, receiverOf),
      notes: [
        ...downgradeNotes(file),
        ...(relaxed.length === 0
          ? []
          : [
              `${relaxed.join(" and ")} may be NULL while parked, since code that does not know it gives no value; the way back fails once such rows are there.`,
            ]),
      ],
    },
    title:
      only && parkings.length === 1
        ? `Rename ${only.words} to ${taken[0] ?? ""}, and drop it in a revision of its own`
        : `Rename ${parkings.length} columns, and drop them in a revision of their own`,
  };
}

interface ParkedColumn extends Parking {
  /** NOT NULL without a default: rows are inserted that have no value for it. */
  readonly relaxes: boolean;
}

/** @throws Refused where the column is used on, or where rows without a value for it would be refused. */
function parkingOf({ file, upgrade }: StagingTogether, judged: Judged, taken: string[]): ParkedColumn {
  const { operation, index } = judged;
  const { table, columns, details } = operation;
  const at = lineOf(file, operation.range);
  const [name] = columns;
  if (!table || name === undefined || columns.length > 1) throw new Refused(`The column on ${at} is not known.`);
  const words = `${renderName(table)}.${name}`;
  if (details.ifExists) throw new Refused(`${words} is dropped on ${at} only if it is there.`);
  const [later] = alsoAboutColumn(upgrade.operations.slice(index + 1), table, [name]);
  if (later) throw new Refused(`What is done on ${lineOf(file, later.range)} may be about ${words} after it is gone.`);
  const { known, column } = columnOf(file, judged, table, name);
  refuseDemanding(known, column, words);
  refusePointing(file, upgrade.operations.slice(index + 1), known, { name, words });
  const parked = parkedName(
    name,
    (candidate) => known.columns.some((one) => one.name === candidate) || taken.includes(candidate),
  );
  taken.push(parked);
  const relaxes = column.nullable === false && column.default === null && !column.identity && !column.serial;
  const nullable = relaxes && !column.computed ? "nullable=True" : undefined;
  // As downgrade() has it, which may well bring it back without NOT NULL.
  const back = (restoring?: Operation): string | undefined =>
    nullable === undefined || restoring?.details.definitions?.[0]?.nullable === true ? undefined : "nullable=False";
  return {
    judged,
    words,
    relaxes: nullable !== undefined,
    park: (code, receiver) => rename(code, receiver, table, [name, parked], nullable),
    unpark: (code, receiver, restoring) => rename(code, receiver, table, [parked, name], back(restoring)),
    drop: (code) =>
      details.cascade
        ? code.call(
            `${code.op}.execute`,
            code.text(`ALTER TABLE ${renderFullName(table)} DROP COLUMN ${quoteName(parked, "postgresql")} CASCADE`),
          )
        : code.call(`${code.op}.drop_column`, code.text(table.name), code.text(parked), code.schema(table)),
    restores: ({ kind, table: on, columns: made }) =>
      kind === "add_column" && on !== undefined && keyOf(on) === keyOf(table) && made.length === 1 && made[0] === name,
  };
}

function columnOf(
  file: RevisionFile,
  { operation, schema }: Judged,
  table: QualifiedName,
  name: string,
): { readonly known: Table; readonly column: Column } {
  const known = schema.table(table);
  const column = typeof known === "object" ? known.columns.find((one) => one.name === name) : undefined;
  if (typeof known !== "object" || column?.nullable === undefined || column.default === undefined)
    throw new Refused(
      `Whether rows need a value for ${renderName(table)}.${name} is not known on ${lineOf(file, operation.range)}.`,
    );
  return { known, column };
}

/** Rows that are inserted while it is parked have no value for it. */
function refuseDemanding({ constraints, indexes }: Table, { name }: Column, words: string): void {
  const own = constraints.filter(({ columns }) => columns === undefined || columns.includes(name));
  if (own.some(({ type }) => type === "primary_key"))
    throw new Refused(`${words} is of the primary key, and no row can be without a value for it.`);
  const strict =
    own.find(mayRefuseNull) ??
    indexes.find(
      (one) =>
        one.nullsNotDistinct &&
        (one.keys === undefined || one.keys.some(({ column }) => column === name || column === undefined)),
    );
  if (strict)
    throw new Refused(
      `${strict.name ?? "A constraint"} may refuse rows that have no value for ${words} while it is parked.`,
    );
}

/** A foreign key stays with its parked column, and what it points to cannot go. */
function refusePointing(
  file: RevisionFile,
  later: readonly Operation[],
  { constraints }: Table,
  { name, words }: { readonly name: string; readonly words: string },
): void {
  for (const { columns, references } of constraints) {
    if (!references || columns?.includes(name) !== true) continue;
    const gone = later.find(
      ({ kind, table, details }) =>
        kind === "drop_table" && table && keyOf(table) === keyOf(references.table) && details.cascade !== true,
    );
    if (gone)
      throw new Refused(
        `The foreign key of ${words} holds ${renderName(references.table)}, which is dropped on ${lineOf(file, gone.range)}, while the column is parked.`,
      );
  }
}

/** Of a check that says nothing of NULL the answer is NULL, which passes. */
function mayRefuseNull({ type, expression, nullsNotDistinct }: Constraint): boolean {
  if (nullsNotDistinct) return true;
  if (type !== "check") return false;
  const sql = expression?.sql;
  if (sql === undefined || (expression?.calls?.length ?? 0) > 0) return true;
  return scan(sql, "postgresql").some(
    (token) => token.kind === "word" && answersNull.has(slice(sql, token).toLowerCase()),
  );
}

const answersNull = new Set(["null", "is", "case", "coalesce", "distinct", "isnull", "notnull"]);

function rename(
  code: Code,
  receiver: string | undefined,
  table: QualifiedName,
  [from, to]: readonly [string, string],
  nullable: string | undefined,
): string {
  const renamed = `new_column_name=${code.text(to)}`;
  return receiver === undefined
    ? code.call(
        `${code.op}.alter_column`,
        code.text(table.name),
        code.text(from),
        renamed,
        nullable,
        code.schema(table),
      )
    : code.call(`${receiver}.alter_column`, code.text(from), renamed, nullable);
}

export const parkDroppedColumn = defineRefactoring<StagesPlan>({
  id: "park-dropped-column",
  title: "Rename the column first, and drop it later",
  summary: "Gives columns that are dropped another name, and drops them in a revision of their own.",
  why: `Code that still names a dropped column fails, and what it held is gone for good. Code that still names a renamed one fails as well, and one command
gives it back with all that it holds. Once nobody has missed the column for a while, the second revision drops it.`,
  keeps: [
    "The schema in the end, and all else that the revision does, in the first of the two.",
    "Indexes and constraints on the column, with their names, until it is dropped.",
    "Inserts: a column that is NOT NULL and has no default may be NULL while it is parked.",
    "The original revision id, on the second: children, stamped databases and merges stay true.",
    "downgrade(): from the second what brings the column back, from the first the old name; where it raises, the first still gives the name back if there is nothing else to undo.",
  ],
  refuses: [
    "Columns that are dropped only if they are there, in a loop, under a test or in a helper.",
    "Columns of the primary key, and those with a check or a constraint that may refuse rows without a value.",
    "A revision that goes on with the column, or makes it anew, or drops what its foreign key points to; and tables of which nothing is known.",
    "A downgrade() that does not add the column again in a statement of its own.",
    "Merges and revisions of several databases.",
  ],
  keepsSchema: true,
  createsFiles: true,
  examples: [
    {
      title: "A column that no code should need any more",
      given: `op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("fax", sa.Text()))
`,
      before: `def upgrade() -> None:
    <|>op.drop_column("users", "fax")


def downgrade() -> None:
    op.add_column("users", sa.Column("fax", sa.Text()))
`,
      after: [
        `def upgrade() -> None:
    op.alter_column("users", "fax", new_column_name="fax_parked")


def downgrade() -> None:
    op.alter_column("users", "fax_parked", new_column_name="fax")
`,
        `def upgrade() -> None:
    op.drop_column("users", "fax_parked")


def downgrade() -> None:
    op.add_column("users", sa.Column("fax", sa.Text()))
    op.alter_column("users", "fax", new_column_name="fax_parked")
`,
      ],
    },
  ],
  plan: offerStagesTogether(dropsColumn, make),
  apply: applyParking,
});
