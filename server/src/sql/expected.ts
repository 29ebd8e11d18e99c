/** What a name that is being typed in a SQL text can be. The text need not be whole, nor right. */
import { range, type Range } from "../text/range.ts";
import type { Dialect, QualifiedName } from "./action.ts";
import { hasHole } from "./hole.ts";
import { announcesTable, modifiers, namedTables, Words, type NamedTable } from "./named-tables.ts";
import { scan, type Token } from "./scan.ts";

export type ExpectedKind = "table" | "view" | "column" | "constraint" | "index" | "enum_type" | "schema" | "sequence";

export interface ExpectedName {
  readonly kinds: readonly ExpectedKind[];
  /** Names before it, each followed by a dot. */
  readonly qualifier: readonly string[];
  /** What is there of it, before the place and behind. */
  readonly range: Range;
  /** What it is written in: `"`, a backtick or `[`; empty where it is in no quotes. */
  readonly quote: string;
  /** Of columns and constraints: the tables that they can be of. */
  readonly tables: readonly NamedTable[];
}

/** @param own tables that a fragment (a condition, an expression) is about */
export function expectedAt(
  text: string,
  offset: number,
  dialect: Dialect,
  own: readonly QualifiedName[] = [],
): ExpectedName | undefined {
  const tokens = scan(text, dialect);
  const at = tokens.find((token) => token.start < offset && offset <= token.end);
  const isName = at?.kind === "word" || at?.kind === "quoted";
  if (at && !isName) {
    const body = bodyOf(text, at, offset);
    if (body) return shifted(expectedAt(text.slice(body.start, body.end), offset - body.start, dialect), body.start);
    // Right behind a bracket, an operator or a closed string another token may begin; a number or a parameter goes on.
    const goesOn = at.kind === "number" || at.kind === "parameter" || at.kind === "comment";
    if (offset < at.end || goesOn || (at.kind === "string" && !isClosed(text, at))) return undefined;
  }
  const here = isName ? nameRange(text, at, offset) : range(offset, offset);
  if (hasHole(text.slice(here.start, here.end))) return undefined;
  const piece = statementAround(text, tokens, offset);
  const before = piece.filter(({ end }) => end <= here.start);
  const after = piece.filter(({ start }) => start >= Math.max(here.end, isName ? at.end : offset));
  const reading = new Expectation(
    new Words(text, before, dialect),
    new Words(text, [...before, ...after], dialect),
    own,
  );
  const found = reading.read();
  return found && { ...found, range: here, quote: isName && at.kind === "quoted" ? text.charAt(at.start) : "" };
}

const shifted = (found: ExpectedName | undefined, by: number): ExpectedName | undefined =>
  found && { ...found, range: range(found.range.start + by, found.range.end + by) };

/** A body in dollar quotes is SQL again. */
function bodyOf(text: string, { kind, start, end }: Token, offset: number): Range | undefined {
  if (kind !== "string" || text.charAt(start) !== "$") return undefined;
  const length = text.indexOf("$", start + 1) - start + 1;
  const tag = text.slice(start, start + length);
  const close = text.endsWith(tag, end) || text.slice(start, end).endsWith(tag) ? end - length : end;
  return start + length <= offset && offset <= close ? range(start + length, close) : undefined;
}

const isClosed = (text: string, { start, end }: Token): boolean =>
  end - start > 1 && "'\"$".includes(text.charAt(end - 1));

/** Of a name in quotes that are not closed only what looks like a name. */
function nameRange(text: string, { kind, start, end }: Token, offset: number): Range {
  if (kind === "word") return range(start, end);
  const close = text.charAt(start) === "[" ? "]" : text.charAt(start);
  const inner = text.slice(offset, end);
  const isWhole = end - start > 1 && text.charAt(end - 1) === close && /^[\p{L}\p{N}_$]* ?.$/u.test(inner);
  if (isWhole || offset === end) return range(start, end);
  return range(start, offset + (/^[\p{L}\p{N}_$]*/u.exec(inner)?.[0].length ?? 0));
}

function statementAround(text: string, tokens: readonly Token[], offset: number): readonly Token[] {
  const isEnd = (token: Token): boolean => token.kind === "punctuation" && text.charAt(token.start) === ";";
  const from = tokens.findLastIndex((token) => isEnd(token) && token.end <= offset) + 1;
  const to = tokens.findIndex((token, i) => i >= from && isEnd(token) && token.start >= offset);
  return tokens.slice(from, to < 0 ? undefined : to).filter(({ kind }) => kind !== "comment");
}

type Found = Pick<ExpectedName, "kinds" | "qualifier" | "tables">;

const clauses = new Set([
  "select",
  "from",
  "where",
  "set",
  "on",
  "having",
  "by",
  "returning",
  "when",
  "then",
  "else",
  "and",
  "or",
  "using",
  "values",
  "join",
  "with",
  "limit",
  "offset",
]);
const evaluating = new Set([
  "select",
  "where",
  "set",
  "on",
  "having",
  "by",
  "returning",
  "when",
  "then",
  "else",
  "and",
  "or",
]);

/** The statement before the place, and the whole of it without the name in question. */
class Expectation {
  readonly #before: Words;
  readonly #all: Words;
  readonly #own: readonly QualifiedName[];
  /** How many tokens come before the name and its qualifier. */
  readonly #end: number;
  readonly #qualifier: readonly string[] | undefined;

  constructor(before: Words, all: Words, own: readonly QualifiedName[]) {
    this.#before = before;
    this.#all = all;
    this.#own = own;
    const qualifier: (string | undefined)[] = [];
    let end = before.length;
    while (before.at(end - 1) === "." && before.isName(end - 2)) {
      qualifier.unshift(before.nameAt(end - 2));
      end -= 2;
    }
    this.#end = end;
    this.#qualifier = qualifier.includes(undefined) || before.at(end - 1) === "." ? undefined : (qualifier as string[]);
  }

  read(): Found | undefined {
    if (this.#qualifier === undefined) return undefined;
    if (this.#end === 0) return this.#own.length > 0 ? this.#columns(this.#tables()) : undefined;
    return this.#definition() ?? this.#tableName() ?? this.#listed() ?? this.#expression();
  }

  #is(...words: readonly string[]): boolean {
    return this.#before.are(this.#end - words.length, ...words);
  }

  #names(...kinds: readonly ExpectedKind[]): Found {
    return { kinds, qualifier: this.#qualifier ?? [], tables: [] };
  }

  #columns(tables: readonly NamedTable[]): Found {
    return { kinds: ["column"], qualifier: this.#qualifier ?? [], tables };
  }

  #tables(): readonly NamedTable[] {
    return [...this.#own.map((table) => ({ table })), ...namedTables(this.#all)];
  }

  /** In CREATE, ALTER, DROP and COMMENT. An empty list of kinds: a new name, or a keyword. */
  #definition(): Found | undefined {
    if (this.#is(":", ":") || this.#is("::")) return this.#names("enum_type");
    const words = this.#before;
    const verb = words.at(0);
    if (verb === "alter" && words.at(1) === "table") return this.#alterTable();
    if (!["create", "alter", "drop", "comment", "reindex", "refresh", "lock"].includes(verb)) return undefined;
    let noun = 1;
    while (nounModifiers.has(words.at(noun))) noun++;
    if (verb === "comment" && words.at(noun) === "on") noun++;
    const kind = words.at(noun);
    let first = noun + 1;
    while (modifiers.has(words.at(first))) first++;
    if (this.#end < noun + 1) return this.#names();
    const isFirst = this.#end === first || (verb === "drop" && words.at(this.#end - 1) === ",");
    if (!isFirst) return this.#definitionTail(verb, kind);
    if (verb === "create") return this.#names();
    if (kind === "column")
      return this.#qualifier?.length ? this.#columns([{ table: asTable(this.#qualifier) }]) : this.#names("table");
    return this.#names(...(nouns[kind] ?? []));
  }

  /** Behind the first name. */
  #definitionTail(verb: string, kind: string): Found | undefined {
    if (this.#is("rename", "to") || this.#is("owner", "to")) return this.#names();
    if (this.#is("set", "schema")) return this.#names("schema");
    if (kind === "type" || kind === "schema" || kind === "sequence") {
      return this.#is("owned", "by") ? this.#names("table") : this.#names();
    }
    if (verb === "create" && kind === "table") return this.#createTable();
    // ON table, and what is in the index; the query of a view.
    return undefined;
  }

  /** Its own columns are only being made: what is there already are types, and the tables that it refers to. */
  #createTable(): Found | undefined {
    const listed = this.#listed();
    if (this.#is("references") || this.#is("of") || this.#is("like") || this.#is("inherits", "("))
      return this.#names("table");
    if (listed && this.#bracket()?.reference === true) return listed;
    if (namedWords(this.#before, "as").length > 0 && namedWords(this.#before, "select").length > 0) return undefined;
    const isType = this.#before.isName(this.#end - 1) && ["(", ","].includes(this.#before.at(this.#end - 2));
    return isType ? this.#names("enum_type") : this.#names();
  }

  #alterTable(): Found | undefined {
    const words = this.#before;
    let at = 2;
    while (modifiers.has(words.at(at))) at++;
    const read = words.qualifiedAt(at);
    if (this.#end <= at || !read || read.next > this.#end) return this.#names("table");
    const own = read.name ? [{ table: read.name }] : [];
    const action = lastAction(words, read.next, this.#end).filter(
      (word) => !["if", "not", "exists", "only"].includes(word),
    );
    const [verb, noun, ...rest] = action;
    if (verb === undefined) return this.#names();
    if (this.#is("references")) return this.#names("table");
    const bracket = this.#bracket();
    if (bracket?.reference) return this.#listed();
    if (bracket) {
      const isColumns = columnLists.has(bracket.word) || action.includes("using") || action.includes("exclude");
      return isColumns ? this.#columns(own) : this.#names();
    }
    if (this.#is("using", "index") || this.#is("cluster", "on")) return this.#names("index");
    if (verb === "set") return noun === "schema" && rest.length === 0 ? this.#names("schema") : this.#names();
    if (verb === "attach" || verb === "detach")
      return noun === "partition" && rest.length === 0 ? this.#names("table") : this.#names();
    if (verb === "inherit" || (verb === "no" && noun === "inherit")) return this.#names("table");
    if (noun === "constraint")
      return verb !== "add" && rest.length === 0 ? { ...this.#columns(own), kinds: ["constraint"] } : this.#names();
    if (verb === "validate") return this.#names();
    const column = noun === "column" ? rest : action.slice(1);
    if (verb === "drop" || verb === "rename" || verb === "alter") {
      if (column.length === 0) return this.#columns(own);
      if (verb === "alter" && column.at(-1) === "type") return this.#names("enum_type");
      return verb === "alter" && column.includes("using") ? this.#columns(own) : this.#names();
    }
    return verb === "add" && column.length === 1 && !constraintWords.has(column[0] ?? "")
      ? this.#names("enum_type")
      : this.#names();
  }

  #tableName(): Found | undefined {
    const words = this.#before;
    let at = this.#end - 1;
    while (modifiers.has(words.at(at)) && !announcesTable(words, at)) at--;
    if (announcesTable(words, at) || this.#is("lock", "table")) return this.#names("table", "view");
    if (!this.#is(",")) return undefined;
    // Another one of a list.
    for (let i = at - 1, depth = 0; i >= 0; i--) {
      if (words.at(i) === ")") depth++;
      if (words.at(i) === "(" && depth-- === 0) return undefined;
      if (depth > 0) continue;
      if (announcesTable(words, i) && words.at(i) !== "on" && words.at(i) !== "into")
        return this.#names("table", "view");
      if (clauses.has(words.at(i))) return undefined;
    }
    return undefined;
  }

  /** In brackets that list columns: `INSERT INTO t (`, `REFERENCES t (`, `ON t USING gin (`. */
  #listed(): Found | undefined {
    const bracket = this.#bracket();
    return bracket?.table && this.#columns([{ table: bracket.table }]);
  }

  /** The innermost bracket that is open, and the table before it. */
  #bracket(): OpenBracket | undefined {
    const words = this.#before;
    let open: number | undefined;
    for (let i = this.#end - 1, depth = 0; i >= 0 && open === undefined; i--) {
      if (words.at(i) === ")") depth++;
      else if (words.at(i) === "(" && depth-- === 0) open = i;
    }
    if (open === undefined) return undefined;
    const word = words.at(open - 1);
    for (let i = open - 1; i >= 0 && i >= open - 8; i--) {
      const isReference = words.at(i) === "references";
      if (!isReference && words.at(i) !== "into" && !announcesTable(words, i)) continue;
      let at = i + 1;
      while (modifiers.has(words.at(at))) at++;
      const read = words.qualifiedAt(at);
      if (!read?.name) break;
      const isUsing = words.at(read.next) === "using" && read.next + 2 === open;
      const isDirect = read.next === open || isUsing;
      if (isDirect && (isReference || ["into", "on"].includes(words.at(i))))
        return { word, table: read.name, reference: isReference };
      break;
    }
    return { word, reference: false };
  }

  /** Where a value is computed or compared. */
  #expression(): Found | undefined {
    const words = this.#before;
    const last = words.at(this.#end - 1);
    if (last === "as" || last === "values" || last === "limit" || last === "offset") return undefined;
    // Behind a value an operator is expected.
    const kind = words.tokens[this.#end - 1]?.kind;
    if (kind === "number" || kind === "string" || kind === "parameter" || last === ")") return undefined;
    // Two names in a row: the second is an alias or a keyword.
    if (words.isName(this.#end - 1) && !beforeValue.has(last)) return undefined;
    const clause = this.#clause();
    const tables = this.#tables();
    if (clause === "set" && this.#isAssigned()) return this.#columns(tables.slice(0, 1));
    if (clause === undefined ? this.#own.length > 0 : evaluating.has(clause)) return this.#columns(tables);
    if (clause === "using" || last === "using") return this.#columns(tables);
    return undefined;
  }

  /** The word that the expression belongs to. */
  #clause(): string | undefined {
    const words = this.#before;
    for (let i = this.#end - 1, depth = 0; i >= 0; i--) {
      if (words.at(i) === ")") depth++;
      else if (words.at(i) === "(" && depth > 0) depth--;
      else if (depth === 0 && words.at(i) === "from" && !announcesTable(words, i)) continue;
      else if (depth === 0 && clauses.has(words.at(i))) return words.at(i);
    }
    return undefined;
  }

  /** A column before `=`: of UPDATE only its own table's. */
  #isAssigned(): boolean {
    return this.#is("set") || this.#is(",") ? this.#qualifier?.length === 0 : false;
  }
}

interface OpenBracket {
  /** Before it. */
  readonly word: string;
  readonly table?: QualifiedName;
  /** The table is behind REFERENCES. */
  readonly reference: boolean;
}

/** Behind these, brackets list columns, or hold a condition. */
const columnLists = new Set(["key", "unique", "check", "include"]);

const asTable = (qualifier: readonly string[]): QualifiedName => {
  const [name = "", schema] = [...qualifier].reverse();
  return schema === undefined ? { name } : { schema, name };
};

const namedWords = (words: Words, word: string): readonly number[] =>
  words.tokens.flatMap((_, i) => (words.at(i) === word ? [i] : []));

const nounModifiers = new Set([
  "or",
  "replace",
  "unique",
  "temp",
  "temporary",
  "unlogged",
  "materialized",
  "foreign",
  "recursive",
  "constraint",
]);

const nouns: Readonly<Record<string, readonly ExpectedKind[]>> = {
  table: ["table"],
  index: ["index"],
  view: ["view"],
  type: ["enum_type"],
  schema: ["schema"],
  sequence: ["sequence"],
};

const constraintWords = new Set(["constraint", "primary", "unique", "check", "foreign", "exclude"]);

/** Words after which a value, and so a column, can stand. */
const beforeValue = new Set(
  `select distinct all where and or not on having by returning when then else case set between like ilike in is any some from using
  if using over filter only`.split(/\s+/),
);

/** The words of the last action of ALTER TABLE. */
function lastAction(words: Words, from: number, to: number): readonly string[] {
  let start = from;
  for (let i = from, depth = 0; i < to; i++) {
    if (words.at(i) === "(") depth++;
    else if (words.at(i) === ")") depth--;
    else if (words.at(i) === "," && depth === 0) start = i + 1;
  }
  return Array.from({ length: to - start }, (_, i) => words.at(start + i) || words.nameAt(start + i) || "");
}
