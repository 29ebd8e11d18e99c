/** Types of columns from the tree, and which of them PostgreSQL brings along. */
import type { TypeName } from "libpg-query";
import type { QualifiedName } from "../action.ts";
import type { ColumnType } from "../definition.ts";
import type { Touches } from "../draft.ts";
import { hasHole } from "../hole.ts";
import { builtIn, intervalFields, printed, serials, spoken } from "./type-names.ts";
import { withScale } from "./type-text.ts";
import { as, dotted, strings, type Node } from "./tree.ts";

/** Names that PostgreSQL's grammar gives to types that the standard spells differently. */
const spelling: Readonly<Record<string, string>> = {
  int2: "smallint",
  int4: "integer",
  int8: "bigint",
  float4: "real",
  float8: "double precision",
  bool: "boolean",
  bpchar: "char",
};

export const isSerial = (type: string | undefined): boolean => type !== undefined && serials.has(type);

/** The type in short, much as people write it. */
export function renderType(type: TypeName | undefined): string | undefined {
  const name = dotted(type?.names);
  if (!type || !name) return undefined;
  const inner =
    name.schema === "pg_catalog"
      ? (spelling[name.name] ?? name.name)
      : name.schema
        ? `${name.schema}.${name.name}`
        : name.name;
  const given = (type.typmods ?? []).map(modifierText);
  if (given.includes(undefined)) return undefined;
  const modifiers = name.name !== "interval" && given.length > 0 ? `(${given.join(",")})` : "";
  return inner + modifiers + "[]".repeat(type.arrayBounds?.length ?? 0);
}

/** The type as the catalog will show it. Undefined where a part of it is not known. */
export function columnType(type: TypeName | undefined): ColumnType | undefined {
  const name = dotted(type?.names);
  if (!type || !name || type.pct_type || type.setof) return undefined;
  const dimensions = type.arrayBounds?.length ?? 0;
  const modifiers = (type.typmods ?? []).map(modifierText);
  if (!modifiers.every((modifier) => modifier !== undefined)) return undefined;
  if (name.schema !== undefined && name.schema !== "pg_catalog") {
    return { name: name.name, schema: name.schema, arguments: modifiers, dimensions };
  }
  if (name.name === "interval") return interval(modifiers, dimensions);
  const own =
    name.schema === undefined && name.name !== "bit" && name.name !== "bpchar" ? unqualified(name.name) : undefined;
  return { ...withScale(own ?? qualified(name.name, modifiers.length > 0), modifiers), dimensions };
}

/** `char` without the schema is written in quotes, and is the one-byte type. */
const unqualified = (name: string): string =>
  name === "char" ? '"char"' : (printed.get(name) ?? (serials.has(name) ? spoken.get(name) : undefined) ?? name);

/** The grammar gives CHAR and BIT their length: without one it is the type of that name in the catalog. */
const qualified = (name: string, hasLength: boolean): string => {
  if (name === "bpchar") return hasLength ? "character" : "bpchar";
  if (name === "bit" && !hasLength) return '"bit"';
  return name === "char" ? '"char"' : (printed.get(name) ?? name);
};

function interval(modifiers: readonly string[], dimensions: number): ColumnType {
  const fields = intervalFields.get(Number(modifiers[0]));
  return {
    name: fields === undefined ? "interval" : `interval ${fields}`,
    arguments: modifiers.slice(1),
    dimensions,
  };
}

/** A number, or a word such as the `point` of a `geometry(Point, 4326)`. */
function modifierText(node: Node): string | undefined {
  const constant = as(node, "A_Const");
  if (constant) return constant.sval ? constant.sval.sval : (constant.fval?.fval ?? String(constant.ival?.ival ?? 0));
  // A scale below zero.
  const operation = as(node, "A_Expr");
  if (operation && !operation.lexpr && strings(operation.name)[0] === "-") {
    const inner = operation.rexpr && modifierText(operation.rexpr);
    return inner === undefined ? undefined : `-${inner}`;
  }
  const word = strings(as(node, "ColumnRef")?.fields).at(-1);
  return word === undefined || word === "" || hasHole(word) ? undefined : word;
}

/** The type's name where it is none of the server's own: an enum, a domain, a composite, or a table's row. */
export function ownType(type: TypeName | undefined): QualifiedName | undefined {
  const name = dotted(type?.names);
  if (!name || name.schema === "pg_catalog") return undefined;
  return name.schema === undefined && (builtIn.has(name.name) || serials.has(name.name)) ? undefined : name;
}

export function requireType(touches: Touches, type: TypeName | undefined): void {
  const name = ownType(type);
  if (name) touches.add("require", { type: "type", name });
}

export { canonicalType, renderColumnType } from "./type-text.ts";
