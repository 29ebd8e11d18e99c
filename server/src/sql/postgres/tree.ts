/** Reading libpg-query's parse tree, which leaves out every field that has its default. */
import type { Node, RangeVar } from "libpg-query";
import type { QualifiedName } from "../action.ts";
import { knownName } from "../hole.ts";

export type { Node };

type KindOf<N> = N extends unknown ? keyof N : never;
export type NodeKind = KindOf<Node>;
export type NodeOf<K extends NodeKind> = Extract<Node, Record<K, unknown>> extends Record<K, infer T> ? T : never;

/** The node's content, if it is of this kind. */
export const as = <K extends NodeKind>(node: Node | undefined, kind: K): NodeOf<K> | undefined =>
  node && kind in node ? (node as Record<K, NodeOf<K>>)[kind] : undefined;

export const all = <K extends NodeKind>(nodes: readonly Node[] | undefined, kind: K): readonly NodeOf<K>[] =>
  (nodes ?? []).flatMap((node) => as(node, kind) ?? []);

/** The strings of a list such as a dotted name or a column list. */
export const strings = (nodes: readonly Node[] | undefined): readonly string[] =>
  (nodes ?? []).map((node) => as(node, "String")?.sval ?? "");

/** A dotted name: the last two parts count, a database before them does not. */
export function dotted(nodes: readonly Node[] | undefined): QualifiedName | undefined {
  const parts = strings(nodes);
  return knownName(parts.at(-2), parts.at(-1));
}

export const nameOfTable = (relation: RangeVar | undefined): QualifiedName | undefined =>
  relation && knownName(relation.schemaname, relation.relname);

/** The name of an object of a DROP, COMMENT …, whichever node it is written in. */
export function objectName(node: Node | undefined): readonly string[] {
  if (!node) return [];
  const list = as(node, "List") ?? as(node, "ObjectWithArgs") ?? as(node, "TypeName") ?? as(node, "String");
  if (!list) return [];
  if ("items" in list) return strings(list.items);
  if ("objname" in list) return strings(list.objname);
  if ("names" in list) return strings(list.names);
  return "sval" in list && typeof list.sval === "string" ? [list.sval] : [];
}

/** Is the expression the constant NULL, with or without a cast? */
export function isNull(node: Node | undefined): boolean {
  const cast = as(node, "TypeCast");
  return cast ? isNull(cast.arg) : as(node, "A_Const")?.isnull === true;
}

/** A string constant, with or without a cast. */
export function stringConstant(node: Node | undefined): string | undefined {
  const cast = as(node, "TypeCast");
  return cast ? stringConstant(cast.arg) : as(node, "A_Const")?.sval?.sval;
}
