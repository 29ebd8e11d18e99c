/** TOML as values that know where they stand. */
import { parseTOML, ParseError, type AST } from "toml-eslint-parser";
import { LineIndex } from "./lines.ts";
import { range, type Range } from "./range.ts";

export type TomlValue =
  | { readonly kind: "string"; readonly value: string; readonly range: Range }
  | { readonly kind: "integer"; readonly value: number; readonly range: Range }
  | { readonly kind: "boolean"; readonly value: boolean; readonly range: Range }
  | { readonly kind: "array"; readonly items: readonly TomlValue[]; readonly range: Range }
  | TomlTable
  /** A float, a date or a time. */
  | { readonly kind: "other"; readonly range: Range };

export interface TomlTable {
  readonly kind: "table";
  readonly entries: ReadonlyMap<string, TomlValue>;
  /** Where the names of its entries stand first. */
  readonly keys: ReadonlyMap<string, Range>;
  /** Of its braces, or of the key that it is first named by. */
  readonly range: Range;
}

export interface Toml {
  readonly root: TomlTable;
  /** The first thing that is wrong; then the root is empty. Names the line and the cause. */
  readonly problem?: { readonly message: string; readonly range: Range };
}

/** Reads the text; never throws. */
export function parseToml(text: string): Toml {
  const root = openTable(range(0, 0));
  try {
    for (const node of parseTOML(text, { tomlVersion: "1.0" }).body[0].body) {
      if (node.type === "TOMLKeyValue") put(root, node);
      else readTable(root, node);
    }
    return { root };
  } catch (error) {
    return { root: openTable(range(0, 0)), problem: toProblem(text, error) };
  }
}

interface OpenTable extends TomlTable {
  readonly entries: Map<string, TomlValue>;
  readonly keys: Map<string, Range>;
}

const openTable = (where: Range): OpenTable => ({ kind: "table", entries: new Map(), keys: new Map(), range: where });

function enter(table: OpenTable, name: string, value: TomlValue, where: Range): void {
  table.entries.set(name, value);
  if (!table.keys.has(name)) table.keys.set(name, where);
}

/** `[a.b]`, or `[[a.b]]`, in whose resolved key a number tells which table of an array is meant. */
function readTable(root: OpenTable, { key, resolvedKey, body }: AST.TOMLTable): void {
  const where = toRange(key);
  let at = root;
  for (const [i, name] of resolvedKey.entries()) {
    const number = resolvedKey[i + 1];
    if (typeof name === "string")
      at = typeof number === "number" ? itemOf(at, name, number, where) : inner(at, name, where);
  }
  for (const entry of body) put(at, entry);
}

/** The table of that name, made where there is none yet. */
function inner(table: OpenTable, name: string, where: Range): OpenTable {
  const known = table.entries.get(name);
  if (known?.kind === "table") return known as OpenTable;
  const made = openTable(where);
  enter(table, name, made, where);
  return made;
}

function itemOf(table: OpenTable, name: string, number: number, where: Range): OpenTable {
  const known = table.entries.get(name);
  const items = known?.kind === "array" ? known.items : [];
  const item = items[number];
  if (item?.kind === "table") return item as OpenTable;
  const made = openTable(where);
  enter(table, name, { kind: "array", items: [...items, made], range: where }, where);
  return made;
}

function put(table: OpenTable, { key, value }: AST.TOMLKeyValue): void {
  const names = key.keys.map((one) => (one.type === "TOMLBare" ? one.name : one.value));
  const at = names.slice(0, -1).reduce((outer, name) => inner(outer, name, toRange(key)), table);
  enter(at, names.at(-1) ?? "", toValue(value), toRange(key));
}

function toValue(node: AST.TOMLContentNode): TomlValue {
  const where = toRange(node);
  if (node.type === "TOMLArray") return { kind: "array", items: node.elements.map(toValue), range: where };
  if (node.type === "TOMLInlineTable") {
    const table = openTable(where);
    for (const entry of node.body) put(table, entry);
    return table;
  }
  if (node.kind === "string") return { kind: "string", value: node.value, range: where };
  if (node.kind === "integer") return { kind: "integer", value: node.value, range: where };
  if (node.kind === "boolean") return { kind: "boolean", value: node.value, range: where };
  return { kind: "other", range: where };
}

const toRange = ({ range: [start, end] }: { readonly range: readonly [number, number] }): Range => range(start, end);

function toProblem(text: string, error: unknown): { readonly message: string; readonly range: Range } {
  const lines = new LineIndex(text);
  const cause = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
  const offset = error instanceof ParseError ? error.index : 0;
  // That nothing follows is noticed at the line's end or beyond it.
  const at = /[\r\n]/.test(text.charAt(offset - 1)) && isUnfinished(text, offset) ? offset - 1 : offset;
  const { line } = lines.positionAt(at);
  const start = lines.lineStart(line);
  const end = Math.max(start, lines.offsetAt({ line: line + 1, character: 0 }));
  const written = text.slice(start, line + 1 < lines.lineCount ? end : text.length).replace(/[\r\n]+$/, "");
  return { message: `Line ${line + 1}: ${cause}.`, range: range(start, start + written.length) };
}

/** A value is missing, or the bracket that ends the name of a table. */
const isUnfinished = (text: string, offset: number): boolean =>
  /(?:=|(?:^|[\r\n])[ \t]*\[[^\]\r\n]*)$/.test(text.slice(0, offset).trimEnd());
