/**
 * What a new type of a column means for what is stored: nothing, indexes built anew, or every row written anew. After
 * `ATColumnChangeRequiresRewrite()` of `src/backend/commands/tablecmds.c` and the transform functions of the types.
 */
import type { ColumnType } from "../../sql/definition.ts";

export type TypeChange =
  /** - `none`: the rows stay, and so do plain indexes. `reindex`: the rows stay, indexes are built anew. */
  | { readonly effect: "none" | "reindex" | "rewrite"; readonly doubt?: string }
  /** Depends on the time zone of the session. */
  | { readonly effect: "time zone" };

const none: TypeChange = { effect: "none" };
const reindex: TypeChange = { effect: "reindex" };
const rewrite: TypeChange = { effect: "rewrite" };

const unbounded = new Set(["text", "character varying"]);

/** Pairs that are stored the same, by the old type's name: the new one's, and whether its indexes order the same. */
const alike: Readonly<Record<string, Readonly<Record<string, TypeChange>>>> = {
  integer: { oid: reindex, regclass: reindex, regproc: reindex, regtype: reindex },
  oid: { integer: reindex, regclass: none, regproc: none, regtype: none },
  regclass: { oid: none, integer: reindex },
  cidr: { inet: none },
  xml: { text: none, "character varying": none },
};

/** How precise times are where the type does not say. */
const finest = 6;

const times = new Set([
  "timestamp without time zone",
  "timestamp with time zone",
  "time without time zone",
  "time with time zone",
  "interval",
]);

/** `isEnum`: whether a type that is not the server's own is known to be an enum. */
export function typeChange(
  from: ColumnType | undefined,
  to: ColumnType | undefined,
  isEnum: (type: ColumnType) => boolean,
): TypeChange {
  if (from === undefined || to === undefined)
    return { effect: "rewrite", doubt: "One of the two types is not known here." };
  if (same(from, to)) return none;
  if (from.dimensions > 0 || to.dimensions > 0 || isEnum(from) || isEnum(to)) return rewrite;
  if (from.schema !== undefined || to.schema !== undefined) return otherType;
  return builtInChange(from, to);
}

const otherType: TypeChange = { effect: "rewrite", doubt: "What the types are stored as is not known here." };

const same = (a: ColumnType, b: ColumnType): boolean =>
  a.name === b.name &&
  a.schema === b.schema &&
  // The server keeps no count of dimensions.
  a.dimensions > 0 === b.dimensions > 0 &&
  a.arguments.join() === b.arguments.join();

function builtInChange(from: ColumnType, to: ColumnType): TypeChange {
  if (unbounded.has(from.name) && unbounded.has(to.name)) return fits(limitOf(from), limitOf(to));
  if (from.name === "bit varying" && to.name === "bit varying") return fits(limitOf(from), limitOf(to));
  if (from.name === "numeric" && to.name === "numeric") return numericChange(from, to);
  const [a, b] = [timeName(from.name), timeName(to.name)];
  if (times.has(a) && times.has(b)) return timeChange({ ...from, name: a }, { ...to, name: b });
  if (to.arguments.length === 0) return alike[from.name]?.[to.name] ?? rewriteOf(from, to);
  return rewriteOf(from, to);
}

/** Types that are not the server's own may be domains or have casts that change nothing. */
const rewriteOf = (from: ColumnType, to: ColumnType): TypeChange =>
  isBuiltIn(from) && isBuiltIn(to) ? rewrite : otherType;

/** Only those whose every cast to another is known here to change what is stored, or is in the tables above. */
const builtIn = new Set([
  ...["bigint", "bit", "bit varying", "boolean", "bytea", "character", "character varying", "cidr", "date"],
  ...["double precision", "inet", "integer", "json", "jsonb", "macaddr", "money", "name", "numeric", "oid", "real"],
  ...["smallint", "text", "tsvector", "uuid", "xml"],
]);

const isBuiltIn = ({ name, schema }: ColumnType): boolean =>
  schema === undefined && (builtIn.has(name) || times.has(timeName(name)));

const timeName = (name: string): string => (name.startsWith("interval ") ? "interval" : name);

const limitOf = ({ arguments: [length] }: ColumnType): number => (length === undefined ? Infinity : Number(length));

const fits = (from: number, to: number): TypeChange => (to >= from ? none : rewrite);

/** More digits in front of the point, and as many behind it. */
function numericChange(from: ColumnType, to: ColumnType): TypeChange {
  if (to.arguments.length === 0) return none;
  if (from.arguments.length === 0) return rewrite;
  const [precision = 0, scale = 0] = from.arguments.map(Number);
  const [newPrecision = 0, newScale = 0] = to.arguments.map(Number);
  return newScale === scale && newPrecision >= precision ? none : rewrite;
}

function timeChange(from: ColumnType, to: ColumnType): TypeChange {
  const keeps = precisionOf(to) >= precisionOf(from);
  if (from.name === to.name) return keeps ? none : rewrite;
  const zones = [from.name, to.name].every((name) => name.startsWith("timestamp "));
  return zones && keeps ? { effect: "time zone" } : rewrite;
}

const precisionOf = ({ arguments: [digits] }: ColumnType): number => (digits === undefined ? finest : Number(digits));
