import type { Judged } from "../facts/judged.ts";
import { namesMade, sameEntity } from "../schema/names.ts";
import { keyOf } from "../schema/replay/schema.ts";
import { columnEntity, renderName, type ActionKind } from "../sql/action.ts";
import { at, defineRule, type Found } from "./define.ts";
import { shared, upgradeOf } from "./losses.ts";

interface Restricted extends Found {
  readonly table: string;
  readonly what: string;
}

const nouns: Partial<Record<ActionKind, string>> = {
  create_check_constraint: "the check",
  create_foreign_key: "the foreign key",
  create_unique_constraint: "the unique constraint",
  create_primary_key: "the primary key",
  create_exclude_constraint: "the exclusion constraint",
};

const named = (noun: string, name: string | undefined, columns: readonly string[]): string =>
  name !== undefined ? `${noun} "${name}"` : columns.length > 0 ? `${noun} on ${columns.join(", ")}` : noun;

/** What it forbids from now on, in words. */
function restrictionOf({ operation }: Judged): string | undefined {
  const { kind, details, name, columns } = operation;
  const noun = nouns[kind];
  if (noun !== undefined) return named(noun, name, columns);
  if (kind === "create_index" && details.unique) return named("the unique index", name, columns);
  if (kind === "alter_column" && details.nullable === false && columns[0] !== undefined)
    return `NOT NULL of "${columns[0]}"`;
  return details.alteration?.command === "enable_row_security" ? "row level security" : undefined;
}

/** A constraint of the table has gone before: it is put in the place of that one. */
const isReplacement = ({ operation: { kind, table } }: Judged, before: readonly Judged[]): boolean =>
  kind !== "alter_column" &&
  before.some(
    ({ operation }) =>
      (operation.kind === "drop_constraint" || operation.kind === "drop_index") &&
      operation.table !== undefined &&
      table !== undefined &&
      keyOf(operation.table) === keyOf(table),
  );

export const newWriteRestriction = defineRule({
  id: "new-write-restriction",
  group: "compatibility",
  severity: "information",
  recommended: false,
  reach: "file",
  dialects: shared,
  summary: "A new constraint forbids what the running code may still write.",
  why: `The constraint holds from the moment in which it is there, for the old release as well. What that still writes and the constraint forbids
fails; and a NOT VALID constraint is no milder: it spares the old rows only.`,
  instead: `Release code that keeps to the rule first, see that nothing breaks it any more, and add the constraint then.`,
  allowed: [
    "Constraints that are put in the place of one that the upgrade has dropped from the table.",
    "Constraints on columns that the upgrade has added: the old release does not write them; for NOT NULL see `not-null-without-default`.",
    "Tables that the revision has made itself; downgrades; SQLite.",
  ],
  sources: ["https://www.postgresql.org/docs/current/ddl-constraints.html"],
  options: {},
  examples: [
    {
      title: "A limit",
      before: `op.create_check_constraint("ck_users_age", "users", "age >= 0", postgresql_not_valid=True)
`,
      after: [
        `# retort: allow new-write-restriction because every release since 4.2 checks the age
op.create_check_constraint("ck_users_age", "users", "age >= 0", postgresql_not_valid=True)
`,
      ],
    },
  ],
  catches: [
    { title: "NOT NULL", code: `op.alter_column("users", "name", nullable=False)\n` },
    { title: "A unique index", code: `op.create_index("uq_users_email", "users", ["email"], unique=True)\n` },
    { title: "Row level security", code: `op.execute("ALTER TABLE users ENABLE ROW LEVEL SECURITY")\n` },
  ],
  passes: [
    {
      title: "A foreign key in the place of another",
      code: `op.drop_constraint("fk", "users", type_="foreignkey")
op.create_foreign_key("fk", "users", "teams", ["team_id"], ["id"], ondelete="CASCADE")
`,
    },
    { title: "An index that is not unique", code: `op.create_index("ix", "users", ["email"])\n` },
    {
      title: "A foreign key of a new column",
      code: `op.add_column("users", sa.Column("team_id", sa.Integer()))
op.create_foreign_key("fk", "users", "teams", ["team_id"], ["id"])
`,
    },
  ],
  yieldsTo: [
    "set-not-null-scan",
    "validated-check",
    "validated-foreign-key",
    "unique-constraint-builds-index",
    "primary-key-builds-index",
    "exclusion-constraint",
    "non-concurrent-index",
  ],
  *detect(subject) {
    const upgrade = upgradeOf(subject);
    for (const [i, one] of upgrade.entries()) {
      const { table, columns } = one.operation;
      if (!table || !one.isUnderstood || !one.isOnExistingTable) continue;
      const what = restrictionOf(one);
      if (what === undefined) continue;
      const isNew = columns.some((column) =>
        upgrade
          .slice(0, i)
          .some(({ operation }) => namesMade(operation).some((made) => sameEntity(made, columnEntity(table, column)))),
      );
      if (isReplacement(one, upgrade.slice(0, i))) continue;
      const restricted: Restricted = { ...at(one), table: renderName(table), what };
      if (!isNew) yield restricted;
    }
  },
  message: ({ table, what }) => `Code that still writes to "${table}" what ${what} forbids fails once this has run.`,
});
