import type { Judged } from "../facts/judged.ts";
import { narrowing, type Narrowing } from "../schema/narrowing.ts";
import { keyOf } from "../schema/replay/schema.ts";
import { renderName, type Dialect } from "../sql/action.ts";
import type { ColumnType, SqlExpression } from "../sql/definition.ts";
import { renderColumnType } from "../sql/postgres/type-text.ts";
import { scan } from "../sql/scan.ts";
import { at, defineRule, type Found } from "./define.ts";
import { shared, upgradeOf } from "./losses.ts";

interface Narrowed extends Found {
  readonly column: string;
  readonly from: string;
  readonly to: string;
  readonly how: Narrowing | "cuts";
  readonly dialect: Dialect;
}

/** `name::varchar(3)`: an explicit cast cuts what is too long. Any other expression is somebody's decision. */
const isPlainCast = (using: SqlExpression, column: string): boolean => {
  const words = scan(using.sql ?? "", "postgresql").map(({ start, end }) => (using.sql ?? "").slice(start, end));
  return words[0]?.replaceAll('"', "") === column && words[1] === "::" && !words.slice(2).includes("::");
};

/** Something before it in the upgrade has changed the values, so as to make them fit. */
const isPrepared = (one: Judged, column: string, before: readonly Judged[]): boolean =>
  before.some(({ operation: { effect, touches } }) =>
    touches.some(
      ({ how, on }) =>
        effect === "data" &&
        (how === "update" || how === "delete") &&
        one.operation.table !== undefined &&
        keyOf(on.name) === keyOf(one.operation.table) &&
        (on.column === column || (how === "delete" && on.type === "table")),
    ),
  );

function typesOf(one: Judged): { readonly from: ColumnType; readonly to: ColumnType } | undefined {
  const { table, columns, details } = one.operation;
  const known = table && one.schema.table(table);
  const standing = typeof known === "object" ? known.columns.find(({ name }) => name === columns[0]) : undefined;
  // A column that is known not to be there has no type.
  if (typeof known === "object" && known.doubt === undefined && standing === undefined) return undefined;
  const from = standing?.type ?? details.existing?.type;
  return from && details.newSqlType ? { from, to: details.newSqlType } : undefined;
}

const texts = new Set(["character varying", "character"]);

function howOf(
  one: Judged,
  { from, to }: { readonly from: ColumnType; readonly to: ColumnType },
): Narrowed["how"] | undefined {
  const how = narrowing(from, to);
  const { using } = one.operation.details;
  if (how === undefined || using === undefined) return how;
  if (!isPlainCast(using, one.operation.columns[0] ?? "")) return undefined;
  const cuts = texts.has(to.name) && (texts.has(from.name) || from.name === "text");
  return cuts ? "cuts" : how;
}

const render = (type: ColumnType, dialect: Dialect): string =>
  dialect === "postgresql"
    ? renderColumnType(type)
    : `${type.name}${type.arguments.length > 0 ? `(${type.arguments.join(", ")})` : ""}`;

export const narrowingTypeChange = defineRule({
  id: "narrowing-type-change",
  group: "compatibility",
  severity: "warning",
  recommended: true,
  dialects: shared,
  summary: "A column gets a type that not all of its values may fit.",
  why: `A value that is too long or too large makes the change fail, after the table has been locked and half of it read; a number or a time is
rounded without a word, in every row and for good. And the old release, which may still write such values, fails from then on.`,
  instead: `Look first (\`SELECT … WHERE length(name) > 50 LIMIT 1\`), put right what does not fit, and let the code keep to the new limit for a
release. A CHECK says the same without writing the table anew: \`CHECK (length(name) <= 50) NOT VALID\`, validated later.`,
  allowed: [
    "Types that hold every value of the old one, and those of which that is not known.",
    "A column whose values the upgrade changes before.",
    "USING with more than a cast: how values are converted has been decided.",
    "Downgrades: the way back of a wider type is narrower by nature. SQLite, which keeps what it was given.",
  ],
  counted: ["USING with a plain cast to a shorter text: PostgreSQL cuts what is too long, and says nothing."],
  sources: [
    "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DATA-TYPE",
    "https://www.postgresql.org/docs/current/datatype-character.html",
    "https://dev.mysql.com/doc/refman/8.4/en/sql-mode.html#sql-mode-strict",
  ],
  options: {},
  examples: [
    {
      title: "A shorter text",
      before: `op.alter_column("users", "name", existing_type=sa.String(200), type_=sa.String(50))
`,
      after: [
        `op.create_check_constraint("ck_users_name", "users", "length(name) <= 50", postgresql_not_valid=True)
`,
      ],
    },
  ],
  catches: [
    {
      title: "A text without a limit so far",
      code: `op.execute("ALTER TABLE users ADD COLUMN note text")\nop.alter_column("users", "note", existing_type=sa.Text(), type_=sa.String(50))\n`,
    },
    {
      title: "Smaller numbers",
      code: `op.alter_column("users", "age", existing_type=sa.BigInteger(), type_=sa.Integer())\n`,
    },
    {
      title: "Fewer digits behind the point, which rounds",
      code: `op.alter_column("users", "score", existing_type=sa.Numeric(10, 4), type_=sa.Numeric(10, 2))\n`,
    },
    {
      title: "A cast that cuts",
      code: `op.alter_column("users", "name", existing_type=sa.Text(), type_=sa.String(3), postgresql_using="name::varchar(3)")\n`,
    },
    {
      title: "On MySQL",
      code: `op.alter_column("users", "name", existing_type=sa.String(200), type_=sa.String(50))\n`,
      dialect: "mysql",
    },
  ],
  passes: [
    {
      title: "A longer text",
      code: `op.alter_column("users", "name", existing_type=sa.String(50), type_=sa.String(200))\n`,
    },
    {
      title: "More room on both sides of the point",
      code: `op.alter_column("users", "score", existing_type=sa.Numeric(10, 2), type_=sa.Numeric(14, 4))\n`,
    },
    {
      title: "Values that are made to fit before",
      code: `op.execute("UPDATE users SET name = left(name, 50) WHERE length(name) > 50")
op.alter_column("users", "name", existing_type=sa.String(200), type_=sa.String(50))
`,
    },
    {
      title: "A conversion that somebody has thought of",
      code: `op.alter_column("users", "name", existing_type=sa.Text(), type_=sa.String(3), postgresql_using="left(name, 3)")\n`,
    },
    { title: "An old type that is not known", code: `op.alter_column("users", "name", type_=sa.String(50))\n` },
  ],
  *detect(subject) {
    const { dialect } = subject.project.config;
    const upgrade = upgradeOf(subject);
    for (const [i, one] of upgrade.entries()) {
      const { kind, table, columns } = one.operation;
      const [column] = columns;
      if (kind !== "alter_column" || !table || column === undefined || !one.isUnderstood || !one.isOnExistingTable)
        continue;
      const types = typesOf(one);
      const how = types && howOf(one, types);
      if (!how || isPrepared(one, column, upgrade.slice(0, i))) continue;
      const narrowed: Narrowed = {
        ...at(one),
        column: `${renderName(table)}.${column}`,
        from: render(types.from, dialect),
        to: render(types.to, dialect),
        how,
        dialect,
      };
      yield narrowed;
    }
  },
  message: ({ column, from, to, how, dialect }) => {
    if (how === "cuts") return `Values of "${column}" that are longer than ${to} are cut, and nothing says so.`;
    if (how === "rounds") return `Values of "${column}" are rounded from ${from} to ${to}, for good.`;
    if (how === "drops time") return `"${column}" loses its time of day, for good: ${from} becomes ${to}.`;
    const strict = dialect === "mysql" || dialect === "mariadb" ? " (in strict SQL mode; else it is changed)" : "";
    return `This fails at the first row in which "${column}" does not fit ${to}; so far it is ${from}${strict}.`;
  },
});
