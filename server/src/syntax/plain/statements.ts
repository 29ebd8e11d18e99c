/** Statements of plain Python, in the grammar's own terms. */
import type { Node } from "../node.ts";
import {
  endOfWord,
  expect,
  expectWord,
  giveUp,
  isAt,
  isAtEnd,
  isWordStart,
  leaf,
  makeNode,
  readName,
  skip,
  skipComment,
  within,
  type Cursor,
} from "./cursor.ts";
import { readBases, readExpression, readPrimary, readTargets, skipComma, toPattern } from "./expressions.ts";
import { readParameters, readType } from "./parameters.ts";

/** What comes next, and what lies between it and the statement before. */
interface Lines {
  /** Columns of the next line of code; -1 at the end of the text. */
  indent: number;
  /** Comments since the last statement: where each begins in its line, and where it ends. */
  readonly passed: { readonly column: number; readonly end: number }[];
  readonly functions: { inside: number };
}

const besideCode = Number.POSITIVE_INFINITY;

/** The statements of a module. Throws `notPlain`. */
export function readModule(cursor: Cursor): readonly Node[] {
  const lines: Lines = { indent: 0, passed: [], functions: { inside: 0 } };
  nextLine(cursor, lines);
  return readAll(cursor, lines, 0);
}

/** From the start of a line to the next code, which may be in the same line. */
function nextLine(cursor: Cursor, lines: Lines): void {
  const { text } = cursor;
  for (;;) {
    let at = cursor.at;
    while (text.charCodeAt(at) === 32) at++;
    const column = at - cursor.at;
    cursor.at = at;
    const c = text.charCodeAt(at);
    if (c === 35) {
      skipComment(cursor);
      lines.passed.push({ column, end: cursor.at });
    } else if (c === 13) cursor.at++;
    else if (c !== 10) {
      lines.indent = at >= text.length ? -1 : column;
      return;
    }
    // Over the line break; at the end of the text nothing more is found.
    if (cursor.at < text.length) cursor.at++;
  }
}

/** Over the end of a simple statement, or of a line that ends in a colon. */
function endLine(cursor: Cursor, lines: Lines): void {
  const { text } = cursor;
  lines.passed.length = 0;
  if (text.charCodeAt(cursor.at) === 35) {
    skipComment(cursor);
    lines.passed.push({ column: besideCode, end: cursor.at });
  }
  if (cursor.at < text.length) {
    if (text.charCodeAt(cursor.at) !== 10) giveUp();
    cursor.at++;
  }
  nextLine(cursor, lines);
}

function readAll(cursor: Cursor, lines: Lines, indent: number): Node[] {
  const statements: Node[] = [];
  while (lines.indent === indent) statements.push(readStatement(cursor, lines, indent));
  if (lines.indent > indent) giveUp();
  return statements;
}

/** The block beneath a line that ends in a colon, which stands here. */
function readBlock(cursor: Cursor, lines: Lines, outer: number): Node {
  expect(cursor, 58);
  if (!isAtEnd(cursor)) return readInline(cursor, lines);
  endLine(cursor, lines);
  const { indent } = lines;
  if (indent <= outer) giveUp();
  const start = cursor.at;
  const statements = within(cursor, () => readAll(cursor, lines, indent));
  let end = statements.at(-1)?.end ?? start;
  // Comments below that are indented as the block is are part of it.
  while ((lines.passed[0]?.column ?? -1) >= indent) end = lines.passed.shift()?.end ?? end;
  return makeNode("block", start, end, statements);
}

/** One simple statement behind the colon. A comment behind that is part of the block. */
function readInline(cursor: Cursor, lines: Lines): Node {
  const { text, at: start } = cursor;
  const word = isWordStart(text.charCodeAt(start)) ? text.slice(start, endOfWord(text, start)) : "";
  if (compound.has(word)) giveUp();
  const statement = readSimple(cursor, lines, word);
  if (text.charCodeAt(cursor.at) === 35) giveUp();
  endLine(cursor, lines);
  return makeNode("block", start, statement.end, [statement]);
}

function readStatement(cursor: Cursor, lines: Lines, indent: number): Node {
  const { text, at: start } = cursor;
  const c = text.charCodeAt(start);
  if (c === 64) return readDecorated(cursor, lines, indent);
  const word = isWordStart(c) ? text.slice(start, endOfWord(text, start)) : "";
  const read = compound.get(word);
  if (read) return read(cursor, lines, indent);
  const statement = readSimple(cursor, lines, word);
  endLine(cursor, lines);
  return statement;
}

function readSimple(cursor: Cursor, lines: Lines, word: string): Node {
  const start = cursor.at;
  const behind = start + word.length;
  switch (word) {
    case "import":
      return readImport(cursor);
    case "from":
      return readImportFrom(cursor);
    case "pass":
    case "break":
    case "continue":
      cursor.at = behind;
      skip(cursor);
      return leaf(`${word}_statement`, start, behind);
    case "return": {
      // Elsewhere it is what is left of a function that is being typed.
      if (lines.functions.inside === 0) giveUp();
      expectWord(cursor, word);
      const values = isAtEnd(cursor) ? [] : [readExpressions(cursor)];
      return makeNode("return_statement", start, values[0]?.end ?? behind, values);
    }
    case "raise":
      return readRaise(cursor);
    case "assert": {
      expectWord(cursor, word);
      const parts = [readExpression(cursor)];
      if (skipComma(cursor)) parts.push(readExpression(cursor));
      return makeNode("assert_statement", start, parts.at(-1)?.end ?? behind, parts);
    }
    case "del": {
      expectWord(cursor, word);
      const what = readExpressions(cursor);
      return makeNode("delete_statement", start, what.end, [what]);
    }
    case "global":
    case "nonlocal": {
      expectWord(cursor, word);
      const names = [readName(cursor)];
      while (skipComma(cursor)) names.push(readName(cursor));
      return makeNode(`${word}_statement`, start, names.at(-1)?.end ?? behind, names);
    }
    case "print":
      if (cursor.text.charCodeAt(behind) !== 40) giveUp();
      return readExpressionStatement(cursor);
    // Words that are keywords in some places only.
    case "type":
      if (!isAssigned.test(cursor.text.slice(behind, behind + 4))) giveUp();
      return readExpressionStatement(cursor);
    case "match":
      return giveUp();
    case "yield": {
      const what = readYield(cursor);
      return makeNode("expression_statement", start, what.end, [what]);
    }
    default:
      return readExpressionStatement(cursor);
  }
}

const isAssigned = /^ ?=[^=]/;

function readYield(cursor: Cursor): Node {
  const start = cursor.at;
  expectWord(cursor, "yield");
  if (isAtEnd(cursor)) return leaf("yield", start, start + 5);
  const isFrom = isAt(cursor, "from");
  if (isFrom) expectWord(cursor, "from");
  const value = isFrom ? readExpression(cursor) : readExpressions(cursor);
  return makeNode("yield", start, value.end, [value]);
}

/** One expression, or a list of them. */
function readExpressions(cursor: Cursor): Node {
  const first = readExpression(cursor);
  if (cursor.text.charCodeAt(cursor.at) !== 44) return first;
  const all = [first];
  let end = first.end;
  while (cursor.text.charCodeAt(cursor.at) === 44) {
    end = cursor.at + 1;
    skipComma(cursor);
    const c = cursor.text.charCodeAt(cursor.at);
    // What ends the list behind its last comma.
    if (isAtEnd(cursor) || c === 58 || c === 61) break;
    const next = readExpression(cursor);
    end = next.end;
    all.push(next);
  }
  return makeNode("expression_list", first.start, end, all);
}

const augmented = /(?:[-+*/%@&|^]|\/\/|\*\*|<<|>>)=/y;

function readExpressionStatement(cursor: Cursor): Node {
  const { text, at: start } = cursor;
  const first = readExpressions(cursor);
  const c = text.charCodeAt(cursor.at);
  let inner: readonly Node[] = [first];
  if (isAtEnd(cursor)) {
    if (first.type === "expression_list") inner = first.children;
  } else if (c === 61) inner = [readAssignment(cursor, first, [])];
  else if (c === 58) {
    if (first.type !== "identifier" && first.type !== "attribute") giveUp();
    expect(cursor, 58);
    const type = readType(cursor, readExpression);
    inner = isAtEnd(cursor)
      ? [makeNode("assignment", start, type.end, [first, type])]
      : [readAssignment(cursor, first, [type])];
  } else {
    augmented.lastIndex = cursor.at;
    const operator = augmented.exec(text)?.[0] ?? giveUp();
    cursor.at += operator.length;
    skip(cursor);
    const left = toTarget(first);
    const right = readExpressions(cursor);
    inner = [makeNode("augmented_assignment", start, right.end, [left, right])];
  }
  // The comma behind a list belongs to the statement.
  const end = first.type === "expression_list" && inner !== first.children ? 0 : first.end;
  return makeNode("expression_statement", start, Math.max(end, inner.at(-1)?.end ?? start), inner);
}

function toTarget(node: Node): Node {
  if (node.type !== "expression_list") return toPattern(node);
  if (node.end !== node.children.at(-1)?.end) giveUp();
  return { ...node, type: "pattern_list", children: node.children.map(toPattern) };
}

/** From the equals sign on. */
function readAssignment(cursor: Cursor, target: Node, type: readonly Node[]): Node {
  expect(cursor, 61);
  const left = toTarget(target);
  const next = readExpressions(cursor);
  const right =
    cursor.text.charCodeAt(cursor.at) === 61 ? within(cursor, () => readAssignment(cursor, next, [])) : next;
  return makeNode("assignment", left.start, right.end, [left, ...type, right]);
}

function readRaise(cursor: Cursor): Node {
  const start = cursor.at;
  expectWord(cursor, "raise");
  if (isAtEnd(cursor)) return leaf("raise_statement", start, start + 5);
  const parts = [readExpression(cursor)];
  if (isAt(cursor, "from")) {
    expectWord(cursor, "from");
    parts.push(readExpression(cursor));
  }
  return makeNode("raise_statement", start, parts.at(-1)?.end ?? start, parts);
}

/** `a.b.c`, without blanks in it. */
function readDotted(cursor: Cursor): Node {
  const { text, at: start } = cursor;
  let end = start;
  for (;;) {
    readName(cursor);
    end = endOfWord(text, Math.max(start, end));
    if (text.charCodeAt(end) !== 46) break;
    if (cursor.at !== end) giveUp();
    end++;
    cursor.at = end;
  }
  return leaf("dotted_name", start, end);
}

function readImported(cursor: Cursor): Node {
  const name = readDotted(cursor);
  if (!isAt(cursor, "as")) return name;
  expectWord(cursor, "as");
  const alias = readName(cursor);
  return makeNode("aliased_import", name.start, alias.end, [name, alias]);
}

function readImport(cursor: Cursor): Node {
  const start = cursor.at;
  expectWord(cursor, "import");
  const names = [readImported(cursor)];
  while (skipComma(cursor)) names.push(readImported(cursor));
  return makeNode("import_statement", start, names.at(-1)?.end ?? start, names);
}

function readImportFrom(cursor: Cursor): Node {
  const { text, at: start } = cursor;
  expectWord(cursor, "from");
  const from = cursor.at;
  while (text.charCodeAt(cursor.at) === 46) cursor.at++;
  const isRelative = cursor.at > from;
  let module: Node;
  if (!isRelative) module = readDotted(cursor);
  else if (isWordStart(text.charCodeAt(cursor.at))) module = leaf("relative_import", from, readDotted(cursor).end);
  else module = leaf("relative_import", from, cursor.at);
  skip(cursor);
  expectWord(cursor, "import");
  const isFuture = text.slice(module.start, module.end) === "__future__";
  const children = isFuture ? [] : [module];
  if (text.charCodeAt(cursor.at) === 42) {
    const star = cursor.at++;
    skip(cursor);
    if (isFuture) giveUp();
    return makeNode("import_from_statement", start, star + 1, [module, leaf("wildcard_import", star, star + 1)]);
  }
  const end = readImportedNames(cursor, children);
  return makeNode(isFuture ? "future_import_statement" : "import_from_statement", start, end, children);
}

/** Answers where they end, the brackets around them included. */
function readImportedNames(cursor: Cursor, children: Node[]): number {
  const { text } = cursor;
  const hasBrackets = text.charCodeAt(cursor.at) === 40;
  if (hasBrackets) {
    cursor.brackets++;
    expect(cursor, 40);
  }
  children.push(readImported(cursor));
  while (skipComma(cursor)) {
    if (hasBrackets && text.charCodeAt(cursor.at) === 41) break;
    children.push(readImported(cursor));
  }
  if (!hasBrackets) return children.at(-1)?.end ?? cursor.at;
  if (text.charCodeAt(cursor.at) !== 41) giveUp();
  const end = ++cursor.at;
  cursor.brackets--;
  skip(cursor);
  return end;
}

type ReadCompound = (cursor: Cursor, lines: Lines, indent: number) => Node;

const isClause = (cursor: Cursor, lines: Lines, indent: number, word: string): boolean =>
  lines.indent === indent && isAt(cursor, word);

/** `else:` and its like: a word and a block. */
function readClause(cursor: Cursor, lines: Lines, indent: number, word: string): Node {
  const start = cursor.at;
  expectWord(cursor, word);
  const block = readBlock(cursor, lines, indent);
  return makeNode(`${word}_clause`, start, block.end, [block]);
}

const readIf: ReadCompound = (cursor, lines, indent) => {
  const start = cursor.at;
  expectWord(cursor, "if");
  const children = [readExpression(cursor), readBlock(cursor, lines, indent)];
  while (isClause(cursor, lines, indent, "elif")) {
    const clause = cursor.at;
    expectWord(cursor, "elif");
    const test = readExpression(cursor);
    const block = readBlock(cursor, lines, indent);
    children.push(makeNode("elif_clause", clause, block.end, [test, block]));
  }
  if (isClause(cursor, lines, indent, "else")) children.push(readClause(cursor, lines, indent, "else"));
  return makeNode("if_statement", start, children.at(-1)?.end ?? start, children);
};

const readFor: ReadCompound = (cursor, lines, indent) => {
  const start = cursor.at;
  expectWord(cursor, "for");
  const left = readTargets(cursor);
  expectWord(cursor, "in");
  const right = readExpressions(cursor);
  const children = [left, right, readBlock(cursor, lines, indent)];
  if (isClause(cursor, lines, indent, "else")) children.push(readClause(cursor, lines, indent, "else"));
  return makeNode("for_statement", start, children.at(-1)?.end ?? start, children);
};

const readWhile: ReadCompound = (cursor, lines, indent) => {
  const start = cursor.at;
  expectWord(cursor, "while");
  const children = [readExpression(cursor), readBlock(cursor, lines, indent)];
  if (isClause(cursor, lines, indent, "else")) children.push(readClause(cursor, lines, indent, "else"));
  return makeNode("while_statement", start, children.at(-1)?.end ?? start, children);
};

const readTry: ReadCompound = (cursor, lines, indent) => {
  const start = cursor.at;
  expectWord(cursor, "try");
  const children = [readBlock(cursor, lines, indent)];
  while (isClause(cursor, lines, indent, "except")) {
    const clause = cursor.at;
    expectWord(cursor, "except");
    const caught = cursor.text.charCodeAt(cursor.at) === 58 ? [] : [readAs(cursor)];
    const block = readBlock(cursor, lines, indent);
    children.push(makeNode("except_clause", clause, block.end, [...caught, block]));
  }
  for (const word of ["else", "finally"])
    if (isClause(cursor, lines, indent, word)) children.push(readClause(cursor, lines, indent, word));
  if (children.length === 1) giveUp();
  return makeNode("try_statement", start, children.at(-1)?.end ?? start, children);
};

/** `a`, or `a as b`. */
function readAs(cursor: Cursor): Node {
  const value = readExpression(cursor);
  if (!isAt(cursor, "as")) return value;
  expectWord(cursor, "as");
  const name = readPrimary(cursor);
  const target = makeNode("as_pattern_target", name.start, name.end, [name]);
  return makeNode("as_pattern", value.start, name.end, [value, target]);
}

const readWith: ReadCompound = (cursor, lines, indent) => {
  const start = cursor.at;
  expectWord(cursor, "with");
  const from = cursor.at;
  if (cursor.text.charCodeAt(from) === 40) giveUp();
  const items: Node[] = [];
  do {
    const value = readAs(cursor);
    items.push(makeNode("with_item", value.start, value.end, [value]));
  } while (skipComma(cursor));
  const clause = makeNode("with_clause", from, items.at(-1)?.end ?? from, items);
  const block = readBlock(cursor, lines, indent);
  return makeNode("with_statement", start, block.end, [clause, block]);
};

const readFunction: ReadCompound = (cursor, lines, indent) => {
  const { text, at: start } = cursor;
  expectWord(cursor, "def");
  const children = [readName(cursor)];
  const from = cursor.at;
  cursor.brackets++;
  expect(cursor, 40);
  const parameters = readParameters(cursor, 41, readExpression);
  if (text.charCodeAt(cursor.at) !== 41) giveUp();
  cursor.brackets--;
  children.push(makeNode("parameters", from, ++cursor.at, parameters));
  skip(cursor);
  if (text.startsWith("->", cursor.at)) {
    cursor.at += 2;
    skip(cursor);
    children.push(readType(cursor, readExpression));
  }
  lines.functions.inside++;
  const block = readBlock(cursor, lines, indent);
  lines.functions.inside--;
  return makeNode("function_definition", start, block.end, [...children, block]);
};

const readClass: ReadCompound = (cursor, lines, indent) => {
  const { text, at: start } = cursor;
  expectWord(cursor, "class");
  const children = [readName(cursor)];
  if (text.charCodeAt(cursor.at) === 40) children.push(readBases(cursor));
  const block = readBlock(cursor, lines, indent);
  return makeNode("class_definition", start, block.end, [...children, block]);
};

const readAsync: ReadCompound = (cursor, lines, indent) => {
  const start = cursor.at;
  expectWord(cursor, "async");
  const word = ["def", "for", "with"].find((one) => isAt(cursor, one));
  const statement = compound.get(word ?? "")?.(cursor, lines, indent) ?? giveUp();
  return { ...statement, start };
};

function readDecorated(cursor: Cursor, lines: Lines, indent: number): Node {
  const start = cursor.at;
  const children: Node[] = [];
  while (cursor.text.charCodeAt(cursor.at) === 64 && lines.indent === indent) {
    const from = cursor.at;
    cursor.at++;
    skip(cursor);
    const what = readExpression(cursor);
    endLine(cursor, lines);
    children.push(makeNode("decorator", from, what.end, [what]));
  }
  if (lines.indent !== indent) giveUp();
  const word = ["def", "class", "async"].find((one) => isAt(cursor, one));
  const definition = compound.get(word ?? "")?.(cursor, lines, indent) ?? giveUp();
  if (!definition.type.endsWith("_definition")) giveUp();
  children.push(definition);
  return makeNode("decorated_definition", start, definition.end, children);
}

const compound: ReadonlyMap<string, ReadCompound> = new Map([
  ["if", readIf],
  ["for", readFor],
  ["while", readWhile],
  ["try", readTry],
  ["with", readWith],
  ["def", readFunction],
  ["class", readClass],
  ["async", readAsync],
]);
