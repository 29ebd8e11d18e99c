/** `[tool.alembic]` and other tables of `pyproject.toml`, with places good enough to point at. */
import { parse, TomlError } from "smol-toml";
import { LineIndex } from "../text/lines.ts";
import { range, type Range } from "../text/range.ts";

export type TomlTable = Readonly<Record<string, unknown>>;

export interface Toml {
  readonly root: TomlTable;
  readonly problem?: { readonly message: string; readonly range: Range };
}

/** Reads the text; never throws. */
export function parseToml(text: string): Toml {
  try {
    return { root: parse(text) };
  } catch (error) {
    const line = error instanceof TomlError ? error.line : 1;
    const cause = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    return { root: {}, problem: { message: `Line ${line}: ${cause}.`, range: lineRange(text, line - 1) } };
  }
}

/** The table at the end of the keys, or undefined where there is none. */
export function tomlTable(root: TomlTable, keys: readonly string[]): TomlTable | undefined {
  let at: unknown = root;
  for (const key of keys) at = isTable(at) ? at[key] : undefined;
  return isTable(at) ? at : undefined;
}

export const isTable = (value: unknown): value is TomlTable =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);

/**
 * Where `key = …` stands below the header `[table]`; the header's line, else the start of the file, where it is written
 * in another way (inline tables, dotted keys).
 */
export function tomlPlace(text: string, table: string, key: string): Range {
  const header = new RegExp(String.raw`^[ \t]*\[[ \t]*${escape(table)}[ \t]*\].*$`, "m").exec(text);
  if (header === null) return range(0, 0);
  const from = header.index + header[0].length;
  const nextHeader = /^[ \t]*\[/m.exec(text.slice(from));
  const body = text.slice(from, nextHeader === null ? text.length : from + nextHeader.index);
  const line = new RegExp(String.raw`^[ \t]*["']?${escape(key)}["']?[ \t]*=.*$`, "m").exec(body);
  if (line === null) return range(header.index, from);
  const start = from + line.index + (line[0].length - line[0].trimStart().length);
  return range(start, from + line.index + line[0].trimEnd().length);
}

const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

function lineRange(text: string, line: number): Range {
  const lines = new LineIndex(text);
  const start = lines.lineStart(line);
  const rest = /^[^\r\n]*/.exec(text.slice(start))?.[0] ?? "";
  return range(start, start + rest.length);
}
