import { addedBy } from "../facts/enum-values.ts";
import { judgedIn } from "../facts/judged.ts";
import type { Direction, Operation, RevisionFile } from "../model/revision.ts";
import type { Project } from "../project/snapshot.ts";
import { newEdit } from "../rewrite/edit.ts";
import { lineOf, Refused } from "../rewrite/refused.ts";
import { scan } from "../sql/scan.ts";
import type { TextEdit } from "../text/edit.ts";
import { slice } from "../text/range.ts";
import { applyApart, offerApart, type ApartPlan, type Candidates, type Conversion } from "./apart.ts";
import { defineRefactoring } from "./define.ts";

function findAdded(project: Project, file: RevisionFile, direction: Direction): Candidates | undefined {
  if (project.config.dialect !== "postgresql") return undefined;
  if (!direction.operations.some(({ details }) => details.enumValue === "added")) return undefined;
  const judged = judgedIn(project, file, direction);
  const operations = judged
    .filter((one) => !one.isAutocommit && addedBy(one) !== undefined)
    .map(({ operation }) => operation);
  return operations.length > 0 ? { direction, operations, judged } : undefined;
}

/** What is committed by itself must be passed over when the revision is run again. */
function edits(file: RevisionFile, operations: readonly Operation[]): readonly TextEdit[] {
  const edit = newEdit(file);
  for (const operation of operations) {
    const { context, range, details, sql = "" } = operation;
    if (context.some(({ kind }) => kind === "branch" || kind === "try"))
      throw new Refused(`The value on ${lineOf(file, range)} is added only where a test or a try block allows it.`);
    if (details.ifNotExists) continue;
    const place = scan(sql, "postgresql").find((token) => slice(sql, token).toUpperCase() === "VALUE");
    if (!place) throw new Refused(`What is on ${lineOf(file, range)} is not SQL in a string of this file.`);
    edit.replaceSql(operation, { start: place.end, end: place.end }, " IF NOT EXISTS");
  }
  edit.autocommit(operations);
  return edit.build();
}

const inAutocommit: Conversion<undefined> = {
  find: findAdded,
  learn: () => undefined,
  edits,
  title: ({ length }) => `Add ${length === 1 ? "the value" : `${length} values`} in an autocommit block`,
  notes: () => [],
};

export const addEnumValue = defineRefactoring<ApartPlan>({
  id: "add-enum-value",
  title: "Add the value in an autocommit block",
  summary: "Adds values of an enum in a transaction of their own, so that they can be used at once.",
  why: `PostgreSQL lets nobody use a new value of an enum before the transaction that adds it has ended. With Alembic's usual env.py that is the end of the whole
upgrade, so that this revision and all that come after it fail where they use the value; before version 12 ADD VALUE itself was refused.`,
  keeps: [
    "The value, and its place among the others.",
    "A revision that can be run again: a value that is there already is passed over.",
    "Everything else of the revision, in a revision of its own where it would be committed too early.",
  ],
  refuses: [
    "Values that are added under a test or in a try block.",
    "SQL that is put together from parts, or that stands in a helper.",
    "A revision whose other statements have to come both before and after.",
  ],
  keepsSchema: true,
  createsFiles: true,
  examples: [
    {
      title: "A value that is used at once",
      given: `op.create_table("days", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("mood", sa.Enum("sad", "ok", name="mood")))
`,
      before: `def upgrade() -> None:
    <|>op.execute("ALTER TYPE mood ADD VALUE 'glad' AFTER 'ok'")
    op.execute("UPDATE days SET mood = 'glad' WHERE mood = 'ok'")


def downgrade() -> None:
    op.execute("UPDATE days SET mood = 'ok' WHERE mood = 'glad'")
`,
      after: [
        `def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE mood ADD VALUE IF NOT EXISTS 'glad' AFTER 'ok'")
    op.execute("UPDATE days SET mood = 'glad' WHERE mood = 'ok'")


def downgrade() -> None:
    op.execute("UPDATE days SET mood = 'ok' WHERE mood = 'glad'")
`,
      ],
    },
  ],
  plan: offerApart(inAutocommit),
  apply: applyApart,
});
