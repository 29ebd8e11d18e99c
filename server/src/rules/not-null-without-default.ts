import type { Judged } from "../facts/judged.ts";
import { keyOf } from "../schema/replay/schema.ts";
import { joinWords } from "../schema/wording.ts";
import { renderName, type Dialect, type QualifiedName } from "../sql/action.ts";
import { at, defineRule, type Found } from "./define.ts";
import { shared, upgradeOf } from "./losses.ts";
import { isUnfilled } from "./unfilled.ts";

interface Unfilled extends Found {
  readonly table: string;
  readonly columns: readonly string[];
}

const isOn = ({ operation }: Judged, table: QualifiedName): boolean =>
  operation.table !== undefined && keyOf(operation.table) === keyOf(table);

/** The columns that it adds and nothing of the server's fills. */
const unfilledIn = ({ operation: { kind, details, confidence } }: Judged, dialect: Dialect): readonly string[] =>
  kind === "add_column" && confidence === "certain"
    ? (details.definitions ?? []).filter((column) => isUnfilled(column, dialect)).map(({ name }) => name)
    : [];

/** Those that must not be NULL from here on, of an operation on a table in use. */
function requiredBy(one: Judged, added: ReadonlySet<string>, dialect: Dialect): readonly string[] {
  const { kind, details, columns, table } = one.operation;
  if (!table || !one.isUnderstood || !one.isOnExistingTable) return [];
  if (kind === "add_column") {
    const unfilled = unfilledIn(one, dialect);
    return (details.definitions ?? [])
      .filter(({ name, nullable }) => nullable === false && unfilled.includes(name))
      .map(({ name }) => name);
  }
  if (kind !== "alter_column" || details.nullable !== false) return [];
  return columns.filter((column) => added.has(keyed(table, column)));
}

const keyed = (table: QualifiedName, column: string): string => `${keyOf(table)}\0${column}`;

/** Something of the same upgrade gives it a value after all, takes the column away, or lets it be NULL again. */
function isRelieved(upgrade: readonly Judged[], from: number, table: QualifiedName, column: string): boolean {
  return upgrade.some((other, i) => {
    if (!isOn(other, table)) return false;
    const { kind, details, columns } = other.operation;
    if (kind === "create_trigger") return true;
    if (!columns.includes(column)) return false;
    if (details.serverDefault === true || details.identity !== undefined) return true;
    return i > from && (kind === "drop_column" || details.nullable === true);
  });
}

export const notNullWithoutDefault = defineRule({
  id: "not-null-without-default",
  group: "compatibility",
  severity: "warning",
  recommended: false,
  reach: "file",
  dialects: shared,
  summary: "A new column must not be NULL, has no default, and running code does not know it.",
  why: `The old release goes on inserting rows without the column, since it does not know it. Each such INSERT fails from the moment in which the column is NOT NULL,
until the last instance of the old release has stopped.`,
  instead: `Give the column a \`server_default\`, and drop that in a later revision if it is not wanted. Or leave the column nullable here, and make it NOT NULL once every release
that runs writes it.`,
  allowed: [
    "A default, an identity or a trigger that the same upgrade gives the column or its table.",
    "Columns that were there before: `new-write-restriction` speaks of them.",
    "Types of the database's own: a domain may have a default.",
    "Tables that the revision has made itself; downgrades; SQLite.",
  ],
  sources: [
    "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-NOT-NULL",
    "https://docs.sqlalchemy.org/en/20/core/defaults.html#server-invoked-ddl-explicit-default-expressions",
  ],
  options: {},
  examples: [
    {
      title: "A column that is added, filled and made NOT NULL in one revision",
      before: `op.add_column("users", sa.Column("status", sa.Text()))
op.execute("UPDATE users SET status = 'new' WHERE id < 1000")
op.alter_column("users", "status", nullable=False)
`,
      after: [
        `op.add_column("users", sa.Column("status", sa.Text(), server_default="new"))
op.execute("UPDATE users SET status = 'new' WHERE id < 1000")
op.alter_column("users", "status", nullable=False)
`,
      ],
    },
  ],
  catches: [
    {
      title: "In a batch block",
      code: `with op.batch_alter_table("users") as batch:
    batch.add_column(sa.Column("status", sa.Text()))
    batch.alter_column("status", nullable=False)
`,
    },
    {
      title: "As SQL",
      code: `op.execute("ALTER TABLE users ADD COLUMN status text; ALTER TABLE users ALTER COLUMN status SET NOT NULL")\n`,
    },
    {
      title: "With a default of Python's, which the old release does not have",
      code: `op.add_column("users", sa.Column("status", sa.Text(), default="new"))
op.alter_column("users", "status", nullable=False)
`,
    },
  ],
  passes: [
    {
      title: "A default of the server's",
      code: `op.add_column("users", sa.Column("status", sa.Text(), server_default="new", nullable=False))\n`,
    },
    {
      title: "A default that comes with NOT NULL",
      code: `op.add_column("users", sa.Column("status", sa.Text()))
op.alter_column("users", "status", nullable=False, server_default="new")
`,
    },
    {
      title: "A table that the revision makes",
      code: `op.create_table("t", sa.Column("a", sa.Integer()))
op.add_column("t", sa.Column("b", sa.Text()))
op.alter_column("t", "b", nullable=False)
`,
    },
  ],
  yieldsTo: ["required-column"],
  *detect(subject) {
    const { dialect } = subject.project.config;
    const upgrade = upgradeOf(subject);
    const added = new Set<string>();
    for (const [i, one] of upgrade.entries()) {
      const { table } = one.operation;
      if (!table) continue;
      const columns = requiredBy(one, added, dialect).filter((column) => !isRelieved(upgrade, i, table, column));
      for (const column of unfilledIn(one, dialect)) added.add(keyed(table, column));
      if (columns.length > 0) {
        const unfilled: Unfilled = { ...at(one), table: renderName(table), columns };
        yield unfilled;
      }
    }
  },
  message: ({ table, columns }) =>
    `Code that inserts into "${table}" without ${joinWords(columns.map((name) => `"${name}"`))} fails once this has run: NOT NULL, and no default.`,
});
