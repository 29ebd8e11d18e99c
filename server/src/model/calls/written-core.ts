/**
 * UPDATE, DELETE and INSERT … SELECT of one table as SQL, from the constructs that SQLAlchemy makes them of. What it makes
 * may be written otherwise; it means the same.
 */
import { sameName, type Dialect, type QualifiedName } from "../../sql/action.ts";
import type { Argument, Value } from "../../syntax/value.ts";
import { anyWithin } from "../values.ts";
import { chainOf, type Link } from "./chains.ts";
import { Compiler } from "./compile/compiler.ts";
import { quoteName } from "./compile/names.ts";
import { readsOf } from "./expressions.ts";
import { built, lastOf } from "./terms.ts";

interface Parts {
  readonly target: Value | undefined;
  readonly table: QualifiedName;
  readonly own: readonly Argument[];
  readonly links: readonly Link[];
}

/** Methods that say no more than how the statement is run. */
const silent = new Set(["execution_options"]);

/** `undefined`: not all of it is known, or it asks for more than the rows of its table. */
export function writeUpdate(
  parts: Parts,
  assigned: ReadonlyMap<string, Value>,
  conditions: readonly Value[],
  dialect: Dialect,
): string | undefined {
  if (assigned.size === 0 || !isPlain(parts, ["where", "values"], [...assigned.values(), ...conditions], dialect))
    return undefined;
  const compiler = new Compiler(dialect);
  const set = [...assigned].map(([column, value]) => {
    const sql = compiler.sql(value);
    return sql === undefined ? undefined : `${quoteName(column, dialect)} = ${sql}`;
  });
  const where = conditionOf(conditions, compiler);
  return set.every((one) => one !== undefined) && where !== undefined
    ? `UPDATE ${nameOfTable(parts.table, dialect)} SET ${set.join(", ")}${where}`
    : undefined;
}

export function writeDelete(parts: Parts, conditions: readonly Value[], dialect: Dialect): string | undefined {
  if (!isPlain(parts, ["where"], conditions, dialect)) return undefined;
  const where = conditionOf(conditions, new Compiler(dialect));
  return where === undefined ? undefined : `DELETE FROM ${nameOfTable(parts.table, dialect)}${where}`;
}

/** Of columns of one table as they are, with what ON CONFLICT DO NOTHING passes over. */
export function writeInsert(
  parts: Parts,
  columns: readonly string[],
  query: Value | undefined,
  dialect: Dialect,
): string | undefined {
  if (query === undefined || columns.length === 0 || parts.own.length > 0) return undefined;
  if (!parts.links.every(({ name }) => ["from_select", "on_conflict_do_nothing", ...silent].includes(name)))
    return undefined;
  const ignores = parts.links.some(({ name }) => name === "on_conflict_do_nothing");
  const select = writeSelect(query, dialect);
  if (select === undefined || isAliased(parts.target)) return undefined;
  const into = columns.map((column) => quoteName(column, dialect)).join(", ");
  const table = nameOfTable(parts.table, dialect);
  return `INSERT INTO ${table} (${into}) ${select}${ignores ? " ON CONFLICT DO NOTHING" : ""}`;
}

function writeSelect(query: Value, dialect: Dialect): string | undefined {
  const { root, links } = chainOf(query);
  if (root.kind !== "call" || built(root) !== "select" || !links.every(({ name }) => name === "where"))
    return undefined;
  const [first] = root.args;
  const items =
    first?.value.kind === "sequence" && root.args.length === 1
      ? first.value.items
      : root.args.map(({ value }) => value);
  if (root.args.some(({ name, starred }) => name !== undefined || starred) || items.length === 0) return undefined;
  const conditions = links.flatMap(({ args }) => args.map(({ value }) => value));
  const { touches, unknown } = readsOf([...items, ...conditions], undefined, dialect);
  const table = touches[0]?.on.name;
  if (table === undefined || unknown.length > 0 || [...items, ...conditions].some(isAliased)) return undefined;
  if (!touches.every(({ on }) => sameName(on.name, table))) return undefined;
  const compiler = new Compiler(dialect);
  const list = compiler.list(items);
  const where = conditionOf(conditions, compiler);
  return list === undefined || where === undefined
    ? undefined
    : `SELECT ${list} FROM ${nameOfTable(table, dialect)}${where}`;
}

/** Nothing but these methods, no other table, and no other name for its own. */
function isPlain(
  { table, target, own, links }: Parts,
  methods: readonly string[],
  values: readonly Value[],
  dialect: Dialect,
): boolean {
  if (!links.every(({ name }) => methods.includes(name) || silent.has(name))) return false;
  if (own.some(({ name, starred }) => starred || (name !== undefined && name !== "whereclause" && name !== "values")))
    return false;
  if ([...values, ...(target ? [target] : [])].some(isAliased)) return false;
  const { touches, unknown } = readsOf(values, table, dialect);
  return unknown.length === 0 && touches.every(({ on }) => sameName(on.name, table));
}

const aliases: readonly (string | undefined)[] = ["alias", "aliased", "lateral", "tablesample"];

const isAliased = (value: Value | undefined): boolean =>
  value !== undefined && anyWithin(value, (part) => part.kind === "call" && aliases.includes(lastOf(part.callee)));

function conditionOf(conditions: readonly Value[], compiler: Compiler): string | undefined {
  if (conditions.length === 0) return "";
  const all = conditions.map((value) => compiler.within(value, 3, "AND"));
  return all.every((sql) => sql !== undefined) ? ` WHERE ${all.join(" AND ")}` : undefined;
}

const nameOfTable = ({ schema, name }: QualifiedName, dialect: Dialect): string =>
  [...(schema === undefined ? [] : [schema]), name].map((part) => quoteName(part, dialect)).join(".");
