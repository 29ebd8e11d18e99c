import { appliesTo } from "../model/applies.ts";
import type { Operation, RevisionFile } from "../model/revision.ts";
import type { Project } from "../project/snapshot.ts";
import { newEdit } from "../rewrite/edit.ts";
import { Refused } from "../rewrite/refused.ts";
import { speechOf, type Speech } from "../sql/translate.ts";
import type { TextEdit } from "../text/edit.ts";
import { defineRefactoring, type Offer, type Place } from "./define.ts";
import { executedBy, names, translated, withSql } from "./dialects/branch.ts";
import { editedFile } from "./edited.ts";
import { orUnavailable, remembered } from "./offering.ts";
import { isAt } from "./place.ts";

interface Found {
  readonly operation: Operation;
  readonly offer: Offer<readonly TextEdit[]>;
}

const find = remembered((project, file): readonly Found[] =>
  file.isRevision
    ? [...file.upgrades, ...file.downgrades].flatMap(({ operations }) =>
        operations
          .filter((one) => one.refusal?.speaks !== undefined && appliesTo(one, project.config.dialect))
          .map((operation) => ({ operation, offer: orUnavailable(() => offerOf(project, file, operation)) })),
      )
    : [],
);

function offerOf({ config }: Project, file: RevisionFile, operation: Operation): Offer<readonly TextEdit[]> {
  const from = operation.refusal?.speaks && speechOf(operation.refusal.speaks);
  const to = speechOf(config.dialect);
  if (from === undefined || to === undefined || from === to) return undefined;
  return { plan: translateTo(file, operation, [from, to]), title: `Translate the SQL to ${names[to]}` };
}

function translateTo(
  file: RevisionFile,
  operation: Operation,
  speeches: readonly [Speech, Speech],
): readonly TextEdit[] {
  const executed = executedBy(file, operation);
  const edit = newEdit(file);
  const sql = translated(file, operation, executed.sql, speeches);
  if (sql === executed.sql) throw new Refused("The SQL would be the same.");
  edit.replaceStatement(operation, withSql(file, edit, executed, sql));
  return edit.build();
}

export const translateSql = defineRefactoring<readonly TextEdit[]>({
  id: "translate-sql",
  title: "Translate the SQL to the project's dialect",
  summary: "Puts a statement that was written for another server into the words of the project's own.",
  why: `SQL that was copied from an example, or from another project, stops the migration at its first word that this server does not know.`,
  keeps: [
    "What the statement means, where it is known to be the same in both; the server's own grammar must take the result.",
  ],
  refuses: [
    "Functions, operators and casts that are not known to mean the same, by name.",
    "Changes of the schema, SQL that is put together from parts, that takes parameters, or that stands in a helper.",
  ],
  keepsSchema: true,
  examples: [
    {
      title: "MySQL's words on PostgreSQL",
      given: `op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.Text()))
`,
      before: `def upgrade() -> None:
    <|>op.execute("UPDATE \`users\` SET \`name\` = CONCAT('user ', id) WHERE \`name\` IS NULL")


def downgrade() -> None:
    pass
`,
      after: [
        `def upgrade() -> None:
    op.execute("UPDATE \\"users\\" SET \\"name\\" = ('user ' || id) WHERE \\"name\\" IS NULL")


def downgrade() -> None:
    pass
`,
      ],
    },
  ],
  plan: (place: Place) => find(place.project, place.file).find(({ operation }) => isAt(place, operation))?.offer,
  apply: ({ file }, edits) => editedFile(file, edits),
});
