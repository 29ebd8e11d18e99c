/** Random definitions and operations over the schema that the rows of the table of locks meet. */
import fc from "fast-check";

type Text = fc.Arbitrary<string>;

const columnsOf = {
  users: [
    "id",
    "team_id",
    "name",
    "email",
    "code",
    "age",
    "score",
    "bits",
    "created",
    "seen",
    "born",
    "doc",
    "feeling",
  ],
  teams: ["id", "name"],
  posts: ["id", "user_id", "title"],
  lone: ["id", "day", "kind"],
  events: ["id", "day", "kind"],
  events_1: ["id", "day", "kind"],
} as const;

type TableName = keyof typeof columnsOf;

/** The more columns, the oftener. */
const table: fc.Arbitrary<TableName> = fc.constantFrom(
  ...(["users", "users", "users", "users", "lone", "teams", "posts", "posts", "events", "events_1"] as const),
);

const column: fc.Arbitrary<{ readonly table: TableName; readonly name: string }> = table.chain((name) =>
  fc.constantFrom(...columnsOf[name]).map((each) => ({ table: name, name: each })),
);

const types = [
  ...[
    "integer",
    "bigint",
    "smallint",
    "text",
    "varchar",
    "varchar(20)",
    "varchar(50)",
    "varchar(80)",
    "char(5)",
    "char(9)",
  ],
  ...["numeric", "numeric(12,2)", "numeric(9,1)", "timestamp", "timestamptz", "timestamp(3)", "date", "jsonb", "json"],
  ...["bit varying(8)", "bit varying(20)", "oid", "double precision", "boolean", "uuid", "mood"],
];
const type = fc.constantFrom(...types);

const defaults = [
  ...["DEFAULT NULL", "DEFAULT 1", "DEFAULT '1'", "DEFAULT now()", "DEFAULT random()", "DEFAULT clock_timestamp()"],
  ...[
    "DEFAULT CURRENT_DATE",
    "DEFAULT gen_random_uuid()",
    "DEFAULT true",
    "DEFAULT 'ok'",
    "GENERATED ALWAYS AS IDENTITY",
  ],
];
const maybe = (...texts: readonly string[]): Text => fc.constantFrom("", ...texts);
const valid = maybe("NOT VALID");
const rule = maybe("ON DELETE CASCADE", "ON DELETE SET NULL", "ON UPDATE CASCADE");
const condition = column.chain(({ table: of, name }) =>
  fc
    .constantFrom(`${name} IS NOT NULL`, `${name} IS NOT NULL AND id > 0`, `${name} IS NOT NULL OR id > 0`, "id > 0")
    .map((text) => ({ table: of, text })),
);
const name = (prefix: string): Text => fc.integer({ min: 1, max: 3 }).map((n) => prefix + String(n));
const combine = <T>(arbitrary: fc.Arbitrary<T>, other: Text, toText: (value: T, text: string) => string): Text =>
  fc.tuple(arbitrary, other).map(([value, text]) => toText(value, text));

const addCheck = fc
  .tuple(condition, name("ck"), valid)
  .map(([{ table: of, text }, own, how]) => `ALTER TABLE ${of} ADD CONSTRAINT ${own} CHECK (${text}) ${how}`);
const addForeignKey = fc
  .tuple(column, name("fk"), fc.constantFrom("teams", "users", "posts"), rule, valid)
  .map(
    ([{ table: of, name: on }, own, to, does, how]) =>
      `ALTER TABLE ${of} ADD CONSTRAINT ${own} FOREIGN KEY (${on}) REFERENCES ${to} ${does} ${how}`,
  );
const addUnique = combine(
  column,
  name("uq"),
  ({ table: of, name: on }, own) => `ALTER TABLE ${of} ADD CONSTRAINT ${own} UNIQUE (${on})`,
);
const createIndex = fc
  .tuple(maybe("UNIQUE"), name("ix"), column, fc.constantFrom("plain", "lower", "where", "include"))
  .map(([unique, own, { table: of, name: on }, shape]) => {
    const key = shape === "lower" ? `(lower(${on}::text))` : `(${on})`;
    const rest = shape === "where" ? `WHERE ${on} IS NOT NULL` : shape === "include" ? "INCLUDE (id)" : "";
    return `CREATE ${unique} INDEX ${own} ON ${of} ${key} ${rest}`;
  });
const setNotNull = column.map(({ table: of, name: on }) => `ALTER TABLE ${of} ALTER COLUMN ${on} SET NOT NULL`);

/** What the schema may have beside what it always has. The server refuses some of it. */
export const addition: Text = fc.oneof(
  addCheck,
  addForeignKey,
  addUnique,
  createIndex,
  setNotNull,
  fc.constant("ALTER TABLE lone ADD PRIMARY KEY (id)"),
  fc.constant("CREATE VIEW v1 AS SELECT id, name FROM users"),
  fc.constant("CREATE TABLE events_x PARTITION OF events DEFAULT; INSERT INTO events VALUES (9, now(), 9)"),
  fc.constant("CREATE TABLE child () INHERITS (lone); INSERT INTO child VALUES (4, now(), 3)"),
  fc.constant("ALTER TABLE lone SET UNLOGGED"),
  column.map(({ table: of, name: on }) => `ALTER TABLE ${of} ALTER COLUMN ${on} SET DEFAULT NULL`),
);

const addColumn = fc
  .tuple(
    table,
    type,
    fc.oneof(fc.constant(""), fc.constantFrom(...defaults)),
    maybe("NOT NULL"),
    maybe("UNIQUE", "REFERENCES teams", "CHECK (z IS NOT NULL)", "CHECK (id > 0)"),
  )
  .map(([of, its, value, filled, more]) => `ALTER TABLE ${of} ADD COLUMN z ${its} ${value} ${filled} ${more}`);
const changeType = combine(
  column,
  type,
  ({ table: of, name: on }, to) => `ALTER TABLE ${of} ALTER COLUMN ${on} TYPE ${to}`,
);
const cascade = maybe("CASCADE");
const dropNamed = fc
  .tuple(
    table,
    fc.oneof(name("ck"), name("fk"), name("uq"), fc.constantFrom("users_pkey", "teams_pkey", "posts_user_id_fkey")),
    maybe("IF EXISTS"),
    cascade,
  )
  .map(([of, own, there, more]) => `ALTER TABLE ${of} DROP CONSTRAINT ${there} ${own} ${more}`);

const operation: Text = fc.oneof(
  { arbitrary: addColumn, weight: 4 },
  { arbitrary: changeType, weight: 6 },
  { arbitrary: setNotNull, weight: 3 },
  { arbitrary: addCheck, weight: 1 },
  { arbitrary: addForeignKey, weight: 2 },
  { arbitrary: addUnique, weight: 1 },
  { arbitrary: createIndex, weight: 1 },
  { arbitrary: dropNamed, weight: 2 },
  column.map(({ table: of, name: on }) => `ALTER TABLE ${of} ALTER COLUMN ${on} DROP NOT NULL`),
  column.map(({ table: of, name: on }) => `ALTER TABLE ${of} RENAME COLUMN ${on} TO renamed`),
  combine(column, cascade, ({ table: of, name: on }, more) => `ALTER TABLE ${of} DROP COLUMN ${on} ${more}`),
  combine(table, cascade, (of, more) => `DROP TABLE ${of} ${more}`),
  combine(table, cascade, (of, more) => `TRUNCATE ${of} ${more}`),
  name("ix").map((own) => `DROP INDEX ${own}`),
  name("ix").map((own) => `REINDEX INDEX ${own}`),
  combine(table, fc.oneof(name("ck"), name("fk")), (of, own) => `ALTER TABLE ${of} VALIDATE CONSTRAINT ${own}`),
  combine(table, name("ix"), (of, own) => `ALTER TABLE ${of} ADD CONSTRAINT adopted UNIQUE USING INDEX ${own}`),
  combine(table, maybe("WHERE id = 3"), (of, where) => `DELETE FROM ${of} ${where}`),
  combine(column, maybe("WHERE id = 3"), ({ table: of, name: on }, where) => `UPDATE ${of} SET ${on} = NULL ${where}`),
  fc.constantFrom(
    "ALTER TABLE events ATTACH PARTITION lone FOR VALUES IN (3)",
    "ALTER TABLE events DETACH PARTITION events_1",
    "CREATE TABLE fresh (id integer REFERENCES users, k integer REFERENCES teams)",
    "CREATE TABLE events_3 PARTITION OF events FOR VALUES IN (3)",
    "ALTER TABLE users RENAME TO people",
    "ALTER TABLE users DISABLE TRIGGER ALL",
    "ALTER TABLE lone SET LOGGED",
    "VACUUM users",
  ),
);

const alterations = fc.oneof(addColumn, changeType, setNotNull, addCheck, addUnique);

/** Two subcommands in one statement, where both are about the same table. */
const double = fc.tuple(alterations, alterations).map(([first, second]) => {
  const [, of] = first.split(/ (?:ADD|ALTER COLUMN) /, 1)[0]?.split("ALTER TABLE ") ?? [];
  const start = `ALTER TABLE ${of ?? ""} `;
  const rest = second.startsWith(start)
    ? second.slice(start.length).replace("COLUMN z", "COLUMN y").replaceAll("(z ", "(y ")
    : undefined;
  return rest === undefined ? first : `${first}, ${rest}`;
});

export interface RandomCase {
  readonly given: readonly string[];
  readonly sql: string;
}

export const randomCase: fc.Arbitrary<RandomCase> = fc.record({
  given: fc.array(addition, { maxLength: 4 }),
  sql: fc.oneof({ arbitrary: operation, weight: 5 }, { arbitrary: double, weight: 1 }),
});
