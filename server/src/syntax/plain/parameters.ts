/** Parameters of functions, and the types that are written beside names. */
import type { Node } from "../node.ts";
import { expect, giveUp, isAtEnd, isWordStart, leaf, makeNode, readName, skip, type Cursor } from "./cursor.ts";

type ReadExpression = (cursor: Cursor) => Node;

/** Up to the character `end`, which is left where it is. Those of a lambda end with a colon, and have no types. */
export function readParameters(cursor: Cursor, end: number, readExpression: ReadExpression): readonly Node[] {
  const children: Node[] = [];
  while (cursor.text.charCodeAt(cursor.at) !== end) {
    children.push(readParameter(cursor, end, readExpression));
    if (cursor.text.charCodeAt(cursor.at) === 44) expect(cursor, 44);
    else if (cursor.text.charCodeAt(cursor.at) !== end) giveUp();
  }
  return children;
}

function readParameter(cursor: Cursor, end: number, readExpression: ReadExpression): Node {
  const { text, at: start } = cursor;
  const named = readParameterName(cursor);
  if (named.type.endsWith("_separator")) return named;
  const isTyped = end !== 58 && text.charCodeAt(cursor.at) === 58;
  const children = [named];
  if (isTyped) {
    expect(cursor, 58);
    children.push(readType(cursor, readExpression));
  }
  const hasDefault = text.charCodeAt(cursor.at) === 61;
  if (hasDefault) {
    if (named.type !== "identifier") giveUp();
    expect(cursor, 61);
    children.push(readExpression(cursor));
  }
  if (children.length === 1) return named;
  const type = isTyped ? (hasDefault ? "typed_default_parameter" : "typed_parameter") : "default_parameter";
  return makeNode(type, start, children.at(-1)?.end ?? start, children);
}

/** `a`, `*a`, `**a`, or one of the separators `*` and `/`. */
function readParameterName(cursor: Cursor): Node {
  const { text, at: start } = cursor;
  const c = text.charCodeAt(start);
  if (c === 47) {
    cursor.at++;
    skip(cursor);
    return leaf("positional_separator", start, start + 1);
  }
  if (c !== 42) return readName(cursor);
  const isDouble = text.charCodeAt(start + 1) === 42;
  cursor.at += isDouble ? 2 : 1;
  skip(cursor);
  if (!isDouble && !isWordStart(text.charCodeAt(cursor.at))) return leaf("keyword_separator", start, start + 1);
  const name = readName(cursor);
  return makeNode(isDouble ? "dictionary_splat_pattern" : "list_splat_pattern", start, name.end, [name]);
}

/** A type, of the forms that the grammar reads in one way only. */
export function readType(cursor: Cursor, readExpression: ReadExpression): Node {
  const start = cursor.at;
  const generic = readGeneric(cursor, readExpression);
  if (generic) return readUnion(cursor, makeNode("type", start, generic.end, [generic]), readExpression);
  const inner = readExpression(cursor);
  if (!isPlainType(inner)) giveUp();
  return makeNode("type", start, inner.end, [inner]);
}

/** `A[b] | c`, from behind the generic type on. */
function readUnion(cursor: Cursor, left: Node, readExpression: ReadExpression): Node {
  const c = cursor.text.charCodeAt(cursor.at);
  if (isAtEnd(cursor) || behindType.has(c)) return left;
  if (c !== 124) giveUp();
  expect(cursor, 124);
  const right = readType(cursor, readExpression);
  if (right.children[0]?.type === "union_type") giveUp();
  return makeNode("type", left.start, right.end, [makeNode("union_type", left.start, right.end, [left, right])]);
}

const behindType = new Set([...",)]=:"].map((sign) => sign.charCodeAt(0)));

/** `Union[str, None]`; undefined, and nothing read, where it is none. */
function readGeneric(cursor: Cursor, readExpression: ReadExpression): Node | undefined {
  const { text, at: start } = cursor;
  if (!genericName.test(text.slice(start, start + longestName))) return undefined;
  const name = readName(cursor);
  const from = cursor.at;
  cursor.at++;
  cursor.brackets++;
  skip(cursor);
  const children: Node[] = [];
  while (text.charCodeAt(cursor.at) !== 93) {
    children.push(readType(cursor, readExpression));
    if (text.charCodeAt(cursor.at) === 44) expect(cursor, 44);
    else if (text.charCodeAt(cursor.at) !== 93) giveUp();
  }
  if (children.length === 0) giveUp();
  const end = ++cursor.at;
  cursor.brackets--;
  skip(cursor);
  return makeNode("generic_type", start, end, [name, makeNode("type_parameter", from, end, children)]);
}

const longestName = 60;
const genericName = /^[A-Za-z_]\w*\[/;

function isPlainType(node: Node | undefined): boolean {
  switch (node?.type) {
    case "identifier":
    case "attribute":
    case "none":
    case "string":
    case "ellipsis":
      return true;
    case "subscript":
      return node.children[0]?.type === "attribute";
    case "binary_operator":
      return isPlainType(node.children[0]) && (node.children[1]?.type === "subscript" || isPlainType(node.children[1]));
    default:
      return false;
  }
}
