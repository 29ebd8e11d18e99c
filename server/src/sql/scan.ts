/**
 * SQL text as tokens, per dialect. Every text has tokens: what never ends (a string, a comment) ends with the text.
 * It serves to cut a text into statements, to find placeholders, and to read the leading keywords where no grammar can.
 */
import type { Dialect } from "./action.ts";
import { HOLE } from "./hole.ts";

export type TokenKind =
  | "word"
  | "quoted" // an identifier in quotes
  | "string"
  | "number"
  | "operator"
  | "punctuation" // one of ( ) , ; . [ ]
  | "parameter"
  | "comment";

export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
}

/** What differs between the dialects' lexers. */
interface Lexer {
  readonly backslashes: boolean;
  readonly dollarQuotes: boolean;
  readonly nestedComments: boolean;
  readonly hashComments: boolean;
  readonly brackets: boolean;
  readonly backticks: boolean;
  readonly doubleQuotedStrings: boolean;
  /** Letters that may start a word beside the usual ones. */
  readonly sigils: string;
}

const plain: Lexer = {
  backslashes: false,
  dollarQuotes: false,
  nestedComments: false,
  hashComments: false,
  brackets: false,
  backticks: false,
  doubleQuotedStrings: false,
  sigils: "",
};
const mysql: Lexer = {
  ...plain,
  backslashes: true,
  hashComments: true,
  backticks: true,
  doubleQuotedStrings: true,
  sigils: "@",
};

const lexers: Record<Dialect, Lexer> = {
  postgresql: { ...plain, dollarQuotes: true, nestedComments: true },
  mysql,
  mariadb: mysql,
  sqlite: { ...plain, brackets: true, backticks: true },
  mssql: { ...plain, nestedComments: true, brackets: true, sigils: "@#" },
  oracle: plain,
};

const operatorCharacters = "+-*/<>=~!@#%^&|`?:\\$";

const isDigit = (c: string): boolean => c >= "0" && c <= "9";
const isLetter = (c: string): boolean => (c >= "a" && c <= "z") || (c >= "A" && c <= "Z") || c === "_" || c > "\u007F";
const isWordPart = (c: string): boolean => isLetter(c) || isDigit(c) || c === "$";
const isSpace = (c: string): boolean => c === " " || (c >= "\t" && c <= "\r") || c === "\u00A0" || c === "\uFEFF";

/** Words after which a value is expected, so that `?` and `%s` behind them are parameters and not operators. */
const beforeValue = new Set(
  (
    "select where and or not in values set limit offset then else when like ilike between returning by case on is any all from into " +
    "table update interval distinct having using as default join exists union except intersect fetch first next show"
  ).split(" "),
);

export function scan(text: string, dialect: Dialect): readonly Token[] {
  const lexer = lexers[dialect];
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (isSpace(text.charAt(at))) {
      at++;
      continue;
    }
    const token = next(text, at, lexer, () => followsValue(text, tokens));
    tokens.push(token);
    at = token.end;
  }
  return tokens;
}

function next(text: string, at: number, lexer: Lexer, afterValue: () => boolean): Token {
  const c = text.charAt(at);
  const one = (kind: TokenKind, end: number): Token => ({
    kind,
    start: at,
    end: Math.min(Math.max(end, at + 1), text.length),
  });

  if (text.startsWith("--", at) || (c === "#" && lexer.hashComments)) return one("comment", endOfLine(text, at));
  if (text.startsWith("/*", at)) return one("comment", endOfComment(text, at, lexer.nestedComments));
  if (c === "'") return one("string", endOfQuote(text, at, "'", lexer.backslashes));
  if (c === '"') {
    return lexer.doubleQuotedStrings
      ? one("string", endOfQuote(text, at, '"', lexer.backslashes))
      : one("quoted", endOfQuote(text, at, '"', false));
  }
  if (c === "`" && lexer.backticks) return one("quoted", endOfQuote(text, at, "`", false));
  if (c === "[" && lexer.brackets) return one("quoted", endOfQuote(text, at, "]", false));
  const prefixed = endOfPrefixedString(text, at, lexer);
  if (prefixed !== undefined) return one("string", prefixed);
  if (c === "$") {
    const end = endOfDollarQuote(text, at);
    // A project of another dialect may hold PostgreSQL's SQL too; there a quote is one only where it ends.
    if (end !== undefined && (lexer.dollarQuotes || end <= text.length)) return one("string", end);
    if (lexer.dollarQuotes && isDigit(text.charAt(at + 1))) return one("parameter", endOfWord(text, at + 1));
  }
  const parameter = endOfParameter(text, at, afterValue);
  if (parameter !== undefined) return one("parameter", parameter);
  if (isDigit(c) || (c === "." && isDigit(text.charAt(at + 1)) && !afterValue()))
    return one("number", endOfNumber(text, at));
  if (isLetter(c) || (lexer.sigils.includes(c) && /[@#\w]/.test(text.charAt(at + 1)))) {
    let end = at;
    while (lexer.sigils !== "" && lexer.sigils.includes(text.charAt(end)) && end < text.length) end++;
    return one("word", endOfWord(text, Math.max(end, at)));
  }
  if ("(),;.[]".includes(c)) return one("punctuation", at + 1);
  return one("operator", endOfOperator(text, at));
}

const endOfLine = (text: string, at: number): number => {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
};

function endOfComment(text: string, at: number, nested: boolean): number {
  let depth = 1;
  let i = at + 2;
  while (i < text.length) {
    if (text.startsWith("*/", i)) {
      i += 2;
      if (--depth === 0) return i;
    } else if (nested && text.startsWith("/*", i)) {
      i += 2;
      depth++;
    } else i++;
  }
  return text.length;
}

/** Past the closing quote; a doubled quote is a quote inside. */
function endOfQuote(text: string, at: number, close: string, backslashes: boolean): number {
  let i = at + 1;
  while (i < text.length) {
    const c = text.charAt(i);
    if (c === "\\" && backslashes) i += 2;
    else if (c !== close) i++;
    else if (text.charAt(i + 1) === close) i += 2;
    else return i + 1;
  }
  return text.length;
}

/** E'…', U&'…', B'…', X'…', N'…' and U&"…". */
function endOfPrefixedString(text: string, at: number, lexer: Lexer): number | undefined {
  const c = text.charAt(at).toLowerCase();
  if ("ebxn".includes(c) && text.charAt(at + 1) === "'") {
    return endOfQuote(text, at + 1, "'", lexer.backslashes || (c === "e" && lexer.dollarQuotes));
  }
  if (c === "u" && text.startsWith("&'", at + 1)) return endOfQuote(text, at + 2, "'", false);
  return undefined;
}

/** Past the text where it never ends. */
function endOfDollarQuote(text: string, at: number): number | undefined {
  let i = at + 1;
  if (isDigit(text.charAt(i))) return undefined;
  while (i < text.length && text.charAt(i) !== "$") {
    if (!isLetter(text.charAt(i)) && !isDigit(text.charAt(i))) return undefined;
    i++;
  }
  if (i >= text.length) return undefined;
  const tag = text.slice(at, i + 1);
  const close = text.indexOf(tag, i + 1);
  return close < 0 ? text.length + 1 : close + tag.length;
}

/** `:name` (not `::type`), `%(name)s`, `%s`, `?`. */
function endOfParameter(text: string, at: number, afterValue: () => boolean): number | undefined {
  const c = text.charAt(at);
  if (c === ":") {
    const before = text.charAt(at - 1);
    if (before === ":" || before === "\\" || (before !== "" && isWordPart(before))) return undefined;
    const end = endOfWord(text, at + 1);
    return end > at + 1 ? end : undefined;
  }
  if (c === "%") {
    if (text.charAt(at + 1) === "(") {
      const close = text.indexOf(")", at);
      const end = close + 1;
      if (close < 0 || !isLetter(text.charAt(end)) || endOfWord(text, end) !== end + 1) return undefined;
      return text
        .slice(at + 2, close)
        .split("")
        .every(isWordPart)
        ? end + 1
        : undefined;
    }
    if (text.charAt(at + 1) === "s" && !isWordPart(text.charAt(at + 2)) && !afterValue()) return at + 2;
  }
  if (c === "?" && !"|&?@".includes(text.charAt(at + 1) || " ") && !afterValue()) return at + 1;
  return undefined;
}

function endOfWord(text: string, at: number): number {
  let i = at;
  while (i < text.length && isWordPart(text.charAt(i))) i++;
  return i;
}

/** Digits, fraction, exponent, and holes: `1` with an unknown part behind it is a number. */
function endOfNumber(text: string, at: number): number {
  let i = at;
  while (i < text.length) {
    const c = text.charAt(i);
    const before = text.charAt(i - 1).toLowerCase();
    if (isDigit(c) || c === HOLE || c === "_" || (c === "." && text.charAt(i + 1) !== ".")) i++;
    else if (/[a-z]/i.test(c) || ((c === "+" || c === "-") && before === "e" && i > at)) i++;
    else break;
  }
  return i;
}

function endOfOperator(text: string, at: number): number {
  let i = at + 1;
  while (i < text.length && operatorCharacters.includes(text.charAt(i))) {
    if (
      text.startsWith("--", i) ||
      text.startsWith("/*", i) ||
      "?%:".includes(text.charAt(i - 1)) !== "?%:".includes(text.charAt(i))
    )
      break;
    i++;
  }
  return i;
}

function followsValue(text: string, tokens: readonly Token[]): boolean {
  let last: Token | undefined;
  for (let i = tokens.length - 1; i >= 0; i--) {
    last = tokens[i];
    if (last?.kind !== "comment") break;
  }
  if (!last || last.kind === "comment") return false;
  if (last.kind === "word") return !beforeValue.has(text.slice(last.start, last.end).toLowerCase());
  if (last.kind === "punctuation") return text[last.start] === ")" || text[last.start] === "]";
  return last.kind !== "operator";
}

/**
 * What an identifier is called: quotes off, else folded as the dialect folds names. Oracle folds to capitals, but
 * SQLAlchemy writes such names in small letters, and so do revisions.
 */
export function nameOf(token: Token, text: string, dialect: Dialect): string {
  const written = text.slice(token.start, token.end);
  if (token.kind === "word") {
    return dialect === "postgresql" || dialect === "oracle" ? written.toLowerCase() : written;
  }
  const close = written.startsWith("[") ? "]" : written.charAt(0);
  const inner = written.slice(1, written.length > 1 && written.endsWith(close) ? -1 : undefined);
  return inner.split(close + close).join(close);
}
