import { describe, expect, test } from "vitest";
import type { Call } from "../../../server/src/syntax/value.ts";
import { choice, column, keywords, op, readOne, reference, sa, touches, unknown, method, value } from "./build.ts";

const userId = sa("Column", "user_id", sa("Integer"), sa("ForeignKey", "app.users.id"), keywords({ nullable: false }));
const batch = op("batch_alter_table", "users", keywords({ schema: "app" }));

const cases: readonly {
  readonly title: string;
  readonly call: Call;
  readonly kind: string;
  readonly table: string;
  readonly columns?: readonly string[];
  readonly touches: readonly string[];
}[] = [
  {
    title: "add_column creates a column of a table that exists",
    call: op("add_column", "users", sa("Column", "name", sa("String", 200))),
    kind: "add_column",
    table: "users",
    columns: ["name"],
    touches: ["create users.name", "require users"],
  },
  {
    title: "add_column NOT NULL constrains the rows, and its foreign key requires the other table",
    call: op("add_column", "posts", userId),
    kind: "add_column",
    table: "posts",
    columns: ["user_id"],
    touches: ["create posts.user_id", "constrain posts", "require app.users", "require app.users.id", "require posts"],
  },
  {
    title: "add_column of a batch takes table and schema from the batch",
    call: method(batch, "add_column", sa("Column", "name", sa("Text"))),
    kind: "add_column",
    table: "app.users",
    columns: ["name"],
    touches: ["create app.users.name", "require app.users"],
  },
  {
    title: "drop_column drops it",
    call: op("drop_column", "users", "name", keywords({ schema: "app" })),
    kind: "drop_column",
    table: "app.users",
    columns: ["name"],
    touches: ["drop app.users.name", "require app.users"],
  },
  {
    title: "alter_column to NOT NULL constrains the column",
    call: op("alter_column", "users", "name", keywords({ existing_type: sa("String"), nullable: false })),
    kind: "alter_column",
    table: "users",
    columns: ["name"],
    touches: ["constrain users.name", "require users"],
  },
  {
    title: "alter_column to NULL relaxes it",
    call: op("alter_column", "users", keywords({ column_name: "name", nullable: true })),
    kind: "alter_column",
    table: "users",
    columns: ["name"],
    touches: ["relax users.name", "require users"],
  },
  {
    title: "alter_column with a new name touches both names",
    call: method(batch, "alter_column", "name", keywords({ new_column_name: "full_name" })),
    kind: "alter_column",
    table: "app.users",
    columns: ["name"],
    touches: ["rename app.users.name", "rename app.users.full_name", "require app.users"],
  },
  {
    title: "alter_column of the type alters",
    call: op("alter_column", "users", "name", keywords({ type_: sa("Text") })),
    kind: "alter_column",
    table: "users",
    columns: ["name"],
    touches: ["alter users.name", "require users"],
  },
  {
    title: "create_table creates the table and its columns",
    call: op(
      "create_table",
      "posts",
      sa("Column", "id", sa("Integer"), keywords({ primary_key: true })),
      userId,
      sa("PrimaryKeyConstraint", "id", keywords({ name: "pk" })),
      keywords({ schema: "app" }),
    ),
    kind: "create_table",
    table: "app.posts",
    columns: ["id", "user_id"],
    touches: [
      "create app.posts",
      "create constraint:app.pk",
      "create app.posts.id",
      "create app.posts.user_id",
      "require app.users",
      "require app.users.id",
    ],
  },
  {
    title: "drop_table drops it",
    call: op("drop_table", "posts"),
    kind: "drop_table",
    table: "posts",
    touches: ["drop posts"],
  },
  {
    title: "rename_table touches both names",
    call: op("rename_table", "posts", "articles"),
    kind: "rename_table",
    table: "posts",
    touches: ["rename posts", "rename articles"],
  },
  {
    title: "create_index requires its columns",
    call: op("create_index", op("f", "ix_posts_user"), "posts", ["user_id", sa("text", "created_at DESC")]),
    kind: "create_index",
    table: "posts",
    columns: ["user_id", "created_at"],
    touches: ["create index:ix_posts_user", "require posts", "require posts.user_id", "require posts.created_at"],
  },
  {
    title: "a unique index constrains its columns",
    call: method(batch, "create_index", "ux", ["name"], keywords({ unique: true })),
    kind: "create_index",
    table: "app.users",
    columns: ["name"],
    touches: [
      "create index:app.ux",
      "create index:app.users",
      "require app.users",
      "require app.users.name",
      "constrain app.users.name",
    ],
  },
  {
    title: "an index over an expression constrains the columns in it",
    call: op("create_index", "ix", "users", [sa("text", "lower(name)")]),
    kind: "create_index",
    table: "users",
    columns: ["name"],
    touches: ["create index:ix", "require users", "require users.name", "constrain users.name"],
  },
  {
    title: "drop_index without a table",
    call: op("drop_index", "ix", keywords({ schema: "app" })),
    kind: "drop_index",
    table: "",
    touches: ["drop index:app.ix"],
  },
  {
    title: "create_foreign_key touches both tables",
    call: op(
      "create_foreign_key",
      "fk",
      "posts",
      "users",
      ["user_id"],
      ["id"],
      keywords({ referent_schema: "app", source_schema: "blog" }),
    ),
    kind: "create_foreign_key",
    table: "blog.posts",
    columns: ["user_id"],
    touches: [
      "create constraint:blog.fk",
      "require blog.posts",
      "require blog.posts.user_id",
      "constrain blog.posts.user_id",
      "read app.users.id",
      "require app.users",
      "require app.users.id",
    ],
  },
  {
    title: "create_foreign_key of a batch",
    call: method(batch, "create_foreign_key", null, "roles", ["role_id"], ["id"]),
    kind: "create_foreign_key",
    table: "app.users",
    columns: ["role_id"],
    touches: [
      "require app.users",
      "require app.users.role_id",
      "constrain app.users.role_id",
      "read roles.id",
      "require roles",
      "require roles.id",
    ],
  },
  {
    title: "create_unique_constraint constrains its columns",
    call: op("create_unique_constraint", "uq", "users", ["a", "b"]),
    kind: "create_unique_constraint",
    table: "users",
    columns: ["a", "b"],
    touches: [
      "create constraint:uq",
      "require users",
      "require users.a",
      "require users.b",
      "create index:users",
      "constrain users.a",
      "constrain users.b",
    ],
  },
  {
    title: "create_primary_key constrains its columns",
    call: method(batch, "create_primary_key", "pk", ["id"]),
    kind: "create_primary_key",
    table: "app.users",
    columns: ["id"],
    touches: [
      "create constraint:app.pk",
      "require app.users",
      "require app.users.id",
      "create index:app.users",
      "constrain app.users.id",
    ],
  },
  {
    title: "create_check_constraint constrains the columns in its condition",
    call: op("create_check_constraint", "ck", "users", sa("text", "age > 0")),
    kind: "create_check_constraint",
    table: "users",
    columns: ["age"],
    touches: ["create constraint:ck", "require users", "require users.age", "constrain users.age"],
  },
  {
    title: "create_exclude_constraint",
    call: op("create_exclude_constraint", "ex", "bookings", ["period", "&&"], ["room", "="]),
    kind: "create_exclude_constraint",
    table: "bookings",
    columns: ["period", "room"],
    touches: [
      "create constraint:ex",
      "require bookings",
      "require bookings.period",
      "require bookings.room",
      "constrain bookings.period",
      "constrain bookings.room",
    ],
  },
  {
    title: "drop_constraint relaxes the table",
    call: method(batch, "drop_constraint", "uq", keywords({ type_: "unique" })),
    kind: "drop_constraint",
    table: "app.users",
    touches: ["drop constraint:app.uq", "require app.users", "relax app.users"],
  },
  {
    title: "create_table_comment",
    call: op("create_table_comment", "users", "People"),
    kind: "create_table_comment",
    table: "users",
    touches: ["require users"],
  },
  {
    title: "drop_table_comment of a batch",
    call: method(batch, "drop_table_comment"),
    kind: "drop_table_comment",
    table: "app.users",
    touches: ["require app.users"],
  },
  {
    title: "bulk_insert inserts the columns of its rows",
    call: op("bulk_insert", sa("table", "roles", sa("column", "id")), [
      { kind: "mapping", entries: [[value("id"), value(1)]], complete: true, range: { start: 0, end: 0 } },
    ]),
    kind: "bulk_insert",
    table: "roles",
    columns: ["id"],
    touches: ["insert roles", "insert roles.id"],
  },
];

describe("a directive", () => {
  for (const { title, call, kind, table, columns = [], touches: expected } of cases) {
    test(title, () => {
      const draft = readOne(call);
      expect({
        kind: draft.kind,
        table: draft.table ? [draft.table.schema, draft.table.name].filter(Boolean).join(".") : "",
        columns: draft.columns,
        touches: touches(draft),
        why: draft.why,
      }).toEqual({
        kind,
        table,
        columns,
        touches: expected,
        why: undefined,
      });
      expect(draft.confidence).toBe("certain");
    });
  }

  test("says what it cannot know of a table", () => {
    const draft = readOne(op("drop_column", unknown("it is computed"), "name"));
    expect(draft).toMatchObject({
      kind: "drop_column",
      columns: ["name"],
      touches: [],
      confidence: "likely",
      incomplete: true,
    });
    expect(draft.why).toBe("the table's name is not known: it is computed");
    expect(draft.table).toBeUndefined();
  });

  test("takes a name on which both arms of a choice agree", () => {
    expect(readOne(op("drop_table", choice("a", "a"))).confidence).toBe("certain");
    expect(readOne(op("drop_table", choice("a", "b"))).why).toContain("one of several");
  });

  test("that Alembic does not have is opaque schema", () => {
    expect(readOne(op("create_entity", reference("app.view")))).toMatchObject({
      kind: "opaque",
      effect: "schema",
      confidence: "opaque",
    });
  });

  test("on an index names a column of a table object", () => {
    const users = sa("table", "users", sa("column", "name"));
    expect(readOne(op("create_index", "ix", "users", [sa("func.lower", column(users, "name"))])).details).toMatchObject(
      { expression: true, unique: false },
    );
  });
});
