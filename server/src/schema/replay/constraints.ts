/** Constraints and indexes added, dropped, renamed and validated. */
import { besideTable, renderName, type QualifiedName } from "../../sql/action.ts";
import type { ConstraintDefinition } from "../../sql/definition.ts";
import type { Constraint, Index, Table } from "../state.ts";
import type { Contradicts } from "./contradiction.ts";
import { nameByConvention } from "./conventions.ts";
import { constraintNamed, indexNamed, type SchemaDraft } from "./draft.ts";
import { storedName, withConstraint, withIndex } from "./making.ts";
import { keyOf } from "./schema.ts";
import type { Apply, Step } from "./step.ts";

/** The table to work on, unless the operation leaves it alone or nothing certain can be said. */
function target(draft: SchemaDraft, step: Step, verb: string): Table | undefined {
  const { table: name, details } = step.operation;
  if (!name) {
    draft.doubtAll(step.operation.why ?? "the table of an index or constraint is not known");
    return undefined;
  }
  if (draft.schema.table(name) === "absent" && (step.isGuarded || details.ifExists)) return undefined;
  const view = draft.schema.view(name);
  // Materialized views have indexes too; they are not followed.
  if (typeof view === "object") return undefined;
  const table = draft.tableFor(name, verb);
  if (!step.mayNotRun) return table;
  draft.doubtTable(name, changesUnderCondition);
  return undefined;
}

const changesUnderCondition = "an index or constraint changes only under a condition";

function partOf(
  how: Contradicts["how"],
  type: "index" | "constraint",
  name: string,
  table: QualifiedName | undefined,
): Contradicts {
  return { how, thing: besideTable(type, name, table), ...(table && { table }) };
}

export const createConstraint: Apply = (draft, step) => {
  const table = target(draft, step, "Adds a constraint to");
  if (!table) return;
  const { constraints } = step.operation.details;
  if (!constraints) {
    draft.doubtTable(table.name, step.operation.why ?? "a constraint could not be read");
    return;
  }
  let made = table;
  for (const constraint of constraints) {
    const there = constraint.name === undefined ? undefined : constraintNamed(made, constraint.name);
    if (there?.doubt !== undefined) made = withoutConstraint(made, there);
    else if (there) {
      if (!step.isGuarded && made.doubt === undefined)
        draft.contradict(
          `Adds ${there.name ?? "it"} to ${renderName(table.name)}`,
          partOf("present", "constraint", there.name ?? "", table.name),
        );
      continue;
    }
    const key = constraint.type === "primary_key" ? primaryKeyOf(made) : undefined;
    // It is there, and what asks for it first finds it.
    if (key && step.isGuarded) continue;
    if (key && made.doubt === undefined)
      draft.contradict(
        `Adds a primary key to ${renderName(table.name)} beside ${key.name ?? "its own"}`,
        partOf("present", "constraint", key.name ?? "the primary key", table.name),
      );
    const twin = step.isUnanswered && made.constraints.some((one) => isAlike(one, constraint));
    made = withConstraint(draft, key ? withoutConstraint(made, key) : made, constraint, step.making);
    if (twin) made = doubtingLast(made, "it may not have been made: the database is asked first, and has one like it");
  }
  draft.putTable(made);
};

/** The same under another name. */
const isAlike = (one: Constraint, made: ConstraintDefinition): boolean =>
  one.type === made.type &&
  one.columns !== undefined &&
  one.columns.join("\0") === made.columns?.join("\0") &&
  (one.references && keyOf(one.references.table)) === (made.references && keyOf(made.references.table)) &&
  one.expression?.sql === made.expression?.sql;

const doubtingLast = (table: Table, doubt: string): Table => ({
  ...table,
  constraints: table.constraints.map((one, i) => (i === table.constraints.length - 1 ? { ...one, doubt } : one)),
});

/** On the table, or where names of indexes are the schema's (PostgreSQL, SQLite) on another one. */
function isIndexThere(draft: SchemaDraft, table: Table, name: string, { making: { dialect } }: Step): boolean {
  if (indexNamed(table, name)) return table.doubt === undefined;
  if (dialect !== "postgresql" && dialect !== "sqlite") return false;
  const owner = draft.schema.tableOfIndex({ ...table.name, name });
  return typeof owner === "object" && owner.doubt === undefined && indexNamed(owner, name) !== undefined;
}

const primaryKeyOf = ({ constraints }: Table): Constraint | undefined =>
  constraints.find(({ type }) => type === "primary_key");

/** Also one whose name is not known. */
const withoutConstraint = (table: Table, gone: Constraint): Table => ({
  ...table,
  constraints: table.constraints.filter((constraint) => constraint !== gone),
  indexes: table.indexes.filter(({ ofConstraint, unique, keys }) => {
    const isOwn = ofConstraint !== undefined && ofConstraint.name === gone.name;
    return !isOwn || (gone.name === undefined && !(unique && sameColumns(keys, gone.columns)));
  }),
});

const sameColumns = (keys: Index["keys"], columns: readonly string[] | undefined): boolean =>
  keys?.map(({ column }) => column).join("\0") === columns?.join("\0");

export const createIndex: Apply = (draft, step) => {
  const table = target(draft, step, "Creates an index on");
  if (!table) return;
  const { indexes, ifNotExists } = step.operation.details;
  if (!indexes) {
    draft.doubtTable(table.name, step.operation.why ?? "an index could not be read");
    return;
  }
  let made = table;
  for (const index of indexes) {
    if (index.name !== undefined && isIndexThere(draft, made, index.name, step) && !ifNotExists && !step.isGuarded)
      draft.contradict(
        `Creates ${index.name} on ${renderName(table.name)}`,
        partOf("present", "index", index.name, table.name),
      );
    made = withIndex(draft, made, index, step.making);
  }
  draft.putTable(made);
};

const isDropped =
  (name: string | undefined, type: string | undefined) =>
  (one: Constraint): boolean =>
    name === undefined || one.name === undefined
      ? type === undefined || one.type === typeNames[type]
      : one.name === name;

const without = (table: Table, name: string): Table => ({
  ...table,
  constraints: table.constraints.filter((constraint) => constraint.name !== name),
  indexes: table.indexes.filter((index) => index.name !== name && index.ofConstraint?.name !== name),
});

const typeNames: Readonly<Record<string, Constraint["type"]>> = {
  primary: "primary_key",
  foreignkey: "foreign_key",
  unique: "unique",
  check: "check",
};

/** Those that may be gone are told to be unknown, and the table that has them. */
function mayHaveLost(draft: SchemaDraft, table: Table, why: string, isMeant: (one: Constraint) => boolean): void {
  const constraints = table.constraints.map((one) =>
    isMeant(one) && one.doubt === undefined ? { ...one, doubt: `it may have been dropped: ${why}` } : one,
  );
  draft.putTable({ ...table, constraints, doubt: table.doubt ?? why });
}

export const dropConstraint: Apply = (draft, step) => {
  const { name: given, details, table: on } = step.operation;
  const standing = on && draft.schema.table(on);
  if (step.mayNotRun && typeof standing === "object") {
    const name = given === undefined ? undefined : storedName(droppedName(standing, given, step), step.making);
    mayHaveLost(draft, standing, changesUnderCondition, isDropped(name, details.constraintType));
    return;
  }
  const table = target(draft, step, "Drops a constraint of");
  if (!table) return;
  const name = given === undefined ? undefined : storedName(droppedName(table, given, step), step.making);
  if (name === undefined) {
    // A table has just one, whatever it is called.
    const key = details.constraintType === "primary" ? primaryKeyOf(table) : undefined;
    const why = step.operation.why ?? "the name of a dropped constraint is not known";
    if (key && !step.isGuarded) draft.putTable(withoutConstraint(table, key));
    else if (key) draft.doubtTable(table.name, why);
    else mayHaveLost(draft, table, why, isDropped(undefined, details.constraintType));
    return;
  }
  const gone = constraintNamed(table, name);
  if (!gone && table.constraints.every((constraint) => constraint.name !== undefined)) {
    if (!details.ifExists && !step.isGuarded && table.doubt === undefined)
      draft.contradict(`Drops ${name} of ${renderName(table.name)}`, partOf("missing", "constraint", name, table.name));
    return;
  }
  draft.putTable(gone ? without(table, name) : { ...table, doubt: table.doubt ?? `it may have lost ${name}` });
  if (gone && (gone.type === "primary_key" || gone.type === "unique") && details.cascade)
    dropReferrers(draft, table, gone);
};

/** Alembic passes the name of a check through the naming convention here too, unless it is marked as final. */
function droppedName(table: Table, given: string, { operation, making }: Step): string {
  const convention = making.bySqlalchemy ? making.namingConvention : undefined;
  if (!convention || constraintNamed(table, given) || operation.details.constraintType !== "check") return given;
  return nameByConvention(convention, { type: "ck", table: table.name, columns: undefined, name: given }) ?? given;
}

function dropReferrers(draft: SchemaDraft, table: Table, key: Constraint): void {
  const points = ({ references }: Constraint): boolean =>
    references !== undefined &&
    keyOf(references.table) === keyOf(table.name) &&
    references.columns.join("\0") === (key.columns ?? []).join("\0");
  for (const referrer of draft.referrersOf(table.name)) {
    const own = draft.schema.table(referrer.name);
    if (typeof own === "object")
      draft.putTable({ ...own, constraints: own.constraints.filter((constraint) => !points(constraint)) });
  }
}

export const dropIndex: Apply = (draft, step) => {
  const { name: given, table: on, details } = step.operation;
  const name = given && storedName(given, step.making);
  if (name === undefined) {
    if (on) draft.doubtTable(on, step.operation.why ?? "the name of a dropped index is not known");
    else draft.doubtAll(step.operation.why ?? "the name of a dropped index is not known");
    return;
  }
  // Alembic's `table_name` is only a hint: PostgreSQL finds an index by its own name.
  const found = draft.schema.tableOfIndex(on?.schema === undefined ? { name } : { schema: on.schema, name });
  if (typeof found === "object") {
    if (step.mayNotRun) draft.doubtTable(found.name, "an index is dropped only under a condition");
    else draft.putTable(without(found, name));
    return;
  }
  const known = on && draft.schema.table(on);
  const isNameless = typeof known === "object" && known.indexes.some((index) => index.name === undefined);
  if (isNameless) draft.doubtTable(known.name, `it may have lost ${name}`);
  else if (found === "absent" && !details.ifExists && !step.isGuarded)
    draft.contradict(`Drops ${name}`, partOf("missing", "index", name, on));
};

const called =
  (from: string, to: string) =>
  <T extends { readonly name: string | undefined }>(one: T): T =>
    one.name === from ? { ...one, name: to } : one;

/** An index of a constraint and the constraint itself have one name. */
function renameBoth(draft: SchemaDraft, table: Table, from: string, to: string): void {
  draft.putTable({
    ...table,
    constraints: table.constraints.map(called(from, to)),
    indexes: table.indexes
      .map(called(from, to))
      .map((index) => (index.ofConstraint?.name === from ? { ...index, ofConstraint: { name: to } } : index)),
  });
}

export const renameConstraint: Apply = (draft, step) => {
  const table = target(draft, step, "Renames a constraint of");
  const { name, details } = step.operation;
  if (!table || name === undefined || details.newName === undefined) return;
  const isKnown = table.doubt === undefined && table.constraints.every((constraint) => constraint.name !== undefined);
  if (isKnown && !constraintNamed(table, name) && !step.isGuarded && !details.ifExists)
    draft.contradict(`Renames ${name} of ${renderName(table.name)}`, partOf("missing", "constraint", name, table.name));
  renameBoth(draft, table, name, details.newName);
};

export const renameIndex: Apply = (draft, step) => {
  const { name, details, table: on } = step.operation;
  if (name === undefined || details.newName === undefined) return;
  const named: QualifiedName = on?.schema === undefined ? { name } : { schema: on.schema, name };
  const table = draft.schema.tableOfIndex(named);
  if (typeof table === "object") renameBoth(draft, table, name, details.newName);
  else if (table === "absent" && !details.ifExists && !step.isGuarded && !mayBelongToConstraint(draft))
    draft.contradict(`Renames ${name}`, partOf("missing", "index", name, on));
};

/** Keys and unique constraints have indexes of their names, and some name is not known. */
const mayBelongToConstraint = (draft: SchemaDraft): boolean =>
  [...draft.schema.tables].some(({ constraints }) =>
    constraints.some(
      ({ type, name }) => name === undefined && (type === "primary_key" || type === "unique" || type === "exclude"),
    ),
  );

export const validateConstraint: Apply = (draft, step) => {
  const table = target(draft, step, "Validates a constraint of");
  const { name } = step.operation;
  if (!table || name === undefined) return;
  const constraints = table.constraints.map((constraint) => {
    if (constraint.name !== name) return constraint;
    const { notValid: _, ...valid } = constraint;
    return valid;
  });
  draft.putTable({ ...table, constraints });
};
