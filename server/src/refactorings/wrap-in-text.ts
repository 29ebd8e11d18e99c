import { newEdit } from "../rewrite/edit.ts";
import { wrapInText as wrap } from "../rewrite/text-clause.ts";
import type { TextEdit } from "../text/edit.ts";
import type { Range } from "../text/range.ts";
import { defineRefactoring, type Offer, type Place } from "./define.ts";
import { editedFile } from "./edited.ts";
import { orUnavailable } from "./offering.ts";
import { isAt } from "./place.ts";

function plan(place: Place): Offer<readonly TextEdit[]> {
  const { file } = place;
  const bare = [...file.upgrades, ...file.downgrades].flatMap(({ operations }) =>
    operations.flatMap((operation): readonly Range[] =>
      operation.bareString && isAt(place, operation) ? [operation.bareString] : [],
    ),
  );
  const all = [...new Map(bare.map((range) => [range.start, range])).values()];
  if (!file.isRevision || all.length === 0) return undefined;
  return orUnavailable(() => {
    const edit = newEdit(file);
    for (const range of all) wrap(file, range, edit);
    const which = all.length === 1 ? "the string" : `${all.length} strings`;
    return { plan: edit.build(), title: `Wrap ${which} in text()` };
  });
}

export const wrapInText = defineRefactoring<readonly TextEdit[]>({
  id: "wrap-in-text",
  title: "Wrap the string in text()",
  summary: "Hands a connection or a session `sa.text(…)` in place of a plain string.",
  why: `SQLAlchemy 2 refuses plain strings: the migration stops there, on every new database that runs the history after the update of the library.`,
  keeps: ["The string, letter by letter.", "`op.execute`, cursors and `exec_driver_sql`, which take plain strings."],
  refuses: [
    "Strings with a colon before a word, which `text()` takes for a parameter, in quotes as well.",
    "Strings with parameters of the driver's (`%s`), and `%%`.",
    "Strings that stand in another file.",
  ],
  keepsSchema: true,
  examples: [
    {
      title: "An UPDATE through the connection",
      given: `op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("role", sa.Text()))
`,
      before: `def upgrade() -> None:
    connection = op.get_bind()
    <|>connection.execute("UPDATE users SET role = 'member' WHERE role = 'user'")


def downgrade() -> None:
    pass
`,
      after: [
        `def upgrade() -> None:
    connection = op.get_bind()
    connection.execute(sa.text("UPDATE users SET role = 'member' WHERE role = 'user'"))


def downgrade() -> None:
    pass
`,
      ],
    },
  ],
  plan,
  apply: ({ file }, edits) => editedFile(file, edits),
});
