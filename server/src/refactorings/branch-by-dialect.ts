import type { Operation, RevisionFile } from "../model/revision.ts";
import { newEdit } from "../rewrite/edit.ts";
import { isDialectal, speechOf, type Speech } from "../sql/translate.ts";
import type { TextEdit } from "../text/edit.ts";
import { defineRefactoring, type Offer, type Place } from "./define.ts";
import { executedBy, translated, withSql } from "./dialects/branch.ts";
import { editedFile } from "./edited.ts";
import { orUnavailable, remembered } from "./offering.ts";
import { isAt } from "./place.ts";

interface Found {
  readonly operation: Operation;
  readonly offer: Offer<readonly TextEdit[]>;
}

const find = remembered((project, file): readonly Found[] => {
  const own = speechOf(project.config.dialect);
  if (!file.isRevision || own === undefined) return [];
  return [...file.upgrades, ...file.downgrades].flatMap(({ operations }) =>
    operations
      .filter((one) => isRows(one) && !isBranched(one) && isDialectal(one.sql ?? "", own))
      .map((operation) => ({
        operation,
        offer: orUnavailable(() => ({
          plan: branch(file, operation, own),
          title: "Branch on the dialect: PostgreSQL, MySQL and SQLite",
        })),
      })),
  );
});

const isRows = ({ effect, via, refusal }: Operation): boolean =>
  effect === "data" && via === "sql" && refusal === undefined;

const isBranched = ({ context }: Operation): boolean =>
  context.some((one) => one.kind === "branch" && one.on === "dialect");

const tests: Readonly<Record<Speech, string>> = {
  postgresql: '== "postgresql"',
  mysql: 'in ("mysql", "mariadb")',
  sqlite: '== "sqlite"',
};

function branch(file: RevisionFile, operation: Operation, own: Speech): readonly TextEdit[] {
  const executed = executedBy(file, operation);
  const edit = newEdit(file);
  const used = new Set(file.text.match(/\w+/g) ?? []);
  const dialect = used.has("dialect") ? "dialect_name" : "dialect";
  const speeches = [own, ...(["postgresql", "mysql", "sqlite"] as const).filter((one) => one !== own)];
  const arms = speeches.flatMap((speech, i) => [
    `${i === 0 ? "if" : "elif"} ${dialect} ${tests[speech]}:`,
    `    ${speech === own ? `${executed.callee}(${executed.plain})` : withSql(file, edit, executed, translated(file, operation, executed.sql, [own, speech]))}`,
  ]);
  const lines = [
    `${dialect} = ${edit.addImport("alembic.op")}.get_context().dialect.name`,
    ...arms,
    "else:",
    `    raise NotImplementedError(f"There is no SQL for {${dialect}} here.")`,
  ];
  edit.replaceStatement(operation, lines.join("\n"));
  return edit.build();
}

export const branchByDialect = defineRefactoring<readonly TextEdit[]>({
  id: "branch-by-dialect",
  title: "Branch on the dialect",
  summary: "Makes of one statement a branch on the dialect, with the forms of PostgreSQL, MySQL and SQLite.",
  why: `The year of a date, a part of a string, concatenation and the present moment are written differently on every server. A history that runs on one in
production and on another in tests needs each form, and the one that is not tested is the one that fails.`,
  keeps: [
    "The statement as it is, for the project's own dialect.",
    "What it means: a form is written only where it gives the same, NULL and missing parts included; each dialect's own grammar reads the same statement in it.",
  ],
  refuses: [
    "Functions, operators and casts that are not known to mean the same in all three, by name.",
    "SQL that is put together from parts, that takes parameters, or that stands in a helper.",
    "An UPDATE with FROM, and several commands in one text.",
  ],
  keepsSchema: true,
  examples: [
    {
      title: "The year, a part of a name, and a label",
      given: `op.create_table(
    "users",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("full_name", sa.Text()),
    sa.Column("first_name", sa.Text()),
    sa.Column("label", sa.Text()),
    sa.Column("created_year", sa.Integer()),
    sa.Column("created_at", sa.DateTime()),
)
`,
      before: `def upgrade() -> None:
    <|>op.execute(
        """
        UPDATE users
           SET created_year = EXTRACT(YEAR FROM created_at),
               first_name = split_part(full_name, ' ', 1),
               label = full_name || ' (' || id || ')'
         WHERE created_at < now()
        """
    )


def downgrade() -> None:
    pass
`,
      after: [
        `def upgrade() -> None:
    dialect = op.get_context().dialect.name
    if dialect == "postgresql":
        op.execute("""
        UPDATE users
           SET created_year = EXTRACT(YEAR FROM created_at),
               first_name = split_part(full_name, ' ', 1),
               label = full_name || ' (' || id || ')'
         WHERE created_at < now()
        """)
    elif dialect in ("mysql", "mariadb"):
        op.execute("""
        UPDATE users
           SET created_year = YEAR(created_at),
               first_name = SUBSTRING_INDEX(full_name, ' ', 1),
               label = CONCAT(full_name, ' (', id, ')')
         WHERE created_at < NOW()
        """)
    elif dialect == "sqlite":
        op.execute("""
        UPDATE users
           SET created_year = CAST(strftime('%Y', created_at) AS INTEGER),
               first_name = substr(full_name, 1, instr(full_name || ' ', ' ') - 1),
               label = full_name || ' (' || id || ')'
         WHERE created_at < datetime('now')
        """)
    else:
        raise NotImplementedError(f"There is no SQL for {dialect} here.")


def downgrade() -> None:
    pass
`,
      ],
    },
  ],
  plan: (place: Place) => find(place.project, place.file).find(({ operation }) => isAt(place, operation))?.offer,
  apply: ({ file }, edits) => editedFile(file, edits),
});
