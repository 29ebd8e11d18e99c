/** `create_table`, `drop_table`, `rename_table` and the comments of tables. */
import type { ActionKind, ColumnDefinition, Dialect, Effect, QualifiedName, Touch } from "../../../sql/action.ts";
import type { Value } from "../../../syntax/value.ts";
import { flag, nameArgument, type Bound } from "../arguments.ts";
import {
  readColumn,
  referencesOf,
  targetTouches,
  whyNoColumn,
  columnCall,
  type ColumnReading,
  type Target,
} from "../columns.ts";
import { action, type Sketch } from "../draft.ts";
import { onColumns, onNamed, onTable, qualified } from "../entities.ts";
import { built, isNone, textOf } from "../terms.ts";
import { constraintTargets, namesOf, tableConstraint } from "./constraints.ts";
import type { Directive } from "./directive.ts";

export const createTable: Directive = {
  parameters: ["table_name|name"],
  table: "table_name",
  read: ({ bound, table, dialect }) => [readTable(bound, table, dialect)],
};

/** A `CREATE TABLE`, from `op.create_table(…)` or `sa.Table(…)`; `bound.rest` holds its columns and constraints. */
export function readTable(bound: Bound, table: QualifiedName | undefined, dialect: Dialect): Sketch {
  const columns: ColumnReading[] = [];
  const keyColumns = new Set<string>();
  const touches: Touch[] = [...onTable("create", table)];
  const targets: Target[] = [];
  for (const item of bound.rest) {
    const column = readColumn(item);
    if (column) columns.push(column);
    else if (columnCall(item) || !isTableItem(item)) bound.doubts.push(whyNoColumn(item));
    else {
      if (built(item) === "PrimaryKeyConstraint" && item.kind === "call")
        for (const name of namesOf(item.args.map((a) => a.value))) keyColumns.add(name);
      touches.push(...tableConstraint(item, table));
      targets.push(...constraintTargets(item));
    }
  }
  for (const column of columns) {
    bound.doubts.push(...column.doubts);
    targets.push(...column.targets);
    touches.push(
      ...onColumns("create", table, [column.definition.name]),
      ...targetTouches(column.targets),
      ...enumTouches(column, dialect),
    );
  }
  const definitions = columns.map(({ definition }): ColumnDefinition =>
    keyColumns.has(definition.name) ? { ...definition, nullable: false } : definition,
  );
  return {
    action: action({
      kind: "create_table",
      effect: "schema",
      table,
      columns: definitions.map(({ name }) => name),
      touches,
      details: {
        definitions,
        references: referencesOf(targets),
        temporary: isTemporary(bound.get("prefixes")) || undefined,
        ifExists: flag(bound, "if_not_exists"),
      },
    }),
    doubts: bound.doubts,
  };
}

const items =
  /^(?:PrimaryKeyConstraint|UniqueConstraint|CheckConstraint|ForeignKeyConstraint|ExcludeConstraint|Index|Sequence|Identity|Comment|MetaData)$/;
const isTableItem = (value: Value): boolean => items.test(built(value) ?? "") || isNone(value);

/** PostgreSQL's table event makes the enum types of its columns, unless a type says that it exists. */
function enumTouches(column: ColumnReading, dialect: Dialect): readonly Touch[] {
  if (column.enum === undefined || dialect !== "postgresql") return [];
  return onNamed(column.enum.created ? "create" : "require", "type", column.enum.name, column.enum.schema);
}

const isTemporary = (prefixes: Value | undefined): boolean =>
  prefixes?.kind === "sequence" &&
  prefixes.items.some((item) => /^\s*(?:(?:GLOBAL|LOCAL)\s+)?TEMP(?:ORARY)?\b/i.test(textOf(item) ?? ""));

export const dropTable: Directive = {
  parameters: ["table_name|name", "schema"],
  table: "table_name",
  read: ({ bound, table }) => [
    {
      action: action({
        kind: "drop_table",
        effect: "schema",
        table,
        touches: onTable("drop", table),
        details: { ifExists: flag(bound, "if_exists") },
      }),
      doubts: bound.doubts,
    },
  ],
};

export const renameTable: Directive = {
  parameters: ["old_table_name", "new_table_name", "schema"],
  table: "old_table_name",
  read: ({ bound, table, schema }) => {
    const newName = nameArgument(bound, "new_table_name", "the table's new name");
    const renamed = newName === undefined ? undefined : qualified(newName, schema);
    return [
      {
        action: action({
          kind: "rename_table",
          effect: "schema",
          table,
          touches: [...onTable("rename", table), ...onTable("rename", renamed)],
          details: { newName },
        }),
        doubts: bound.doubts,
      },
    ];
  },
};

const comment = (kind: ActionKind): Directive["read"] => {
  const effect: Effect = "maintenance";
  return ({ bound, table }) => [
    { action: action({ kind, effect, table, touches: onTable("require", table) }), doubts: bound.doubts },
  ];
};

export const createTableComment: Directive = {
  parameters: ["table_name", "comment", "existing_comment", "schema"],
  batch: ["comment", "existing_comment"],
  read: comment("create_table_comment"),
};

export const dropTableComment: Directive = {
  parameters: ["table_name", "existing_comment", "schema"],
  batch: ["existing_comment"],
  read: comment("drop_table_comment"),
};
