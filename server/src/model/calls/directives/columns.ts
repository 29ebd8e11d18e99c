/** `add_column`, `alter_column`, `drop_column`. */
import { columnEntity, touch, type QualifiedName, type Touch } from "../../../sql/action.ts";
import type { Value } from "../../../syntax/value.ts";
import { given, nameArgument, optionalName, type Bound } from "../arguments.ts";
import { demandsOfRows, readColumn, referencesOf, targetTouches, whyNoColumn, type ColumnReading } from "../columns.ts";
import { action, type Sketch } from "../draft.ts";
import { onColumns, onNamed, onTable } from "../entities.ts";
import { renderValue } from "../render.ts";
import { booleanOf, isNone, whyUnknown } from "../terms.ts";
import { uniqueness } from "./constraints.ts";
import type { Directive, Scene } from "./directive.ts";

export const addColumn: Directive = {
  parameters: ["table_name", "column", "schema"],
  batch: ["column"],
  read: ({ bound, table }) => {
    const value = bound.get("column");
    const column = value && readColumn(value);
    if (column === undefined) bound.doubts.push(value ? whyNoColumn(value) : "the column is not given");
    else bound.doubts.push(...column.doubts);
    const ifExists = given(bound, "if_not_exists") ? (booleanOf(bound.get("if_not_exists")) ?? undefined) : undefined;
    return [
      {
        action: action({
          kind: "add_column",
          effect: "schema",
          table,
          columns: column ? [column.definition.name] : [],
          touches: [...(column ? addTouches(table, column) : []), ...onTable("require", table)],
          details: {
            definitions: column ? [column.definition] : undefined,
            references: column && referencesOf(column.targets),
            ifExists,
          },
        }),
        doubts: bound.doubts,
      },
    ];
  },
};

function addTouches(table: QualifiedName | undefined, column: ColumnReading): readonly Touch[] {
  const { name } = column.definition;
  const filled = column.definition.hasServerDefault === true;
  // Rows that exist already must fit: a value for NOT NULL, a default that is unique, checked or points at a row.
  const constrains =
    demandsOfRows(column) || (filled && (column.unique || column.checked || column.targets.length > 0));
  const targets = column.targets.flatMap((target) =>
    filled && target.column !== undefined ? onColumns("read", target.table, [target.column]) : [],
  );
  return [
    ...onColumns("create", table, [name]),
    ...(column.unique && table ? [uniqueness(table)] : []),
    ...(constrains ? onTable("constrain", table) : []),
    ...targetTouches(column.targets),
    ...targets,
    ...(column.enum ? onNamed("require", "type", column.enum.name, column.enum.schema) : []),
  ];
}

export const dropColumn: Directive = {
  parameters: ["table_name", "column_name", "schema"],
  batch: ["column_name"],
  read: ({ bound, table }) => {
    const column = nameArgument(bound, "column_name", "the column's name");
    const columns = column === undefined ? [] : [column];
    return [
      {
        action: action({
          kind: "drop_column",
          effect: "schema",
          table,
          columns,
          touches: [...onColumns("drop", table, columns), ...onTable("require", table)],
          details: { ifExists: booleanOf(bound.get("if_exists")) },
        }),
        doubts: bound.doubts,
      },
    ];
  },
};

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

function alteration({ bound, table, dialect }: Scene): Sketch {
  const column = nameArgument(bound, "column_name", "the column's name");
  const newName = optionalName(bound, "new_column_name", "the column's new name");
  const nullable = nullabilityArgument(bound);
  const type = given(bound, "type_") ? bound.get("type_") : undefined;
  const serverDefault = defaultArgument(bound);
  const comment = bound.get("comment");
  const commented = comment !== undefined && booleanOf(comment) !== false;
  const columns = column === undefined ? [] : [column];
  const changes = nullable !== undefined || type !== undefined || serverDefault !== undefined || newName !== undefined;
  const touches: Touch[] = [];
  if (column !== undefined && table !== undefined) {
    const on = columnEntity(table, column);
    if (nullable === false) touches.push(touch("constrain", on));
    if (nullable === true) touches.push(touch("relax", on));
    if (newName !== undefined) touches.push(touch("rename", on), touch("rename", columnEntity(table, newName)));
    if (type !== undefined || serverDefault !== undefined || touches.length === 0) touches.push(touch("alter", on));
  }
  // PostgreSQL and Oracle write `COMMENT ON COLUMN`, which leaves the definition alone; MySQL repeats it.
  const onlyComment = commented && !changes && !bound.open && (dialect === "postgresql" || dialect === "oracle");
  // With `existing_…` alone Alembic writes nothing, but a batch block on SQLite still copies the table.
  const nothing = !changes && !commented && !bound.open && dialect !== "sqlite" && !given(bound, "autoincrement");
  return {
    action: action({
      kind: "alter_column",
      effect: onlyComment || nothing ? "maintenance" : "schema",
      table,
      columns,
      touches: [...touches, ...onTable("require", table)],
      details: { nullable, newName, serverDefault, newType: type && renderValue(type) },
    }),
    doubts: bound.doubts,
  };
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
