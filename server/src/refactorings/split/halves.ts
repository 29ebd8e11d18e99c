/** To which half each operation of a direction belongs, and what the direction says about its own tables. */
import { appliesTo } from "../../model/applies.ts";
import { maybeSame, ownName, relationsOf, type Circumstances } from "../../model/footprint.ts";
import { isContracting } from "../../model/order.ts";
import type { Direction, Operation, Question, Statement } from "../../model/revision.ts";
import type { Project } from "../../project/snapshot.ts";
import type { QualifiedName } from "../../sql/action.ts";

export type Half = "schema" | "data";

export interface Halves {
  /** `undefined`: neither; it goes with what it is needed for. `"unknown"`: could be either. */
  readonly of: (operation: Operation) => Half | "unknown" | undefined;
  readonly contracts: (operation: Operation) => boolean;
  /** None of the operations makes the answer to one of the questions another. */
  readonly keepsAnswers: (questions: readonly Question[]) => boolean;
  /** Whether it can run on the project's server. */
  readonly runs: (operation: Operation) => boolean;
  /** Changes the definition of a table that was there before. */
  readonly changesExisting: (operation: Operation) => boolean;
  readonly known: Circumstances;
  /** The operation with what else is known of what it drops; see `completeDrops`. */
  readonly complete: (operation: Operation) => Operation;
}

/** Kinds that make no table and no column, and take none away. */
const besideTables =
  /^(?:(?:create|drop)_(?:index|function|trigger|type|sequence|\w*constraint|primary_key|foreign_key|table_comment)|alter_(?:type|sequence)|validate_constraint|rename_(?:index|constraint))$/;

/** Whether there is such a table, or column, may be another after it than before. */
function changesAnswer(operation: Operation, { table, column }: Question): boolean {
  const { kind, effect, confidence, table: own, columns, details } = operation;
  if (confidence === "opaque" || effect === "unknown") return true;
  if (effect !== "schema" || besideTables.test(kind)) return false;
  const becomes = details.newName?.toLowerCase();
  if (own === undefined || becomes === (column ?? table.name).toLowerCase() || becomes === table.name.toLowerCase())
    return true;
  if (!maybeSame(own, table)) return false;
  if (!["add_column", "alter_column", "drop_column"].includes(kind)) return true;
  return (
    column !== undefined && (columns.length === 0 || columns.some((one) => one.toLowerCase() === column.toLowerCase()))
  );
}

interface Life {
  readonly name: QualifiedName;
  readonly temporary: boolean;
  readonly dropped: boolean;
}

/** `upgrade` is the revision's own, also where its downgrade is judged: it tells what the downgrade takes away. */
export function judgeHalves(direction: Direction, upgrade: Direction, project: Project): Halves {
  const { operations } = direction;
  const made = tablesMade(operations);
  const own = (name: QualifiedName | undefined): Life | undefined =>
    name && made.find((life) => maybeSame(life.name, name));
  const passing = (name: QualifiedName | undefined): boolean => {
    const life = own(name);
    return life !== undefined && (life.temporary || life.dropped);
  };
  const scaffolding = findScaffolding(operations);
  const copied = tablesCopiedInto(direction, (name) => own(name) !== undefined);
  const isSeeded = (name: QualifiedName): boolean => {
    const life = own(name);
    return life !== undefined && !passing(name) && !copied.has(life.name.name.toLowerCase());
  };
  const bookkeeping = (name: QualifiedName | undefined): boolean =>
    name !== undefined && (name.name === "alembic_version" || name.name === project.config.versionTable);
  const of = (operation: Operation): Half | "unknown" | undefined => {
    if (operation.confidence === "opaque" && operation.effect !== "schema" && operation.effect !== "data") {
      return isNeutral(operation) ? undefined : "unknown";
    }
    if (operation.effect === "unknown") return "unknown";
    if (operation.effect === "schema") {
      const copies =
        operation.kind === "create_table" &&
        operation.touches.some(({ how, on }) => how === "read" && !isSeeded(on.name));
      return copies || passing(operation.table) || scaffolding.has(operation) ? "data" : "schema";
    }
    if (operation.effect !== "data" || bookkeeping(operation.table)) return undefined;
    if (operation.table !== undefined && isSeeded(operation.table)) return "schema";
    return "data";
  };
  return {
    of,
    keepsAnswers: (questions) => questions.every((question) => !operations.some((one) => changesAnswer(one, question))),
    runs: (operation) => appliesTo(operation, project.config.dialect),
    contracts: (operation) =>
      isContracting(operation) && own(operation.table) === undefined && of(operation) === "schema",
    changesExisting: (operation) =>
      operation.effect === "schema" &&
      operation.table !== undefined &&
      own(operation.table) === undefined &&
      of(operation) === "schema",
    known: {
      isFresh: freshColumns(operations, (name) => own(name) !== undefined),
      isSeeded,
      isPlainIndex: plainIndexes(project),
      isPlainColumn: plainColumns(upgrade.operations),
      pointsAt: references(upgrade.operations),
      anyColumnOrder: direction.name === "downgrade" && !operations.some(isPositional),
    },
    complete: direction.name === "downgrade" ? completeDrops(upgrade) : (operation) => operation,
  };
}

const isNeutral = ({ effect }: Operation): boolean =>
  effect === "read" || effect === "maintenance" || effect === "session" || effect === "transaction";

function tablesMade(operations: readonly Operation[]): readonly Life[] {
  return operations.flatMap((operation, index) => {
    const { table } = operation;
    if (operation.kind !== "create_table" || table === undefined) return [];
    const before = operations
      .slice(0, index)
      .some((one) => one.kind === "drop_table" && one.table && maybeSame(one.table, table));
    const after = operations
      .slice(index + 1)
      .find(
        (one) =>
          (one.kind === "drop_table" || one.kind === "rename_table") &&
          one.table !== undefined &&
          maybeSame(one.table, table),
      );
    if (before && after === undefined) return [{ name: table, temporary: false, dropped: false }];
    return [{ name: table, temporary: operation.details.temporary === true, dropped: after?.kind === "drop_table" }];
  });
}

/**
 * Indexes, functions, triggers and views that are made for what stands between and then dropped again. A type made for
 * a time serves the columns that have it: that is schema.
 */
function findScaffolding(operations: readonly Operation[]): ReadonlySet<Operation> {
  const found = new Set<Operation>();
  const open = new Map<string, Operation>();
  for (const operation of operations) {
    const [, verb, what] = /^(create|drop)_(index|function|trigger|view)$/.exec(operation.kind) ?? [];
    const name = ownName(operation);
    if (verb === undefined || name === undefined) continue;
    const key = `${what ?? ""} ${name}`;
    const creation = open.get(key);
    if (verb === "create") open.set(key, operation);
    else if (creation !== undefined) {
      found.add(creation).add(operation);
      open.delete(key);
    }
  }
  const switches = operations.filter(({ details }) => details.triggers !== undefined);
  const both = new Set(switches.map(({ details }) => details.triggers)).size === 2;
  if (both) for (const operation of switches) found.add(operation);
  return found;
}

/** Tables made here whose rows come, at some remove, from tables that were there before: in SQL or through Python. */
function tablesCopiedInto(direction: Direction, isOwn: (name: QualifiedName) => boolean): ReadonlySet<string> {
  const copied = new Set<string>();
  const old = (name: QualifiedName): boolean => !isOwn(name) || copied.has(name.name.toLowerCase());
  const readsOld = (operation: Operation): boolean =>
    operation.touches.some(
      ({ how, on }) =>
        how === "read" && (on.type === "table" || on.type === "view" || on.type === "column") && old(on.name),
    );
  for (let grown = true; grown;) {
    const before = copied.size;
    const carried = new Set<string>();
    for (const statement of direction.statements) {
      const inside = statement.operations.flatMap((index) => direction.operations[index] ?? []);
      const takes =
        statement.uses.some((name) => carried.has(name)) ||
        inside.some((one) => one.effect === "read" && readsOld(one));
      if (takes) for (const name of statement.binds) carried.add(name);
      for (const operation of inside) {
        const writesRows = operation.effect === "data" || operation.kind === "create_table";
        if (!writesRows || operation.table === undefined || !isOwn(operation.table)) continue;
        const through =
          operation.effect === "data" && takes && operation.kind !== "delete" && operation.kind !== "truncate";
        if (through || readsOld(operation) || isAnswered(direction, statement, operation))
          copied.add(operation.table.name.toLowerCase());
      }
    }
    grown = copied.size > before;
  }
  return copied;
}

/** What inserting gave (a key, a count) is used by a later statement: the rows are part of a data change. */
const isAnswered = (direction: Direction, statement: Statement, operation: Operation): boolean =>
  operation.effect === "data" &&
  direction.statements.some(
    (other) => other.range.start > statement.range.start && other.uses.some((name) => statement.binds.includes(name)),
  );

function freshColumns(
  operations: readonly Operation[],
  isOwn: (name: QualifiedName) => boolean,
): Circumstances["isFresh"] {
  const lost = (table: QualifiedName, column: string): boolean =>
    operations.some(
      (one) =>
        one.kind === "drop_column" &&
        one.table !== undefined &&
        maybeSame(one.table, table) &&
        one.columns.some((name) => name.toLowerCase() === column),
    );
  return (table, column) => {
    if (column === "*") return false;
    if (isOwn(table)) return true;
    const added = operations.some(
      (one) =>
        one.kind === "add_column" &&
        one.table !== undefined &&
        maybeSame(one.table, table) &&
        one.columns.some((name) => name.toLowerCase() === column),
    );
    return added && !lost(table, column);
  };
}

/** Rows are given or taken without naming their columns. */
const isPositional = (operation: Operation): boolean =>
  (operation.effect === "data" || operation.effect === "read") &&
  (operation.confidence !== "certain" || operation.touches.some(({ on }) => on.column === "*"));

const names = (operation: Operation): readonly string[] => operation.columns.map((column) => column.toLowerCase());

function plainColumns(operations: readonly Operation[]): Circumstances["isPlainColumn"] {
  return (table, column) => {
    const own = operations.filter(
      (one) => one.table !== undefined && maybeSame(one.table, table) && names(one).includes(column.toLowerCase()),
    );
    const added = own.filter(({ kind }) => kind === "add_column");
    if (added.length !== 1 || own.some(({ kind }) => kind === "create_foreign_key")) return false;
    return added.every(
      (one) =>
        relationsOf(one).length === 1 &&
        (one.details.definitions ?? []).every(({ generated }) => generated === undefined),
    );
  };
}

function references(operations: readonly Operation[]): Circumstances["pointsAt"] {
  return (table) => {
    const about = operations.filter((one) => one.table !== undefined && maybeSame(one.table, table));
    if (!about.some(({ kind, confidence }) => kind === "create_table" && confidence === "certain")) return undefined;
    if (about.some(({ confidence, effect }) => effect === "schema" && confidence !== "certain")) return undefined;
    return about
      .filter(({ effect }) => effect === "schema")
      .flatMap((one) => relationsOf(one).filter((other) => !maybeSame(other, table)));
  };
}

/**
 * With a dropped index or constraint what the revision's upgrade says of it: columns, uniqueness, what it points at.
 * A downgrade that makes one again is no such source: what autogenerate wrote there is often not what there was.
 */
function completeDrops(upgrade: Direction): (operation: Operation) => Operation {
  return (operation) => {
    const { kind, name, table } = operation;
    if ((kind !== "drop_index" && kind !== "drop_constraint") || name === undefined || operation.columns.length > 0)
      return operation;
    const made = upgrade.operations.filter(
      (one) => one.name === name && /^create_(?:index|\w+_constraint|foreign_key|primary_key)$/.test(one.kind),
    );
    const [only] = made;
    if (only === undefined || made.length > 1 || only.confidence !== "certain") return operation;
    if (table !== undefined && only.table !== undefined && !maybeSame(table, only.table)) return operation;
    const { unique, referencedTable } = only.details;
    const constraintType = only.kind === "create_foreign_key" ? "foreignkey" : operation.details.constraintType;
    const own = table ?? only.table;
    return {
      ...operation,
      ...(own && { table: own }),
      columns: only.details.expression === true ? [] : only.columns,
      details: {
        ...operation.details,
        ...(kind === "drop_index" && { unique: unique === true }),
        ...(referencedTable && { referencedTable }),
        ...(constraintType !== undefined && { constraintType }),
      },
    };
  };
}

const indexesByProject = new WeakMap<Project, ReadonlyMap<string, boolean>>();

/** Whether every index of the name that some revision of the project makes is a plain one. */
function plainIndexes(project: Project): Circumstances["isPlainIndex"] {
  return (name) => {
    let plain = indexesByProject.get(project);
    if (plain === undefined) {
      const found = new Map<string, boolean>();
      for (const file of project.files.values()) {
        for (const { operations } of file.upgrades) {
          for (const one of operations) {
            if (one.kind !== "create_index" || one.name === undefined) continue;
            const isPlain = one.details.unique !== true && one.confidence === "certain";
            found.set(one.name, isPlain && found.get(one.name) !== false);
          }
        }
      }
      plain = found;
      indexesByProject.set(project, plain);
    }
    return plain.get(name) === true;
  };
}

/** Copying a table to change it: the old one goes, a new one takes its name. Its halves belong together. */
export function findRebuild(operations: readonly Operation[]): Operation | undefined {
  return operations.find((operation, index) => {
    if (operation.kind !== "rename_table" || operation.table === undefined) return false;
    const { table } = operation;
    const { newName } = operation.details;
    const others = operations.filter((_, i) => i !== index);
    const takesName =
      newName !== undefined &&
      others.some(
        (one) =>
          one.kind === "drop_table" && one.table !== undefined && maybeSame(one.table, { ...table, name: newName }),
      );
    const leavesName = others.some(
      (one) => one.kind === "create_table" && one.table !== undefined && maybeSame(one.table, table),
    );
    const copies = others.some((one) => one.effect === "data" && relationsOf(one).length > 1);
    return (takesName || leavesName) && copies;
  });
}
