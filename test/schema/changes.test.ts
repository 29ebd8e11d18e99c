import { describe, expect, test } from "vitest";
import type { Context, Direction, Operation } from "../../server/src/model/revision.ts";
import { findChanges, type Surroundings } from "../../server/src/schema/changes.ts";
import { renderDataChange, renderSchemaChange } from "../../server/src/schema/wording.ts";
import {
  columnEntity,
  tableEntity,
  touch,
  type ActionKind,
  type Effect,
  type Touch,
} from "../../server/src/sql/action.ts";
import { range } from "../../server/src/text/range.ts";

const data: readonly ActionKind[] = ["insert", "bulk_insert", "update", "delete", "merge", "truncate", "copy"];

const effectOf = (kind: ActionKind): Effect => (data.includes(kind) ? "data" : kind === "select" ? "read" : "schema");

function operation(kind: ActionKind, table?: string, more: Partial<Operation> = {}): Operation {
  return {
    kind,
    effect: effectOf(kind),
    ...(table === undefined ? {} : { table: { name: table } }),
    columns: [],
    touches: [],
    details: {},
    range: range(0, 1),
    nameRange: range(0, 1),
    via: "sql",
    confidence: "certain",
    context: [],
    statement: 0,
    calls: [],
    ...more,
  };
}

const reads = (...tables: readonly string[]): { readonly touches: readonly Touch[] } => ({
  touches: tables.map((name) => touch("read", tableEntity({ name }))),
});

const under = (context: Partial<Context> & { kind: Context["kind"] }): { readonly context: readonly Context[] } => ({
  context: [{ range: range(0, 1), ...context } as Context],
});

const postgresql: Surroundings = { dialect: "postgresql", versionTable: "alembic_version" };

function halves(operations: readonly Operation[], surroundings = postgresql): { schema: string[]; data: string[] } {
  const direction: Direction = { name: "upgrade", form: "body", indent: "    ", statements: [], operations };
  const found = findChanges(direction, surroundings);
  return {
    schema: found.schema.map((change) => renderSchemaChange(change.operation)),
    data: found.data.map((change) => renderDataChange(change.operation)),
  };
}

describe("existing tables", () => {
  test("their definitions are schema, their rows are data", () => {
    expect(
      halves([
        operation("add_column", "users", { columns: ["full_name"] }),
        operation("update", "users"),
        operation("create_index", "users", { name: "ix_users_name" }),
        operation("drop_table", "old"),
      ]),
    ).toEqual({
      schema: ["add_column users.full_name", "create_index ix_users_name on users", "drop_table old"],
      data: ["UPDATE users"],
    });
  });

  test("an index dropped without its table is an existing table's", () => {
    expect(halves([operation("drop_index", undefined, { name: "ix" })]).schema).toEqual(["drop_index ix"]);
  });

  test("a constraint whose table is not known is an existing table's, unless there are new ones", () => {
    const constraint = operation("create_unique_constraint");
    expect(halves([constraint]).schema).toEqual(["create_unique_constraint"]);
    expect(halves([operation("create_table", "t"), constraint]).schema).toEqual([]);
  });

  test("a constraint without a name is called by its table", () => {
    expect(halves([operation("drop_constraint", "users")]).schema).toEqual(["drop_constraint on users"]);
  });

  test("a renamed table stays an existing one under its new name", () => {
    const rename = operation("rename_table", "a", { details: { newName: "b" } });
    expect(halves([rename, operation("update", "b"), operation("add_column", "b", { columns: ["c"] })])).toEqual({
      schema: ["rename_table a", "add_column b.c"],
      data: ["UPDATE b"],
    });
  });

  test("a name that a rename has set free can belong to a new table", () => {
    const rename = operation("rename_table", "a", { details: { newName: "a_old" } });
    const copy = operation("insert", "a", { details: { source: "query" }, ...reads("a_old") });
    const found = halves([rename, operation("create_table", "a"), copy, operation("drop_table", "a_old")]);
    expect(found).toEqual({ schema: ["rename_table a", "drop_table a_old"], data: ["INSERT INTO a"] });
  });

  test("an altered enum type is schema, a new one is not", () => {
    expect(halves([operation("alter_type", undefined, { name: "status" })]).schema).toEqual(["alter_type status"]);
    expect(
      halves([
        operation("create_type", undefined, { name: "status" }),
        operation("alter_type", undefined, { name: "status" }),
      ]).schema,
    ).toEqual([]);
  });
});

describe("statements about several tables", () => {
  const tables = (how: "drop" | "delete", ...names: readonly string[]): Partial<Operation> => ({
    touches: names.map((name) => touch(how, tableEntity({ name }))),
  });

  test("are about existing rows where one of the tables exists", () => {
    const create = operation("create_table", "new");
    const truncate = operation("truncate", "new", tables("delete", "new", "users"));
    expect(halves([create, truncate]).data).toEqual(["TRUNCATE new"]);
    expect(halves([create, operation("truncate", "new", tables("delete", "new"))]).data).toEqual([]);
  });

  test("make scratch tables of all that they drop", () => {
    const made = ["a", "b"].map((name) => operation("create_table", name, reads("users")));
    expect(halves([...made, operation("drop_table", "a", tables("drop", "a", "b"))])).toEqual({ schema: [], data: [] });
  });
});

describe("new tables", () => {
  const create = operation("create_table", "roles");

  test("are neither schema nor data, with all that is done to them", () => {
    const found = halves([
      create,
      operation("bulk_insert", "roles", { details: { source: "values" } }),
      operation("update", "roles"),
      operation("delete", "roles"),
      operation("create_index", "roles", { name: "ix_roles" }),
      operation("drop_index", undefined, { name: "ix_roles" }),
      operation("add_column", "roles", { columns: ["c"] }),
    ]);
    expect(found).toEqual({ schema: [], data: [] });
  });

  test("filled from an existing table are data", () => {
    expect(
      halves([create, operation("insert", "roles", { details: { source: "query" }, ...reads("users") })]).data,
    ).toEqual(["INSERT INTO roles"]);
  });

  test("filled from a query are data, though the query reads a view or one column", () => {
    const touches = [touch("read", columnEntity({ name: "users" }, "id"))];
    expect(halves([create, operation("insert", "roles", { touches })]).data).toEqual(["INSERT INTO roles"]);
  });

  test("filled from another new table are neither", () => {
    const copy = operation("insert", "kinds", { ...reads("roles") });
    expect(halves([create, operation("create_table", "kinds"), copy]).data).toEqual([]);
  });

  test("filled from a temporary copy of an existing table are data", () => {
    const temporary = operation("create_table", "tmp", { details: { temporary: true }, ...reads("users") });
    expect(halves([create, temporary, operation("insert", "roles", reads("tmp"))]).data).toEqual(["INSERT INTO roles"]);
  });

  test("made by CREATE TABLE AS are data, unless they are dropped again", () => {
    const copy = operation("create_table", "copy", reads("users"));
    expect(halves([copy]).data).toEqual(["CREATE TABLE AS copy"]);
    expect(halves([copy, operation("drop_table", "copy")])).toEqual({ schema: [], data: [] });
  });

  test("are known by their schema, the default one being optional", () => {
    const inPublic = operation("update", undefined, { table: { schema: "public", name: "roles" } });
    const elsewhere = operation("update", undefined, { table: { schema: "other", name: "roles" } });
    expect(halves([create, inPublic]).data).toEqual([]);
    expect(halves([create, elsewhere]).data).toEqual(["UPDATE other.roles"]);
  });
});

describe("what is neither", () => {
  test("rows of bookkeeping and of temporary tables", () => {
    const surroundings: Surroundings = { dialect: "postgresql", versionTable: "my_versions" };
    const temporary = operation("create_table", "tmp", { details: { temporary: true } });
    const operations = [operation("update", "alembic_version"), operation("delete", "my_versions"), temporary];
    expect(halves([...operations, operation("insert", "tmp", reads("users"))], surroundings)).toEqual({
      schema: [],
      data: [],
    });
  });

  test("what could not be read", () => {
    const opaque = operation("opaque", "users", { effect: "unknown", confidence: "opaque" });
    expect(halves([opaque, operation("update", "users", { confidence: "opaque" })])).toEqual({ schema: [], data: [] });
  });

  test("rows of an unknown table where the direction has tables of its own", () => {
    expect(halves([operation("create_table", "t"), operation("insert")]).data).toEqual([]);
    expect(halves([operation("insert")]).data).toEqual(["INSERT"]);
  });

  test("an index, function or trigger that is made and dropped again", () => {
    const operations = (["index", "function", "trigger"] as const).flatMap((what) => [
      operation(`create_${what}`, "users", { name: `helper_${what}` }),
      operation("update", "users"),
      operation(`drop_${what}`, "users", { name: `helper_${what}` }),
    ]);
    expect(halves(operations).schema).toEqual([]);
  });

  test("an index that is dropped and made anew is not scaffolding", () => {
    const operations = [
      operation("drop_index", "users", { name: "ix" }),
      operation("create_index", "users", { name: "ix" }),
    ];
    expect(halves(operations).schema).toEqual(["drop_index ix on users", "create_index ix on users"]);
  });

  test("a trigger disabled and enabled again", () => {
    const toggle = (triggers: "disabled" | "enabled", name?: string, table = "users"): Operation =>
      operation("alter_table", table, { details: { triggers }, ...(name === undefined ? {} : { name }) });
    const between = (off: Operation, on: Operation): readonly string[] =>
      halves([off, operation("update", "users"), on]).schema;
    expect(between(toggle("disabled"), toggle("enabled"))).toEqual([]);
    expect(between(toggle("disabled", "a"), toggle("enabled", "a"))).toEqual([]);
    expect(between(toggle("disabled", "a"), toggle("enabled"))).toEqual([]);
    expect(between(toggle("disabled"), toggle("enabled", "a"))).toHaveLength(2);
    expect(between(toggle("disabled", "a"), toggle("enabled", "b"))).toHaveLength(2);
    expect(between(toggle("disabled"), toggle("enabled", undefined, "teams"))).toHaveLength(2);
    expect(between(toggle("enabled"), toggle("disabled"))).toHaveLength(2);
    expect(halves([toggle("disabled")]).schema).toEqual(["alter_table users"]);
  });

  test("DROP TABLE IF EXISTS of a table that is made after it", () => {
    const clear = operation("drop_table", "t", {
      details: { ifExists: true },
      touches: [touch("drop", tableEntity({ name: "t" }))],
    });
    expect(halves([clear, operation("create_table", "t")]).schema).toEqual([]);
    expect(halves([clear]).schema).toEqual(["drop_table t"]);
    expect(halves([operation("create_table", "t"), clear]).schema).toEqual([]);
  });

  test("views", () => {
    expect(halves([operation("drop_view", "v"), operation("create_view", "v")]).schema).toEqual([]);
  });
});

describe("branches", () => {
  const update = (dialects: readonly string[], negated: boolean): Operation =>
    operation("update", "users", under({ kind: "branch", on: "dialect", dialects, negated }));

  test.each([
    [["postgresql"], false, true],
    [["sqlite"], false, false],
    [["sqlite"], true, true],
    [["postgresql"], true, false],
    [["sqlite", "postgresql"], false, true],
    [["whatever"], false, true],
  ])("a test for %j (negated: %j) holds on PostgreSQL: %j", (dialects, negated, holds) => {
    expect(halves([update(dialects, negated)]).data).toHaveLength(holds ? 1 : 0);
  });

  test("MariaDB answers to the name of MySQL", () => {
    const mariadb: Surroundings = { dialect: "mariadb", versionTable: "alembic_version" };
    expect(halves([update(["mysql"], false)], mariadb).data).toHaveLength(1);
  });
});

describe("transactions", () => {
  const transactions = (operations: readonly Operation[], surroundings = postgresql): readonly number[] => {
    const direction: Direction = { name: "upgrade", form: "body", indent: "    ", statements: [], operations };
    const { schema, data: rows } = findChanges(direction, surroundings);
    return [...schema, ...rows].map((change) => change.transaction);
  };
  const index = operation("create_index", "users", { name: "ix" });

  test("one unless something ends it", () => {
    const [schema, rows] = transactions([index, operation("update", "users")]);
    expect(schema).toBe(rows);
  });

  test("an autocommit block, a COMMIT, and DDL on MySQL end it", () => {
    const block = operation("create_index", "users", { name: "ix", ...under({ kind: "autocommit" }) });
    const commit = operation("transaction", undefined, { effect: "transaction", sql: "COMMIT" });
    const mysql: Surroundings = { dialect: "mysql", versionTable: "alembic_version" };
    for (const [schema, rows] of [
      transactions([block, operation("update", "users")]),
      transactions([index, commit, operation("update", "users")]),
      transactions([index, operation("update", "users")], mysql),
      transactions([operation("update", "users"), index], mysql),
    ]) {
      expect(schema).not.toBe(rows);
    }
  });

  test("a savepoint does not end it", () => {
    const savepoint = operation("transaction", undefined, { effect: "transaction", name: "savepoint" });
    const [schema, rows] = transactions([index, savepoint, operation("update", "users")]);
    expect(schema).toBe(rows);
  });

  test("a session on Alembic's connection ends it by a rollback only", () => {
    const around = (name: string): readonly number[] => {
      const call = operation("transaction", undefined, { effect: "transaction", via: "orm", name });
      return transactions([index, call, operation("update", "users")]);
    };
    for (const name of ["commit", "close", "begin", "begin_nested"]) expect(new Set(around(name)).size).toBe(1);
    expect(new Set(around("rollback")).size).toBe(2);
  });

  test("on SQLite it begins with the first change of rows", () => {
    const sqlite: Surroundings = { dialect: "sqlite", versionTable: "alembic_version" };
    const update = operation("update", "users");
    const count = (...operations: readonly Operation[]): number => new Set(transactions(operations, sqlite)).size;
    expect(count(index, update)).toBe(2);
    expect(count(update, index)).toBe(1);
    expect(count(operation("alter_column", "users", { via: "batch" }), update)).toBe(1);
    expect(count(operation("add_column", "users", { via: "batch" }), update)).toBe(2);
  });
});
