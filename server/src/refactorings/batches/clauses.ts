/** One UPDATE, DELETE or INSERT … SELECT in its clauses, told by its tokens: where a condition can be put in. */
import { nameOf, scan, type Token } from "../../sql/scan.ts";
import { range, slice, type Range } from "../../text/range.ts";

export interface Clauses {
  readonly sql: string;
  /** The table whose rows are walked, as it is written. */
  readonly table: string;
  /** By which its columns are called: its alias, else the table. */
  readonly qualifier: string;
  /** The condition of WHERE. */
  readonly where?: Range;
  /** Where the condition ends, or one would. */
  readonly end: number;
  /** `column = expression` of an UPDATE. */
  readonly assignments: readonly Assignment[];
}

export interface Assignment {
  readonly column: string;
  readonly expression: Range;
}

interface Word extends Token {
  /** In capitals, where it is no quoted name; else as it is. */
  readonly text: string;
  readonly depth: number;
}

/** `undefined` where the statement has parts that are not known here: joins, WITH, sets of columns, grouping. */
export function readClauses(sql: string): Clauses | undefined {
  const words = readWords(sql);
  const last = words.at(-1);
  if (!last || words.some(({ kind }) => kind === "parameter")) return undefined;
  const statement = last.text === ";" ? words.slice(0, -1) : words;
  switch (statement[0]?.text) {
    case "UPDATE":
      return readUpdate(sql, statement);
    case "DELETE":
      return readDelete(sql, statement);
    case "INSERT":
      return readInsert(sql, statement);
    default:
      return undefined;
  }
}

function readWords(sql: string): readonly Word[] {
  let depth = 0;
  return scan(sql, "postgresql").flatMap((token): readonly Word[] => {
    if (token.kind === "comment") return [];
    const text = slice(sql, token);
    if (text === ")" || text === "]") depth--;
    const word = { ...token, text: token.kind === "word" ? text.toUpperCase() : text, depth };
    if (text === "(" || text === "[") depth++;
    return [word];
  });
}

const isName = ({ kind }: Word): boolean => kind === "word" || kind === "quoted";

const topLevel = (words: readonly Word[], text: string): number =>
  words.findIndex((word) => word.depth === 0 && word.kind === "word" && word.text === text);

interface Relation {
  readonly table: string;
  readonly qualifier: string;
}

const keywords = new Set([
  "SET",
  "WHERE",
  "USING",
  "RETURNING",
  "FROM",
  "ON",
  "JOIN",
  "CROSS",
  "LEFT",
  "INNER",
  "NATURAL",
]);

/** `[ONLY] schema.name [[AS] alias]`, and nothing else. */
function readRelation(sql: string, words: readonly Word[]): Relation | undefined {
  const parts = words[0]?.text === "ONLY" ? words.slice(1) : words;
  let count = 1;
  while (parts[count]?.text === "." && parts[count + 1]) count += 2;
  const path = parts.slice(0, count);
  const [first] = path;
  const last = path.at(-1);
  if (!first || !last || !path.every((word, i) => (i % 2 === 0 ? isName(word) : word.text === "."))) return undefined;
  const rest = parts.slice(count).filter((word, i) => !(i === 0 && word.text === "AS"));
  const [alias, ...more] = rest;
  if (more.length > 0 || (alias && (!isName(alias) || keywords.has(alias.text)))) return undefined;
  const table = (words[0]?.text === "ONLY" ? "ONLY " : "") + sql.slice(first.start, last.end);
  return { table, qualifier: alias ? slice(sql, alias) : sql.slice(first.start, last.end) };
}

interface Tail {
  readonly where?: Range;
  readonly end: number;
}

/** WHERE, and what follows it; `undefined` where something follows that is not known. */
function readTail(words: readonly Word[], from: number, allowed: readonly string[]): Tail | undefined {
  const tail = words.slice(from);
  const at = topLevel(tail, "WHERE");
  const after = tail.findIndex(
    (word, i) => i > at && word.depth === 0 && word.kind === "word" && allowed.includes(word.text),
  );
  const inside = after < 0 ? tail : tail.slice(0, after);
  const before = words[from + (after < 0 ? tail.length : after) - 1];
  if (!before) return undefined;
  if (at < 0) return inside.length === 0 ? { end: before.end } : undefined;
  const first = inside[at + 1];
  const last = inside.at(-1);
  if (at > 0 || !first || !last) return undefined;
  return { where: range(first.start, last.end), end: last.end };
}

function readUpdate(sql: string, words: readonly Word[]): Clauses | undefined {
  const set = topLevel(words, "SET");
  const relation = set < 0 ? undefined : readRelation(sql, words.slice(1, set));
  if (!relation || hasFrom(words) || topLevel(words, "RETURNING") >= 0) return undefined;
  const where = topLevel(words, "WHERE");
  const end = where < 0 ? words.length : where;
  const assignments = readAssignments(sql, words.slice(set + 1, end));
  const tail = readTail(words, end, []);
  return assignments && tail && { sql, ...relation, ...tail, assignments };
}

/** Of a join; not that of IS DISTINCT FROM. */
const hasFrom = (words: readonly Word[]): boolean =>
  words.some(({ depth, kind, text }, i) => {
    const isFrom = depth === 0 && kind === "word" && text === "FROM";
    return isFrom && words[i - 1]?.text !== "DISTINCT";
  });

function readAssignments(sql: string, words: readonly Word[]): readonly Assignment[] | undefined {
  const found: Assignment[] = [];
  let start = 0;
  for (let i = 0; i <= words.length; i++) {
    const word = words[i];
    if (word && !(word.depth === 0 && word.text === ",")) continue;
    const [column, equals, first] = words.slice(start, i);
    const last = words[i - 1];
    if (!column || equals?.text !== "=" || !first || !last || !isName(column)) return undefined;
    found.push({ column: nameOf(column, sql, "postgresql"), expression: range(first.start, last.end) });
    start = i + 1;
  }
  return found;
}

function readDelete(sql: string, words: readonly Word[]): Clauses | undefined {
  const where = topLevel(words, "WHERE");
  const end = where < 0 ? words.length : where;
  const relation = words[1]?.text === "FROM" ? readRelation(sql, words.slice(2, end)) : undefined;
  const tail = topLevel(words, "RETURNING") >= 0 ? undefined : readTail(words, end, []);
  return relation && tail && { sql, ...relation, ...tail, assignments: [] };
}

const computing = [
  "GROUP",
  "HAVING",
  "WINDOW",
  "ORDER",
  "LIMIT",
  "OFFSET",
  "FETCH",
  "FOR",
  "UNION",
  "INTERSECT",
  "EXCEPT",
  "DISTINCT",
  "OVER",
];

/** One that may be run again: its conflicts are passed over. */
function readInsert(sql: string, words: readonly Word[]): Clauses | undefined {
  const select = topLevel(words, "SELECT");
  const from = topLevel(words, "FROM");
  const on = topLevel(words, "ON");
  const ignores = words
    .slice(on)
    .map(({ text }) => text)
    .join(" ");
  if (
    select < 0 ||
    from < select ||
    on < from ||
    !/^ON CONFLICT (?:\( .* \) |ON CONSTRAINT \S+ )?DO NOTHING$/.test(ignores)
  )
    return undefined;
  if (computing.some((word) => topLevel(words, word) >= 0)) return undefined;
  // A function may be an aggregate, whose result is of all rows.
  const calls = words
    .slice(select, from)
    .some((word, i, all) => word.text === "(" && all[i - 1] !== undefined && isName(all[i - 1] as Word));
  const where = topLevel(words, "WHERE");
  const end = where < 0 ? on : where;
  const relation = readRelation(sql, words.slice(from + 1, end));
  const tail = readTail(words.slice(0, on), end, []);
  return calls || !relation || !tail ? undefined : { sql, ...relation, ...tail, assignments: [] };
}

/** Names that an expression mentions, folded. */
export const namesIn = ({ sql }: Clauses, within: Range): readonly string[] =>
  scan(slice(sql, within), "postgresql")
    .filter(({ kind }) => kind === "word" || kind === "quoted")
    .map((token) => nameOf(token, slice(sql, within), "postgresql"));

/** Whether a query within it reads the table whose rows are walked: each batch would see what those before have done. */
export function readsAgain({ sql, table }: Clauses): boolean {
  const words = readWords(sql);
  const name = readWords(table).at(-1);
  if (!name) return true;
  const own = nameOf(name, table, "postgresql");
  return words.some(
    (word, i) =>
      word.depth > 0 &&
      isName(word) &&
      nameOf(word, sql, "postgresql") === own &&
      [",", "FROM", "JOIN", "."].includes(words[i - 1]?.text ?? "") &&
      words.slice(0, i).some((before) => before.depth > 0 && before.text === "FROM"),
  );
}

/** The statement with one more condition. */
export function withCondition({ sql, where, end }: Clauses, condition: string): string {
  if (!where) return `${sql.slice(0, end)} WHERE ${condition}${sql.slice(end)}`;
  return `${sql.slice(0, where.start)}(${sql.slice(where.start, where.end)}) AND ${condition}${sql.slice(where.end)}`;
}
