/** Expressions of node-sql-parser's trees as text again, and types of columns. */
import type { Dialect } from "../action.ts";
import type { ColumnType, SqlExpression } from "../definition.ts";
import { hasHole } from "../hole.ts";
import { scan } from "../scan.ts";
import type { Source } from "../source.ts";
import { at, isTree, textAt, treesAt } from "./tree.ts";

/** Gives the text of an expression; undefined where it is not known. */
export type Print = (expression: unknown) => string | undefined;

interface Printer {
  readonly exprToSQL: (expression: unknown, options: { readonly database: string }) => unknown;
}

/**
 * The parser's own printer, held against the source: what it prints counts only where the same tokens stand in the
 * text that was parsed, brackets, quotes and capitals aside.
 */
export function printerOf(parser: Printer, { text, tokens }: Source, dialect: Dialect): Print {
  let written: Places | undefined;
  return (expression) => {
    if (hasParameter(expression)) return undefined;
    try {
      const printed = parser.exprToSQL(expression, { database: dialect });
      if (typeof printed !== "string" || hasHole(printed)) return undefined;
      const tokensOfIt = bare(printed, dialect, scan(printed, dialect));
      written ??= placesOf(bare(text, dialect, tokens));
      return contains(written, tokensOfIt) ? unbracketed(printed) : undefined;
    } catch {
      return undefined;
    }
  };
}

/** Tokens in small letters, without brackets and quotes. */
function bare(text: string, dialect: Dialect, tokens: Source["tokens"]): readonly string[] {
  const names = dialect === "mysql" || dialect === "mariadb" ? '`"' : '`"[]';
  return tokens.flatMap(({ kind, start, end }) => {
    const written = text.slice(start, end).toLowerCase();
    if (kind === "comment" || written === "(" || written === ")") return [];
    return kind === "quoted" ? [[...written].filter((c) => !names.includes(c)).join("")] : [written];
  });
}

interface Places {
  readonly tokens: readonly string[];
  /** Where each token stands. */
  readonly of: ReadonlyMap<string, readonly number[]>;
}

function placesOf(tokens: readonly string[]): Places {
  const of = new Map<string, number[]>();
  for (const [i, token] of tokens.entries()) {
    const places = of.get(token);
    if (places) places.push(i);
    else of.set(token, [i]);
  }
  return { tokens, of };
}

/** Do the tokens of the part stand in the whole, one behind the other? The rarest of them is looked for. */
function contains(whole: Places, part: readonly string[]): boolean {
  const counts = part.map((token) => whole.of.get(token)?.length ?? 0);
  const rarest = counts.indexOf(Math.min(...counts));
  const places = whole.of.get(part[rarest] ?? "") ?? [];
  return places.some((place) => part.every((token, i) => whole.tokens[place - rarest + i] === token));
}

/** Without a pair of brackets around all of it. */
function unbracketed(text: string): string {
  if (!text.startsWith("(") || !text.endsWith(")")) return text;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charAt(i);
    if (c === "'" || c === '"' || c === "`") return text;
    if (c === "(") depth++;
    else if (c === ")" && --depth === 0 && i < text.length - 1) return text;
  }
  return unbracketed(text.slice(1, -1));
}

const parameters = new Set(["param", "var"]);

function hasParameter(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasParameter);
  if (!isTree(value)) return false;
  return parameters.has(textAt(value, "type") ?? "") || Object.values(value).some(hasParameter);
}

const constants = new Set([
  "number",
  "single_quote_string",
  "double_quote_string",
  "string",
  "bool",
  "null",
  "hex_string",
]);

export function expressionOf(expression: unknown, print: Print): SqlExpression {
  const calls = [...new Set(callsIn(expression))];
  const constant = constants.has(textAt(expression, "type") ?? "");
  return { sql: print(expression), ...(calls.length > 0 && { calls }), ...(constant && { constant }) };
}

/** The functions that a tree calls, by name in small letters. */
export function callsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(callsIn);
  if (!isTree(value)) return [];
  const type = textAt(value, "type");
  if (type === "extract") return ["extract", ...Object.values(value).flatMap(callsIn)];
  const path = type === "function" ? treesAt(value, "name", "name") : [];
  const name = path
    .map((part) => textAt(part, "value") ?? "")
    .join(".")
    .toLowerCase();
  const inner = Object.values(value).flatMap(callsIn);
  return name === "" || hasHole(name) ? inner : [name, ...inner];
}

/** In capitals, with what stands behind it: `INT UNSIGNED`. Undefined where a part of it is not known. */
export function columnType(definition: unknown): ColumnType | undefined {
  const name = textAt(definition, "dataType")?.toUpperCase();
  if (name === undefined || hasHole(name)) return undefined;
  const suffixes: unknown = at(definition, "suffix");
  const suffix = (Array.isArray(suffixes) ? suffixes : []).filter((one): one is string => typeof one === "string");
  const given = [at(definition, "length"), at(definition, "scale")].flatMap((one) =>
    typeof one === "number" || typeof one === "string" ? [String(one)] : [],
  );
  const values = treesAt(definition, "expr", "value").map((value) => textAt(value, "value"));
  if ([...given, ...values].some((one) => one === undefined || hasHole(one))) return undefined;
  const texts = values.flatMap((value) => (value === undefined ? [] : [`'${value.split("'").join("''")}'`]));
  return { name: [name, ...suffix].join(" "), arguments: [...given, ...texts], dimensions: 0 };
}
