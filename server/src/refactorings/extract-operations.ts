import type { Direction, Statement } from "../model/revision.ts";
import { defineRefactoring, type Offer, type Place } from "./define.ts";
import { orUnavailable } from "./offering.ts";
import { onlyUpgrade, selectedIn } from "./place.ts";
import { cutOut } from "./split/cut.ts";
import { absent, whyNever, type SplitPlan } from "./split/revision.ts";
import { applySplit } from "./split/write.ts";

const acts = ({ operations }: Statement): boolean => operations.length > 0;

function plan(place: Place): Offer<SplitPlan> {
  const { project, file, range } = place;
  const upgrade = onlyUpgrade(file);
  if (!upgrade || range.start === range.end || !file.isRevision) return undefined;
  const chosen = selectedIn(upgrade, place);
  const rest = upgrade.statements.filter((statement) => !chosen.includes(statement));
  if (!chosen.some(acts) || !rest.some(acts)) return undefined;
  const reason = whyNever(project, file);
  if (reason !== undefined) return { unavailable: reason };
  return orUnavailable(() => {
    const downgrade: Direction = file.downgrades[0] ?? absent;
    const { place: where, ...cut } = cutOut(file, upgrade, downgrade, project, new Set(chosen));
    const which = chosen.filter(acts).length === 1 ? "the statement" : `${chosen.filter(acts).length} statements`;
    return {
      plan: { upgrade, downgrade, cut },
      title: `Move ${which} to a revision of ${which === "the statement" ? "its" : "their"} own, ${where === "first" ? "before" : "after"} the rest`,
    };
  });
}

export const extractOperations = defineRefactoring<SplitPlan>({
  id: "extract-operations",
  title: "Move the selected statements to a revision of their own",
  summary:
    "Moves selected statements of a revision to one of their own: after the rest where they can be, else before it.",
  why: `What is in one revision is in one transaction: its locks are held until the last statement is done, and a failure undoes all of it. What
takes long, or may fail, is better run alone.`,
  keeps: [
    "Every statement, with its comments and its formatting, exactly once.",
    "Every order that matters: over Python names, over tables, columns, rows, constraints and indexes.",
    "The original revision id, on the later of the two: children, stamped databases and merges stay true.",
    "A downgrade that is pass, raise or absent, in both; any other is cut by what each statement undoes.",
  ],
  refuses: [
    "Statements that the rest needs both before and after it.",
    "Statements that share values, rows or a loop with the rest.",
    "A downgrade with a statement that undoes some of both, or that is not understood.",
    "Merges, revisions of several databases, and projects on SQLite.",
  ],
  keepsSchema: true,
  keepsOperations: true,
  createsFiles: true,
  examples: [
    {
      title: "A constraint apart from the column",
      given: `op.create_table("orders", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("total", sa.Integer()))
`,
      before: `def upgrade() -> None:
    op.add_column("orders", sa.Column("currency", sa.String(3)))
    <|>op.create_check_constraint("ck_total", "orders", "total >= 0")<|>


def downgrade() -> None:
    op.drop_constraint("ck_total", "orders")
    op.drop_column("orders", "currency")
`,
      after: [
        `def upgrade() -> None:
    op.add_column("orders", sa.Column("currency", sa.String(3)))


def downgrade() -> None:
    op.drop_column("orders", "currency")
`,
        `def upgrade() -> None:
    op.create_check_constraint("ck_total", "orders", "total >= 0")


def downgrade() -> None:
    op.drop_constraint("ck_total", "orders")
`,
      ],
    },
  ],
  plan,
  apply: applySplit,
});
