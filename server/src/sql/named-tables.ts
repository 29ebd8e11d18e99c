/** The tables that a statement names, whether or not it is whole: what a person who types it can have meant. */
import type { Dialect, QualifiedName } from "./action.ts";
import { hasHole } from "./hole.ts";
import { nameOf, type Token } from "./scan.ts";

export interface NamedTable {
  readonly table: QualifiedName;
  readonly alias?: string;
}

/** Tokens of one statement, comments left out. */
export class Words {
  readonly #text: string;
  readonly #dialect: Dialect;
  readonly tokens: readonly Token[];

  constructor(text: string, tokens: readonly Token[], dialect: Dialect) {
    this.#text = text;
    this.tokens = tokens;
    this.#dialect = dialect;
  }

  get length(): number {
    return this.tokens.length;
  }

  /** In lower case; empty for what is in quotes. */
  at(index: number): string {
    const token = this.tokens[index];
    return token && token.kind !== "quoted" && token.kind !== "string"
      ? this.#text.slice(token.start, token.end).toLowerCase()
      : "";
  }

  /** The words from `index` on are these. */
  are(index: number, ...words: readonly string[]): boolean {
    return words.every((word, i) => this.at(index + i) === word);
  }

  isName(index: number): boolean {
    const kind = this.tokens[index]?.kind;
    return kind === "word" || kind === "quoted";
  }

  nameAt(index: number): string | undefined {
    const token = this.tokens[index];
    if (!token || !this.isName(index)) return undefined;
    const name = nameOf(token, this.#text, this.#dialect);
    return hasHole(name) ? undefined : name;
  }

  /** A dotted name that begins at `index`, and what comes behind it. Undefined where a part of it is not known. */
  qualifiedAt(index: number): { readonly name: QualifiedName | undefined; readonly next: number } | undefined {
    if (!this.isName(index)) return undefined;
    const parts = [this.nameAt(index)];
    let next = index + 1;
    while (this.at(next) === "." && this.isName(next + 1)) {
      parts.push(this.nameAt(next + 1));
      next += 2;
    }
    const name = parts.at(-1);
    const schema = parts.at(-2);
    if (name === undefined || parts.includes(undefined)) return { name: undefined, next };
    return { name: schema === undefined ? { name } : { schema, name }, next };
  }
}

/** Words that may stand between what announces a table and its name. */
export const modifiers = new Set(["only", "if", "not", "exists", "concurrently", "lateral", "table", "materialized"]);

const announcing = new Set([
  "from",
  "join",
  "update",
  "into",
  "table",
  "truncate",
  "references",
  "copy",
  "analyze",
  "using",
]);

/** Words that follow a table and are no alias of it. */
const noAlias = new Set(
  `set where on using join inner left right full cross natural group order having limit offset returning values select default
  for union except intersect add drop alter rename column constraint validate enable disable attach detach owner cascade
  restrict as when with from tablesample window fetch do overriding inherit no cluster replica force`.split(/\s+/),
);

export function namedTables(words: Words): readonly NamedTable[] {
  const found: NamedTable[] = [];
  for (let i = 0; i < words.length; i++) {
    if (!announcesTable(words, i)) continue;
    for (let at = i + 1; ;) {
      while (modifiers.has(words.at(at))) at++;
      const read = words.qualifiedAt(at);
      if (!read || noAlias.has(words.at(at))) break;
      const { alias, next } = aliasAt(words, read.next);
      if (read.name) found.push({ table: read.name, ...(alias === undefined ? {} : { alias }) });
      if (words.at(next) !== ",") break;
      at = next + 1;
    }
  }
  return found;
}

/** A table's name is expected behind the word at `index`. */
export function announcesTable(words: Words, index: number): boolean {
  const word = words.at(index);
  const before = words.at(index - 1);
  if (word === "on") return isIndexOrTrigger(words, index);
  if (!announcing.has(word)) return false;
  if (word === "update") return !["for", "on", "do", "key", "or", "before", "after", "of"].includes(before);
  if (word === "from") return before !== "distinct" && !isInFunction(words, index);
  if (word === "copy" || word === "analyze") return index === 0;
  // Of a join, an index or a type change it means something else.
  if (word === "using") return words.at(0) === "delete" || words.at(0) === "merge";
  return true;
}

/** `CREATE INDEX … ON t`, `CREATE TRIGGER … ON t`, `DROP POLICY … ON t`. */
function isIndexOrTrigger(words: Words, index: number): boolean {
  const verb = words.at(0);
  if (verb !== "create" && verb !== "drop" && verb !== "alter" && verb !== "comment") return false;
  const nouns = ["index", "trigger", "policy", "rule", "constraint"];
  for (let i = 1; i < index; i++) {
    if (words.at(i) === "on" && verb !== "comment") return false;
    if (nouns.includes(words.at(i))) return true;
  }
  return false;
}

const functionsWithFrom = new Set(["extract", "substring", "trim", "overlay", "date_part"]);

/** `extract(year FROM created_at)`. */
function isInFunction(words: Words, index: number): boolean {
  let depth = 0;
  for (let i = index - 1; i >= 0; i--) {
    if (words.at(i) === ")") depth++;
    else if (words.at(i) === "(" && depth-- === 0) return functionsWithFrom.has(words.at(i - 1));
  }
  return false;
}

function aliasAt(words: Words, index: number): { readonly alias: string | undefined; readonly next: number } {
  if (words.at(index) === "as" && words.isName(index + 1) && !noAlias.has(words.at(index + 1)))
    return { alias: words.nameAt(index + 1), next: index + 2 };
  if (!words.isName(index) || noAlias.has(words.at(index))) return { alias: undefined, next: index };
  return { alias: words.nameAt(index), next: index + 1 };
}
