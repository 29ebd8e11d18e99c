import { renderName, type QualifiedName } from "../sql/action.ts";
import { at, defineRule, type Found } from "./define.ts";
import { typeOf, upgradeOf } from "./losses.ts";

interface Renamed extends Found {
  readonly type: QualifiedName;
  readonly from: string;
  readonly to: string;
}

export const enumValueRenamed = defineRule({
  id: "enum-value-renamed",
  group: "compatibility",
  severity: "warning",
  recommended: true,
  reach: "file",
  dialects: ["postgresql"],
  summary: "A value of an enum is renamed in place.",
  why: `PostgreSQL renames the value in every row at once. The old release still writes and compares with the old name, and each such
statement fails: *invalid input value for enum*. It also finds a name in rows that it does not know; SQLAlchemy then raises a LookupError.`,
  instead: `Add the new value, release code that reads both and writes the new one, change the rows in batches, and leave the old value
where it is: it does no harm. Or rename only the member of the Python enum and keep its value.`,
  allowed: [
    "Downgrades: they run while the release is taken back.",
    "Values of a type that the upgrade has made itself.",
  ],
  sources: ["https://www.postgresql.org/docs/current/sql-altertype.html"],
  options: {},
  examples: [
    {
      title: "A typing mistake in a value",
      before: `op.execute("ALTER TYPE mood RENAME VALUE 'hapy' TO 'happy'")
`,
      after: [
        `with op.get_context().autocommit_block():
    op.execute("ALTER TYPE mood ADD VALUE IF NOT EXISTS 'happy'")
`,
      ],
    },
  ],
  catches: [
    {
      title: "By alembic_postgresql_enum",
      code: `op.sync_enum_values(
    enum_schema="public",
    enum_name="mood",
    new_values=["sad", "happy"],
    affected_columns=[("users", "mood")],
    enum_values_to_rename=[("hapy", "happy")],
)
`,
    },
    {
      title: "In a helper",
      code: `def fix():
    op.execute("ALTER TYPE mood RENAME VALUE 'hapy' TO 'happy'")


def upgrade():
    fix()
`,
    },
  ],
  passes: [
    { title: "A new value", code: `op.execute("ALTER TYPE mood ADD VALUE 'happy'")\n` },
    {
      title: "A value of a type that is new",
      code: `op.execute("CREATE TYPE mood AS ENUM ('hapy')")\nop.execute("ALTER TYPE mood RENAME VALUE 'hapy' TO 'happy'")\n`,
    },
  ],
  *detect(subject) {
    const upgrade = upgradeOf(subject);
    for (const [i, one] of upgrade.entries()) {
      const { kind, details } = one.operation;
      const type = typeOf(one);
      if (kind !== "alter_type" || !one.isUnderstood || type === undefined) continue;
      if (upgrade.slice(0, i).some(({ operation }) => operation.kind === "create_type" && operation.name === type.name))
        continue;
      const { value } = details;
      const renames =
        details.enumValue === "renamed" && value?.newName !== undefined
          ? [{ from: value.name, to: value.newName }]
          : (details.renamedValues ?? []);
      for (const { from, to } of renames) {
        const renamed: Renamed = { ...at(one), type, from, to };
        yield renamed;
      }
    }
  },
  message: ({ type, from, to }) =>
    `Code that still says "${from}" of the enum "${renderName(type)}" fails once this has run, and code that says "${to}" fails before.`,
});
