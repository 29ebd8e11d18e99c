import type { Judged } from "../facts/judged.ts";
import { renderName, sameName } from "../sql/action.ts";
import { at, defineRule, type Found } from "./define.ts";
import { hasReason, isForwardOnly } from "./reversal.ts";

interface Lost extends Found {
  readonly lost: string;
  readonly made: string;
}

/** Does it make again what the other has dropped? */
function makesAgain({ operation: dropped }: Judged, { operation: made }: Judged): boolean {
  if (!dropped.table || !made.table || !sameName(dropped.table, made.table)) return false;
  if (dropped.kind === "drop_table") return made.kind === "create_table";
  return made.kind === "add_column" && dropped.columns.some((one) => made.columns.includes(one));
}

const wordsOf = ({ operation: { kind, table, columns } }: Judged): Omit<Lost, "at"> => {
  const name = table ? renderName(table) : "";
  return kind === "drop_table"
    ? { lost: `the rows of ${name}`, made: "the table" }
    : { lost: `the values of ${columns.map((column) => `${name}.${column}`).join(", ")}`, made: "the column" };
};

export const irreversibleWithoutReason = defineRule({
  id: "irreversible-without-reason",
  group: "reversibility",
  severity: "information",
  recommended: true,
  reach: "project",
  summary: "Data is dropped, and downgrade() makes the place for it again without a word that it is empty.",
  why: `Going back looks as if it had worked: the table or column is there again, and the old code runs, on nothing. Whoever decides in a
hurry whether to go back should read there that the data is gone.`,
  instead: `Say it in downgrade(), in a docstring or a comment; or refuse the way back: \`raise NotImplementedError("the ages are gone")\`.`,
  allowed: [
    "A downgrade with a docstring or comment in your own words, or one that fills what it makes.",
    "Tables and columns that the same revision has made, and columns whose values are copied elsewhere before they go.",
  ],
  sources: ["https://alembic.sqlalchemy.org/en/latest/tutorial.html#downgrading"],
  options: {},
  examples: [
    {
      title: "A column that comes back empty",
      before: `def upgrade():
    op.drop_column("users", "age")


def downgrade():
    op.add_column("users", sa.Column("age", sa.Integer()))
`,
      after: [
        `def upgrade():
    op.drop_column("users", "age")


def downgrade():
    """The ages are gone: take them from the backup."""
    op.add_column("users", sa.Column("age", sa.Integer()))
`,
      ],
    },
  ],
  catches: [
    {
      title: "A table that comes back empty",
      code: `def upgrade():
    op.drop_table("logs")


def downgrade():
    op.create_table("logs", sa.Column("id", sa.Integer()))
`,
    },
    {
      title: "A column dropped by SQL",
      code: `def upgrade():
    op.execute("ALTER TABLE users DROP COLUMN age")


def downgrade():
    op.execute("ALTER TABLE users ADD COLUMN age integer")
`,
    },
  ],
  passes: [
    {
      title: "A way back that is refused",
      code: `def upgrade():
    op.drop_column("users", "age")


def downgrade():
    raise NotImplementedError("the ages are gone")
`,
    },
    {
      title: "A way back that fills the column",
      code: `def upgrade():
    op.drop_column("users", "age")


def downgrade():
    op.add_column("users", sa.Column("age", sa.Integer()))
    op.execute("UPDATE users SET age = extract(year FROM now()) - born")
`,
    },
    {
      title: "Values that are moved to another column first",
      code: `def upgrade():
    op.add_column("users", sa.Column("born", sa.Integer()))
    op.execute("UPDATE users SET born = 2026 - age")
    op.drop_column("users", "age")


def downgrade():
    op.add_column("users", sa.Column("age", sa.Integer()))
    op.drop_column("users", "born")
`,
    },
  ],
  *detect({ judged, upgrade, downgrade, project }) {
    if (downgrade?.form !== "body" || hasReason(downgrade) || isForwardOnly(project)) return;
    const back = judged.filter(({ direction }) => direction === downgrade);
    if (back.some(({ operation, isUnderstood }) => operation.effect === "data" || !isUnderstood)) return;
    const up = judged.filter(({ direction }) => direction === upgrade);
    if (up.some(({ operation, isUnderstood }) => operation.effect === "data" || !isUnderstood)) return;
    for (const one of up) {
      const { kind } = one.operation;
      if ((kind !== "drop_table" && kind !== "drop_column") || !one.isOnExistingTable) continue;
      if (back.some((other) => makesAgain(one, other))) yield { ...at(one), ...wordsOf(one) } satisfies Lost;
    }
  },
  message: ({ lost, made }) => `This drops ${lost}; downgrade() makes ${made} again, empty, and does not say so.`,
});
