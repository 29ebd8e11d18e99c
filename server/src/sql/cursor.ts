import type { Dialect, QualifiedName } from "./action.ts";
import { known, knownName } from "./hole.ts";
import { nameOf } from "./scan.ts";
import type { Piece } from "./split.ts";

/** Walks over the tokens of one statement. */
export class Cursor {
  #at = 0;
  readonly #text: string;
  readonly #piece: Piece;
  readonly #dialect: Dialect;

  constructor(text: string, piece: Piece, dialect: Dialect) {
    this.#text = text;
    this.#piece = piece;
    this.#dialect = dialect;
  }

  get atEnd(): boolean {
    return this.#at >= this.#piece.length;
  }

  /** The next token, in lower case. */
  peek(ahead = 0): string {
    const token = this.#piece[this.#at + ahead];
    return token && token.kind !== "quoted" && token.kind !== "string"
      ? this.#text.slice(token.start, token.end).toLowerCase()
      : "";
  }

  take(): string {
    const word = this.peek();
    this.#at++;
    return word;
  }

  /** Takes the next words if they are these. */
  takes(...words: readonly string[]): boolean {
    if (!words.every((word, i) => this.peek(i) === word)) return false;
    this.#at += words.length;
    return true;
  }

  takesAny(...words: readonly string[]): boolean {
    return words.some((word) => this.takes(word));
  }

  /** A name, possibly dotted. Undefined where there is none or a part of it is not known. */
  name(): QualifiedName | undefined {
    const parts: string[] = [];
    for (;;) {
      const token = this.#piece[this.#at];
      if (token?.kind !== "word" && token?.kind !== "quoted") break;
      parts.push(nameOf(token, this.#text, this.#dialect));
      this.#at++;
      if (this.peek() !== ".") break;
      this.#at++;
    }
    return knownName(parts.at(-2), parts.at(-1));
  }

  /** A string of plain text, without its quotes. Undefined where there is none or a part of it is not known. */
  string(): string | undefined {
    const token = this.#piece[this.#at];
    if (token?.kind !== "string") return undefined;
    this.#at++;
    const written = this.#text.slice(token.start, token.end);
    const from = written.indexOf("'");
    return from < 0
      ? undefined
      : known(
          written
            .slice(from + 1, -1)
            .split("''")
            .join("'"),
        );
  }

  /** `(a, b)`, as far as it is plain names. */
  list(): readonly string[] {
    const names: string[] = [];
    if (!this.takes("(")) return names;
    while (this.#at < this.#piece.length && !this.takes(")")) {
      const name = known(this.name()?.name);
      if (name !== undefined) names.push(name);
      else this.#at++;
    }
    return names;
  }

  /** Goes on to the word, or to the end. */
  skipTo(word: string): void {
    while (this.#at < this.#piece.length && this.peek() !== word) this.#at++;
  }

  has(word: string): boolean {
    return this.#piece.some((_, i) => this.peek(i - this.#at) === word);
  }

  /** Columns before `=` at the outermost level, from SET to WHERE. */
  assigned(): readonly string[] {
    const columns: string[] = [];
    let depth = 0;
    let expects = true;
    for (; this.#at < this.#piece.length; this.#at++) {
      const word = this.peek();
      if (depth === 0 && (word === "where" || word === "from")) break;
      if (depth === 0 && expects) {
        const name = known(this.name()?.name);
        if (name !== undefined && this.peek() === "=") columns.push(name);
        expects = false;
      }
      const here = this.peek();
      if (here === "(") depth++;
      else if (here === ")") depth--;
      else if (here === "," && depth === 0) expects = true;
    }
    return columns;
  }
}
