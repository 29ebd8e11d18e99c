/** `alter_column`. */
import { columnEntity, touch, type Details, type Dialect, type Effect, type Touch } from "../../../sql/action.ts";
import type { Value } from "../../../syntax/value.ts";
import { given, nameArgument, optionalName, type Bound } from "../arguments.ts";
import { conditionOf, defaultOf } from "../compile/index.ts";
import { action, present, someOf, type Sketch } from "../draft.ts";
import { typeCheck } from "../elements/column.ts";
import { identityOf, isDefault } from "../elements/server-default.ts";
import { onTable } from "../entities.ts";
import { renderValue } from "../render.ts";
import { booleanOf, built, isNone, textOf, whyUnknown } from "../terms.ts";
import { readType } from "../types/index.ts";
import type { Directive, Scene } from "./directive.ts";

const alterOptions = ["nullable", "comment", "server_default", "new_column_name", "type_", "existing_type"];

export const alterColumn: Directive = {
  parameters: [
    "table_name",
    "column_name|name",
    ...alterOptions,
    "existing_server_default",
    "existing_nullable",
    "existing_comment",
    "schema",
  ],
  batch: ["column_name|name", ...alterOptions],
  read: (scene) => [alteration(scene)],
};

function alteration(scene: Scene): Sketch {
  const { bound, table, dialect } = scene;
  const column = nameArgument(bound, "column_name", "the column's name");
  const newName = optionalName(bound, "new_column_name", "the column's new name");
  const nullable = nullabilityArgument(bound);
  const type = given(bound, "type_") ? bound.get("type_") : undefined;
  const serverDefault = defaultArgument(bound);
  const touches: Touch[] = [];
  if (column !== undefined && table !== undefined) {
    const on = columnEntity(table, column);
    if (nullable === false) touches.push(touch("constrain", on));
    if (nullable === true) touches.push(touch("relax", on));
    if (newName !== undefined) touches.push(touch("rename", on), touch("rename", columnEntity(table, newName)));
    if (type !== undefined || serverDefault !== undefined || touches.length === 0) touches.push(touch("alter", on));
  }
  const changes = nullable !== undefined || type !== undefined || serverDefault !== undefined || newName !== undefined;
  return {
    action: action({
      kind: "alter_column",
      effect: effectOf(bound, dialect, changes),
      table,
      columns: column === undefined ? [] : [column],
      touches: [...touches, ...onTable("require", table)],
      details: {
        nullable,
        newName,
        ...typeDetails(scene, column, type),
        ...defaultDetails(bound, serverDefault, dialect),
        comment: commentArgument(bound),
        existing: existingOf(scene),
      },
    }),
    doubts: bound.doubts,
  };
}

function effectOf(bound: Bound, dialect: Dialect, changes: boolean): Effect {
  const comment = bound.get("comment");
  const commented = comment !== undefined && booleanOf(comment) !== false;
  // PostgreSQL and Oracle write `COMMENT ON COLUMN`, which leaves the definition alone; MySQL repeats it.
  const onlyComment = commented && !changes && !bound.open && (dialect === "postgresql" || dialect === "oracle");
  // With `existing_…` alone Alembic writes nothing, but a batch block on SQLite still copies the table.
  const nothing = !changes && !commented && !bound.open && dialect !== "sqlite" && !given(bound, "autoincrement");
  return onlyComment || nothing ? "maintenance" : "schema";
}

type Loose = { readonly [K in keyof Details]?: Details[K] | undefined };

/** A type that comes with a CHECK brings it along. */
function typeDetails({ bound, dialect }: Scene, column: string | undefined, type: Value | undefined): Loose {
  if (type === undefined) return {};
  const read = readType(type, dialect);
  const using = bound.get(`${dialect}_using`);
  const check = read.check && column !== undefined ? [typeCheck(column, read.check, dialect)] : [];
  return {
    newType: renderValue(type),
    newSqlType: read.type,
    collation: read.collation,
    using: using === undefined || isNone(using) ? undefined : conditionOf(using, dialect),
    constraints: someOf(check),
  };
}

/** A default, or an identity: Alembic alters it where either the new or the existing one is an `Identity`. */
function defaultDetails(bound: Bound, serverDefault: boolean | undefined, dialect: Dialect): Loose {
  const value = bound.get("server_default");
  const existing = bound.get("existing_server_default");
  if (serverDefault === undefined || value === undefined) return {};
  const isIdentity = (one: Value | undefined): boolean => one !== undefined && built(one) === "Identity";
  if (value.kind === "call" && isIdentity(value)) return { identity: identityOf(value) };
  if (!serverDefault && isIdentity(existing)) return { identity: "dropped" };
  const newDefault = serverDefault ? defaultOf(value, dialect) : undefined;
  return { serverDefault: newDefault !== undefined, newDefault };
}

/** `False`, which is Alembic's own default, leaves the comment as it is; None takes it away. */
function commentArgument(bound: Bound): string | null | undefined {
  const comment = bound.get("comment");
  return comment === undefined ? undefined : isNone(comment) ? null : textOf(comment);
}

function existingOf({ bound, dialect }: Scene): Details["existing"] {
  const type = bound.get("existing_type");
  const before = bound.get("existing_server_default");
  const unset = before === undefined || booleanOf(before) === false || isDefault(before) === undefined;
  const existing = present<NonNullable<Details["existing"]>>({
    type: type && readType(type, dialect).type,
    nullable: booleanOf(bound.get("existing_nullable")),
    default: unset ? undefined : isNone(before) ? null : (defaultOf(before, dialect) ?? null),
  });
  return Object.keys(existing).length > 0 ? existing : undefined;
}

function nullabilityArgument(bound: Bound): boolean | undefined {
  const value = bound.get("nullable");
  if (value === undefined || isNone(value)) return undefined;
  const known = booleanOf(value);
  if (known === undefined) bound.doubts.push(whyUnknown(value, "whether NULL is allowed"));
  return known;
}

/** `True`: a default is set; `False`: None takes it away. Alembic's own `False` leaves it as it is. */
function defaultArgument(bound: Bound): boolean | undefined {
  const value: Value | undefined = bound.get("server_default");
  if (value === undefined || booleanOf(value) === false) return undefined;
  return !isNone(value);
}
