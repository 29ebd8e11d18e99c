/**
 * What a direction knows of the tables it has met so far: which of them it made itself. A table that nothing here
 * created is taken to exist already, with rows in it and people waiting for it.
 */
import { Map as PersistentMap } from "immutable";
import { sameName, type ActionKind, type Dialect, type QualifiedName, type Touching } from "../sql/action.ts";
import type { Operation } from "../model/revision.ts";

/**
 * - `existing`: was there before; `new`: created here, to stay; `temporary`: gone with the session;
 * - `scratch`: created here and dropped again here.
 */
export type Origin = "existing" | "new" | "temporary" | "scratch";

interface State {
  readonly origin: Origin;
  /** Holds rows that came from an existing table. */
  readonly copied: boolean;
}

const unseen: State = { origin: "existing", copied: true };

const defaultSchemas: Partial<Record<Dialect, string>> = { postgresql: "public", sqlite: "main", mssql: "dbo" };

/** What is known at one moment. */
export interface TablesNow {
  origin(name: QualifiedName): Origin;
  /** True where reading the table reads rows that were there before this direction ran. */
  holdsOldRows(name: QualifiedName): boolean;
  /** True where the direction has made a table of its own so far, to stay or not. */
  readonly hasOwn: boolean;
}

export interface Tables extends TablesNow {
  /** What is known now, whatever follows. */
  now(): TablesNow;
  /** Takes note of what the operation did, so that later operations are seen in its light. */
  follow(operation: Operation): void;
}

/** Other tables whose rows the operation reads. */
export const sourcesOf = (operation: Operation): readonly QualifiedName[] => {
  const { table } = operation;
  return operation.touches
    .filter((t) => t.how === "read" && (t.on.type === "table" || t.on.type === "column" || t.on.type === "view"))
    .map((t) => t.on.name)
    .filter((name) => table === undefined || !sameName(name, table));
};

const named = (operation: Operation, ...ways: readonly Touching[]): readonly QualifiedName[] => {
  const names = operation.touches.filter((t) => ways.includes(t.how) && t.on.type === "table").map((t) => t.on.name);
  if (names.length > 0) return names;
  return operation.table === undefined ? [] : [operation.table];
};

/** Tables whose rows the operation changes: `TRUNCATE a, b` has two. */
export const targetsOf = (operation: Operation): readonly QualifiedName[] =>
  named(operation, "insert", "update", "delete");

/** The name that a table is renamed to, where the text tells it. */
function newNameOf(operation: Operation): QualifiedName | undefined {
  const { newName } = operation.details;
  if (newName === undefined) return undefined;
  const schema = operation.table?.schema;
  return schema === undefined ? { name: newName } : { schema, name: newName };
}

const definesTable: readonly ActionKind[] = ["create_table", "drop_table", "rename_table"];

export function watchTables(operations: readonly Operation[], dialect: Dialect): Tables {
  const keyOf = (name: QualifiedName): string => {
    const schema = name.schema === defaultSchemas[dialect] ? undefined : name.schema;
    return JSON.stringify([schema ?? "", name.name]);
  };
  let states = PersistentMap<string, State>();
  let hasNameless = false;
  const at = (name: QualifiedName): State => states.get(keyOf(name)) ?? unseen;
  /** Dropped after its creation, under this name and before the name is created again. */
  const isDroppedLater = (creation: Operation, key: string): boolean => {
    const index = operations.indexOf(creation);
    const next = operations
      .slice(index + 1)
      .find((o) => definesTable.includes(o.kind) && named(o, "drop").some((name) => keyOf(name) === key));
    return next?.kind === "drop_table";
  };
  const create = (operation: Operation, name: QualifiedName): void => {
    const origin =
      operation.details.temporary === true ? "temporary" : isDroppedLater(operation, keyOf(name)) ? "scratch" : "new";
    states = states.set(keyOf(name), { origin, copied: sourcesOf(operation).some((source) => at(source).copied) });
  };
  const now = (): TablesNow => {
    const [seen, nameless] = [states, hasNameless];
    const of = (name: QualifiedName): State => seen.get(keyOf(name)) ?? unseen;
    return {
      origin: (name) => of(name).origin,
      holdsOldRows: (name) => of(name).copied,
      get hasOwn() {
        return nameless || seen.some(({ origin }) => origin !== "existing");
      },
    };
  };
  return {
    now,
    origin: (name) => at(name).origin,
    holdsOldRows: (name) => at(name).copied,
    get hasOwn() {
      return now().hasOwn;
    },
    follow(operation) {
      const { table } = operation;
      hasNameless ||= table === undefined && operation.kind === "create_table";
      if (table === undefined) return;
      const key = keyOf(table);
      if (operation.kind === "create_table") create(operation, table);
      else if (operation.kind === "drop_table")
        for (const name of named(operation, "drop")) states = states.delete(keyOf(name));
      else if (operation.kind === "rename_table") {
        const name = newNameOf(operation);
        if (name === undefined) return;
        states = states.set(keyOf(name), at(table)).delete(key);
      } else if (operation.effect === "data" && sourcesOf(operation).some((source) => at(source).copied)) {
        states = states.set(key, { ...at(table), copied: true });
      }
    },
  };
}
