import type { Direction } from "../model/revision.ts";
import { defineRefactoring, type Offer, type Place } from "./define.ts";
import { orUnavailable, remembered } from "./offering.ts";
import { onlyUpgrade } from "./place.ts";
import { cutByTable } from "./split/cut.ts";
import { absent, whyNever, type SplitPlan } from "./split/revision.ts";
import { applySplit } from "./split/write.ts";

const offerFor = remembered((project, file): Offer<SplitPlan> => {
  const upgrade = onlyUpgrade(file);
  if (!file.isRevision || !upgrade || (file.identifiers.downRevision?.value.length ?? 0) > 1) return undefined;
  const tables = new Set(
    upgrade.operations.flatMap(({ effect, table }) =>
      table && (effect === "schema" || effect === "data") ? [`${table.schema ?? ""}.${table.name}`] : [],
    ),
  );
  if (tables.size < 2) return undefined;
  const reason = whyNever(project, file);
  if (reason !== undefined) return { unavailable: reason };
  return orUnavailable(() => {
    const downgrade: Direction = file.downgrades[0] ?? absent;
    const cut = cutByTable(file, upgrade, downgrade, project);
    return { plan: { upgrade, downgrade, cut }, title: `Split into ${cut.parts.length} revisions, by table` };
  });
});

export const splitByTable = defineRefactoring<SplitPlan>({
  id: "split-by-table",
  title: "Split into a revision for each table",
  summary:
    "Cuts a revision that changes several tables into one for each, in an order that keeps what depends on each other.",
  why: `While a transaction waits for the lock of one table, nobody can use those that it has locked before, and a failure at the last undoes all of them. Apart,
each table is locked for its own change only, and what is done stays done.`,
  keeps: [
    "Every statement, with its comments and its formatting, exactly once.",
    "Every order that matters: over Python names, over tables, columns, rows, constraints and indexes.",
    "Tables of which each waits for the other, in one revision.",
    "The original revision id, on the last part: children, stamped databases and merges stay true.",
    "A downgrade that is pass, raise or absent, in every part; any other is cut by what each statement undoes.",
  ],
  refuses: [
    "Statements about several tables, values and loops that tie all tables together.",
    "A statement that is not understood: it could be about any table.",
    "A downgrade with a statement that undoes something of several tables, or that is not understood.",
    "Merges, revisions of several databases, and projects on SQLite.",
  ],
  keepsSchema: true,
  keepsOperations: true,
  createsFiles: true,
  examples: [
    {
      title: "Two tables and their foreign key",
      given: `op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
op.create_table("orders", sa.Column("id", sa.Integer(), primary_key=True))
`,
      before: `def upgrade() -> None:
    <|>op.add_column("users", sa.Column("name", sa.Text()))
    op.add_column("orders", sa.Column("user_id", sa.Integer()))
    op.create_index("ix_name", "users", ["name"])
    op.create_foreign_key("fk_user", "orders", "users", ["user_id"], ["id"])


def downgrade() -> None:
    op.drop_constraint("fk_user", "orders")
    op.drop_index("ix_name", "users")
    op.drop_column("orders", "user_id")
    op.drop_column("users", "name")
`,
      after: [
        `def upgrade() -> None:
    op.add_column("users", sa.Column("name", sa.Text()))
    op.create_index("ix_name", "users", ["name"])


def downgrade() -> None:
    op.drop_index("ix_name", "users")
    op.drop_column("users", "name")
`,
        `def upgrade() -> None:
    op.add_column("orders", sa.Column("user_id", sa.Integer()))
    op.create_foreign_key("fk_user", "orders", "users", ["user_id"], ["id"])


def downgrade() -> None:
    op.drop_constraint("fk_user", "orders")
    op.drop_column("orders", "user_id")
`,
      ],
    },
  ],
  plan: ({ project, file }: Place) => offerFor(project, file),
  apply: applySplit,
});
