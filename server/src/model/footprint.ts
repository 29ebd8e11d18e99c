/** Which rows, columns and relations an action uses: the facts that the order of two actions is judged by. */
import type { Action, QualifiedName, Touching } from "../sql/action.ts";
import type { Confidence } from "./revision.ts";

/** An action, with how well it was understood where that is known. */
export type Placed = Action & { readonly confidence?: Confidence; readonly sql?: string };

/** What is known beyond the two actions: from the rest of the revision. */
export interface Circumstances {
  /** The revision itself adds the column (or its table): no constraint, key or trigger from before can concern it. */
  readonly isFresh: (table: QualifiedName, column: string) => boolean;
  /** The revision itself creates the table, and its rows are only rows of its own. */
  readonly isSeeded: (table: QualifiedName) => boolean;
  /** The index of this name is known not to be unique. */
  readonly isPlainIndex: (name: string) => boolean;
  /** The revision's upgrade adds the column, neither computed nor part of a foreign key. */
  readonly isPlainColumn: (table: QualifiedName, column: string) => boolean;
  /** Tables that foreign keys of a table point at; known where the revision's upgrade creates the table. */
  readonly pointsAt: (table: QualifiedName) => readonly QualifiedName[] | undefined;
  /** Columns of a table are told apart by their names only: their order may change. */
  readonly anyColumnOrder: boolean;
}

export const nothingKnown: Circumstances = {
  isFresh: () => false,
  isSeeded: () => false,
  isPlainIndex: () => false,
  isPlainColumn: () => false,
  pointsAt: () => undefined,
  anyColumnOrder: false,
};

/** Names are compared without regard to case, and a missing schema may be any: a difference that may be none is none. */
export const maybeSame = (a: QualifiedName, b: QualifiedName): boolean =>
  a.name.toLowerCase() === b.name.toLowerCase() &&
  (a.schema === undefined || b.schema === undefined || a.schema.toLowerCase() === b.schema.toLowerCase());

/** It touches more than it lists, or it is not known which table it is about. */
export const isVague = (action: Placed): boolean =>
  action.incomplete === true ||
  action.effect === "unknown" ||
  action.confidence === "opaque" ||
  (action.effect === "data" && action.table === undefined);

export const touchesRows = (action: Action): boolean => action.effect === "data" || action.effect === "read";

const relations = new WeakMap<Action, readonly QualifiedName[]>();

/** Tables and views that an action touches in any way, its own table first. */
export function relationsOf(action: Action): readonly QualifiedName[] {
  let found = relations.get(action);
  if (found === undefined) relations.set(action, (found = findRelations(action)));
  return found;
}

function findRelations(action: Action): readonly QualifiedName[] {
  const found: QualifiedName[] = [];
  const add = (name: QualifiedName | undefined): void => {
    if (name && !found.some((other) => other.name === name.name && other.schema === name.schema)) found.push(name);
  };
  add(action.table);
  for (const { on } of action.touches) {
    if (on.type === "table" || on.type === "column" || on.type === "view") add(on.name);
  }
  add(action.details.referencedTable);
  if (action.kind === "rename_table" && action.details.newName !== undefined) {
    add({ ...action.table, name: action.details.newName });
  }
  return found;
}

/** The name of what an action makes, changes or drops, where that is neither a table nor a column. */
export const ownName = ({ name, touches }: Action): string | undefined =>
  name ??
  touches.find(({ how, on }) => how !== "require" && how !== "read" && on.type !== "table" && on.type !== "column")?.on
    .name.name;

export const sharedRelation = (a: Action, b: Action): QualifiedName | undefined =>
  relationsOf(a).find((one) => relationsOf(b).some((other) => maybeSame(one, other)));

/** How a statement about rows uses one table. */
export interface RowUse {
  readonly inserts: boolean;
  readonly updates: boolean;
  readonly deletes: boolean;
  readonly reads: boolean;
  /** Columns in lower case; `"*"` stands for any. */
  readonly written: ReadonlySet<string>;
  readonly read: ReadonlySet<string>;
}

const rowTouches: readonly Touching[] = ["insert", "update", "delete", "read", "require"];

const uses = new WeakMap<Action, Map<string, RowUse | undefined>>();

/** `undefined` where the statement does not use the table. */
export function rowUse(rows: Placed, table: QualifiedName): RowUse | undefined {
  const known = uses.get(rows) ?? new Map<string, RowUse | undefined>();
  uses.set(rows, known);
  const key = `${table.schema ?? ""}\n${table.name}`;
  if (!known.has(key)) known.set(key, findRowUse(rows, table));
  return known.get(key);
}

function findRowUse(rows: Placed, table: QualifiedName): RowUse | undefined {
  const touches = rows.touches.filter(
    ({ on }) => (on.type === "table" || on.type === "column" || on.type === "view") && maybeSame(on.name, table),
  );
  const own = rows.table !== undefined && maybeSame(rows.table, table);
  if (touches.length === 0 && !own) return undefined;
  const has = (how: Touching): boolean => touches.some((touch) => touch.how === how);
  const written = new Set<string>();
  const read = new Set<string>();
  for (const { how, on } of touches) {
    if (on.type !== "column" || on.column === undefined || !rowTouches.includes(how)) continue;
    (how === "insert" || how === "update" ? written : read).add(on.column.toLowerCase());
  }
  const guess = own && touches.length === 0;
  const inserts = has("insert") || (guess && ["insert", "bulk_insert", "merge", "copy"].includes(rows.kind));
  const updates = has("update") || (guess && ["update", "merge"].includes(rows.kind));
  const deletes = has("delete") || (guess && ["delete", "truncate", "merge"].includes(rows.kind));
  const unsure = rows.confidence === "likely" || isVague(rows) || guess;
  if ((inserts || updates) && (unsure || written.size === 0)) written.add("*");
  if (unsure) read.add("*");
  return { inserts, updates, deletes, reads: has("read") || guess, written, read };
}

export const writes = (use: RowUse): boolean => use.inserts || use.updates || use.deletes;

export const writesColumn = (use: RowUse, column: string): boolean =>
  use.written.has("*") || column === "*" || use.written.has(column.toLowerCase());

export const readsColumn = (use: RowUse, column: string): boolean =>
  use.read.has("*") || column === "*" || use.read.has(column.toLowerCase());

export const usesColumn = (use: RowUse, column: string): boolean =>
  (writesColumn(use, column) && (use.inserts || use.updates)) || readsColumn(use, column);

/** Tables whose rows the statement changes. */
export const writtenTables = (rows: Action): readonly QualifiedName[] =>
  relationsOf(rows).filter((table) => {
    const use = rowUse(rows, table);
    return use !== undefined && writes(use);
  });

/** The columns that an action on a definition is about; `"*"` where they are not known. */
export function columnsOf(action: Placed): readonly string[] {
  const { newName } = action.details;
  const own = action.columns.map((column) => column.toLowerCase());
  if (own.length === 0) return ["*"];
  return newName === undefined || action.kind !== "alter_column" ? own : [...own, newName.toLowerCase()];
}

export const disjoint = (a: readonly string[], b: readonly string[]): boolean =>
  !a.includes("*") && !b.includes("*") && a.every((column) => !b.includes(column));
