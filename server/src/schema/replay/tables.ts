/** Tables made, dropped, renamed. */
import { renderName, tableEntity, type QualifiedName } from "../../sql/action.ts";
import type { ConstraintDefinition, TableOptions } from "../../sql/definition.ts";
import type { Constraint, Table } from "../state.ts";
import type { SchemaDraft } from "./draft.ts";
import { makeColumn, makeSequences, withConstraint, withIndex } from "./making.ts";
import { keyOf, plainName } from "./schema.ts";
import type { Apply, Step } from "./step.ts";

/** PostgreSQL names the constraints of a new table in this order. */
const namingOrder: readonly ConstraintDefinition["type"][] = [
  "not_null",
  "check",
  "primary_key",
  "unique",
  "exclude",
  "foreign_key",
];

const inNamingOrder = (constraints: readonly ConstraintDefinition[]): readonly ConstraintDefinition[] =>
  merged(constraints.toSorted((a, b) => namingOrder.indexOf(a.type) - namingOrder.indexOf(b.type)));

/** Of two keys over the same columns in one CREATE TABLE the server makes the first, under whichever name is given. */
function merged(constraints: readonly ConstraintDefinition[]): readonly ConstraintDefinition[] {
  const kept: ConstraintDefinition[] = [];
  for (const constraint of constraints) {
    const twin = kept.findIndex((one) => isTwin(one, constraint));
    const first = kept[twin];
    if (!first) kept.push(constraint);
    else if (first.name === undefined && constraint.name !== undefined)
      kept[twin] = { ...first, name: constraint.name, ...(constraint.nameIsFinal && { nameIsFinal: true }) };
  }
  return kept;
}

const isKey = ({ type }: ConstraintDefinition): boolean => type === "primary_key" || type === "unique";

const isTwin = (one: ConstraintDefinition, other: ConstraintDefinition): boolean =>
  isKey(one) &&
  isKey(other) &&
  one.columns !== undefined &&
  one.columns.join("\0") === other.columns?.join("\0") &&
  one.deferrable === other.deferrable &&
  one.nullsNotDistinct === other.nullsNotDistinct;

export const createTable: Apply = (draft, step) => {
  const { table: name, details } = step.operation;
  if (details.temporary) return;
  if (!name) return draft.addStranger();
  const there = draft.schema.table(name);
  if (typeof there === "object" && there.doubt === undefined) {
    if (details.ifNotExists || step.isGuarded) return;
    draft.contradict(`Creates ${renderName(name)}`, { how: "present", thing: tableEntity(name) });
  }
  for (const type of details.enumTypes ?? [])
    if (typeof draft.schema.enumType(type.name) === "string") draft.putEnum(type);
  const mayHaveBeen = (there === "unknown" || typeof there === "object") && (details.ifNotExists || step.isGuarded);
  const doubt = mayHaveBeen ? "it may have existed before it was created here" : doubtOf(step);
  draft.putTable(built(draft, step, name, doubt), true);
};

function built(draft: SchemaDraft, step: Step, name: QualifiedName, doubt: string | undefined): Table {
  const { details } = step.operation;
  const { options } = details;
  const inherited = inheritedFrom(draft, options);
  const own = (details.definitions ?? []).map(makeColumn);
  let table: Table = {
    name: plainName(name),
    kind: options?.partitionBy ? "partitioned" : "table",
    columns: [...inherited.columns, ...own],
    constraints: [],
    indexes: [],
    ...(options?.comment !== undefined && { comment: options.comment }),
    ...(options?.partitionOf && { partitionOf: plainName(options.partitionOf) }),
    ...(options?.bound !== undefined && { bound: options.bound }),
    ...(options?.inherits && { inherits: options.inherits.map(plainName) }),
    ...(options?.partitionBy && { partitionBy: options.partitionBy }),
    ...(options?.unlogged && { unlogged: true }),
    ...((doubt ?? inherited.doubt) !== undefined && { doubt: doubt ?? inherited.doubt }),
  };
  // A foreign key may point at the table itself, and names must not clash with those made so far.
  draft.putTable(table, true);
  makeSequences(draft, table, details.definitions ?? []);
  for (const constraint of inNamingOrder(details.constraints ?? [])) {
    table = withConstraint(draft, table, constraint, step.making);
    draft.putTable(table);
  }
  for (const index of details.indexes ?? []) table = withIndex(draft, table, index, step.making);
  return table;
}

function doubtOf({ operation, mayNotRun }: Step): string | undefined {
  if (mayNotRun) return "it is created only under a condition";
  if (operation.details.definitions === undefined || operation.incomplete || operation.confidence === "opaque")
    return operation.why ?? "its definition could not be read in full";
  if (operation.details.options?.asQuery) return "its columns come from a query";
  return undefined;
}

/** Columns that come from a parent; LIKE and inheritance copy more than is followed here. */
function inheritedFrom(draft: SchemaDraft, options: TableOptions | undefined): Pick<Table, "columns" | "doubt"> {
  const parents = [...(options?.partitionOf ? [options.partitionOf] : []), ...(options?.inherits ?? [])];
  const tables = parents.map((parent) => draft.schema.table(parent));
  const columns = tables.flatMap((table) => (typeof table === "object" ? table.columns : []));
  const copies = options?.like !== undefined || tables.some((table) => typeof table !== "object" || table.doubt);
  return {
    columns,
    ...(copies && { doubt: "some of its columns come from another table" }),
  };
}

export const dropTable: Apply = (draft, step) => {
  const { table: name, details } = step.operation;
  if (!name) return;
  const there = draft.schema.table(name);
  if (there === "absent") {
    if (!details.ifExists && !step.isGuarded && typeof draft.schema.view(name) === "string")
      draft.contradict(`Drops ${renderName(name)}`, { how: "missing", thing: tableEntity(name) });
    return;
  }
  if (step.mayNotRun) {
    draft.doubtTable(name, "it is dropped only under a condition");
    return;
  }
  if (there === "unknown") {
    // Whatever it was, it is certainly gone.
    draft.removeTable({ name: plainName(name), kind: "table", columns: [], constraints: [], indexes: [] });
    return;
  }
  for (const referrer of draft.referrersOf(there.name)) {
    if (keyOf(referrer.name) === keyOf(there.name)) continue;
    const keeps = ({ references }: Constraint): boolean => !references || keyOf(references.table) !== keyOf(there.name);
    // Without CASCADE the server refuses; then nobody gets beyond this point.
    draft.putTable({ ...referrer, constraints: referrer.constraints.filter(keeps) });
  }
  draft.removeTable(there);
  if (details.cascade) dropViewsOn(draft, there.name);
};

export function dropViewsOn(draft: SchemaDraft, name: QualifiedName): void {
  for (const view of draft.schema.knownViews()) {
    if (!view.reads.some((read) => keyOf(read) === keyOf(name))) continue;
    draft.removeView(view.name);
    dropViewsOn(draft, view.name);
  }
}

/** A new name or schema. Indexes, constraints and sequences keep their names. */
export function moveTable(draft: SchemaDraft, table: Table, to: QualifiedName): void {
  const referrers = draft.referrersOf(table.name);
  const sequences = draft.ownedBy(table.name);
  const schemaChanges = (table.name.schema ?? "public") !== (to.schema ?? "public");
  draft.removeTable(table);
  draft.putTable(pointing({ ...table, name: plainName(to) }, table.name, to));
  for (const referrer of referrers)
    if (keyOf(referrer.name) !== keyOf(table.name)) draft.putTable(pointing(referrer, table.name, to));
  for (const { name, ownedBy } of sequences) {
    const moved = schemaChanges ? { ...plainName(to), name: name.name } : name;
    draft.putSequence({ name: moved, ...(ownedBy && { ownedBy: { ...ownedBy, table: plainName(to) } }) });
  }
}

/** The same table with its foreign keys to `from` pointing at `to`, and as its partition or heir. */
const pointing = (table: Table, from: QualifiedName, to: QualifiedName): Table => ({
  ...table,
  ...(table.partitionOf && keyOf(table.partitionOf) === keyOf(from) && { partitionOf: plainName(to) }),
  ...(table.inherits && {
    inherits: table.inherits.map((parent) => (keyOf(parent) === keyOf(from) ? plainName(to) : parent)),
  }),
  constraints: table.constraints.map((constraint) =>
    constraint.references && keyOf(constraint.references.table) === keyOf(from)
      ? { ...constraint, references: { ...constraint.references, table: plainName(to) } }
      : constraint,
  ),
});

export const renameTable: Apply = (draft, step) => {
  const { table: name, details } = step.operation;
  if (!name || details.newName === undefined) return;
  const view = draft.schema.view(name);
  const to: QualifiedName = { ...name, name: details.newName };
  if (typeof view === "object") {
    draft.removeView(name);
    draft.putView({ ...view, name: to });
    return;
  }
  const there = draft.schema.table(name);
  if (there === "absent" && (step.isGuarded || details.ifExists)) return;
  const table = draft.tableFor(name, "Renames");
  if (step.mayNotRun) {
    draft.doubtAll(`${renderName(name)} is renamed only under a condition`);
    return;
  }
  const other = draft.schema.table(to);
  if (typeof other === "object" && other.doubt === undefined)
    draft.contradict(`Renames ${renderName(name)} to ${renderName(to)}`, { how: "present", thing: tableEntity(to) });
  moveTable(draft, table, to);
};
