/** Types of columns from text and to text, without the grammar. */
import type { ColumnType } from "../definition.ts";
import { hasHole } from "../hole.ts";
import { nameOf, scan, type Token } from "../scan.ts";
import { intervalFields, printed, spoken } from "./type-names.ts";

/**
 * The type that PostgreSQL makes of a text such as `VARCHAR(50)` or `int[]`, as its catalog will show it: the name
 * that `format_type()` prints, `serial` and its like as the integer beneath. Undefined where the text is no type.
 */
export function canonicalType(text: string): ColumnType | undefined {
  const tokens = scan(text, "postgresql").filter(({ kind }) => kind !== "comment");
  return hasHole(text) ? undefined : new TypeReader(text, tokens).read();
}

/** With the scale that the server puts in where it is left out. */
export const withScale = (name: string, given: readonly string[]): Pick<ColumnType, "name" | "arguments"> => ({
  name,
  arguments: name === "numeric" && given.length === 1 ? [...given, "0"] : given,
});

class TypeReader {
  #at = 0;
  readonly #text: string;
  readonly #tokens: readonly Token[];

  constructor(text: string, tokens: readonly Token[]) {
    this.#text = text;
    this.#tokens = tokens;
  }

  read(): ColumnType | undefined {
    const path = this.#path();
    const last = path?.at(-1);
    if (path === undefined || last === undefined || path.length > 2) return undefined;
    const schema = path.length === 2 && path[0] !== "pg_catalog" ? path[0] : undefined;
    const type = this.#quoted || path.length > 1 ? this.#named(last) : this.#spelled(last);
    const dimensions = this.#dimensions();
    if (!type || this.#at < this.#tokens.length) return undefined;
    return { name: type.name, ...(schema !== undefined && { schema }), arguments: type.arguments, dimensions };
  }

  #quoted = false;

  #path(): readonly string[] | undefined {
    const parts: string[] = [];
    for (;;) {
      const token = this.#tokens[this.#at];
      if (token?.kind !== "word" && token?.kind !== "quoted") return undefined;
      this.#quoted = token.kind === "quoted";
      parts.push(nameOf(token, this.#text, "postgresql"));
      this.#at++;
      if (!this.#takes(".")) return parts;
    }
  }

  /** In quotes or with a schema: what the catalog calls it. */
  #named(name: string): Pick<ColumnType, "name" | "arguments"> {
    const given = this.#arguments();
    if (name === "bit" && given.length === 0) return { name: '"bit"', arguments: [] };
    if (name === "bpchar" && given.length > 0) return { name: "character", arguments: given };
    return withScale(name === "char" ? '"char"' : (printed.get(name) ?? name), given);
  }

  #spelled(first: string): Pick<ColumnType, "name" | "arguments"> {
    if (first === "interval") return { name: `interval${this.#fields()}`, arguments: this.#arguments() };
    if (first === "timestamp" || first === "time") return this.#time(first);
    let words = first;
    while (this.#continues(words)) words = `${words} ${this.#take()}`;
    const given = this.#arguments();
    if (words === "float") return { name: Number(given[0] ?? "53") < 25 ? "real" : "double precision", arguments: [] };
    if (words === "bpchar" && given.length > 0) return { name: "character", arguments: given };
    const name = spoken.get(words) ?? printed.get(words) ?? words;
    // Without a length these two have one character, or one bit.
    return (name === "character" || name === "bit") && given.length === 0
      ? { name, arguments: ["1"] }
      : withScale(name, given);
  }

  #continues(words: string): boolean {
    const more = `${words} ${this.#peek()}`;
    return [...spoken.keys()].some((key) => key === more || key.startsWith(`${more} `)) || more === "bit varying";
  }

  #time(word: string): Pick<ColumnType, "name" | "arguments"> {
    const given = this.#arguments();
    const zone = this.#takes("with", "time", "zone");
    if (!zone) this.#takes("without", "time", "zone");
    return { name: `${word} ${zone ? "with" : "without"} time zone`, arguments: given };
  }

  #fields(): string {
    const found = [...intervalFields.values()]
      .sort((a, b) => b.length - a.length)
      .find((fields) => this.#takes(...fields.split(" ")));
    return found === undefined ? "" : ` ${found}`;
  }

  #arguments(): readonly string[] {
    const given: string[] = [];
    if (!this.#takes("(")) return given;
    let current = "";
    while (this.#at < this.#tokens.length) {
      const word = this.#take();
      if (word === "," || word === ")") given.push(current);
      if (word === ")") break;
      current = word === "," ? "" : current + word;
    }
    return given;
  }

  #dimensions(): number {
    if (this.#takes("array")) {
      this.#bounds();
      return 1;
    }
    let count = 0;
    while (this.#bounds()) count++;
    return count;
  }

  #bounds(): boolean {
    if (!this.#takes("[")) return false;
    if (this.#peek() !== "]") this.#at++;
    return this.#takes("]");
  }

  #peek(ahead = 0): string {
    const token = this.#tokens[this.#at + ahead];
    return token ? this.#text.slice(token.start, token.end).toLowerCase() : "";
  }

  #take(): string {
    const word = this.#peek();
    this.#at++;
    return word;
  }

  #takes(...words: readonly string[]): boolean {
    if (!words.every((word, i) => this.#peek(i) === word)) return false;
    this.#at += words.length;
    return true;
  }
}

/** The type as `format_type()` prints it, one pair of brackets for an array of any number of dimensions. */
export function renderColumnType(type: ColumnType): string {
  const given = type.arguments.length > 0 ? `(${type.arguments.join(",")})` : "";
  const [head = "", ...rest] = type.name.split(" ");
  const timed = type.schema === undefined && (head === "timestamp" || head === "time") && rest.length > 0;
  const inner = timed ? [head + given, ...rest].join(" ") : quoted(type) + given;
  return (type.schema === undefined ? "" : `${quoteName(type.schema)}.`) + inner + (type.dimensions > 0 ? "[]" : "");
}

const manyWords = new Set(["double precision", "character varying", "bit varying", '"char"', '"bit"']);

const quoted = ({ name, schema }: ColumnType): string =>
  schema === undefined && (manyWords.has(name) || name.startsWith("interval ")) ? name : quoteName(name);

const isPlain = (name: string): boolean =>
  [...name].every((c, i) => (c >= "a" && c <= "z") || c === "_" || (i > 0 && ((c >= "0" && c <= "9") || c === "$")));

/** In quotes where it would be folded; a name that is a keyword stays without. */
const quoteName = (name: string): string => (isPlain(name) ? name : `"${name.split('"').join('""')}"`);
