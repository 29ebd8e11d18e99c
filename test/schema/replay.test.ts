import { describe, expect, test } from "vitest";
import { renderDdl } from "../../server/src/schema/ddl.ts";
import { describeConstraint, describeIndex } from "../../server/src/schema/describe.ts";
import { compareSchemas, renderDifference } from "../../server/src/schema/difference.ts";
import { invert } from "../../server/src/schema/inverse.ts";
import { applyOperation } from "../../server/src/schema/replay/apply.ts";
import { KnownSchema } from "../../server/src/schema/replay/schema.ts";
import type { Table } from "../../server/src/schema/state.ts";
import { renderColumnType } from "../../server/src/sql/postgres/type-text.ts";
import { operationsOf, play, postgres } from "./play.ts";

/** A table in a few lines: columns, then constraints, then indexes that no constraint brings. */
function show({ columns, constraints, indexes }: Table): string[] {
  return [
    ...columns.map(({ name, type, nullable, default: given }) =>
      [
        name,
        type ? renderColumnType(type) : "?",
        ...(nullable === false ? ["not null"] : []),
        ...(given ? [`default ${given.sql ?? "its sequence"}`] : []),
      ].join(" "),
    ),
    ...constraints.map((constraint) => `${constraint.name ?? "?"}: ${describeConstraint(constraint)}`),
    ...indexes
      .filter(({ ofConstraint }) => ofConstraint === undefined)
      .map((index) => `${index.name ?? "?"}: ${describeIndex(index)}`),
  ];
}

function table(sql: string, name = "t"): string[] {
  const found = play(sql).schema.table({ name });
  return typeof found === "string" ? [found] : show(found);
}

const users = "CREATE TABLE users (id serial PRIMARY KEY, email varchar(100) NOT NULL UNIQUE);";

describe("a table", () => {
  test("has what it was created with, under the server's names", () => {
    expect(
      table(`${users} CREATE TABLE t (
        id bigint PRIMARY KEY,
        n varchar(20) NOT NULL DEFAULT 'x',
        "user" int REFERENCES users ON DELETE CASCADE,
        CHECK (n <> ''),
        UNIQUE (n, "user")
      )`),
    ).toEqual([
      "id bigint not null",
      "n character varying(20) not null default 'x'",
      "user integer",
      "t_n_check: CHECK (n <> '')",
      "t_pkey: PRIMARY KEY (id)",
      't_n_user_key: UNIQUE (n, "user")',
      't_user_fkey: FOREIGN KEY ("user") REFERENCES users (id) ON DELETE CASCADE',
    ]);
  });

  test("is changed column by column", () => {
    expect(
      table(`CREATE TABLE t (id int, a text, b int);
        ALTER TABLE t ADD COLUMN c timestamptz NOT NULL DEFAULT now(), DROP COLUMN b;
        ALTER TABLE t ALTER COLUMN a TYPE varchar(9), ALTER COLUMN id SET NOT NULL;
        ALTER TABLE t RENAME COLUMN a TO z;
        ALTER TABLE t ALTER COLUMN c DROP DEFAULT`),
    ).toEqual(["id integer not null", "z character varying(9)", "c timestamp with time zone not null"]);
  });

  test("keeps its constraints, indexes and sequence when it is renamed, and others follow", () => {
    const { schema, contradictions } = play(`${users}
      CREATE TABLE t (user_id int REFERENCES users (id));
      CREATE INDEX ON users (lower(email), id);
      ALTER TABLE users RENAME TO people;
      ALTER TABLE people RENAME COLUMN id TO person_id`);
    expect(contradictions).toEqual([]);
    expect(schema.table({ name: "users" })).toBe("absent");
    const people = schema.table({ name: "people" });
    expect(typeof people === "object" && show(people).slice(2, 4)).toEqual([
      "users_pkey: PRIMARY KEY (person_id)",
      "users_email_key: UNIQUE (email)",
    ]);
    expect(schema.table({ name: "t" })).toMatchObject({
      constraints: [{ references: { table: { name: "people" }, columns: ["person_id"] } }],
    });
    expect(schema.sequence({ name: "users_id_seq" })).toEqual({
      name: { name: "users_id_seq" },
      ownedBy: { table: { name: "people" }, column: "person_id" },
    });
  });

  test("loses with a column what is on it", () => {
    expect(
      table(`${users} CREATE TABLE t (a int, b int, c int REFERENCES users, UNIQUE (a, b), CHECK (b > 0));
        CREATE INDEX ix_b ON t (b); CREATE INDEX ix_a ON t (a); ALTER TABLE t DROP COLUMN b`),
    ).toEqual(["a integer", "c integer", "t_c_fkey: FOREIGN KEY (c) REFERENCES users (id)", "ix_a: btree (a)"]);
  });

  test("takes foreign keys to it along when it is dropped", () => {
    const { schema } = play(`${users} CREATE TABLE t (u int REFERENCES users); DROP TABLE users CASCADE`);
    expect(schema.table({ name: "t" })).toMatchObject({ constraints: [] });
    expect(schema.sequence({ name: "users_id_seq" })).toBe("absent");
  });
});

describe("what numbers a column", () => {
  const numbers = (sql: string): readonly unknown[] => {
    const { schema } = play(sql);
    const found = schema.table({ name: "t" });
    const owned = [...schema.owned({ name: "t" })].map(
      ({ name, ownedBy }) => `${name.name} of ${ownedBy?.column ?? "?"}`,
    );
    const columns = typeof found === "object" ? found.columns : [];
    return [columns.map((one) => (one.serial ? "serial" : (one.default?.sql ?? "none"))), owned];
  };
  const pair = "CREATE TABLE t (a serial, b int);";

  test("goes over with its owner", () => {
    expect(
      numbers(
        `${pair} ALTER SEQUENCE t_a_seq OWNED BY t.b; ALTER TABLE t ALTER b SET DEFAULT nextval('t_a_seq'::regclass)`,
      ),
    ).toEqual([["nextval('t_a_seq'::regclass)", "serial"], ["t_a_seq of b"]]);
  });

  test("is a sequence that is made and given to it apart", () => {
    expect(
      numbers(
        "CREATE SEQUENCE s; CREATE TABLE t (a int); ALTER TABLE t ALTER a SET DEFAULT nextval('public.s'); ALTER SEQUENCE s OWNED BY t.a",
      ),
    ).toEqual([["serial"], ["s of a"]]);
  });

  test("is not what another default is", () => {
    expect(numbers(`${pair} ALTER TABLE t ALTER a DROP DEFAULT, ALTER b SET DEFAULT nextval('t_a_seq') + 1`)).toEqual([
      ["none", "nextval('t_a_seq') + 1"],
      ["t_a_seq of a"],
    ]);
  });

  test("has the name that is given", () => {
    expect(
      numbers(
        "CREATE TABLE t (a int NOT NULL); ALTER TABLE t ALTER a ADD GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME q)",
      ),
    ).toEqual([["none"], ["q of a"]]);
  });
});

test("an index goes with a column that its expression or its condition has, and its INCLUDE follows a new name", () => {
  const made =
    "CREATE TABLE t (a text, b text, c int); CREATE INDEX i ON t (lower(a)); CREATE INDEX j ON t (b) WHERE a > '';";
  expect(table(`${made} ALTER TABLE t DROP a`)).toEqual(["b text", "c integer"]);
  expect(
    table("CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a) INCLUDE (b); ALTER TABLE t RENAME b TO c").at(-1),
  ).toBe("i: btree (a) INCLUDE (c)");
});

test("a constraint has what its index has", () => {
  expect(
    table(
      "CREATE TABLE t (a int, b int); CREATE UNIQUE INDEX i ON t (a) INCLUDE (b) NULLS NOT DISTINCT; ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX i",
    ).at(-1),
  ).toBe("u: UNIQUE NULLS NOT DISTINCT (a) INCLUDE (b)");
});

describe("names that the server chooses", () => {
  test.each([
    ["cut the longer part", `CREATE TABLE ${"t".repeat(60)} (c int UNIQUE)`, `${"t".repeat(57)}_c_key`],
    ["count on", "CREATE TABLE t (c int UNIQUE); ALTER TABLE t ADD UNIQUE (c)", "t_c_key1"],
    [
      "differ from those of other tables",
      "CREATE TABLE t (c int CHECK (c > 0)); ALTER TABLE t RENAME TO u; CREATE TABLE t (c int CHECK (c > 0)); DROP TABLE u",
      "t_c_check1",
    ],
    ["count bytes", `CREATE TABLE "${"ü".repeat(30)}" (c int UNIQUE)`, `${"ü".repeat(28)}_c_key`],
  ])("%s", (_, sql, name) => {
    const [made] = play(sql).schema.tables;
    expect(made?.constraints.map((constraint) => constraint.name)).toContain(name);
  });
});

test("a key over the columns of another one in the same CREATE TABLE is not made", () => {
  expect(table("CREATE TABLE t (c int PRIMARY KEY, CONSTRAINT k UNIQUE (c))")).toEqual([
    "c integer not null",
    "k: PRIMARY KEY (c)",
  ]);
});

describe("a naming convention", () => {
  const convention = new Map([
    ["ck", "ck_%(table_name)s_%(constraint_name)s"],
    ["uq", "uq_%(table_name)s_%(column_0_N_name)s"],
  ]);

  /** Names of the constraints of `t` after statements that Alembic makes: the names in them are given to it, not to the server. */
  function constraints(sql: string, namingConvention: ReadonlyMap<string, string> | undefined): unknown {
    let schema = new KnownSchema();
    for (const operation of operationsOf(sql)) {
      const { constraints: given, ...rest } = operation.details;
      const details = {
        ...rest,
        ...(given && { constraints: given.map(({ nameIsFinal: _, ...one }) => one) }),
        ...(operation.kind === "drop_constraint" && { constraintType: "check" }),
      };
      const byAlembic = { ...operation, via: "directive" as const, details };
      schema = applyOperation(schema, byAlembic, { dialect: "postgresql", namingConvention }).schema;
    }
    const found = schema.table({ name: "t" });
    return typeof found === "object" ? found.constraints.map(({ name }) => name) : found;
  }

  const created = "CREATE TABLE t (a int, b int, CONSTRAINT positive CHECK (a > 0), UNIQUE (a, b))";

  test("names what has no name, and builds on the names of checks", () => {
    expect(constraints(created, convention)).toEqual(["ck_t_positive", "uq_t_a_b"]);
    expect(constraints(created, new Map())).toEqual(["positive", "t_a_b_key"]);
  });

  test("that is not known leaves those names open", () => {
    expect(constraints(created, undefined)).toEqual([undefined, undefined]);
  });

  test("holds for a check that is dropped, too", () => {
    expect(constraints(`${created}; ALTER TABLE t DROP CONSTRAINT positive`, convention)).toEqual(["uq_t_a_b"]);
  });
});

describe("enum types", () => {
  test("take values before, after and by a new name", () => {
    const { schema } = play(`CREATE TYPE mood AS ENUM ('sad', 'happy');
      ALTER TYPE mood ADD VALUE 'ok' BEFORE 'happy'; ALTER TYPE mood ADD VALUE 'great';
      ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'`);
    expect(schema.enumType({ name: "mood" })).toEqual({
      name: { name: "mood" },
      values: ["blue", "ok", "happy", "great"],
    });
  });
});

describe("a primary key", () => {
  const created = "CREATE TABLE t (a int, b int, CONSTRAINT k PRIMARY KEY (a));";
  /** Statements as an application runs them that first asks the database what there is. */
  function guarded(sql: string, guard: boolean, details: object = {}): unknown {
    let { schema } = play(created);
    for (const operation of operationsOf(sql)) {
      const { name, ...rest } = operation;
      const meant =
        operation.kind === "drop_constraint" ? { ...rest, details } : { ...rest, ...(name !== undefined && { name }) };
      const context = guard ? [{ kind: "branch" as const, on: "existence" as const, range: operation.range }] : [];
      schema = applyOperation(schema, { ...meant, context }, postgres).schema;
    }
    const found = schema.table({ name: "t" });
    return typeof found === "object" && [found.constraints.map((one) => one.name), found.doubt !== undefined];
  }
  const drop = "ALTER TABLE t DROP CONSTRAINT x;";
  const add = "ALTER TABLE t ADD CONSTRAINT n PRIMARY KEY (b);";

  test("is the one that goes where the name of what is dropped is not known", () => {
    expect(guarded(drop, false, { constraintType: "primary" })).toEqual([[], false]);
    expect(guarded(drop + add, false, { constraintType: "primary" })).toEqual([["n"], false]);
  });

  test("stays, in doubt, where it is dropped and made only if something exists", () => {
    expect(guarded(drop + add, true, { constraintType: "primary" })).toEqual([["k"], true]);
    expect(guarded(add, true)).toEqual([["k"], false]);
  });

  test("is never a second one", () => {
    const { schema, contradictions } = play(created + add);
    const found = schema.table({ name: "t" });
    expect(typeof found === "object" && found.constraints.map((one) => one.name)).toEqual(["n"]);
    expect(contradictions.map((one) => one.message)).toEqual([
      "Adds a primary key to t beside k, a constraint that exists at this point.",
    ]);
  });
});

describe("what is not known", () => {
  test("of the constraints that may have been dropped is told of each, and not made", () => {
    const { schema } = play("CREATE TABLE t (a int, CONSTRAINT u UNIQUE (a), CONSTRAINT c CHECK (a > 0))");
    const [operation] = operationsOf("ALTER TABLE t DROP CONSTRAINT u");
    if (!operation) throw new Error("nothing is read");
    const { name: _, ...nameless } = operation;
    const after = applyOperation(schema, { ...nameless, details: { constraintType: "unique" } }, postgres).schema;
    expect(renderDdl(after)).toEqual([
      `-- Not all of it is known: the name of a dropped constraint is not known
-- Constraint u is not known: it may have been dropped: the name of a dropped constraint is not known
CREATE TABLE t (
  a integer,
  CONSTRAINT c CHECK (a > 0)
);`,
    ]);
  });

  test("of a column's type keeps what stands on it from being made", () => {
    const [operation] = operationsOf(`CREATE TABLE t (a int PRIMARY KEY, b int, CHECK (a > b))`);
    const [referring, indexing] = operationsOf(
      "CREATE TABLE r (a int REFERENCES t (a)); CREATE INDEX i ON t (b, (a + 1)); CREATE INDEX j ON t (b)",
    );
    if (!operation || !referring || !indexing) throw new Error("nothing is read");
    const definitions = (operation.details.definitions ?? []).map(({ sqlType, ...rest }) =>
      rest.name === "a" ? rest : { ...rest, ...(sqlType && { sqlType }) },
    );
    let schema = new KnownSchema();
    for (const one of [{ ...operation, details: { ...operation.details, definitions } }, referring, indexing])
      schema = applyOperation(schema, one, postgres).schema;
    expect(renderDdl(schema)).toEqual([
      `-- Constraint r_a_fkey is not made: the type of a is not known.
CREATE TABLE r (
  a integer
);`,
      `-- The type of a is not known.
-- Constraint t_check is not made: the type of a is not known.
-- Constraint t_pkey is not made: the type of a is not known.
-- Index i is not made: the type of a is not known.
CREATE TABLE t (
  b integer
);`,
    ]);
  });
});

describe("what contradicts the history", () => {
  test.each([
    ["CREATE TABLE t (a int); CREATE TABLE t (a int)", "Creates t, a table that exists at this point."],
    ["DROP TABLE t", "Drops t, a table that does not exist at this point."],
    ["CREATE TABLE t (a int); ALTER TABLE t DROP COLUMN b", "Drops t.b, a column that does not exist at this point."],
    ["CREATE TABLE t (a int); ALTER TABLE t ADD COLUMN a int", "Adds t.a, a column that exists at this point."],
    ["ALTER TABLE t ADD COLUMN a int", "Adds a column to t, a table that does not exist at this point."],
    ["DROP INDEX ix", "Drops ix, an index that does not exist at this point."],
    [
      "CREATE TABLE t (a int); ALTER TABLE t DROP CONSTRAINT c",
      "Drops c of t, a constraint that does not exist at this point.",
    ],
  ])("%s", (sql, message) => {
    expect(play(sql).contradictions.map((one) => one.message)).toEqual([message]);
  });

  test.each([
    "DROP TABLE IF EXISTS t",
    "CREATE TABLE t (a int); CREATE TABLE IF NOT EXISTS t (a int)",
    "CREATE TABLE t (a int); ALTER TABLE t DROP COLUMN IF EXISTS b, ADD COLUMN IF NOT EXISTS a int",
    "DROP INDEX IF EXISTS ix",
  ])("not %s", (sql) => {
    expect(play(sql).contradictions).toEqual([]);
  });

  test("not the order within a batch block on SQLite, which makes the table anew from all of it", () => {
    const created = play("CREATE TABLE t (a int, b int); CREATE INDEX ix ON t (a)").schema;
    const block = operationsOf("ALTER TABLE t DROP COLUMN a; DROP INDEX ix").map((operation) => ({
      ...operation,
      context: [{ kind: "batch" as const, range: operation.range }],
    }));
    const contradictionsOn = (dialect: "postgresql" | "sqlite"): number => {
      let schema = created;
      return block.flatMap((operation) => {
        const applied = applyOperation(schema, operation, { ...postgres, dialect });
        schema = applied.schema;
        return applied.contradictions;
      }).length;
    };
    expect([contradictionsOn("sqlite"), contradictionsOn("postgresql")]).toEqual([0, 1]);
  });

  test("is told once of a table that was made elsewhere, which is doubtful from then on", () => {
    const { schema, contradictions } = play("ALTER TABLE t ADD COLUMN a int; ALTER TABLE t DROP COLUMN b");
    expect(contradictions).toHaveLength(1);
    expect(schema.table({ name: "t" })).toMatchObject({ doubt: "no revision before makes this table" });
  });
});

describe("what is not understood", () => {
  const opaque = { ...operationsOf("DROP TABLE x")[0], kind: "opaque", confidence: "opaque", why: "it is imported" };

  test("on a table that is not known may have been on any", () => {
    const { schema } = play(users);
    const [drop] = operationsOf("DROP TABLE x");
    if (!drop) throw new Error("no operation");
    const { table: _, ...unknown } = {
      ...drop,
      incomplete: true as const,
      confidence: "likely" as const,
      why: "the table is not known",
    };
    const after = applyOperation(schema, unknown, postgres).schema;
    expect(after.table({ name: "users" })).toMatchObject({ doubt: "the table is not known" });
    expect(after.table({ name: "elsewhere" })).toBe("unknown");
  });

  test("makes what was there doubtful, and what comes later not", () => {
    const before = play(users).schema;
    const { schema } = applyOperation(before, opaque as never, postgres);
    expect(schema.table({ name: "users" })).toMatchObject({ doubt: "it is imported" });
    expect(schema.table({ name: "other" })).toBe("unknown");
    const later = play("CREATE TABLE other (id int)", schema).schema.table({ name: "other" });
    expect(later).not.toHaveProperty("doubt");
  });
});

describe("the inverse", () => {
  const setup = `${users}
    CREATE TYPE mood AS ENUM ('sad', 'happy');
    CREATE TABLE orders (
      id bigint GENERATED ALWAYS AS IDENTITY, user_id int REFERENCES users (id) ON DELETE CASCADE,
      total numeric(10,2) NOT NULL DEFAULT 0, state mood, UNIQUE (user_id, total), CHECK (total >= 0));
    COMMENT ON COLUMN orders.total IS 'in euros';
    CREATE UNIQUE INDEX ix_orders_state ON orders (state DESC) WHERE total > 0;`;

  test.each([
    "DROP TABLE orders",
    "DROP TABLE users CASCADE",
    "CREATE TABLE t (id serial PRIMARY KEY)",
    "ALTER TABLE orders DROP COLUMN total",
    "ALTER TABLE users DROP COLUMN id CASCADE",
    "ALTER TABLE orders ADD COLUMN a int, ADD COLUMN b int",
    "ALTER TABLE orders ALTER COLUMN total TYPE numeric(12,2)",
    "ALTER TABLE orders ALTER COLUMN total DROP NOT NULL",
    "ALTER TABLE orders ALTER COLUMN total DROP DEFAULT",
    "ALTER TABLE orders ALTER COLUMN total SET DEFAULT 5",
    "ALTER TABLE orders ALTER COLUMN id DROP IDENTITY",
    "COMMENT ON COLUMN orders.total IS NULL",
    "ALTER TABLE users RENAME TO people",
    "ALTER TABLE users RENAME COLUMN email TO mail",
    "DROP INDEX ix_orders_state",
    "CREATE INDEX ix ON users (email)",
    "ALTER TABLE orders DROP CONSTRAINT orders_total_check",
    "ALTER TABLE orders DROP CONSTRAINT orders_user_id_fkey",
    "ALTER TABLE orders ADD CONSTRAINT c CHECK (total < 100) NOT VALID",
    "ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'",
    "CREATE TYPE colour AS ENUM ('red')",
  ])("of %s brings the schema back", (sql) => {
    const before = play(setup).schema;
    let schema = before;
    const inverses = operationsOf(sql).map((operation) => {
      const met = schema;
      schema = applyOperation(schema, operation, postgres).schema;
      return invert(operation, met);
    });
    expect(compareSchemas(before, schema).differences).not.toEqual([]);
    for (const inverse of inverses.toReversed()) {
      if (!("actions" in inverse)) throw new Error(inverse.impossible);
      for (const action of inverse.actions) {
        const [like] = operationsOf("DROP TABLE x");
        if (like)
          schema = applyOperation(schema, { ...like, ...action, columns: action.columns } as never, postgres).schema;
      }
    }
    expect(compareSchemas(before, schema).differences.map(renderDifference)).toEqual([]);
  });

  test.each([
    ["ALTER TYPE mood ADD VALUE 'ok'", "A value cannot be taken from an enum; the type has to be made anew."],
    ["UPDATE users SET email = ''", "Rows that were changed cannot be told from the schema."],
    ["DROP VIEW v", "Its definition before this is not known."],
    ["DROP TABLE nowhere", "Table nowhere does not exist before this."],
  ])("of %s is refused", (sql, impossible) => {
    const [operation] = operationsOf(sql);
    expect(operation && invert(operation, play(setup).schema)).toEqual({ impossible });
  });
});
