/** Whether a table's constraints prove already that a column holds no NULL. */
import type { Table } from "../../schema/state.ts";
import { scan } from "../../sql/scan.ts";

/**
 * A validated CHECK of the form `column IS NOT NULL`, alone or joined to others by AND: then SET NOT NULL need not read
 * the table. (The server proves more than this; what it may prove beside is assumed to be read.)
 */
export const provesNotNull = (table: Table, column: string): boolean =>
  table.constraints.some(
    ({ type, expression, notValid, notEnforced }) =>
      type === "check" && !notValid && !notEnforced && expression?.sql !== undefined && says(expression.sql, column),
  );

function says(sql: string, column: string): boolean {
  const words = scan(sql, "postgresql")
    .filter(({ kind }) => kind !== "comment")
    .map(({ start, end }) => sql.slice(start, end));
  return conjuncts(words).some((part) => {
    const [name = "", ...rest] = withoutParentheses(part);
    return nameOf(name) === column && rest.map((word) => word.toUpperCase()).join(" ") === "IS NOT NULL";
  });
}

/** Cut at each AND outside of parentheses; nothing where an OR, or the AND of a BETWEEN, may change what it means. */
function conjuncts(words: readonly string[]): readonly (readonly string[])[] {
  const inner = withoutParentheses(words);
  const upper = inner.map((word) => word.toUpperCase());
  if (upper.includes("OR") || upper.includes("BETWEEN") || upper.includes("CASE")) return [];
  const parts: string[][] = [[]];
  let depth = 0;
  for (const [i, word] of inner.entries()) {
    if (word === "(") depth++;
    if (word === ")") depth--;
    if (depth === 0 && upper[i] === "AND") parts.push([]);
    else parts.at(-1)?.push(word);
  }
  return parts;
}

/** `(…)` as a whole, as often as it is there. */
function withoutParentheses(words: readonly string[]): readonly string[] {
  if (words[0] !== "(" || words.at(-1) !== ")") return words;
  let depth = 0;
  for (const [i, word] of words.entries()) {
    if (word === "(") depth++;
    if (word === ")") depth--;
    if (depth === 0 && i < words.length - 1) return words;
  }
  return withoutParentheses(words.slice(1, -1));
}

/** An identifier as the server compares it. */
export const nameOf = (word: string): string =>
  word.startsWith('"') ? word.slice(1, -1).replaceAll('""', '"') : word.toLowerCase();

/** Does the text mention the column? Names in it count whatever they stand for. */
export const mentions = (sql: string | undefined, column: string): boolean =>
  sql === undefined ||
  scan(sql, "postgresql").some(({ kind, start, end }) => kind !== "string" && nameOf(sql.slice(start, end)) === column);
