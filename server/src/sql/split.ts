/** Cuts a SQL text into its statements without a grammar, so that one that does not parse leaves its neighbours alone. */
import type { Dialect } from "./action.ts";
import type { Token } from "./scan.ts";

/** The tokens of one statement, comments and the closing semicolon left out. Never empty. */
export type Piece = readonly Token[];

export function splitStatements(text: string, tokens: readonly Token[], dialect: Dialect): readonly Piece[] {
  const pieces: Piece[] = [];
  let piece: Token[] = [];
  let nesting = newNesting();
  const close = (): void => {
    if (piece.length > 0) pieces.push(piece);
    piece = [];
    nesting = newNesting();
  };
  const significant = tokens.filter((token) => token.kind !== "comment");
  significant.forEach((token, i) => {
    const written = text.slice(token.start, token.end);
    if (dialect === "mssql" && isBatchEnd(text, token, written)) return close();
    if (written === ";" && nesting.parentheses === 0 && nesting.blocks === 0) {
      // The body of a routine without BEGIN … END goes on to the end of its batch.
      return nesting.routine && dialect === "mssql" ? void piece.push(token) : close();
    }
    piece.push(token);
    const after = significant[i + 1];
    advance(
      nesting,
      written,
      after ? text.slice(after.start, after.end).toLowerCase() : "",
      token,
      piece.length,
      dialect,
    );
  });
  close();
  return pieces;
}

interface Nesting {
  parentheses: number;
  blocks: number;
  /** The statement defines a function, a procedure or a trigger. */
  routine: boolean;
  creates: boolean;
  /** The word before, in lower case. */
  last: string;
}

const newNesting = (): Nesting => ({ parentheses: 0, blocks: 0, routine: false, creates: false, last: "" });

const routines = new Set(["function", "procedure", "proc", "trigger", "event", "package"]);
const notBlocks = new Set(["tran", "transaction", "work", ";", "", "immediate", "deferred", "exclusive"]);

function advance(
  nesting: Nesting,
  written: string,
  next: string,
  token: Token,
  length: number,
  dialect: Dialect,
): void {
  if (written === "(") nesting.parentheses++;
  else if (written === ")") nesting.parentheses = Math.max(0, nesting.parentheses - 1);
  if (token.kind !== "word") return;
  const word = written.toLowerCase();
  if (length === 1) nesting.creates = word === "create" || word === "alter";
  if (nesting.creates && length < 8 && routines.has(word)) nesting.routine = true;
  if (word === "begin") {
    if (opensBlock(nesting, next, dialect)) nesting.blocks++;
  } else if (nesting.blocks > 0) {
    if (word === "case" && nesting.last !== "end") nesting.blocks++;
    // `END IF` and its like close what was not counted.
    else if (word === "end" && !["if", "loop", "while", "repeat"].includes(next)) nesting.blocks--;
  }
  nesting.last = word;
}

const opensBlock = (nesting: Nesting, next: string, dialect: Dialect): boolean =>
  !notBlocks.has(next) && (nesting.routine || dialect === "mssql" || dialect === "oracle");

/** `GO` or Oracle's `/` alone on its line. */
function isBatchEnd(text: string, token: Token, written: string): boolean {
  if (written.toLowerCase() !== "go") return false;
  return lineBefore(text, token.start) === "" && lineAfter(text, token.end) === "";
}

const lineBefore = (text: string, at: number): string => text.slice(text.lastIndexOf("\n", at - 1) + 1, at).trim();
const lineAfter = (text: string, at: number): string => {
  const end = text.indexOf("\n", at);
  return text.slice(at, end < 0 ? text.length : end).trim();
};

const verbs = new Set([
  "create",
  "alter",
  "drop",
  "insert",
  "update",
  "delete",
  "merge",
  "truncate",
  "exec",
  "execute",
]);

/** Of Transact-SQL's `IF condition statement`, and `IF condition BEGIN …; … END`: the statements. */
export function guardedPieces(text: string, piece: Piece, dialect: Dialect): readonly Piece[] | undefined {
  const words = piece.map((token) => (token.kind === "word" ? text.slice(token.start, token.end).toLowerCase() : ""));
  if (words[0] !== "if" || words.includes("else")) return undefined;
  const from = startOfBody(text, piece, words);
  if (from === undefined) return undefined;
  const body = piece.slice(from);
  if (words[from] !== "begin") return [body];
  if (words.at(-1) !== "end") return undefined;
  const inner = splitStatements(text, body.slice(1, -1), dialect);
  return inner.length > 0 ? inner : undefined;
}

/** The first word outside brackets that begins a statement or a block. */
function startOfBody(text: string, piece: Piece, words: readonly string[]): number | undefined {
  let depth = 0;
  for (const [i, token] of piece.entries()) {
    const c = token.kind === "punctuation" ? text.charAt(token.start) : "";
    if (c === "(") depth++;
    else if (c === ")") depth--;
    const word = words[i] ?? "";
    if (depth === 0 && (verbs.has(word) || word === "begin")) return i;
  }
  return undefined;
}
