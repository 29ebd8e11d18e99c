/** PostgreSQL's own grammar, guarded: input that could overflow its stack is refused before it gets there. */
import type { ParseResult } from "libpg-query";
import type { Token } from "../scan.ts";

interface Grammar {
  readonly loadModule: () => Promise<void>;
  readonly parseSync: (sql: string) => ParseResult;
  readonly parsePlPgSQLSync: (sql: string) => unknown;
}

/**
 * Levels of nesting that are handed over. An overflow in WebAssembly does not restore its stack pointer: after some
 * dozens of them every further parse fails, so they must not happen at all. It overflows above 5,000 levels.
 */
const deepest = 1000;

let grammar: Grammar | undefined;
let broken: string | undefined;

export async function loadPostgres(): Promise<void> {
  if (grammar) return;
  const loaded = (await import("libpg-query")) as unknown as Grammar & { readonly default?: Grammar };
  const found = loaded.default ?? loaded;
  await found.loadModule();
  grammar = found;
}

/** `final`: that the text does not parse is not the text's fault, or no grammar should be asked. */
export type Parsed<T> = { readonly ok: T } | { readonly error: string; readonly final?: true };

export const parsePostgres = (sql: string, tokens: readonly Token[]): Parsed<ParseResult> =>
  guarded(sql, tokens, (loaded) => loaded.parseSync(sql));

/** The tree of a `DO` or a `CREATE FUNCTION` in PL/pgSQL: plain JSON that has no published type. */
export const parsePlpgsql = (sql: string, tokens: readonly Token[]): Parsed<unknown> =>
  guarded(sql, tokens, (loaded) => loaded.parsePlPgSQLSync(sql));

function guarded<T>(sql: string, tokens: readonly Token[], parse: (loaded: Grammar) => T): Parsed<T> {
  if (!grammar) return { error: "the grammar is not loaded", final: true };
  if (broken !== undefined) return { error: broken };
  if (depth(sql, tokens) > deepest) return { error: "the statement is nested too deeply", final: true };
  try {
    return { ok: parse(grammar) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof RangeError || (error instanceof Error && error.name === "RuntimeError"))
      probe(grammar, message);
    return { error: message };
  }
}

/** After a trap the module may be unusable; then it is asked no more. */
function probe(loaded: Grammar, message: string): void {
  try {
    if (loaded.parseSync("SELECT 1").stmts?.length === 1) return;
  } catch {
    // Told below.
  }
  broken = `the grammar gave up: ${message}`;
}

const nestingWords = new Set("and or not case union except intersect join begin if loop".split(" "));

/** More than the number of levels that the tree can have: operators since the last comma, added up over parentheses. */
function depth(sql: string, tokens: readonly Token[]): number {
  const open: number[] = [];
  let outside = 0;
  let here = 0;
  let most = 0;
  for (const token of tokens) {
    const c = sql.charAt(token.start);
    if (token.kind === "punctuation" && (c === "(" || c === "[")) {
      open.push(here);
      outside += here + 1;
      here = 0;
    } else if (token.kind === "punctuation" && (c === ")" || c === "]")) {
      const before = open.pop() ?? 0;
      outside = Math.max(0, outside - before - 1);
      here = before + 1;
    } else if (token.kind === "punctuation" && (c === "," || c === ";")) here = 0;
    else if (
      token.kind === "operator" ||
      c === "[" ||
      nestingWords.has(sql.slice(token.start, token.end).toLowerCase())
    )
      here++;
    most = Math.max(most, outside + here);
  }
  return most;
}
