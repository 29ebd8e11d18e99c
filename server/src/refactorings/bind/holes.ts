/** What each value that is put into a SQL text is there: a value that can be bound, or a part of the statement that cannot. */
import type { SqlPart, WrittenSql } from "../../model/written-sql.ts";
import { Refused } from "../../rewrite/refused.ts";
import type { Dialect } from "../../sql/action.ts";
import { scan, type Token } from "../../sql/scan.ts";
import type { Range } from "../../text/range.ts";

export type Hole = Extract<SqlPart, { kind: "hole" }>;

export type Standing =
  /** All of a literal, or a part of it: `'%…%'`. Pieces of text are as SQL means them. */
  | { readonly as: "literal"; readonly range: Range; readonly pieces: readonly (string | Hole)[] }
  /** Where a number stands. */
  | { readonly as: "value"; readonly range: Range; readonly hole: Hole }
  /** `IN (…)`, the parentheses with what is in them. */
  | { readonly as: "list"; readonly range: Range; readonly hole: Hole }
  /** A name, a comment, or anything else that no parameter can be. */
  | { readonly as: "other"; readonly hole: Hole };

interface Laid {
  readonly sql: string;
  /** The place in the file of a character of the SQL. */
  at(offset: number): number;
  readonly holes: readonly { readonly hole: Hole; readonly start: number; readonly end: number }[];
}

/** Unlike anything that people write; a word to the scanner. */
const mark = (i: number): string => `retort_hole_${i}_`;

function lay(parts: readonly SqlPart[]): Laid {
  let sql = "";
  const holes: { hole: Hole; start: number; end: number }[] = [];
  const runs: { start: number; source: number }[] = [];
  for (const part of parts) {
    runs.push({ start: sql.length, source: part.range.start });
    const start = sql.length;
    sql += part.kind === "sql" ? part.sql : mark(holes.length);
    if (part.kind === "hole") holes.push({ hole: part, start, end: sql.length });
  }
  const last = parts.at(-1);
  return {
    sql,
    holes,
    at: (offset) => {
      const run = runs.findLast(({ start }) => start <= offset);
      const inHole = holes.find(({ start, end }) => start < offset && offset <= end);
      if (inHole && offset === inHole.end && run?.start !== offset) return inHole.hole.range.end;
      return run ? run.source + (offset - run.start) : (last?.range.end ?? 0);
    },
  };
}

/** Words after which a value stands, and no name. */
const beforeValue = new Set([
  "limit",
  "offset",
  "between",
  "and",
  "then",
  "else",
  "like",
  "ilike",
  "values",
  "in",
  "any",
]);
const comparing = /^(?:=|<|>|<=|>=|<>|!=|~~\*?|\|\||[-+*/%])$/;

export function standingsOf({ parts, manner }: WrittenSql, dialect: Dialect): readonly Standing[] {
  const laid = lay(parts);
  const tokens = scan(laid.sql, dialect).filter(({ kind }) => kind !== "comment");
  const done = new Set<Hole>();
  return laid.holes.flatMap(({ hole, start, end }): readonly Standing[] => {
    if (done.has(hole)) return [];
    const index = tokens.findIndex((token) => token.start <= start && end <= token.end);
    const token = tokens[index];
    if (token?.kind === "string") {
      const standing = literalOf(laid, token, manner);
      for (const piece of standing.pieces) if (typeof piece !== "string") done.add(piece);
      return [standing];
    }
    const isWhole = token?.kind === "word" && token.start === start && token.end === end;
    return [isWhole ? valueOf(laid, tokens, index, hole) : { as: "other", hole }];
  });
}

const word = (laid: Laid, token: Token | undefined): string =>
  token ? laid.sql.slice(token.start, token.end).toLowerCase() : "";

function valueOf(laid: Laid, tokens: readonly Token[], index: number, hole: Hole): Standing {
  const before = word(laid, tokens[index - 1]);
  const after = word(laid, tokens[index + 1]);
  if (after === "." || after === "(" || before === ".") return { as: "other", hole };
  const opening = tokens[index - 1];
  const closing = tokens[index + 1];
  if (before === "(" && after === ")" && word(laid, tokens[index - 2]) === "in" && opening && closing)
    return { as: "list", range: { start: laid.at(opening.start), end: laid.at(closing.start) + 1 }, hole };
  if (before === "in") return { as: "list", range: hole.range, hole };
  const isValue = comparing.test(before) || beforeValue.has(before) || isInValues(laid, tokens, index);
  return isValue ? { as: "value", range: hole.range, hole } : { as: "other", hole };
}

/** Right behind `VALUES (`, a comma there, or that of `IN (`. */
function isInValues(laid: Laid, tokens: readonly Token[], index: number): boolean {
  if (!["(", ","].includes(word(laid, tokens[index - 1]))) return false;
  let depth = 0;
  for (let i = index - 1; i >= 0; i--) {
    const text = word(laid, tokens[i]);
    if (text === ")") depth++;
    if (text === "(" && --depth < 0) {
      const owner = word(laid, tokens[i - 1]);
      if (owner === "values" || owner === "in") return true;
      if (owner !== ",") return false;
      depth = 0;
    }
  }
  return false;
}

function literalOf(
  laid: Laid,
  { start, end }: Token,
  manner: WrittenSql["manner"],
): Extract<Standing, { as: "literal" }> {
  const text = laid.sql.slice(start, end);
  if (!/^'[^]*'$/.test(text)) throw new Refused("A value stands in a string that is not in plain quotes.");
  const pieces: (string | Hole)[] = [];
  let at = start + 1;
  for (const { hole, start: from, end: to } of laid.holes) {
    if (from < at || to > end) continue;
    pieces.push(meant(laid.sql.slice(at, from), manner), hole);
    at = to;
  }
  pieces.push(meant(laid.sql.slice(at, end - 1), manner));
  return {
    as: "literal",
    range: { start: laid.at(start), end: laid.at(end - 1) + 1 },
    pieces: pieces.filter((piece) => piece !== ""),
  };
}

/** As SQL and Python mean it. */
function meant(text: string, manner: WrittenSql["manner"]): string {
  const sql = text.replaceAll("''", "'");
  if (manner === "percent") return sql.replaceAll("%%", "%");
  return manner === "concatenation" ? sql : sql.replaceAll("{{", "{").replaceAll("}}", "}");
}
