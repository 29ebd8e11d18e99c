/** `create_table`, `drop_table`, `rename_table` and the comments of tables. */
import type { ActionKind, Dialect, Effect, QualifiedName, Touch } from "../../../sql/action.ts";
import type { Value } from "../../../syntax/value.ts";
import { flag, nameArgument, type Bound } from "../arguments.ts";
import { referencesOf, targetTouches, type Target } from "../columns.ts";
import { action, someOf, type Sketch } from "../draft.ts";
import { columnCall, readColumn, whyNoColumn, type ColumnReading } from "../elements/column.ts";
import { constraintTargets, tableItemTouches } from "../elements/constraint-touches.ts";
import type { Owner } from "../elements/constraint-parts.ts";
import { tableOptions, tableParts } from "../elements/table.ts";
import { onColumns, onNamed, onTable, qualified } from "../entities.ts";
import { built, isNone, textOf } from "../terms.ts";
import type { Directive } from "./directive.ts";

export const createTable: Directive = {
  parameters: ["table_name|name"],
  table: "table_name",
  read: ({ bound, table, dialect }) => [readTable(bound, table, dialect)],
};

/** A `CREATE TABLE`, from `op.create_table(…)` or `sa.Table(…)`; `bound.rest` holds its columns and constraints. */
export function readTable(bound: Bound, table: QualifiedName | undefined, dialect: Dialect): Sketch {
  const owner: Owner = { table, dialect };
  const columns: ColumnReading[] = [];
  const items: Value[] = [];
  for (const item of bound.rest) {
    const column = readColumn(item, owner);
    if (column) columns.push(column);
    else if (columnCall(item) || !isTableItem(item)) bound.doubts.push(whyNoColumn(item));
    else items.push(item);
  }
  bound.doubts.push(...columns.flatMap(({ doubts }) => doubts));
  const { definitions, constraints, indexes, enumTypes } = tableParts(columns, items, owner);
  const columnTouches = columns.flatMap((column) => [
    ...onColumns("create", table, [column.definition.name]),
    ...targetTouches(targetsAtOnce(column)),
    ...typeTouches(column),
  ]);
  return {
    action: action({
      kind: "create_table",
      effect: "schema",
      table,
      columns: definitions.map(({ name }) => name),
      touches: [
        ...onTable("create", table),
        ...items.flatMap((item) => tableItemTouches(item, table)),
        ...columnTouches,
      ],
      details: {
        definitions,
        constraints: someOf(constraints),
        indexes: someOf(indexes),
        enumTypes: someOf(enumTypes),
        options: tableOptions(bound, owner),
        references: referencesOf([...items.flatMap(constraintTargets), ...columns.flatMap(targetsAtOnce)]),
        temporary: isTemporary(bound.get("prefixes")) || undefined,
        ifNotExists: flag(bound, "if_not_exists"),
      },
    }),
    doubts: bound.doubts,
  };
}

const items =
  /^(?:PrimaryKeyConstraint|UniqueConstraint|CheckConstraint|ForeignKeyConstraint|ExcludeConstraint|Index|Sequence|Identity|Comment|MetaData)$/;
const isTableItem = (value: Value): boolean => items.test(built(value) ?? "") || isNone(value);

/** PostgreSQL's table event makes the types of its columns, unless a type says that it exists. */
const typeTouches = ({ ownType }: ColumnReading): readonly Touch[] =>
  ownType ? onNamed(ownType.created ? "create" : "require", "type", ownType.name.name, ownType.name.schema) : [];

/** Without those of `use_alter=True`, which `op.create_table` leaves out. */
const targetsAtOnce = ({ targets, foreignKeys, waiting }: ColumnReading): readonly Target[] =>
  targets.filter((_, index) => {
    const key = foreignKeys[index];
    return key === undefined || !waiting.has(key);
  });

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
    {
      action: action({
        kind,
        effect,
        table,
        touches: onTable("require", table),
        details: { comment: kind === "drop_table_comment" ? null : commentOf(bound.get("comment")) },
      }),
      doubts: bound.doubts,
    },
  ];
};

/** None takes the comment away. */
const commentOf = (value: Value | undefined): string | null | undefined => (isNone(value) ? null : textOf(value));

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
