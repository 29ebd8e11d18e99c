import type { Judged } from "../facts/judged.ts";
import { parkedName } from "../facts/parked.ts";
import type { Operation } from "../model/revision.ts";
import { lineOf, Refused } from "../rewrite/refused.ts";
import { keyOf } from "../schema/replay/schema.ts";
import { renderName, sameName, type QualifiedName } from "../sql/action.ts";
import { renderFullName } from "../sql/quote.ts";
import { defineRefactoring } from "./define.ts";
import type { Code } from "./downgrade/code.ts";
import { applyParking, downgradeNotes, parkingStages, type Parking } from "./parking.ts";
import { alsoAbout, offerStagesTogether, receiverOf, type StagesPlan, type StagingTogether } from "./staged.ts";

const dropsTable = ({ kind }: Operation): boolean => kind === "drop_table";

function make(staging: StagingTogether): { readonly plan: StagesPlan; readonly title: string } {
  const { file, all } = staging;
  const taken: string[] = [];
  const parkings = all.map((judged) => parkingOf(staging, judged, taken));
  const [only] = parkings;
  return {
    plan: { stages: parkingStages(staging, parkings, receiverOf), notes: downgradeNotes(file) },
    title:
      only && parkings.length === 1
        ? `Rename ${only.words} to ${taken[0] ?? ""}, and drop it in a revision of its own`
        : `Rename ${parkings.length} tables, and drop them in a revision of their own`,
  };
}

/** @throws Refused where the revision goes on with the table, or where it may not be there. */
function parkingOf({ file, upgrade }: StagingTogether, judged: Judged, taken: string[]): Parking {
  const { operation, schema, index } = judged;
  const { table, details } = operation;
  const at = lineOf(file, operation.range);
  if (!table) throw new Refused(`The table on ${at} is not known.`);
  const words = renderName(table);
  if (details.ifExists) throw new Refused(`${words} is dropped on ${at} only if it is there.`);
  const [later] = alsoAbout(upgrade.operations.slice(index + 1), table);
  if (later) throw new Refused(`What is done on ${lineOf(file, later.range)} may be about ${words} after it is gone.`);
  const name = parkedName(
    table.name,
    (candidate) => typeof schema.table({ ...table, name: candidate }) === "object" || taken.includes(candidate),
  );
  taken.push(name);
  const parked: QualifiedName = { ...table, name };
  return {
    judged,
    words,
    park: (code) => rename(code, table, name),
    unpark: (code) => rename(code, parked, table.name),
    drop: (code) =>
      details.cascade
        ? code.call(`${code.op}.execute`, code.text(`DROP TABLE ${renderFullName(parked)} CASCADE`))
        : code.call(`${code.op}.drop_table`, code.text(name), code.schema(table)),
    restores: ({ kind, table: made }) =>
      kind === "create_table" && made !== undefined && (sameName(made, table) || keyOf(made) === keyOf(table)),
  };
}

const rename = (code: Code, table: QualifiedName, to: string): string =>
  code.call(`${code.op}.rename_table`, code.text(table.name), code.text(to), code.schema(table));

export const parkDroppedTable = defineRefactoring<StagesPlan>({
  id: "park-dropped-table",
  title: "Rename the table first, and drop it later",
  summary: "Gives tables that are dropped another name, and drops them in a revision of their own.",
  why: `Code that still uses a dropped table fails, and its rows are gone for good. Code that still uses a renamed one fails as well, and one command gives
it back with all that it holds. Once nobody has missed the table for a while, the second revision drops it.`,
  keeps: [
    "The schema in the end, and all else that the revision does, in the first of the two.",
    "Indexes, constraints and sequences of the table, with their names, until it is dropped.",
    "The original revision id, on the second: children, stamped databases and merges stay true.",
    "downgrade(): from the second what brings the table back, from the first the old name; where it raises, the first still gives the name back if there is nothing else to undo.",
  ],
  refuses: [
    "Tables that are dropped only if they are there, in a loop, under a test or in a helper.",
    "A revision that goes on with the table, or makes it anew.",
    "A downgrade() that does not create the table again in a statement of its own.",
    "Merges and revisions of several databases.",
  ],
  keepsSchema: true,
  createsFiles: true,
  examples: [
    {
      title: "A table that no code should need any more",
      given: `op.create_table("audit_log", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("text", sa.Text()))
`,
      before: `def upgrade() -> None:
    <|>op.drop_table("audit_log")


def downgrade() -> None:
    op.create_table("audit_log", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("text", sa.Text()))
`,
      after: [
        `def upgrade() -> None:
    op.rename_table("audit_log", "audit_log_parked")


def downgrade() -> None:
    op.rename_table("audit_log_parked", "audit_log")
`,
        `def upgrade() -> None:
    op.drop_table("audit_log_parked")


def downgrade() -> None:
    op.create_table("audit_log", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("text", sa.Text()))
    op.rename_table("audit_log", "audit_log_parked")
`,
      ],
    },
  ],
  plan: offerStagesTogether(dropsTable, make),
  apply: applyParking,
});
