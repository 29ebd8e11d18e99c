/**
 * The code around a place that is being typed: the brackets that are open there, whose they are, and what is in them so
 * far, before the place and behind it. Read from tokens alone, since nothing there need be Python yet.
 */
import { range, type Range } from "../text/range.ts";
import { cutBlocks } from "./blocks.ts";
import { lexemes, type Lexeme, type StringToken } from "./lexemes.ts";
import { unescapeLiteral } from "./literal.ts";

export interface TypedArgument {
  readonly keyword?: string;
  /** Of the value. */
  readonly tokens: readonly Lexeme[];
}

export interface OpenBracket {
  readonly bracket: "(" | "[" | "{";
  /** What is called, name by name: `["op", "f"]`; empty where the bracket is no call of a name. */
  readonly callee: readonly string[];
  readonly start: number;
  readonly arguments: readonly TypedArgument[];
  /** Of the argument that the place is in. */
  readonly current: number;
}

export interface Typed {
  /** The literal that the place is in, its quotes not included. */
  readonly string?: StringToken;
  /** Outside of a literal: the name that the place is in or behind; empty where there is none. */
  readonly word: Range;
  /** The innermost first. */
  readonly open: readonly OpenBracket[];
  /** Names bound by `with callee(…) as name`, the call's brackets by name; of several the last before the place. */
  readonly managers: ReadonlyMap<string, OpenBracket>;
  /** The statement's own tokens up to the place. */
  readonly statement: readonly Lexeme[];
}

/** Longer files are made by machines, and nobody types in them. */
const longest = 1_000_000;

/** Undefined in a comment, and where there is nothing to be said. */
export function typedAt(text: string, offset: number): Typed | undefined {
  if (text.length > longest || offset > text.length) return undefined;
  const block = cutBlocks(text, range(0, text.length)).find(
    ({ start, end }) => start <= offset && offset <= end && (offset < end || end === text.length),
  );
  if (!block) return undefined;
  const tokens = lexemes(text, block);
  const string = tokens.find(
    (token): token is StringToken =>
      token.kind === "string" && token.content.start <= offset && offset <= token.content.end,
  );
  if (!string && isInComment(text, offset, tokens)) return undefined;
  const word = string ? range(offset, offset) : wordAround(tokens, offset);
  if (!word) return undefined;
  const reader = new BracketReader(text, tokens, string ? string.start : word.start);
  return {
    ...(string ? { string } : {}),
    word,
    open: reader.open(),
    managers: reader.managers(),
    statement: reader.statement(),
  };
}

/** The first call that is written in the tokens, its arguments read: `sa.table("users", …)`. */
export function callIn(text: string, tokens: readonly Lexeme[]): OpenBracket | undefined {
  const opened = tokens.findIndex(({ kind, start, end }) => kind === "operator" && text.slice(start, end) === "(");
  const inside = tokens[opened + 1];
  return inside && new BracketReader(text, tokens, inside.start).open()[0];
}

/** The value of literals that stand together; undefined where a part of it is computed. */
export function literalText(text: string, tokens: readonly Lexeme[]): string | undefined {
  const parts = tokens
    .filter(({ kind }) => kind !== "line")
    .map((token) =>
      token.kind === "string"
        ? unescapeLiteral(text.slice(token.content.start, token.content.end), token.prefix)
        : undefined,
    );
  return parts.length > 0 && parts.every((part) => part !== undefined) ? parts.join("") : undefined;
}

/** How a text is written inside a literal; undefined where this one cannot hold it. */
export function escapeLiteral(
  value: string,
  { prefix, quote }: Pick<StringToken, "prefix" | "quote">,
): string | undefined {
  const mark = quote.charAt(0);
  if (/[\n\r\0]/.test(value)) return undefined;
  if (prefix.includes("b")) return undefined;
  const formatted = prefix.includes("f") || prefix.includes("t");
  const braced = formatted ? value.replaceAll(/[{}]/g, "$&$&") : value;
  if (prefix.includes("r")) return braced.includes(mark) || braced.includes("\\") ? undefined : braced;
  return braced.replaceAll("\\", "\\\\").replaceAll(mark, `\\${mark}`);
}

function isInComment(text: string, offset: number, tokens: readonly Lexeme[]): boolean {
  const line = Math.max(text.lastIndexOf("\n", offset - 1), text.lastIndexOf("\r", offset - 1)) + 1;
  for (let hash = text.indexOf("#", line); hash >= 0 && hash < offset; hash = text.indexOf("#", hash + 1)) {
    const at = hash;
    if (!tokens.some((token) => token.kind === "string" && token.start <= at && at < token.end)) return true;
  }
  return false;
}

/** Undefined in the middle of something that is no name: a number, the prefix or the quotes of a literal. */
function wordAround(tokens: readonly Lexeme[], offset: number): Range | undefined {
  const name = tokens.find(({ kind, start, end }) => kind === "name" && start <= offset && offset <= end);
  if (name) return range(name.start, name.end);
  const inside = tokens.some(
    ({ start, end, kind }) =>
      kind !== "line" && start < offset && (offset < end || (kind === "number" && offset === end)),
  );
  return inside ? undefined : range(offset, offset);
}

const opening = new Set(["(", "[", "{"]);
const closing = new Set([")", "]", "}"]);

class BracketReader {
  readonly #text: string;
  readonly #tokens: readonly Lexeme[];
  readonly #place: number;
  /** Index of the first token that is at the place or behind it. */
  readonly #here: number;

  constructor(text: string, tokens: readonly Lexeme[], place: number) {
    this.#text = text;
    this.#tokens = tokens;
    this.#place = place;
    const found = tokens.findIndex(({ start, kind }) => start >= place && kind !== "line");
    this.#here = found < 0 ? tokens.length : found;
  }

  open(): readonly OpenBracket[] {
    const stack: number[] = [];
    for (let i = 0; i < this.#here; i++) {
      if (this.#is(i, opening)) stack.push(i);
      else if (this.#is(i, closing)) stack.pop();
    }
    return stack.reverse().map((index) => this.#read(index));
  }

  managers(): ReadonlyMap<string, OpenBracket> {
    const found = new Map<string, OpenBracket>();
    const stack: number[] = [];
    for (let i = 0; i < this.#here; i++) {
      if (this.#is(i, opening)) stack.push(i);
      if (!this.#is(i, closing)) continue;
      const opened = stack.pop();
      const name = this.#tokens[i + 2];
      if (opened !== undefined && this.#written(i + 1) === "as" && name?.kind === "name")
        found.set(this.#written(i + 2), this.#read(opened));
    }
    return found;
  }

  statement(): readonly Lexeme[] {
    let depth = 0;
    let start = 0;
    for (let i = 0; i < this.#here; i++) {
      if (this.#is(i, opening)) depth++;
      else if (this.#is(i, closing)) depth = Math.max(0, depth - 1);
      else if (this.#tokens[i]?.kind === "line" && depth === 0) start = i + 1;
    }
    return this.#tokens.slice(start, this.#here);
  }

  #read(opened: number): OpenBracket {
    const callee = this.#calleeOf(opened);
    const first = opened - (callee.length === 0 ? 0 : 2 * callee.length - 1);
    return {
      bracket: this.#written(opened) as OpenBracket["bracket"],
      callee,
      start: this.#tokens[first]?.start ?? 0,
      ...this.#argumentsOf(opened, this.#indentAt(opened)),
    };
  }

  /** `op.f` before a bracket. */
  #calleeOf(opened: number): readonly string[] {
    if (this.#written(opened) !== "(") return [];
    const names: string[] = [];
    for (let i = opened - 1; this.#tokens[i]?.kind === "name"; i -= 2) {
      names.unshift(this.#written(i));
      if (this.#written(i - 1) !== ".") break;
    }
    return names[0] !== undefined && notCalled.has(names[0]) ? [] : names;
  }

  #argumentsOf(opened: number, indent: number): Pick<OpenBracket, "arguments" | "current"> {
    const found: Lexeme[][] = [[]];
    let current: number | undefined;
    let depth = 0;
    for (let i = opened + 1; i < this.#tokens.length; i++) {
      const token = this.#tokens[i];
      if (token === undefined) break;
      // A line that is not further in than the call's own is the next statement, if the call is not closed.
      if (token.kind === "line" && token.start >= this.#place && token.indent <= indent && !this.#is(i + 1, closing))
        break;
      if (i === this.#here) current = found.length - 1;
      if (this.#is(i, opening)) depth++;
      if (this.#is(i, closing) && depth-- === 0) break;
      if (depth === 0 && this.#written(i) === "," && token.kind === "operator") found.push([]);
      else found.at(-1)?.push(token);
    }
    const args = found.map((tokens) => this.#argument(tokens.filter(({ kind }) => kind !== "line")));
    return { arguments: args, current: current ?? found.length - 1 };
  }

  #argument(tokens: readonly Lexeme[]): TypedArgument {
    const [name, equals, ...value] = tokens;
    const isKeyword = name?.kind === "name" && equals !== undefined && this.#textOf(equals) === "=";
    return isKeyword ? { keyword: this.#textOf(name), tokens: value } : { tokens };
  }

  #indentAt(index: number): number {
    for (let i = index; i >= 0; i--) {
      const token = this.#tokens[i];
      if (token?.kind === "line") return token.indent;
    }
    return 0;
  }

  #is(index: number, among: ReadonlySet<string>): boolean {
    return this.#tokens[index]?.kind === "operator" && among.has(this.#written(index));
  }

  #written(index: number): string {
    const token = this.#tokens[index];
    return token ? this.#textOf(token) : "";
  }

  #textOf({ start, end }: Lexeme): string {
    return this.#text.slice(start, end);
  }
}

/** Words that a bracket may follow without being called. */
const notCalled = new Set([
  "and",
  "as",
  "assert",
  "await",
  "elif",
  "else",
  "for",
  "if",
  "in",
  "is",
  "lambda",
  "not",
  "or",
  "print",
  "return",
  "while",
  "with",
  "yield",
]);
