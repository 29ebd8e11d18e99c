import type { Judged } from "../facts/judged.ts";
import { playedIn } from "../facts/played.ts";
import { tryEdit } from "../rewrite/edit.ts";
import { keyOf } from "../schema/replay/schema.ts";
import type { Schema } from "../schema/state.ts";
import { renderName, type QualifiedName } from "../sql/action.ts";
import { quoteName } from "../sql/quote.ts";
import { defineRule, type Found } from "./define.ts";
import { upgradeOf } from "./losses.ts";

interface Left extends Found {
  readonly name: QualifiedName;
  /** What takes away the last that had the type. */
  readonly dropping: Judged | undefined;
}

const hasType = (schema: Schema, type: QualifiedName): boolean =>
  [...schema.tables].some(({ columns }) =>
    columns.some((column) => column.type !== undefined && keyOf(column.type) === keyOf(type)),
  );

/** Types that the upgrade makes, and fails to make where they are there. */
const madeBy = (upgrade: readonly Judged[]): readonly QualifiedName[] =>
  upgrade.flatMap((one) =>
    one.isUnderstood && one.operation.kind !== "alter_type" && one.operation.details.ifNotExists !== true
      ? (one.operation.details.enumTypes ?? []).flatMap(({ name }) =>
          one.schema.enumType(name) === "absent" ? [name] : [],
        )
      : [],
  );

/** The operation of the downgrade that takes away a table or column of the type. */
const droppingOf = (downgrade: readonly Judged[], type: QualifiedName): Judged | undefined =>
  downgrade.findLast(({ operation: { kind, table, columns }, schema }) => {
    const known = table && schema.table(table);
    if (typeof known !== "object" || (kind !== "drop_table" && kind !== "drop_column")) return false;
    return known.columns.some(
      (column) =>
        column.type !== undefined &&
        keyOf(column.type) === keyOf(type) &&
        (kind === "drop_table" || columns.includes(column.name)),
    );
  });

const renderSqlName = ({ schema, name }: QualifiedName): string =>
  [schema, name].flatMap((part) => (part === undefined ? [] : [quoteName(part, "postgresql")])).join(".");

export const enumLeftBehind = defineRule({
  id: "enum-left-behind",
  group: "reversibility",
  severity: "warning",
  recommended: true,
  dialects: ["postgresql"],
  summary: "The downgrade drops the column or table, and leaves the enum type that came with it.",
  why: `SQLAlchemy creates the type of an Enum column together with its table, but Alembic's \`drop_table\` and \`drop_column\` know nothing
of the type and leave it there. After a downgrade the next upgrade fails: the type exists already.`,
  instead: `Drop the type at the end of the downgrade, after all that uses it: \`op.execute("DROP TYPE mood")\`, or
\`sa.Enum(name="mood").drop(op.get_bind())\`.`,
  allowed: [
    "Types that the upgrade creates only if they are not there (`checkfirst=True`): to leave them does no harm.",
    "Types that columns still have after the downgrade.",
    "Downgrades that are missing, empty, or raise; and those of which something was not understood.",
  ],
  sources: [
    "https://docs.sqlalchemy.org/en/20/dialects/postgresql.html#sqlalchemy.dialects.postgresql.ENUM",
    "https://www.postgresql.org/docs/current/sql-droptype.html",
  ],
  options: {},
  examples: [
    {
      title: "A table with an Enum column",
      before: `-- versions/0001_days.py --
def upgrade():
    op.create_table("days", sa.Column("mood", sa.Enum("sad", "ok", name="mood")))


def downgrade():
    op.drop_table("days")
`,
      after: [
        `-- versions/0001_days.py --
def upgrade():
    op.create_table("days", sa.Column("mood", sa.Enum("sad", "ok", name="mood")))


def downgrade():
    op.drop_table("days")
    op.execute("DROP TYPE mood")
`,
      ],
    },
  ],
  catches: [
    {
      title: "A type that is created by hand, for a column",
      code: `def upgrade():
    sa.Enum("sad", "ok", name="mood").create(op.get_bind())
    op.add_column("users", sa.Column("mood", sa.Enum("sad", "ok", name="mood")))


def downgrade():
    op.drop_column("users", "mood")
`,
    },
    {
      title: "CREATE TYPE as SQL",
      code: `def upgrade():
    op.execute("CREATE TYPE mood AS ENUM ('sad', 'ok')")
    op.execute("CREATE TABLE days (mood mood)")


def downgrade():
    op.execute("DROP TABLE days")
`,
    },
  ],
  passes: [
    {
      title: "A type that is dropped by SQLAlchemy",
      code: `def upgrade():
    op.create_table("days", sa.Column("mood", sa.Enum("sad", "ok", name="mood")))


def downgrade():
    op.drop_table("days")
    sa.Enum(name="mood").drop(op.get_bind(), checkfirst=False)
`,
    },
    {
      title: "A type that is created only if it is not there",
      code: `def upgrade():
    sa.Enum("sad", "ok", name="mood").create(op.get_bind(), checkfirst=True)
    op.add_column("users", sa.Column("mood", sa.Enum("sad", "ok", name="mood")))


def downgrade():
    op.drop_column("users", "mood")
`,
    },
    {
      title: "A downgrade that is refused",
      code: `def upgrade():
    op.create_table("days", sa.Column("mood", sa.Enum("sad", "ok", name="mood")))


def downgrade():
    raise NotImplementedError("rows would be lost")
`,
    },
    {
      title: "An enum that is no type but a CHECK",
      code: `def upgrade():
    op.create_table("days", sa.Column("mood", sa.Enum("sad", "ok", name="mood", native_enum=False)))


def downgrade():
    op.drop_table("days")
`,
    },
  ],
  *detect(subject) {
    const { project, file, downgrade } = subject;
    if (downgrade?.form !== "body" || downgrade.nameRange === undefined) return;
    const made = madeBy(upgradeOf(subject));
    if (made.length === 0) return;
    const after = playedIn(project, file, downgrade)?.after;
    const back = subject.judged.filter(({ direction }) => direction === downgrade);
    for (const name of made) {
      const left = after?.enumType(name);
      if (after === undefined || typeof left !== "object" || left.values === undefined || hasType(after, name))
        continue;
      const dropping = droppingOf(back, name);
      const found: Left = { at: dropping?.operation.nameRange ?? downgrade.nameRange, name, dropping };
      yield found;
    }
  },
  message: ({ name }) =>
    `The enum "${renderName(name)}" is still there after this downgrade, so that the next upgrade fails to create it.`,
  repair: {
    safety: "safe",
    title: ({ name }) => `Drop the type "${renderName(name)}" at the end of the downgrade`,
    edits: ({ name }, { file, downgrade }) => {
      const last = downgrade?.statements.at(-1);
      return last === undefined || last.kind === "return" || last.kind === "raise"
        ? undefined
        : tryEdit(file, (edit) => {
            const execute = `${edit.addImport("alembic.op")}.execute`;
            edit.insertAfter(last, `${execute}(${JSON.stringify(`DROP TYPE ${renderSqlName(name)}`)})`);
          });
    },
  },
});
