/** ALTER TABLE … ALTER COLUMN. */
import type { Action, QualifiedName } from "../../sql/action.ts";
import type { ColumnType } from "../../sql/definition.ts";
import type { Column, Constraint, Index, Schema, Table } from "../../schema/state.ts";
import {
  buildAll,
  type Case,
  knownTable,
  lockTree,
  type Predict,
  referrersOf,
  rewriteAll,
  scanAll,
  sequencesOf,
  withTable,
} from "./case.ts";
import { mentions, provesNotNull } from "./proof.ts";
import { type TypeChange, typeChange } from "./type-change.ts";

/** Alembic's directive may change several things at once, each by a statement of its own. */
export const alterColumn: Predict = withTable((one, table) => {
  const { details, columns } = one.action;
  const known = knownTable(one, table);
  const name = columns[0];
  const column = known?.columns.find((each) => each.name === name);
  if (details.nullable !== undefined) setNullable(one, table, known, column);
  if (details.newSqlType !== undefined || details.newType !== undefined) changeType(one, table, known, column);
  if (details.serverDefault !== undefined || details.newDefault !== undefined || details.newName !== undefined)
    lockTree(one, table, "AccessExclusiveLock");
  if (details.identity !== undefined) changeIdentity(one, table, name);
  if (details.computed !== undefined) changeExpression(one, table, column);
  if (details.comment !== undefined) one.draft.lock(table, "ShareUpdateExclusiveLock");
});

function setNullable(one: Case, table: QualifiedName, known: Table | undefined, column: Column | undefined): void {
  if (one.action.details.nullable) {
    // Since 18 it is a constraint: where there is none, its partitions are not asked.
    if (one.version >= 18 && column?.nullable === true) one.draft.lock(table, "AccessExclusiveLock");
    else lockTree(one, table, "AccessExclusiveLock");
    return;
  }
  const name = one.action.columns[0];
  if (isThere(one, known, column)) {
    one.draft.lock(table, "AccessExclusiveLock").note("The column is NOT NULL already.");
    return;
  }
  lockTree(one, table, "AccessExclusiveLock");
  if (known && name !== undefined && isProven(known, name, column)) {
    one.draft.note("The rows are not read: what is there already proves that there is no NULL.");
    return;
  }
  scanAll(one, table);
  one.draft.note("A validated CHECK (… IS NOT NULL) on the column would spare the server from reading the rows.");
}

/** Then the partitions are NOT NULL as well and are not asked; since 18 that holds for tables that inherit, too. */
const isThere = ({ version }: Case, table: Table | undefined, column: Column | undefined): boolean =>
  table !== undefined &&
  table.doubt === undefined &&
  column?.nullable === false &&
  (version >= 18 || table.kind === "partitioned") &&
  !isPromised(table, column.name);

/** Since 18 a column may be NOT NULL by a constraint that is not validated. */
const isPromised = (table: Table, name: string): boolean =>
  table.constraints.some(
    ({ type, notValid, columns }) => type === "not_null" && notValid === true && columns?.includes(name),
  );

export const isProven = (table: Table, name: string, column: Column | undefined): boolean =>
  !isPromised(table, name) && (column?.nullable === false || provesNotNull(table, name));

function changeIdentity(one: Case, table: QualifiedName, column: string | undefined): void {
  lockTree(one, table, "AccessExclusiveLock");
  const { identity, alteration } = one.action.details;
  const mode =
    identity === "dropped"
      ? "AccessExclusiveLock"
      : alteration?.command === "set_identity"
        ? "ShareRowExclusiveLock"
        : undefined;
  if (mode) for (const sequence of sequencesOf(one, table, column)) one.draft.lock(sequence, mode);
}

function changeExpression(one: Case, table: QualifiedName, column: Column | undefined): void {
  lockTree(one, table, "AccessExclusiveLock");
  if (one.action.details.computed === "dropped") return;
  one.draft.note("SET EXPRESSION exists since PostgreSQL 17.");
  if (column?.computed === undefined) one.draft.doubt("Whether the column is stored is not known here.");
  if (column?.computed?.stored !== false) rewriteAll(one, table);
}

/** What `alter_column` means for what is stored; `column` as it is met, where that is known. */
export function typeChangeOf(action: Action, schema: Schema, column: Column | undefined): TypeChange {
  const { details, columns } = action;
  const isEnum = (type: ColumnType): boolean => type.enum !== undefined || typeof schema.enumType(type) === "object";
  const from = details.existing?.type ?? column?.type;
  return usingChange(action, columns[0] ?? "", isEnum) ?? typeChange(from, details.newSqlType, isEnum);
}

function changeType(one: Case, table: QualifiedName, known: Table | undefined, column: Column | undefined): void {
  const { details, columns } = one.action;
  const name = columns[0] ?? "";
  lockTree(one, table, "AccessExclusiveLock");
  const change = resolved(one, typeChangeOf(one.action, one.schema, column));
  const comparesAnew = change.effect !== "none";
  relockReferences(one, { table, known, name, comparesAnew, rewrites: change.effect === "rewrite" });
  if (change.effect === "rewrite") {
    if (change.doubt !== undefined) one.draft.doubt(change.doubt);
    rewriteAll(one, table);
    return;
  }
  one.draft.note("The rows stay as they are: both types are stored alike, and every old value fits the new one.");
  const collates = details.collation !== undefined && details.collation !== column?.collation;
  if (known?.indexes.some((index) => isBuiltAnew(index, name, comparesAnew || collates))) buildAll(one, table);
  // Constraints are made anew with the column; a CHECK then reads every row.
  if (known?.constraints.some((constraint) => isCheckedAnew(constraint, name))) scanAll(one, table);
}

interface Effect {
  readonly effect: "none" | "reindex" | "rewrite";
  readonly doubt?: string;
}

/** An expression works out every value, unless it is just the column. */
function usingChange({ details }: Action, name: string, isEnum: (type: ColumnType) => boolean): Effect | undefined {
  const { using, newType = "", newSqlType } = details;
  if (using === undefined) return undefined;
  // The same as without: the column, or the cast that the server would make.
  if ([name, `"${name}"`, `${name}::${newType}`, `"${name}"::${newType}`].includes(using.sql ?? "")) return undefined;
  if (using.constant || (using.calls?.length ?? 0) > 0) return { effect: "rewrite" };
  // Nothing is stored like an enum but the same enum, so that a cast works out every value as well.
  if (newSqlType !== undefined && isEnum(newSqlType)) return { effect: "rewrite" };
  return {
    effect: "rewrite",
    doubt: "What USING does to the values is not known here; a mere cast may leave them as they are.",
  };
}

function resolved(one: Case, change: TypeChange): Effect {
  if (change.effect !== "time zone") return change;
  one.draft.note("Nothing is rewritten where the time zone of the session is UTC.");
  if (one.utc === true) return { effect: "reindex" };
  return one.utc === false
    ? { effect: "rewrite" }
    : { effect: "rewrite", doubt: "The time zone of the session is not known here." };
}

/** Indexes over expressions, and those with a condition, are always built anew when a column in them changes. */
function isBuiltAnew({ keys, where, include }: Index, column: string, comparesAnew: boolean): boolean {
  if (keys === undefined) return true;
  if (where !== undefined && mentions(where.sql, column)) return true;
  if (keys.some(({ expression }) => expression && mentions(expression.sql, column))) return true;
  const contains = keys.some((key) => key.column === column);
  if (!contains && !include?.includes(column)) return false;
  // With one of these the server does not look whether the column's part stays as it was.
  return (contains && comparesAnew) || where !== undefined || keys.some(({ expression }) => expression !== undefined);
}

const isCheckedAnew = ({ type, columns, notValid, notEnforced }: Constraint, column: string): boolean =>
  type === "check" && !notValid && !notEnforced && (columns === undefined || columns.includes(column));

interface Changed {
  readonly table: QualifiedName;
  readonly known: Table | undefined;
  readonly name: string;
  readonly comparesAnew: boolean;
  readonly rewrites: boolean;
}

/** Foreign keys on either side are dropped and made anew, and checked anew where values compare otherwise. */
function relockReferences(one: Case, { table, known, name, comparesAnew }: Changed): void {
  for (const { columns, references, notValid } of known?.constraints ?? []) {
    if (!references || !columns?.includes(name)) continue;
    lockTree(one, references.table, "AccessExclusiveLock");
    if (comparesAnew && !notValid) scanAll(one, table);
  }
  for (const referrer of referrersOf(one, table)) {
    const { references, notValid } = referrer.constraint;
    if (!references?.columns.includes(name)) continue;
    lockTree(one, referrer.table.name, "AccessExclusiveLock");
    if (comparesAnew && !notValid) scanAll(one, referrer.table.name);
  }
}
