/** What an operation needs beside its own target, and whether the schema that it meets has it. */
import type { Operation } from "../../model/revision.ts";
import { renderName, tableEntity, type Dialect, type Entity, type Touching } from "../../sql/action.ts";
import { renderChange } from "../wording.ts";
import type { SchemaDraft } from "./draft.ts";
import type { Found, Table } from "../state.ts";
import { columnOf, keyOf, type KnownSchema } from "./schema.ts";

/** Definitions that an operation changes are looked at where they are changed. */
const needs: ReadonlySet<Touching> = new Set<Touching>(["require", "constrain", "read", "insert", "update", "delete"]);

/** What servers give without its being a column of the table. */
const always = new Set("* ctid xmin xmax cmin cmax tableoid oid rowid _rowid_ rownum".split(" "));

/** A catalog of the server itself. */
export const isServersOwn = ({ schema, name }: Entity["name"]): boolean =>
  schema === "information_schema" || schema === "sys" || /^(?:pg_|sqlite_)/.test(schema ?? name);

/** Most of what an operation touches is of one table: it is looked up once. */
class Lookup {
  readonly #schema: KnownSchema;
  #name: Entity["name"] | undefined;
  #table: Found<Table> = "absent";

  constructor(schema: KnownSchema) {
    this.#schema = schema;
  }

  table(name: Entity["name"]): Found<Table> {
    if (this.#name === undefined || this.#name.name !== name.name || this.#name.schema !== name.schema) {
      this.#table = this.#schema.table(name);
      this.#name = name;
    }
    return this.#table;
  }

  isOtherRelation(name: Entity["name"]): boolean {
    return this.#schema.view(name) !== "absent" || this.#schema.sequence(name) !== "absent";
  }
}

function isMissing(thing: Entity, tables: Lookup): boolean {
  const table = tables.table(thing.name);
  // Most of what is asked for is there.
  if (typeof table === "object" && thing.type === "table") return false;
  if (isServersOwn(thing.name)) return false;
  // What is read or named as a relation may be a view or a sequence.
  if (thing.type === "table") return table === "absent" && !tables.isOtherRelation(thing.name);
  if (thing.type !== "column" || thing.column === undefined || always.has(thing.column.toLowerCase())) return false;
  return typeof table === "object" && table.doubt === undefined && columnOf(table, thing.column) === undefined;
}

const isSame = (a: Entity, b: Entity): boolean =>
  a.type === b.type && keyOf(a.name) === keyOf(b.name) && a.column === b.column;

/** What it makes itself, and the columns of what it makes, need not be there before. */
const makesItself = ({ touches }: Operation, thing: Entity): boolean =>
  touches.some(({ how, on }) => how === "create" && (isSame(on, thing) || isSame(on, tableEntity(thing.name))));

/** Of a table that is its own target the change itself tells; to ask whether a table is there needs none. */
function isToldElsewhere({ table, effect, kind }: Operation, { on, how }: Operation["touches"][number]): boolean {
  if (on.type !== "table") return false;
  if (kind === "select" && how === "require") return true;
  return effect === "schema" && table !== undefined && keyOf(on.name) === keyOf(table);
}

/** SQLite asks for what a definition refers to only when rows are written or read. */
const isLater = ({ table, effect }: Operation, { name }: Entity, dialect: Dialect): boolean =>
  dialect === "sqlite" && effect === "schema" && (table === undefined || keyOf(name) !== keyOf(table));

/** Of each missing thing one contradiction. */
export function contradictMissing(draft: SchemaDraft, operation: Operation, dialect: Dialect): void {
  const tables = new Lookup(draft.schema);
  const told: Entity[] = [];
  for (const touch of operation.touches) {
    const { on, how, possible } = touch;
    if (possible || !needs.has(how) || isLater(operation, on, dialect) || !isMissing(on, tables)) continue;
    if (makesItself(operation, on) || isToldElsewhere(operation, touch)) continue;
    if (told.some((one) => isSame(one, on))) continue;
    told.push(on);
    const what = on.column === undefined ? renderName(on.name) : `${renderName(on.name)}.${on.column}`;
    draft.contradict(`${renderChange(operation)} needs ${what}`, { how: "missing", thing: on });
  }
}
