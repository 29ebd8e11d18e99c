/** How actions are put together: the effect that follows from the kind, and a set of touches without repetition. */
import { columnEntity, sameName, tableEntity } from "./action.ts";
import type {
  Action,
  ActionKind,
  Details,
  Effect,
  Entity,
  EntityType,
  QualifiedName,
  Touch,
  Touching,
} from "./action.ts";

const data: readonly ActionKind[] = ["bulk_insert", "insert", "update", "delete", "merge", "truncate", "copy"];
const other: Partial<Record<ActionKind, Effect>> = {
  select: "read",
  maintenance: "maintenance",
  create_table_comment: "maintenance",
  drop_table_comment: "maintenance",
  set: "session",
  lock: "session",
  transaction: "transaction",
  do: "unknown",
  call: "unknown",
  opaque: "unknown",
};

/** The effect that a kind has unless the statement says otherwise. */
export const effectOf = (kind: ActionKind): Effect => other[kind] ?? (data.includes(kind) ? "data" : "schema");

export interface Parts {
  readonly effect?: Effect;
  readonly table?: QualifiedName | undefined;
  readonly name?: string | undefined;
  readonly columns?: readonly string[];
  readonly touches?: Touches;
  readonly details?: Details;
  readonly incomplete?: boolean;
}

export function action(kind: ActionKind, parts: Parts = {}): Action {
  const incomplete = parts.incomplete === true || parts.touches?.incomplete === true;
  return {
    kind,
    effect: parts.effect ?? effectOf(kind),
    ...(parts.table && { table: parts.table }),
    ...(parts.name !== undefined && { name: parts.name }),
    columns: parts.columns ?? [],
    touches: parts.touches?.list ?? [],
    details: parts.details ?? {},
    ...(incomplete && { incomplete }),
  };
}

/** The detail that tells where foreign keys point; nothing where there are none. */
export function referring(names: readonly QualifiedName[]): Pick<Details, "references"> {
  const references = names.filter((name, i) => names.findIndex((other) => sameName(other, name)) === i);
  return references.length > 0 ? { references } : {};
}

/** An action of which nothing is known. */
export const opaque = (): Action => action("opaque", { incomplete: true });

/** Touches in the order in which they were met, each once. A certain touch takes the place of a possible one. */
export class Touches {
  readonly #byKey = new Map<string, Touch>();
  incomplete = false;

  get list(): readonly Touch[] {
    return [...this.#byKey.values()];
  }

  add(how: Touching, on: Entity, possible = false): this {
    const key = JSON.stringify([how, on.type, on.name.schema ?? "", on.name.name, on.column ?? ""]);
    const before = this.#byKey.get(key);
    if (!before || (before.possible && !possible)) this.#byKey.set(key, possible ? { how, on, possible } : { how, on });
    return this;
  }

  addAll(touches: readonly Touch[]): this {
    for (const { how, on, possible } of touches) this.add(how, on, possible === true);
    return this;
  }

  /** `undefined` is a table whose name is not known. */
  table(how: Touching, name: QualifiedName | undefined): this {
    if (name) return this.add(how, tableEntity(name));
    this.incomplete = true;
    return this;
  }

  columns(how: Touching, table: QualifiedName | undefined, columns: readonly string[]): this {
    if (table) for (const column of columns) this.add(how, columnEntity(table, column));
    return this;
  }
}

/** How an object type is called in actions: the noun of its kinds, and what it is. */
export interface Noun {
  readonly noun:
    | "table"
    | "index"
    | "type"
    | "view"
    | "sequence"
    | "function"
    | "trigger"
    | "policy"
    | "schema"
    | "extension"
    | "other";
  readonly type: EntityType;
}
