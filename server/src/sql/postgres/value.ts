/** Expressions that stay text: defaults, conditions, keys of indexes. */
import type { SqlExpression } from "../definition.ts";
import { hasHole } from "../hole.ts";
import { locationOf, type SqlText } from "./text.ts";
import { as, strings, type Node } from "./tree.ts";

/** An expression whose text is known, or is not. */
export function expressionOf(node: Node | undefined, sql: string | undefined): SqlExpression {
  const calls = callsIn(node);
  return { sql, ...(calls.length > 0 && { calls }), ...(isConstant(node) && { constant: true as const }) };
}

/** The expression that stands behind a keyword, up to `end` or to the end of its part of the text. */
export function behind(keyword: string, node: Node | undefined, text: SqlText, end?: number): SqlExpression {
  const first = text.at(locationOf(node));
  const word = first === undefined ? undefined : text.before(first, keyword);
  const from = word === undefined ? undefined : word + 1;
  return expressionOf(node, from === undefined ? undefined : text.expression(from, end ?? text.endOfPart(from)));
}

/** Like `behind`, of an expression that must stand in brackets. */
export function bracketed(keyword: string, node: Node | undefined, text: SqlText): SqlExpression {
  const first = text.at(locationOf(node));
  const word = first === undefined ? undefined : text.before(first, keyword);
  const open = word === undefined ? undefined : word + 1;
  const sql = open === undefined || text.word(open) !== "(" ? undefined : text.expression(open + 1, text.closing(open));
  return expressionOf(node, sql);
}

function isConstant(node: Node | undefined): boolean {
  const cast = as(node, "TypeCast");
  if (cast) return isConstant(cast.arg);
  return as(node, "A_Const") !== undefined;
}

/** Functions that an expression calls, each once. */
export function callsIn(value: unknown): readonly string[] {
  const calls = new Set<string>();
  collect(value, calls);
  return [...calls];
}

function collect(value: unknown, calls: Set<string>): void {
  if (typeof value !== "object" || value === null) return;
  if ("FuncCall" in value) addCall(value as Node, calls);
  if ("SQLValueFunction" in value) addValueFunction(value as Node, calls);
  for (const child of Object.values(value)) collect(child, calls);
}

function addCall(node: Node, calls: Set<string>): void {
  const path = strings(as(node, "FuncCall")?.funcname);
  const name = (path[0] === "pg_catalog" ? path.slice(1) : path).join(".");
  if (name !== "" && !hasHole(name)) calls.add(name);
}

/** `SVFOP_CURRENT_TIMESTAMP_N` is `current_timestamp(n)`. */
function addValueFunction(node: Node, calls: Set<string>): void {
  const op = as(node, "SQLValueFunction")?.op ?? "SVFOP_CURRENT_DATE";
  const name = op.slice("SVFOP_".length).toLowerCase();
  calls.add(name.endsWith("_n") ? name.slice(0, -2) : name);
}
