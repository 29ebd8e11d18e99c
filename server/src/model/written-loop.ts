/** A loop that runs one statement with parameters for each row, as it is written: for edits that run it for many at once. */
import { childOf, textOf, walk, type Node } from "../syntax/node.ts";
import { parseSource } from "../syntax/source.ts";
import { contains, type Range } from "../text/range.ts";
import type { Operation, RevisionFile } from "./revision.ts";

/** An expression of Python over the fields of a row, as far as it can be said in SQL. */
export type RowValue =
  /** By its name, or by its place in the row. */
  | { readonly kind: "field"; readonly field: string | number }
  | { readonly kind: "number" | "string"; readonly text: string }
  | { readonly kind: "operation"; readonly operator: string; readonly left: RowValue; readonly right: RowValue }
  | { readonly kind: "other" };

export interface WrittenLoop {
  readonly range: Range;
  /** What it goes over. */
  readonly over: Range;
  /** The statement that runs: the call, what it is called on, its SQL, its parameters. */
  readonly call: Range;
  readonly receiver: Range;
  readonly statement: Range;
  readonly parameters: Range;
  readonly values: ReadonlyMap<string, RowValue>;
  /** Names that the loop binds, in its head and in its body. */
  readonly binds: ReadonlySet<string>;
  /** Names that the expression of the statement uses. */
  readonly uses: ReadonlySet<string>;
  /** It goes over the rows of a query as they come, and the body is nothing but assignments and the statement. */
  readonly isPlain: boolean;
  /** Something in it leaves the function or is caught, or the loop has an `else`. */
  readonly leaves: boolean;
}

const leaving = new Set(["return_statement", "try_statement", "with_statement", "else_clause", "yield", "await"]);

/** `undefined` where it is no `connection.execute(statement, {…})` in a `for` of this file. */
export function findRowLoop(file: RevisionFile, operation: Operation): WrittenLoop | undefined {
  const { text } = file;
  const holding = parseSource(text).statements.find((one) => contains(one, operation.range));
  const around = holding ? [...walk(holding)].filter((node) => contains(node, operation.range)) : [];
  const loops = around.filter(({ type }) => type === "for_statement");
  const [loop] = loops;
  const call = around.findLast((node) => node.type === "call" && argumentsOf(node).length === 2);
  const block = loop && childOf(loop, "block");
  if (!loop || !block || loops.length > 1 || !call || !contains(block, call)) return undefined;
  const [target, over] = loop.children;
  const [callee] = call.children;
  const [statement, parameters] = argumentsOf(call);
  const receiver = callee?.type === "attribute" ? callee.children[0] : undefined;
  const isOwn = around.some((node) => node.type === "expression_statement" && node.children[0] === call);
  if (!target || !over || !callee || !receiver || !statement || !parameters || !isOwn) return undefined;
  if (textOf(text, callee.children.at(-1) ?? callee) !== "execute" || parameters.type !== "dictionary")
    return undefined;
  const read = new Reader(text, target);
  const assignments = assignmentsIn(block, call);
  const plain = assignments ?? [];
  for (const one of plain) read.assign(one);
  const values = read.pairs(parameters);
  if (!values) return undefined;
  return {
    range: rangeOf(loop),
    over: rangeOf(over),
    call: rangeOf(call),
    receiver: rangeOf(receiver),
    statement: rangeOf(statement),
    parameters: rangeOf(parameters),
    values,
    binds: new Set([...namesOf(text, target), ...[...walk(block)].flatMap((node) => boundBy(text, node))]),
    uses: new Set(namesOf(text, statement)),
    isPlain: assignments !== undefined && isResult(text, over),
    leaves: [...walk(loop)].some(
      (node) => leaving.has(node.type) && !(node.type === "else_clause" && !loop.children.includes(node)),
    ),
  };
}

const wholeResults = new Set(["fetchall", "all", "mappings"]);

/** `connection.execute(…)`, or all of its rows: nothing is left out, numbered, sorted or put beside something else. */
function isResult(text: string, node: Node): boolean {
  const [callee] = node.children;
  const name = callee?.type === "attribute" ? callee.children.at(-1) : undefined;
  const inner = callee?.children[0];
  if (node.type !== "call" || !name || !inner) return false;
  const count = childOf(node, "argument_list")?.children.length;
  if (textOf(text, name) === "execute") return count === 1;
  return wholeResults.has(textOf(text, name)) && count === 0 && isResult(text, inner);
}

const rangeOf = ({ start, end }: Range): Range => ({ start, end });

const argumentsOf = (call: Node): readonly Node[] => {
  const list = childOf(call, "argument_list")?.children ?? [];
  return list.some(({ type }) => type === "keyword_argument" || type.endsWith("_splat")) ? [] : list;
};

const namesOf = (text: string, node: Node): readonly string[] =>
  [...walk(node)].filter(({ type }) => type === "identifier").map((one) => textOf(text, one));

function boundBy(text: string, node: Node): readonly string[] {
  if (node.type !== "assignment" && node.type !== "augmented_assignment" && node.type !== "named_expression") return [];
  const [left] = node.children;
  return left ? namesOf(text, left) : [];
}

/** Undefined where the block has anything else before the call. */
function assignmentsIn(block: Node, call: Node): readonly Node[] | undefined {
  const last = block.children.at(-1);
  if (last?.type !== "expression_statement" || last.children[0] !== call) return undefined;
  const others = block.children
    .slice(0, -1)
    .map(({ type, children }) => (type === "expression_statement" ? children[0] : undefined));
  return others.every((one) => one?.type === "assignment") ? others.flatMap((one) => one ?? []) : undefined;
}

/** Reads expressions, with the row and the names that are assigned from it. */
class Reader {
  readonly #text: string;
  readonly #row: string | undefined;
  readonly #names = new Map<string, RowValue>();

  constructor(text: string, target: Node) {
    this.#text = text;
    const parts = target.type === "identifier" ? [] : target.children;
    this.#row = target.type === "identifier" ? textOf(text, target) : undefined;
    if (parts.every(({ type }) => type === "identifier"))
      parts.forEach((part, place) => this.#names.set(textOf(text, part), { kind: "field", field: place }));
  }

  assign({ children: [left, right, ...more] }: Node): void {
    if (left?.type !== "identifier") return;
    this.#names.set(textOf(this.#text, left), right && more.length === 0 ? this.value(right) : other);
  }

  pairs(dictionary: Node): ReadonlyMap<string, RowValue> | undefined {
    const found = new Map<string, RowValue>();
    for (const { type, children } of dictionary.children) {
      const [key, value] = children;
      const name = key && this.#string(key);
      if (type !== "pair" || name === undefined || !value) return undefined;
      found.set(name, this.value(value));
    }
    return found;
  }

  value(node: Node): RowValue {
    const { type, children } = node;
    const [first, second] = children;
    switch (type) {
      case "integer":
        return { kind: "number", text: textOf(this.#text, node) };
      case "string": {
        const text = this.#string(node);
        return text === undefined ? other : { kind: "string", text };
      }
      case "parenthesized_expression":
        return first && children.length === 1 ? this.value(first) : other;
      case "identifier":
        return this.#names.get(textOf(this.#text, node)) ?? other;
      case "attribute":
        return first && second && this.#isRow(first) ? { kind: "field", field: textOf(this.#text, second) } : other;
      case "subscript":
        return first && second && this.#isRow(first) ? this.#field(second) : other;
      case "binary_operator": {
        if (!first || !second) return other;
        const operator = this.#text.slice(first.end, second.start).trim();
        return { kind: "operation", operator, left: this.value(first), right: this.value(second) };
      }
      default:
        return other;
    }
  }

  #field(key: Node): RowValue {
    if (key.type === "integer") return { kind: "field", field: Number(textOf(this.#text, key)) };
    const name = this.#string(key);
    return name === undefined ? other : { kind: "field", field: name };
  }

  #isRow = (node: Node): boolean =>
    this.#row !== undefined && node.type === "identifier" && textOf(this.#text, node) === this.#row;

  /** A plain string without escapes or a prefix. */
  #string({ type, start, children }: Node): string | undefined {
    if (type !== "string" || !/^["']/.test(this.#text.slice(start, start + 1))) return undefined;
    const inner = children.filter((child) => child.type === "string_content").map((child) => textOf(this.#text, child));
    const isPlain = children.every((child) => child.type.startsWith("string_") && child.children.length === 0);
    return isPlain && !inner.join("").includes("\\") ? inner.join("") : undefined;
  }
}

const other: RowValue = { kind: "other" };
