import type { Judged } from "../facts/judged.ts";
import { renderName, type Dialect } from "../sql/action.ts";
import { at, defineRule, type Found } from "./define.ts";
import { shared, upgradeOf } from "./losses.ts";

interface Changed extends Found {
  readonly what: string;
  /** Undefined: the usual one of the database, or one that is not told. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** No collation is written, and the column loses the one that it had. */
  readonly lost: boolean;
}

const tableOptions = new Set(["collate", "default collate"]);

function changeOf(one: Judged, dialect: Dialect): Changed | undefined {
  const { kind, table, columns, details } = one.operation;
  const [column] = columns;
  if (!table || !one.isUnderstood || !one.isOnExistingTable) return undefined;
  const found = { ...at(one), what: renderName(table) };
  const hasOne = dialect === "mysql" || dialect === "mariadb";
  if (hasOne && kind === "alter_table" && details.alteration?.options?.some((option) => tableOptions.has(option)))
    return { ...found, from: undefined, to: undefined, lost: false };
  if (kind !== "alter_column" || column === undefined) return undefined;
  const known = one.schema.table(table);
  const standing = typeof known === "object" ? known.columns.find(({ name }) => name === column) : undefined;
  const from = standing?.collation;
  const what = `${found.what}.${column}`;
  if (details.collation !== undefined)
    return details.collation === from ? undefined : { ...found, what, from, to: details.collation, lost: false };
  const isRetyped = details.newSqlType !== undefined || details.newType !== undefined;
  return isRetyped && from !== undefined ? { ...found, what, from, to: undefined, lost: true } : undefined;
}

export const collationChange = defineRule({
  id: "collation-change",
  group: "compatibility",
  severity: "warning",
  recommended: true,
  dialects: shared,
  summary: "Texts of a column are sorted and compared in another way.",
  why: `Lists come in another order, ranges and keyset pagination of the old release skip rows, \`=\` may find more or fewer of them, and where the
new collation takes two values for one, a unique index cannot be built. Indexes of the column are built anew under the lock. On MySQL joins with
columns of another collation fail: *illegal mix of collations*.`,
  instead: `Write \`COLLATE\` into the queries (or an index with it) that need the other order. Else add a new column with the collation, copy the rows
in batches and let releases change over.`,
  allowed: [
    "The same collation written once more.",
    "Tables that the revision has made itself.",
    "Downgrades; SQLite.",
  ],
  counted: [
    "On PostgreSQL `ALTER COLUMN … TYPE` without COLLATE takes a collation of the column's own away, also where the type stays the same.",
  ],
  sources: [
    "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DATA-TYPE",
    "https://www.postgresql.org/docs/current/collation.html",
    "https://dev.mysql.com/doc/refman/8.4/en/charset-collations.html",
  ],
  options: {},
  examples: [
    {
      title: "A column in the order of bytes",
      before: `op.alter_column("users", "name", type_=sa.String(50, collation="C"), existing_type=sa.String(50))
`,
      after: [
        `op.create_index("ix_users_name", "users", [sa.text('name COLLATE "C"')])
`,
      ],
    },
  ],
  catches: [
    { title: "As SQL", code: `op.execute('ALTER TABLE users ALTER name TYPE text COLLATE "de-x-icu"')\n` },
    {
      title: "A collation that is lost by a change of the type",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("name", sa.String(50, collation="C")))
-- versions/0002_text.py --
op.alter_column("users", "name", type_=sa.Text())
`,
    },
    {
      title: "A table of MySQL",
      code: `op.execute("ALTER TABLE users CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")\n`,
      dialect: "mysql",
    },
  ],
  passes: [
    {
      title: "The same collation again",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("name", sa.String(50, collation="C")))
-- versions/0002_text.py --
op.alter_column("users", "name", type_=sa.Text(collation="C"))
`,
    },
    { title: "A type of a column without one", code: `op.alter_column("users", "name", type_=sa.Text())\n` },
  ],
  *detect(subject) {
    for (const one of upgradeOf(subject)) {
      const { dialect } = subject.project.config;
      const changed = changeOf(one, dialect);
      if (changed && !(changed.lost && dialect !== "postgresql")) yield changed;
    }
  },
  message: ({ what, from, to, lost }) =>
    lost
      ? `"${what}" loses its collation "${from ?? ""}": a change of the type without COLLATE gives it that of the type.`
      : to === undefined
        ? `Texts of "${what}" are sorted and compared in another way from here on.`
        : `Texts of "${what}" are sorted and compared by "${to}" from here on${from === undefined ? "" : `, and were by "${from}"`}.`,
});
