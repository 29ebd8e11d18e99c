/**
 * Statements about rows in the words of another dialect, by their tokens: the year of a date, a part of a string,
 * concatenation, the present moment. Whatever is not known to be the same in both is not translated.
 */
import { slice } from "../text/range.ts";
import type { Dialect } from "./action.ts";
import { scan, type Token } from "./scan.ts";

/** Those that are written alike count as one. */
export type Speech = "postgresql" | "mysql" | "sqlite";

export const speechOf = (dialect: Dialect): Speech | undefined =>
  dialect === "mariadb" || dialect === "mysql"
    ? "mysql"
    : dialect === "postgresql" || dialect === "sqlite"
      ? dialect
      : undefined;

export type Translation =
  | { readonly sql: string; /** Something had to be said otherwise. */ readonly differs: boolean }
  /** What has no translation, as it is written. */
  | { readonly strange: string };

/** Means the same everywhere, where its operands do. */
const common = new Set(
  (
    "update set where and or not is null in between case when then else end insert into select from values delete as distinct order by asc desc group having " +
    "exists true false default on join inner left outer cross union all coalesce nullif lower upper trim ltrim rtrim replace round abs count sum min max avg"
  ).split(" "),
);
const operators = new Set(["=", "<>", "!=", "<", ">", "<=", ">=", "+", "-", "*", "||"]);

class Untranslated extends Error {}

export function translate(sql: string, from: Speech, to: Speech): Translation {
  const tokens = scan(sql, from).filter(({ kind }) => kind !== "comment");
  try {
    const reader = new Reader(sql, tokens, from, to);
    const text = reader.statement();
    return { sql: text, differs: text !== sql };
  } catch (error) {
    if (error instanceof Untranslated) return { strange: error.message };
    throw error;
  }
}

class Reader {
  readonly #sql: string;
  readonly #tokens: readonly Token[];
  readonly #from: Speech;
  readonly #to: Speech;

  constructor(sql: string, tokens: readonly Token[], from: Speech, to: Speech) {
    this.#sql = sql;
    this.#tokens = tokens;
    this.#from = from;
    this.#to = to;
  }

  statement(): string {
    const [first] = this.#tokens;
    const last = this.#tokens.at(-1);
    const kind = this.#word(0);
    if (!first || !last || !["update", "insert", "delete"].includes(kind)) this.#refuse(0);
    // `UPDATE … FROM` joins otherwise in each dialect.
    let depth = 0;
    for (const i of this.#tokens.keys()) {
      depth += this.#word(i) === "(" ? 1 : this.#word(i) === ")" ? -1 : 0;
      if (kind === "update" && depth === 0 && this.#word(i) === "from") this.#refuse(i);
      if (this.#word(i) === ";" && i < this.#tokens.length - 1) this.#refuse(i);
    }
    return this.#sql.slice(0, first.start) + this.#render(0, this.#tokens.length) + this.#sql.slice(last.end);
  }

  /** The tokens as they stand, with the gaps between them. */
  #render(from: number, to: number): string {
    let out = "";
    for (let i = from; i < to;) {
      const end = this.#operand(i, to);
      const chain = this.#chain(i, end, to);
      const [text, next] = chain ?? [this.#one(i, end), end];
      out += (i > from ? this.#gap(i) : "") + text;
      i = next;
    }
    return out;
  }

  /** With the blanks behind the opening parenthesis and before the closing one. */
  #inside(from: number, to: number): string {
    return this.#gap(from) + this.#render(from, to) + (from === to ? "" : this.#gap(to));
  }

  #gap(i: number): string {
    const [before, token] = [this.#tokens[i - 1], this.#tokens[i]];
    return before && token ? this.#sql.slice(before.end, token.start) : "";
  }

  /** `a || b || c`, of which each is one operand. */
  #chain(start: number, first: number, to: number): readonly [string, number] | undefined {
    const parts: (readonly [number, number])[] = [[start, first]];
    let end = first;
    while (end < to && this.#word(end) === "||") {
      const next = this.#operand(end + 1, to);
      if (next === end + 1 && !this.#isValue(end + 1)) this.#refuse(end + 1);
      parts.push([end + 1, next]);
      end = next;
    }
    if (parts.length === 1) return undefined;
    if (first === start + 1 && !this.#isValue(start)) this.#refuse(start);
    // Arithmetic binds tighter than `||` here and looser there.
    const around = [this.#word(start - 1), this.#word(end)];
    if (around.some((word) => ["+", "-", "*"].includes(word))) this.#refuse(end);
    if (this.#from === "mysql") this.#refuse(first);
    const texts = parts.map(([from, until]) => this.#one(from, until));
    if (this.#to === "mysql") return [`CONCAT(${texts.join(", ")})`, end];
    return [texts.join(" || "), end];
  }

  /** Where the operand ends that begins here: a value, a call, what is in parentheses. */
  #operand(i: number, to: number): number {
    let end = i + 1;
    while (this.#word(end) === "." && end + 1 < to) end += 2;
    if (this.#word(i) === "(" || (this.#isName(i) && this.#word(end) === "(" && !this.#isKeyword(i))) {
      const opening = this.#word(i) === "(" ? i : end;
      end = this.#closing(opening) + 1;
    }
    return Math.min(end, to);
  }

  #closing(opening: number): number {
    let depth = 0;
    for (let i = opening; i < this.#tokens.length; i++) {
      if (this.#word(i) === "(") depth++;
      if (this.#word(i) === ")" && --depth === 0) return i;
    }
    this.#refuse(opening);
  }

  #one(from: number, to: number): string {
    const token = this.#tokens[from];
    if (!token) return "";
    if (to - from > 1 && this.#word(to - 1) === ")" && this.#isName(from)) return this.#call(from, to);
    if (this.#word(from) === "(") return `(${this.#inside(from + 1, to - 1)})`;
    if (to - from > 1) return Array.from({ length: to - from }, (_, i) => this.#token(from + i)).join("");
    return this.#token(from);
  }

  #call(from: number, to: number): string {
    const name = this.#word(from);
    const args = this.#arguments(from + 2, to - 1);
    const render = ([start, end]: readonly [number, number]): string => this.#render(start, end);
    const [first] = args;
    if (name === "extract" && this.#word(from + 2) === "year" && this.#word(from + 3) === "from")
      return this.#year(this.#render(from + 4, to - 1));
    if (name === "year" && this.#from === "mysql" && first && args.length === 1) return this.#year(render(first));
    if (name === "now" && args.length === 0 && this.#from !== "sqlite") return this.#now();
    if (name === "datetime" && this.#from === "sqlite" && this.#textOf(from + 2, to - 1) === "'now'")
      return this.#now();
    if (name === "split_part" && this.#from === "postgresql") return this.#part(from, args);
    if (name === "substring_index" && this.#from === "mysql") return this.#part(from, args);
    if (name === "concat" && this.#from === "mysql") {
      const texts = args.map(render);
      return this.#to === "mysql" ? `CONCAT(${texts.join(", ")})` : `(${texts.join(" || ")})`;
    }
    if (name === "concat" && this.#from === "postgresql" && this.#to === "sqlite")
      return `(${args.map((one) => `coalesce(${render(one)}, '')`).join(" || ")})`;
    if (name === "concat" && this.#from === "postgresql")
      return `${this.#to === "mysql" ? "CONCAT_WS('', " : "concat("}${args.map(render).join(", ")})`;
    if (!common.has(name)) this.#refuse(from);
    const opening = this.#tokens[from + 1];
    const start = this.#tokens[from];
    if (!opening || !start) this.#refuse(from);
    return `${this.#sql.slice(start.start, opening.end)}${this.#inside(from + 2, to - 1)})`;
  }

  #year(date: string): string {
    if (this.#to === "sqlite") return `CAST(strftime('%Y', ${date}) AS INTEGER)`;
    return this.#to === "mysql" ? `YEAR(${date})` : `EXTRACT(YEAR FROM ${date})`;
  }

  #now(): string {
    if (this.#to === "sqlite") return "datetime('now')";
    return this.#to === "mysql" ? "NOW()" : "now()";
  }

  /** The first part of a string, and the last: what comes between is told otherwise where there are fewer parts. */
  #part(from: number, args: readonly (readonly [number, number])[]): string {
    const [whole, delimiter, index] = args;
    if (!whole || !delimiter || !index || args.length > 3) this.#refuse(from);
    const separator = this.#textOf(...delimiter);
    const which = this.#textOf(...index).replaceAll(/\s/g, "");
    if (!/^'[^'\\]'$/.test(separator) || (which !== "1" && which !== "-1")) this.#refuse(from);
    const text = this.#render(...whole);
    if (this.#to === "postgresql") return `split_part(${text}, ${separator}, ${which})`;
    if (this.#to === "mysql") return `SUBSTRING_INDEX(${text}, ${separator}, ${which})`;
    return which === "1"
      ? `substr(${text}, 1, instr(${text} || ${separator}, ${separator}) - 1)`
      : `substr(${text}, length(rtrim(${text}, replace(${text}, ${separator}, ''))) + 1)`;
  }

  #arguments(from: number, to: number): readonly (readonly [number, number])[] {
    const args: (readonly [number, number])[] = [];
    let depth = 0;
    let start = from;
    for (let i = from; i < to; i++) {
      const word = this.#word(i);
      depth += word === "(" ? 1 : word === ")" ? -1 : 0;
      if (word !== "," || depth > 0) continue;
      args.push([start, i]);
      start = i + 1;
    }
    return from === to ? [] : [...args, [start, to]];
  }

  #token(i: number): string {
    const token = this.#tokens[i];
    if (!token) return "";
    const text = slice(this.#sql, token);
    switch (token.kind) {
      case "number":
      case "punctuation":
        return ["[", "]"].includes(text) ? this.#refuse(i) : text;
      case "string":
        return /^'[^\\]*'$/.test(text) ? text : this.#refuse(i);
      case "quoted":
        return this.#quoted(i, text);
      case "operator":
        return operators.has(text) ? text : this.#refuse(i);
      case "word":
        return this.#plainWord(i, text);
      default:
        return this.#refuse(i);
    }
  }

  #quoted(i: number, text: string): string {
    const name = text.slice(1, -1);
    if (/["`[\]]/.test(name)) this.#refuse(i);
    return this.#to === "mysql" ? `\`${name}\`` : `"${name}"`;
  }

  #plainWord(i: number, text: string): string {
    const word = text.toLowerCase();
    if (word === "current_timestamp") return this.#to === "sqlite" ? "datetime('now')" : text;
    // Names of tables and columns; a word of one dialect alone would be taken for one, but for these.
    if (strange.has(word)) this.#refuse(i);
    return text;
  }

  #textOf(from: number, to: number): string {
    const [first, last] = [this.#tokens[from], this.#tokens[to - 1]];
    return first && last ? this.#sql.slice(first.start, last.end) : "";
  }

  #word(i: number): string {
    const token = this.#tokens[i];
    return token ? slice(this.#sql, token).toLowerCase() : "";
  }

  #isName(i: number): boolean {
    const kind = this.#tokens[i]?.kind;
    return kind === "word" || kind === "quoted";
  }

  #isKeyword(i: number): boolean {
    return [
      "in",
      "and",
      "or",
      "not",
      "when",
      "then",
      "else",
      "values",
      "where",
      "set",
      "exists",
      "from",
      "into",
      "select",
      "as",
      "on",
    ].includes(this.#word(i));
  }

  #isValue(i: number): boolean {
    const kind = this.#tokens[i]?.kind;
    return kind === "string" || kind === "number" || (this.#isName(i) && !common.has(this.#word(i)));
  }

  #refuse(i: number): never {
    const token = this.#tokens[i];
    throw new Untranslated(token ? slice(this.#sql, token) : "it");
  }
}

/** Words that mean something in one of the dialects, and are no names there. */
const strange = new Set(
  (
    "like ilike similar regexp rlike glob match any some interval returning limit offset using with recursive lateral conflict ignore duplicate cast " +
    "array row over partition window filter within binary collate zone div mod xor extract current_date current_time localtime localtimestamp"
  ).split(" "),
);

/** Whether it is put otherwise in some other dialect, as far as is known here. */
export const isDialectal = (sql: string, dialect: Speech): boolean =>
  scan(sql, dialect).some((token) => dialectal.has(slice(sql, token).toLowerCase()));

const dialectal = new Set(
  "|| extract year now split_part substring_index concat strftime datetime current_timestamp".split(" "),
);
