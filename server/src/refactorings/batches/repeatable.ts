/** Whether a change of rows gives the same when it is run again, on rows that it has changed already. */
import { volatileFunctions, volatileInExtensions } from "../../locks/postgres/volatility.ts";
import { scan, type Token } from "../../sql/scan.ts";
import { slice } from "../../text/range.ts";
import { namesIn, type Assignment, type Clauses } from "./clauses.ts";

/** Run on their own result, they give it back. */
const idempotent = new Set(["lower", "upper", "trim", "btrim", "ltrim", "rtrim", "initcap", "abs", "unaccent"]);

/** An assignment that could not be run twice; a failed run could then not be repeated. */
export const findUnrepeatable = (clauses: Clauses): Assignment | undefined =>
  clauses.assignments.find((assignment) => !isRepeatable(clauses, assignment));

/** A value that is another at each call, where no condition passes over the rows that have one already. */
function isDrawn(clauses: Clauses, { column, expression }: Assignment): boolean {
  const passesOver = clauses.where !== undefined && namesIn(clauses, clauses.where).includes(column);
  const draws = namesIn(clauses, expression).some(
    (name) => volatileFunctions.has(name) || volatileInExtensions.has(name),
  );
  return draws && !passesOver;
}

function isRepeatable(clauses: Clauses, assignment: Assignment): boolean {
  const { column, expression } = assignment;
  if (isDrawn(clauses, assignment)) return false;
  const changed = clauses.assignments.map((one) => one.column);
  const reads = namesIn(clauses, expression).filter((name) => changed.includes(name));
  if (reads.length === 0) return true;
  if (reads.length > 1 || reads[0] !== column) return false;
  const text = slice(clauses.sql, expression);
  const tokens = scan(text, "postgresql").filter(({ kind }) => kind !== "comment");
  const words = tokens.map((token) => slice(text, token).toLowerCase());
  return isCallOn(words, column) || isCoalesce(tokens, words, column);
}

/** `lower(email)`, `trim(lower(email))`. */
function isCallOn(words: readonly string[], column: string): boolean {
  const [callee, open] = words;
  if (words.length === 1) return callee === column;
  if (callee === undefined || !idempotent.has(callee) || open !== "(" || words.at(-1) !== ")") return false;
  return isCallOn(words.slice(2, -1), column);
}

/** `coalesce(age, 0)`, `nullif(name, '')`. */
function isCoalesce(tokens: readonly Token[], words: readonly string[], column: string): boolean {
  const [callee, open, first, comma, constant, close] = words;
  return (
    (callee === "coalesce" || callee === "nullif") &&
    open === "(" &&
    first === column &&
    comma === "," &&
    constant !== undefined &&
    (tokens[4]?.kind === "string" || tokens[4]?.kind === "number") &&
    close === ")" &&
    words.length === 6
  );
}
