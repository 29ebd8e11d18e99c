/** Columns added, changed and dropped. */
import { columnEntity, renderName, type Details, type QualifiedName } from "../../sql/action.ts";
import type { ColumnType, IdentityDefinition, SqlExpression } from "../../sql/definition.ts";
import { renderColumnType } from "../../sql/postgres/type-text.ts";
import type { Column, Constraint, Index, Table } from "../state.ts";
import type { SchemaDraft } from "./draft.ts";
import { refersToColumn, renameColumn as renameInExpression } from "../../sql/postgres/rename-in-expression.ts";
import { hasColumn, makeColumn, makeSequences, withConstraint, withIndex } from "./making.ts";
import { columnOf, keyOf } from "./schema.ts";
import { numberedBy } from "./numbering.ts";
import type { Apply } from "./step.ts";

export const addColumn: Apply = (draft, step) => {
  const { table: name, details } = step.operation;
  if (!name) return;
  if (draft.schema.table(name) === "absent" && step.isGuarded) return;
  for (const type of details.enumTypes ?? [])
    if (typeof draft.schema.enumType(type.name) === "string") draft.putEnum(type);
  let table = draft.tableFor(name, "Adds a column to");
  const definitions = details.definitions ?? [];
  const fresh = definitions.filter((definition) => !hasColumn(table, definition.name));
  for (const { name: column } of definitions.filter((definition) => !fresh.includes(definition))) {
    if (!details.ifNotExists && !step.isGuarded && table.doubt === undefined)
      draft.contradict(`Adds ${renderName(name)}.${column}`, { how: "present", thing: columnEntity(name, column) });
  }
  if (fresh.length === 0 && definitions.length > 0) return;
  const columns = fresh.map(makeColumn);
  table = { ...table, columns: [...table.columns, ...columns] };
  draft.putTable(table);
  makeSequences(draft, table, fresh);
  for (const constraint of details.constraints ?? []) table = withConstraint(draft, table, constraint, step.making);
  for (const index of details.indexes ?? []) table = withIndex(draft, table, index, step.making);
  draft.putTable(table);
  if (step.mayNotRun) draft.doubtTable(name, "a column is added only under a condition");
  else if (details.definitions === undefined || step.operation.incomplete)
    draft.doubtTable(name, step.operation.why ?? "an added column could not be read");
};

export const dropColumn: Apply = (draft, step) => {
  const { table: name, columns, details } = step.operation;
  if (!name) return;
  if (draft.schema.table(name) === "absent" && (step.isGuarded || details.ifExists)) return;
  let table = draft.tableFor(name, "Drops a column of");
  if (columns.length === 0 || step.mayNotRun) {
    draft.doubtTable(
      name,
      columns.length === 0 ? "a dropped column could not be read" : "a column is dropped only under a condition",
    );
    return;
  }
  for (const column of columns) {
    if (!hasColumn(table, column) && table.doubt === undefined && !details.ifExists && !step.isGuarded)
      draft.contradict(`Drops ${renderName(name)}.${column}`, { how: "missing", thing: columnEntity(name, column) });
    table = withoutColumn(table, column);
    for (const sequence of draft.ownedBy(table.name, column)) draft.removeSequence(sequence.name);
    dropReferencesTo(draft, table.name, column);
  }
  draft.putTable(table);
};

/** With it go the indexes that use it and the constraints on it; a check that mentions others too goes as well. */
export function withoutColumn(table: Table, column: string): Table {
  const gone = table.constraints.filter(({ columns }) => columns?.includes(column));
  const goneNames = new Set(gone.map(({ name }) => name));
  const uses = (index: Index): boolean =>
    indexUses(index, column) || (index.ofConstraint?.name !== undefined && goneNames.has(index.ofConstraint.name));
  const indexes = table.indexes.filter((index) => !uses(index));
  const hidden = table.indexes.some(
    (index) => index.keys === undefined || index.where !== undefined || index.keys.some((key) => key.expression),
  );
  return {
    ...table,
    columns: table.columns.filter(({ name }) => name !== column),
    constraints: table.constraints.filter((constraint) => !gone.includes(constraint)),
    indexes,
    // An expression of an index may use the column, and then the index is gone too.
    ...(hidden &&
      table.doubt === undefined &&
      mayUse(indexes, column) && { doubt: `an index may have gone with ${column}` }),
  };
}

const mentions = (expression: SqlExpression | undefined, column: string): boolean =>
  expression !== undefined && (expression.sql === undefined || expression.sql.includes(column));

/** For certain; an expression that is not known may use it as well. */
export const indexUses = ({ keys, include, where }: Index, column: string): boolean =>
  (keys ?? []).some((key) => key.column === column || refersTo(key.expression, column)) ||
  include?.includes(column) === true ||
  refersTo(where, column);

/** For certain: its text is known, and has a reference of that name. */
const refersTo = (expression: SqlExpression | undefined, column: string): boolean =>
  mentions(expression, column) && expression?.sql !== undefined && refersToColumn(expression.sql, column) === true;

const mayUse = (indexes: readonly Index[], column: string): boolean =>
  indexes.some(
    ({ keys, where }) =>
      keys === undefined || mentions(where, column) || keys.some((key) => mentions(key.expression, column)),
  );

function dropReferencesTo(draft: SchemaDraft, name: QualifiedName, column: string): void {
  for (const referrer of draft.referrersOf(name)) {
    const points = ({ references }: Constraint): boolean =>
      references !== undefined && keyOf(references.table) === keyOf(name) && references.columns.includes(column);
    if (referrer.constraints.some(points))
      draft.putTable({ ...referrer, constraints: referrer.constraints.filter((constraint) => !points(constraint)) });
  }
}

export const alterColumn: Apply = (draft, step) => {
  const { table: name, columns, details, operation } = { ...step.operation, operation: step.operation };
  if (!name) return;
  if (draft.schema.table(name) === "absent" && step.isGuarded) return;
  const view = draft.schema.view(name);
  if (typeof view === "object") return;
  const table = draft.tableFor(name, "Alters a column of");
  const [column] = columns;
  if (column === undefined || step.mayNotRun || operation.confidence === "opaque") {
    draft.doubtTable(
      name,
      column === undefined ? "an altered column could not be read" : "a column is altered only under a condition",
    );
    return;
  }
  const known = columnOf(table, column);
  if (known === undefined && table.doubt === undefined && !step.isGuarded)
    draft.contradict(`Alters ${renderName(name)}.${column}`, { how: "missing", thing: columnEntity(name, column) });
  const altered = change(known ?? { name: column, type: undefined, nullable: undefined, default: undefined }, details);
  const isOpen = step.isUnanswered && known !== undefined && mayKeepType(known, altered, details);
  const put = {
    ...table,
    columns: replaced(
      table.columns,
      column,
      numberedBy(draft, table.name, isOpen ? { ...altered, type: undefined } : altered),
    ),
    ...(isOpen && { doubt: table.doubt ?? "a column's type changes only where a test of the database says so" }),
  };
  draft.putTable(put);
  identityChange(draft, put, known, details);
  if (details.newName === undefined || known === undefined) return;
  if (details.newName !== column && hasColumn(put, details.newName) && put.doubt === undefined && !step.isGuarded)
    draft.contradict(`Renames ${renderName(name)}.${column} to ${details.newName}`, {
      how: "present",
      thing: columnEntity(name, details.newName),
    });
  renameColumn(draft, put, column, details.newName);
};

/** The test may ask for a type. What the operation says that it is changed from is what it is meant for. */
const mayKeepType = (before: Column, after: Column, { existing }: Details): boolean =>
  before.type !== undefined && !sameType(before.type, after.type) && !sameType(before.type, existing?.type);

const sameType = (a: ColumnType, b: ColumnType | undefined): boolean =>
  b !== undefined && renderColumnType(a) === renderColumnType(b);

const replaced = (columns: readonly Column[], name: string, by: Column): readonly Column[] =>
  columns.some((column) => column.name === name)
    ? columns.map((column) => (column.name === name ? by : column))
    : [...columns, by];

/** A type that is given without a collation takes the column's own away. */
const newCollation = (before: string | undefined, { collation, newSqlType, newType }: Details): string | undefined =>
  collation ?? (newSqlType === undefined && newType === undefined ? before : undefined);

function change(column: Column, details: Details): Column {
  const { comment, identity, computed, collation: before, serial, ...rest } = column;
  const collation = newCollation(before, details);
  const newComment = details.comment === undefined ? comment : (details.comment ?? undefined);
  const newIdentity = details.identity === "dropped" ? undefined : merged(identity, details.identity);
  const newComputed =
    details.computed === "dropped" ? undefined : computed && { ...computed, ...(details.computed ?? {}) };
  return {
    ...rest,
    type: details.newSqlType ?? (details.newType === undefined ? rest.type : undefined),
    nullable:
      details.nullable ?? (details.identity !== undefined && details.identity !== "dropped" ? false : rest.nullable),
    default: newDefault(rest.default, details),
    ...(serial && details.serverDefault === undefined && details.newDefault === undefined && { serial }),
    ...(collation !== undefined && { collation }),
    ...(newComment !== undefined && { comment: newComment }),
    ...(newIdentity && { identity: newIdentity }),
    ...(newComputed && { computed: newComputed }),
  };
}

function merged(before: Column["identity"], by: Partial<IdentityDefinition> | undefined): Column["identity"] {
  if (before === undefined && by === undefined) return undefined;
  const { sequence: _, ...options } = { always: false, ...before, ...by };
  return options;
}

function newDefault(before: Column["default"], { serverDefault, newDefault: given }: Details): Column["default"] {
  if (serverDefault === false) return null;
  return serverDefault === true ? given : (given ?? before);
}

function identityChange(draft: SchemaDraft, table: Table, before: Column | undefined, { identity }: Details): void {
  if (before === undefined || identity === undefined) return;
  if (identity === "dropped")
    for (const sequence of draft.ownedBy(table.name, before.name)) draft.removeSequence(sequence.name);
  else if (!before.identity)
    makeSequences(draft, table, [{ name: before.name, identity: { always: false, ...identity } }]);
}

/** Constraints, indexes, foreign keys of others and owned sequences follow. */
function renameColumn(draft: SchemaDraft, table: Table, from: string, to: string): void {
  const renamed = (name: string): string => (name === from ? to : name);
  const text = (expression: SqlExpression): SqlExpression =>
    mentions(expression, from)
      ? { ...expression, sql: expression.sql && renameInExpression(expression.sql, from, to) }
      : expression;
  const sequences = draft.ownedBy(table.name, from);
  draft.putTable({
    ...table,
    columns: table.columns.map((column) => ({
      ...column,
      name: renamed(column.name),
      ...(column.computed && { computed: { ...column.computed, ...text(column.computed) } }),
    })),
    constraints: table.constraints.map((constraint) => ({
      ...constraint,
      columns: constraint.columns?.map(renamed),
      ...(constraint.include && { include: constraint.include.map(renamed) }),
      ...(constraint.expression && { expression: text(constraint.expression) }),
    })),
    indexes: table.indexes.map((index) => ({
      ...index,
      keys: index.keys?.map((key) => ({
        ...key,
        ...(key.column !== undefined && { column: renamed(key.column) }),
        ...(key.expression && { expression: text(key.expression) }),
      })),
      ...(index.include && { include: index.include.map(renamed) }),
      ...(index.where && { where: text(index.where) }),
    })),
  });
  for (const { name } of sequences) draft.putSequence({ name, ownedBy: { table: table.name, column: to } });
  for (const referrer of draft.referrersOf(table.name)) {
    const own = draft.schema.table(referrer.name);
    if (typeof own !== "object") continue;
    draft.putTable({
      ...own,
      constraints: own.constraints.map((constraint) => following(constraint, table.name, renamed)),
    });
  }
}

const following = (constraint: Constraint, table: QualifiedName, renamed: (name: string) => string): Constraint =>
  constraint.references && keyOf(constraint.references.table) === keyOf(table)
    ? { ...constraint, references: { ...constraint.references, columns: constraint.references.columns.map(renamed) } }
    : constraint;
