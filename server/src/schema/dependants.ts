/** What goes with a thing that is dropped, as far as the replay knows of it, in words. */
import { renderName, type QualifiedName } from "../sql/action.ts";
import { describeConstraint, ownIndexes } from "./describe.ts";
import { keyOf } from "./replay/schema.ts";
import type { Constraint, Index, Schema, Table } from "./state.ts";

/** What each type of constraint is called in a sentence. */
export const constraintNouns: Readonly<Record<Constraint["type"], string>> = {
  primary_key: "primary key",
  foreign_key: "foreign key",
  unique: "unique constraint",
  check: "check",
  exclude: "exclusion constraint",
  not_null: "NOT NULL",
};

const constraintWords = (constraint: Constraint): string =>
  constraint.type === "primary_key"
    ? "the primary key"
    : `the ${constraintNouns[constraint.type]} ${constraint.name === undefined ? describeConstraint(constraint) : `"${constraint.name}"`}`;

const uses = ({ keys, include }: Index, column: string): boolean =>
  (keys ?? []).some((key) => key.column === column) || include?.includes(column) === true;

/** PostgreSQL drops them with the column and says nothing: constraints on it, also on others beside it, and indexes. */
export const droppedWithColumn = (table: Table, column: string): readonly string[] => [
  ...table.constraints
    .filter(({ type, columns }) => type !== "not_null" && columns?.includes(column))
    .map(constraintWords),
  ...ownIndexes(table).flatMap((index) =>
    index.name !== undefined && uses(index, column) ? [`the index "${index.name}"`] : [],
  ),
];

/** Something that goes with another thing. */
export interface Hanging {
  /** `the view "v"`, `the foreign key "fk" of "orders"`. */
  readonly words: string;
  /** Its own name, where that is known. */
  readonly name: string | undefined;
}

const foreignKeysTo = (schema: Schema, name: QualifiedName, column?: string): readonly Hanging[] =>
  [...schema.related(name)].flatMap((table) =>
    keyOf(table.name) === keyOf(name)
      ? []
      : table.constraints
          .filter(
            ({ references }) =>
              references !== undefined &&
              keyOf(references.table) === keyOf(name) &&
              (column === undefined || references.columns.includes(column)),
          )
          .map((constraint) => ({
            words: `${constraintWords(constraint)} of "${renderName(table.name)}"`,
            name: constraint.name,
          })),
  );

/** Views that read the table or view, and those that read these. */
export function viewsOver(schema: Schema, name: QualifiedName, seen: readonly string[] = []): readonly Hanging[] {
  return [...schema.views].flatMap((view) => {
    const own = renderName(view.name);
    if (seen.includes(own) || !view.reads?.some((read) => keyOf(read) === keyOf(name))) return [];
    return [{ words: `the view "${own}"`, name: view.name.name }, ...viewsOver(schema, view.name, [...seen, own])];
  });
}

/** What DROP … CASCADE takes along and a plain DROP is refused for: foreign keys of other tables, views, heirs. */
export function cascadedWithTable(schema: Schema, name: QualifiedName): readonly Hanging[] {
  const heirs = [...schema.related(name)].filter(({ inherits }) =>
    inherits?.some((parent) => keyOf(parent) === keyOf(name)),
  );
  return [
    ...foreignKeysTo(schema, name),
    ...viewsOver(schema, name),
    ...heirs.map((table) => ({ words: `the table "${renderName(table.name)}"`, name: table.name.name })),
  ];
}

/** The same of one column. Which columns a view reads is not known: it may be among those of its table. */
export const cascadedWithColumn = (schema: Schema, name: QualifiedName, column: string): readonly Hanging[] =>
  foreignKeysTo(schema, name, column);

/** Columns that have the type, which go with it in a cascade: `the column "users.mood"`. */
export const columnsOfType = (schema: Schema, type: QualifiedName): readonly Hanging[] =>
  [...schema.tables].flatMap((table) =>
    table.columns
      .filter((column) => column.type !== undefined && keyOf(column.type) === keyOf(type))
      .map((column) => ({ words: `the column "${renderName(table.name)}.${column.name}"`, name: column.name })),
  );
