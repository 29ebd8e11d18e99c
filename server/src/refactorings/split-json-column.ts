import type { Operation } from "../model/revision.ts";
import { keyOf } from "../schema/replay/schema.ts";
import { renderLiteral } from "../schema/statements.ts";
import { joinWords } from "../schema/wording.ts";
import { renderName, type ColumnDefinition } from "../sql/action.ts";
import { renderColumnType } from "../sql/postgres/type-text.ts";
import { renderFullName } from "../sql/quote.ts";
import { defineRefactoring } from "./define.ts";
import { applyEditsPlan, type EditsPlan } from "./edited.ts";
import { offerMove, type Dropped, type Move } from "./moved-values.ts";
import { quote } from "./twin/code.ts";

interface Added {
  readonly operation: Operation;
  readonly definition: ColumnDefinition;
}

/** Columns that the revision has added to the table, without a value of their own. */
const addedTo = ({ before, table }: Dropped): readonly Added[] =>
  before.flatMap((operation) => {
    const { kind, table: on, details } = operation;
    const [definition, ...others] = details.definitions ?? [];
    const isPlain = definition?.sqlType && definition.generated === undefined && others.length === 0;
    return kind === "add_column" && on && keyOf(on) === keyOf(table.name) && definition && isPlain
      ? [{ operation, definition }]
      : [];
  });

function learn(dropped: Dropped): Move | undefined {
  const { table, column } = dropped;
  const kind = column.type?.name;
  const added = addedTo(dropped);
  if ((kind !== "json" && kind !== "jsonb") || column.type?.dimensions !== 0 || added.length === 0) return undefined;
  const [full, from] = [renderFullName(table.name), quote(column.name)];
  const sets = added.map(({ definition }) => `${quote(definition.name)} = ${valueOf(from, definition)}`);
  const parts = added.map(({ definition: { name } }) => `${renderLiteral(name)}, ${quote(name)}`);
  const names = added.map(({ definition: { name } }) => name);
  return {
    makes: added.map(({ operation }) => operation),
    there: [`UPDATE ${full} SET ${sets.join(", ")} WHERE ${from} IS NOT NULL`],
    back: [`UPDATE ${full} SET ${from} = ${kind}_strip_nulls(${kind}_build_object(${parts.join(", ")}))`],
    title: `Fill ${joinWords(names)} from ${renderName(table.name)}.${column.name} before it goes`,
    notes: [`Keys of ${column.name} other than ${joinWords(names)} go with the column.`],
  };
}

const plainTexts = new Set(["text", "character varying"]);

/** As text, which the server converts as it would any text; a key that is not there gives NULL. */
function valueOf(from: string, { name, sqlType }: ColumnDefinition): string {
  const key = renderLiteral(name);
  if (!sqlType || sqlType.name === "jsonb" || sqlType.name === "json") return `${from} -> ${key}`;
  const text = `${from} ->> ${key}`;
  return plainTexts.has(sqlType.name) && sqlType.dimensions === 0 ? text : `(${text})::${renderColumnType(sqlType)}`;
}

export const splitJsonColumn = defineRefactoring<EditsPlan>({
  id: "split-json-column",
  title: "Fill the new columns from the JSON column before it goes",
  summary:
    "Moves the values of a JSON column that is dropped into the columns that the revision adds, by their names as keys.",
  why: `Autogenerate sees columns that are new and one that is gone, and nothing of the values between them: run as it stands, the revision throws them away.`,
  keeps: [
    "The schema, and every statement of the revision.",
    "What the JSON column holds under the names of the new columns; that it is kept is the difference.",
    "The way back, where downgrade() adds the JSON column before it drops the others.",
  ],
  refuses: [
    "Columns that are added in the statement or the batch block that drops the JSON column.",
    "What stands in a loop, under a test or in a helper.",
  ],
  keepsSchema: true,
  examples: [
    {
      title: "An address that gets columns of its own",
      given: `op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("address", sa.JSON()))
`,
      before: `def upgrade() -> None:
    op.add_column("users", sa.Column("city", sa.Text()))
    op.add_column("users", sa.Column("floor", sa.Integer()))
    <|>op.drop_column("users", "address")


def downgrade() -> None:
    op.add_column("users", sa.Column("address", sa.JSON()))
    op.drop_column("users", "floor")
    op.drop_column("users", "city")
`,
      after: [
        `def upgrade() -> None:
    op.add_column("users", sa.Column("city", sa.Text()))
    op.add_column("users", sa.Column("floor", sa.Integer()))
    op.execute("UPDATE users SET city = address ->> 'city', floor = (address ->> 'floor')::integer WHERE address IS NOT NULL")
    op.drop_column("users", "address")


def downgrade() -> None:
    op.add_column("users", sa.Column("address", sa.JSON()))
    op.execute("UPDATE users SET address = json_strip_nulls(json_build_object('city', city, 'floor', floor))")
    op.drop_column("users", "floor")
    op.drop_column("users", "city")
`,
      ],
    },
  ],
  plan: offerMove(learn),
  apply: applyEditsPlan,
});
