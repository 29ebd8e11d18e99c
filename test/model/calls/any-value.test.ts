import fc from "fast-check";
import { expect, test } from "vitest";
import { readAttributeSet, readCall, readIteration, roleOf } from "../../../server/src/model/calls/index.ts";
import type { Argument, Call, Value } from "../../../server/src/syntax/value.ts";

const range = { start: 0, end: 1 };
const names = [
  "op",
  "execute",
  "add_column",
  "create_table",
  "c",
  "x",
  "update",
  "values",
  "where",
  "query",
  "add",
  "create",
  "__table__",
  "classes",
  "text",
  "alias",
  "cte",
  "insert",
  "from_select",
  "filter_by",
  "get_columns",
  "commit",
  "on_conflict_do_update",
  "bulk_insert",
  "create_index",
  "drop_constraint",
  "alter_column",
  "batch_alter_table",
  "sync_enum_values",
  "add_enum_value",
  "create_entity",
  "create_exclude_constraint",
  "create_check_constraint",
  "create_foreign_key",
  "invoke",
  "with_variant",
  "in_",
  "op",
  "desc",
  "between",
  "bindparams",
  "next_value",
  "create_all",
];
const paths = [
  "alembic.op",
  "sqlalchemy.table",
  "sqlalchemy.Table",
  "sqlalchemy.Column",
  "sqlalchemy.select",
  "sqlalchemy.update",
  "sqlalchemy.text",
  "sqlalchemy.orm.Session",
  "sqlalchemy.Enum",
  "sqlalchemy.ForeignKey",
  "sqlalchemy.String",
  "sqlalchemy.ARRAY",
  "sqlalchemy.dialects.mysql.TINYINT",
  "sqlalchemy.UniqueConstraint",
  "sqlalchemy.PrimaryKeyConstraint",
  "sqlalchemy.ForeignKeyConstraint",
  "sqlalchemy.CheckConstraint",
  "sqlalchemy.dialects.postgresql.ExcludeConstraint",
  "sqlalchemy.Index",
  "sqlalchemy.Identity",
  "sqlalchemy.Computed",
  "sqlalchemy.Sequence",
  "sqlalchemy.DDL",
  "sqlalchemy.cast",
  "sqlalchemy.and_",
  "sqlalchemy.func.lower",
  "sqlalchemy.schema.CreateTable",
  "sqlalchemy.schema.AddConstraint",
  "alembic.operations.ops.CreateTableOp",
  "alembic_utils.pg_view.PGView",
  "app.models.User",
  "app.migrations.add_columns",
  "alembic.op.get_bind",
  "builtins.print",
  "x",
  "",
];
const callees = names.map((name) => `alembic.op.${name}`);

const { value } = fc.letrec<{ value: Value; argument: Argument }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: "medium" },
    fc
      .constantFrom("users", "a", "", "UPDATE users SET a = 1", "a.b.c", "\uFFFC", "SELECT \uFFFC FROM t")
      .map((text): Value => ({ kind: "text", text, holes: [], pieces: [], range })),
    fc.constantFrom(null, true, false, 1).map((scalar): Value => ({ kind: "scalar", value: scalar, range })),
    fc.constantFrom(...paths, ...callees).map((path): Value => ({ kind: "reference", path, range })),
    fc.constant<Value>({ kind: "unknown", why: "unknown", range }),
    tie("value").map((from): Value => ({ kind: "unknown", why: "unknown", from, range })),
    fc
      .tuple(tie("value"), fc.constantFrom(...names))
      .map(([of, name]): Value => ({ kind: "member", of, name, nameRange: range, range })),
    fc.tuple(tie("value"), tie("value")).map(([of, index]): Value => ({ kind: "item", of, index, range })),
    fc
      .tuple(tie("value"), fc.array(tie("argument"), { maxLength: 4 }))
      .map(([callee, args]): Value => ({ kind: "call", callee, args, nameRange: range, range })),
    fc
      .tuple(fc.array(tie("value"), { maxLength: 3 }), fc.boolean())
      .map(([items, complete]): Value => ({ kind: "sequence", type: "list", items, complete, range })),
    fc
      .tuple(fc.array(fc.tuple(tie("value"), tie("value")), { maxLength: 3 }), fc.boolean())
      .map(([entries, complete]): Value => ({ kind: "mapping", entries, complete, range })),
    fc.array(tie("value"), { maxLength: 3 }).map((options): Value => ({ kind: "choice", options, range })),
    fc
      .array(tie("value"), { maxLength: 3 })
      .map((operands): Value => ({ kind: "operator", operator: "==", operands, range })),
    tie("value").map((table): Value => ({
      kind: "class",
      name: "M",
      bases: [],
      members: new Map([["__tablename__", table]]),
      range,
    })),
  ),
  argument: fc
    .tuple(
      tie("value"),
      fc.option(
        fc.constantFrom(
          "schema",
          "table_name",
          "values",
          "columns",
          "unique",
          "name",
          "server_default",
          "type_",
          "postgresql_where",
          "definition",
        ),
      ),
      fc.boolean(),
    )
    .map(([given, name, starred]): Argument => ({
      value: given,
      range,
      ...(name === null ? (starred ? { starred: true as const } : {}) : { name }),
    })),
}));

const calls = fc
  .tuple(
    fc.oneof(
      fc.constantFrom(...callees).map((path): Value => ({ kind: "reference", path, range })),
      value,
    ),
    fc.array(value, { maxLength: 4 }),
  )
  .map(([callee, args]): Call => ({
    kind: "call",
    callee,
    args: args.map((given) => ({ value: given, range })),
    nameRange: range,
    range,
  }));

test("any call is read without an error, and what is not certain says why", () => {
  fc.assert(
    fc.property(calls, (call) => {
      roleOf(call);
      const drafts = [
        readCall(call, "postgresql"),
        readIteration(call, "sqlite"),
        readAttributeSet(call, "x", call, range, range),
      ].flatMap((reading) => reading?.drafts ?? []);
      for (const draft of drafts) {
        expect(draft.confidence === "certain").toBe(draft.why === undefined);
        if (draft.kind === "opaque") expect(draft.confidence).toBe("opaque");
      }
    }),
    { numRuns: 2000 },
  );
});
