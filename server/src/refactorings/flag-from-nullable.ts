import type { Column } from "../schema/state.ts";
import { keyOf } from "../schema/replay/schema.ts";
import { renderName, type ColumnDefinition } from "../sql/action.ts";
import { renderFullName } from "../sql/quote.ts";
import { defineRefactoring } from "./define.ts";
import { applyEditsPlan, type EditsPlan } from "./edited.ts";
import { offerMove, type Dropped, type Move } from "./moved-values.ts";
import { quote } from "./twin/code.ts";

const prefixes = ["is_", "has_", "was_"];
const suffixes = ["_at", "_on", "_date", "_time", "_since", "_by"];

/** `deleted` for `is_deleted` and for `deleted_at`. */
const withoutPrefix = (name: string): string => {
  const prefix = prefixes.find((one) => name.startsWith(one));
  return prefix === undefined ? name : name.slice(prefix.length);
};
const withoutSuffix = (name: string): string => {
  const suffix = suffixes.find((one) => name.endsWith(one));
  return suffix === undefined ? name : name.slice(0, -suffix.length);
};

const isFlagOf = (flag: ColumnDefinition, column: Column): boolean =>
  flag.sqlType?.name === "boolean" &&
  flag.sqlType.dimensions === 0 &&
  flag.generated === undefined &&
  withoutPrefix(flag.name) === withoutSuffix(column.name) &&
  flag.name !== column.name;

function learn({ table, column, before }: Dropped): Move | undefined {
  if (column.nullable !== true) return undefined;
  const found = before.flatMap((operation) => {
    const { kind, table: on, details } = operation;
    const [flag, ...others] = details.definitions ?? [];
    return kind === "add_column" &&
      on &&
      keyOf(on) === keyOf(table.name) &&
      flag &&
      others.length === 0 &&
      isFlagOf(flag, column)
      ? [{ operation, flag }]
      : [];
  });
  const [only, ...others] = found;
  if (!only || others.length > 0) return undefined;
  const [full, from, to] = [renderFullName(table.name), quote(column.name), quote(only.flag.name)];
  return {
    makes: [only.operation],
    there: [`UPDATE ${full} SET ${to} = (${from} IS NOT NULL)`],
    back: [],
    title: `Set ${renderName(table.name)}.${only.flag.name} where ${column.name} has a value, before it goes`,
    notes: [`What ${column.name} says beyond that goes with the column.`],
  };
}

export const flagFromNullable = defineRefactoring<EditsPlan>({
  id: "flag-from-nullable",
  title: "Set the flag from the column that goes",
  summary:
    "Sets a boolean that is added, such as is_deleted, in the rows in which a column that is dropped, such as deleted_at, has a value.",
  why: `Autogenerate adds the flag and drops the column, and knows nothing of what the one says about the other: afterwards no row is deleted any more.`,
  keeps: [
    "The schema, and every statement of the revision.",
    "In which rows the column had a value; that it is kept is the difference.",
  ],
  refuses: [
    "A flag that is added in the statement or the batch block that drops the column.",
    "What stands in a loop, under a test or in a helper.",
  ],
  keepsSchema: true,
  examples: [
    {
      title: "Rows that were deleted at some time",
      given: `op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("deleted_at", sa.DateTime()))
`,
      before: `def upgrade() -> None:
    op.add_column("users", sa.Column("is_deleted", sa.Boolean(), server_default=sa.false(), nullable=False))
    <|>op.drop_column("users", "deleted_at")


def downgrade() -> None:
    op.add_column("users", sa.Column("deleted_at", sa.DateTime()))
    op.drop_column("users", "is_deleted")
`,
      after: [
        `def upgrade() -> None:
    op.add_column("users", sa.Column("is_deleted", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute("UPDATE users SET is_deleted = (deleted_at IS NOT NULL)")
    op.drop_column("users", "deleted_at")


def downgrade() -> None:
    op.add_column("users", sa.Column("deleted_at", sa.DateTime()))
    op.drop_column("users", "is_deleted")
`,
      ],
    },
  ],
  plan: offerMove(learn),
  apply: applyEditsPlan,
});
