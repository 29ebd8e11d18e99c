/** Expressions of plain Python, in the grammar's own terms. */
import type { Node } from "../node.ts";
import {
  endOfWord,
  expect,
  expectWord,
  giveUp,
  isAt,
  isDigit,
  isWordStart,
  leaf,
  makeNode,
  readName,
  skip,
  within,
  type Cursor,
} from "./cursor.ts";
import { readParameters } from "./parameters.ts";
import { quoteOf, readStrings } from "./strings.ts";

/** What ends an expression for sure: `,` `)` `]` `}` and the end of the line. */
const isEnd = (c: number): boolean => c === 44 || c === 41 || c === 93 || c === 125 || c === 10;

const endOf = (nodes: readonly Node[]): number => nodes.at(-1)?.end ?? 0;

export function readExpression(cursor: Cursor): Node {
  return within(cursor, () => readConditional(cursor));
}

function readConditional(cursor: Cursor): Node {
  if (cursor.text.charCodeAt(cursor.at) === 108 && isAt(cursor, "lambda")) return readLambda(cursor);
  const first = readOr(cursor);
  const c = cursor.text.charCodeAt(cursor.at);
  if (isEnd(c)) return first;
  if (c === 58 && cursor.text.charCodeAt(cursor.at + 1) === 61) return readNamed(cursor, first);
  if (c !== 105 || !isAt(cursor, "if")) return first;
  const before = cursor.at;
  expectWord(cursor, "if");
  const test = readOr(cursor);
  if (!isAt(cursor, "else")) {
    // The condition of a comprehension.
    cursor.at = before;
    return first;
  }
  expectWord(cursor, "else");
  const otherwise = readExpression(cursor);
  return makeNode("conditional_expression", first.start, otherwise.end, [first, test, otherwise]);
}

/** `name := value`, from the operator on. */
function readNamed(cursor: Cursor, name: Node): Node {
  if (name.type !== "identifier") giveUp();
  cursor.at += 2;
  skip(cursor);
  const value = readExpression(cursor);
  return makeNode("named_expression", name.start, value.end, [name, value]);
}

function readLambda(cursor: Cursor): Node {
  const start = cursor.at;
  expectWord(cursor, "lambda");
  const parameters = readParameters(cursor, 58, readExpression);
  const children: Node[] = [];
  const [first] = parameters;
  if (first) children.push(makeNode("lambda_parameters", first.start, endOf(parameters), parameters));
  expect(cursor, 58);
  const body = readExpression(cursor);
  children.push(body);
  return makeNode("lambda", start, body.end, children);
}

function readOr(cursor: Cursor): Node {
  let left = readAnd(cursor);
  while (cursor.text.charCodeAt(cursor.at) === 111 && isAt(cursor, "or")) {
    expectWord(cursor, "or");
    const right = readAnd(cursor);
    left = makeNode("boolean_operator", left.start, right.end, [left, right]);
  }
  return left;
}

function readAnd(cursor: Cursor): Node {
  let left = readNot(cursor);
  while (cursor.text.charCodeAt(cursor.at) === 97 && isAt(cursor, "and")) {
    expectWord(cursor, "and");
    const right = readNot(cursor);
    left = makeNode("boolean_operator", left.start, right.end, [left, right]);
  }
  return left;
}

function readNot(cursor: Cursor): Node {
  const start = cursor.at;
  if (cursor.text.charCodeAt(start) !== 110 || !isAt(cursor, "not")) return readComparison(cursor);
  expectWord(cursor, "not");
  const operand = within(cursor, () => readNot(cursor));
  return makeNode("not_operator", start, operand.end, [operand]);
}

function readComparison(cursor: Cursor): Node {
  const first = readBinary(cursor, 0);
  if (isEnd(cursor.text.charCodeAt(cursor.at)) || !skipComparison(cursor)) return first;
  const operands = [first, readBinary(cursor, 0)];
  while (skipComparison(cursor)) operands.push(readBinary(cursor, 0));
  return makeNode("comparison_operator", first.start, endOf(operands), operands);
}

/** Goes over an operator of comparison, where one stands here. */
function skipComparison(cursor: Cursor): boolean {
  const { text, at } = cursor;
  const c = text.charCodeAt(at);
  const isDouble = text.charCodeAt(at + 1) === 61;
  if ((c === 61 || c === 33) && isDouble) cursor.at += 2;
  else if (c === 60 || c === 62) {
    const next = text.charCodeAt(at + 1);
    if (next === c || (c === 60 && next === 62)) giveUp();
    cursor.at += isDouble ? 2 : 1;
  } else if (c === 105 && isAt(cursor, "in")) cursor.at += 2;
  else if (c === 105 && isAt(cursor, "is")) {
    expectWord(cursor, "is");
    if (isAt(cursor, "not")) cursor.at += 3;
  } else if (c === 110 && isAt(cursor, "not")) {
    expectWord(cursor, "not");
    if (!isAt(cursor, "in")) giveUp();
    cursor.at += 2;
  } else return false;
  skip(cursor);
  return true;
}

interface Operator {
  readonly length: number;
  readonly strength: number;
}

const single = new Map<number, Operator>(
  (
    [
      ["|", 1],
      ["^", 3],
      ["&", 2],
      ["+", 5],
      ["-", 5],
      ["*", 6],
      ["@", 6],
      ["/", 6],
      ["%", 6],
    ] as const
  ).map(([sign, strength]) => [sign.charCodeAt(0), { length: 1, strength }]),
);
const shift: Operator = { length: 2, strength: 4 };
const floor: Operator = { length: 2, strength: 6 };

/** The operator that stands here. `x += 1` is none, and `**` is read elsewhere. */
function operatorAt(text: string, at: number): Operator | undefined {
  const c = text.charCodeAt(at);
  const next = text.charCodeAt(at + 1);
  let found = single.get(c);
  if (next === c && (c === 60 || c === 62)) found = shift;
  else if (next === c && c === 47) found = floor;
  if (found === undefined || text.charCodeAt(at + found.length) === 61) return undefined;
  return found;
}

function readBinary(cursor: Cursor, weakest: number): Node {
  let left = readUnary(cursor);
  if (isEnd(cursor.text.charCodeAt(cursor.at))) return left;
  for (
    let operator = operatorAt(cursor.text, cursor.at);
    operator !== undefined && operator.strength > weakest;
    operator = operatorAt(cursor.text, cursor.at)
  ) {
    const { length, strength } = operator;
    cursor.at += length;
    skip(cursor);
    const right = within(cursor, () => readBinary(cursor, strength));
    left = makeNode("binary_operator", left.start, right.end, [left, right]);
  }
  return left;
}

function readUnary(cursor: Cursor): Node {
  const { text, at: start } = cursor;
  const c = text.charCodeAt(start);
  if (c !== 45 && c !== 43 && c !== 126) return readPower(cursor);
  cursor.at++;
  skip(cursor);
  const operand = within(cursor, () => readUnary(cursor));
  return makeNode("unary_operator", start, operand.end, [operand]);
}

function readPower(cursor: Cursor): Node {
  const { text, at: start } = cursor;
  if (text.charCodeAt(start) === 97 && isAt(cursor, "await")) {
    expectWord(cursor, "await");
    const awaited = readPrimary(cursor);
    if (text.startsWith("**", cursor.at)) giveUp();
    return makeNode("await", start, awaited.end, [awaited]);
  }
  const base = readPrimary(cursor);
  if (text.charCodeAt(cursor.at) !== 42 || !text.startsWith("**", cursor.at) || text.charCodeAt(cursor.at + 2) === 61)
    return base;
  cursor.at += 2;
  skip(cursor);
  const exponent = within(cursor, () => readUnary(cursor));
  return makeNode("binary_operator", base.start, exponent.end, [base, exponent]);
}

/** A name, a literal or brackets, and what is taken from it: `a.b(c)[d]`. */
export function readPrimary(cursor: Cursor): Node {
  let node = readAtom(cursor);
  for (;;) {
    const c = cursor.text.charCodeAt(cursor.at);
    if (c === 46) {
      cursor.at++;
      skip(cursor);
      const name = readName(cursor);
      node = makeNode("attribute", node.start, name.end, [node, name]);
    } else if (c === 40) {
      const list = readCallArguments(cursor);
      node = makeNode("call", node.start, list.end, [node, list]);
    } else if (c === 91) node = readSubscript(cursor, node);
    else return node;
  }
}

const constants = new Map([
  ["None", "none"],
  ["True", "true"],
  ["False", "false"],
]);

function readAtom(cursor: Cursor): Node {
  const { text, at: start } = cursor;
  const quote = quoteOf(cursor);
  if (quote >= 0) return readStrings(cursor, quote, readExpression);
  const c = text.charCodeAt(start);
  if (isWordStart(c)) {
    if (c !== 78 && c !== 84 && c !== 70) return readName(cursor);
    const end = endOfWord(text, start);
    const constant = constants.get(text.slice(start, end));
    if (constant === undefined) return readName(cursor);
    cursor.at = end;
    skip(cursor);
    return leaf(constant, start, end);
  }
  if (isDigit(c)) return readNumber(cursor);
  if (c === 40) return readParentheses(cursor);
  if (c === 91) return readList(cursor);
  if (c === 123) return readBraces(cursor);
  if (c !== 46) giveUp();
  if (!text.startsWith("...", start)) return readNumber(cursor);
  cursor.at += 3;
  skip(cursor);
  return leaf("ellipsis", start, start + 3);
}

/** Other forms are left to the grammar. */
const number = /(?:\d+\.\d*|\.\d+|\d+)(?![\w.])/y;

function readNumber(cursor: Cursor): Node {
  const { text, at: start } = cursor;
  number.lastIndex = start;
  const found = number.exec(text)?.[0] ?? giveUp();
  const end = start + found.length;
  cursor.at = end;
  skip(cursor);
  return leaf(found.includes(".") ? "float" : "integer", start, end);
}

/** Goes over the bracket and answers where it ends; the blanks behind it are skipped too. */
function close(cursor: Cursor, bracket: number): number {
  if (cursor.text.charCodeAt(cursor.at) !== bracket) giveUp();
  const end = ++cursor.at;
  cursor.brackets--;
  skip(cursor);
  return end;
}

function open(cursor: Cursor): void {
  cursor.at++;
  cursor.brackets++;
  skip(cursor);
}

/** Goes over a comma, where one stands here. */
export function skipComma(cursor: Cursor): boolean {
  if (cursor.text.charCodeAt(cursor.at) !== 44) return false;
  cursor.at++;
  skip(cursor);
  return true;
}

function readCallArguments(cursor: Cursor): Node {
  const list = readArguments(cursor);
  const [only] = list.children;
  return list.type === "argument_list" || !only ? list : only;
}

/** An argument list; of `f(x for x in y)` a generator in a node without a type. */
function readArguments(cursor: Cursor): Node {
  const start = cursor.at;
  const { text } = cursor;
  open(cursor);
  const children: Node[] = [];
  while (text.charCodeAt(cursor.at) !== 41) {
    const argument = readArgument(cursor);
    children.push(argument);
    if (children.length === 1 && isComprehension(cursor)) {
      readClauses(cursor, children);
      const end = close(cursor, 41);
      return makeNode("", start, end, [makeNode("generator_expression", start, end, children)]);
    }
    if (!skipComma(cursor) && text.charCodeAt(cursor.at) !== 41) giveUp();
  }
  return makeNode("argument_list", start, close(cursor, 41), children);
}

/** The arguments of a class: never a generator. */
export function readBases(cursor: Cursor): Node {
  const list = readArguments(cursor);
  return list.type === "" ? giveUp() : list;
}

function readArgument(cursor: Cursor): Node {
  const { text, at: start } = cursor;
  const c = text.charCodeAt(start);
  if (c === 42) return readSplat(cursor, true);
  if (isWordStart(c)) {
    let end = endOfWord(text, start);
    while (text.charCodeAt(end) === 32) end++;
    if (text.charCodeAt(end) === 61 && text.charCodeAt(end + 1) !== 61) {
      const name = readName(cursor);
      expect(cursor, 61);
      const value = readExpression(cursor);
      return makeNode("keyword_argument", start, value.end, [name, value]);
    }
  }
  return readExpression(cursor);
}

/** `*x`, or `**x`. */
function readSplat(cursor: Cursor, mayBeDouble: boolean): Node {
  const { text, at: start } = cursor;
  const isDouble = text.charCodeAt(start + 1) === 42;
  if (isDouble && !mayBeDouble) giveUp();
  cursor.at += isDouble ? 2 : 1;
  skip(cursor);
  // Anything longer is read in two ways by the grammar.
  const value = readPrimary(cursor);
  const c = text.charCodeAt(cursor.at);
  if (!isEnd(c) || text.charCodeAt(value.start) === 40) giveUp();
  return makeNode(isDouble ? "dictionary_splat" : "list_splat", start, value.end, [value]);
}

function readSubscript(cursor: Cursor, value: Node): Node {
  open(cursor);
  const children = [value];
  do {
    if (cursor.text.charCodeAt(cursor.at) === 93) break;
    children.push(readIndex(cursor));
  } while (skipComma(cursor));
  if (children.length === 1) giveUp();
  return makeNode("subscript", value.start, close(cursor, 93), children);
}

function readIndex(cursor: Cursor): Node {
  const { text, at: start } = cursor;
  const children: Node[] = [];
  const isHere = (c: number): boolean => text.charCodeAt(cursor.at) === c;
  if (!isHere(58)) children.push(readExpression(cursor));
  const [only] = children;
  if (only && !isHere(58)) return only;
  let end = start;
  for (let i = 0; i < 2 && isHere(58); i++) {
    end = cursor.at + 1;
    expect(cursor, 58);
    if (isHere(58) || isHere(93) || isHere(44)) continue;
    const bound = readExpression(cursor);
    end = bound.end;
    children.push(bound);
  }
  return makeNode("slice", start, end, children);
}

const isComprehension = (cursor: Cursor): boolean => {
  const c = cursor.text.charCodeAt(cursor.at);
  return (c === 102 && isAt(cursor, "for")) || (c === 97 && isAt(cursor, "async"));
};

/** `for x in y if z`, behind the value that is made. */
function readClauses(cursor: Cursor, children: Node[]): void {
  if (!isAt(cursor, "for")) giveUp();
  for (;;) {
    const start = cursor.at;
    if (isAt(cursor, "for")) {
      expectWord(cursor, "for");
      const left = readTargets(cursor);
      expectWord(cursor, "in");
      const right = readOr(cursor);
      children.push(makeNode("for_in_clause", start, right.end, [left, right]));
    } else if (isAt(cursor, "if")) {
      expectWord(cursor, "if");
      const test = readOr(cursor);
      children.push(makeNode("if_clause", start, test.end, [test]));
    } else return;
  }
}

/** What stands left of `in`. */
export function readTargets(cursor: Cursor): Node {
  const first = toPattern(readPrimary(cursor));
  if (cursor.text.charCodeAt(cursor.at) !== 44) return first;
  const all = [first];
  while (skipComma(cursor)) all.push(toPattern(readPrimary(cursor)));
  return makeNode("pattern_list", first.start, endOf(all), all);
}

/** What is read as an expression, where it turns out to be assigned to. */
export function toPattern(node: Node): Node {
  switch (node.type) {
    case "identifier":
    case "attribute":
    case "subscript":
      return node;
    case "tuple":
      return { ...node, type: "tuple_pattern", children: node.children.map(toPattern) };
    case "list":
      return { ...node, type: "list_pattern", children: node.children.map(toPattern) };
    default:
      return giveUp();
  }
}

const readElement = (cursor: Cursor): Node =>
  cursor.text.charCodeAt(cursor.at) === 42 ? readSplat(cursor, false) : readExpression(cursor);

function readParentheses(cursor: Cursor): Node {
  const { text, at: start } = cursor;
  open(cursor);
  const children: Node[] = [];
  let isTuple = text.charCodeAt(cursor.at) === 41;
  while (text.charCodeAt(cursor.at) !== 41) {
    children.push(readElement(cursor));
    if (children.length === 1 && isComprehension(cursor)) {
      readClauses(cursor, children);
      return makeNode("generator_expression", start, close(cursor, 41), children);
    }
    if (skipComma(cursor)) isTuple = true;
    else if (text.charCodeAt(cursor.at) !== 41) giveUp();
  }
  if (!isTuple && children[0]?.type === "list_splat") giveUp();
  return makeNode(isTuple ? "tuple" : "parenthesized_expression", start, close(cursor, 41), children);
}

function readList(cursor: Cursor): Node {
  const { text, at: start } = cursor;
  open(cursor);
  const children: Node[] = [];
  while (text.charCodeAt(cursor.at) !== 93) {
    children.push(readElement(cursor));
    if (children.length === 1 && isComprehension(cursor)) {
      readClauses(cursor, children);
      return makeNode("list_comprehension", start, close(cursor, 93), children);
    }
    if (!skipComma(cursor) && text.charCodeAt(cursor.at) !== 93) giveUp();
  }
  return makeNode("list", start, close(cursor, 93), children);
}

/** A dictionary, a set, or a comprehension of one of them. */
function readBraces(cursor: Cursor): Node {
  const { text, at: start } = cursor;
  open(cursor);
  const children: Node[] = [];
  let isSet = false;
  while (text.charCodeAt(cursor.at) !== 125) {
    const element = readEntry(cursor);
    const isOfSet = element.type !== "pair" && element.type !== "dictionary_splat";
    if (children.length > 0 && isOfSet !== isSet) giveUp();
    isSet = isOfSet;
    children.push(element);
    if (children.length === 1 && isComprehension(cursor)) {
      if (element.type === "dictionary_splat") giveUp();
      readClauses(cursor, children);
      const type = isSet ? "set_comprehension" : "dictionary_comprehension";
      return makeNode(type, start, close(cursor, 125), children);
    }
    if (!skipComma(cursor) && text.charCodeAt(cursor.at) !== 125) giveUp();
  }
  return makeNode(isSet ? "set" : "dictionary", start, close(cursor, 125), children);
}

function readEntry(cursor: Cursor): Node {
  const { text, at: start } = cursor;
  if (text.charCodeAt(start) === 42) return readSplat(cursor, true);
  const key = readExpression(cursor);
  if (text.charCodeAt(cursor.at) !== 58) return key;
  expect(cursor, 58);
  const value = readExpression(cursor);
  return makeNode("pair", start, value.end, [key, value]);
}
