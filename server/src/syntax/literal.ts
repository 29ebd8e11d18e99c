/** String literals: their characters, and where in the file each stretch of them stands. */
import type { Range } from "../text/range.ts";
import { type Characters, type Node, textOf } from "./node.ts";
import type { Text, Value } from "./value.ts";
import { appendHole, appendText, newText, type TextBuilder } from "./text.ts";

/** `read` gives the value of an interpolated expression. */
export function readString(node: Node, text: Characters, read: (node: Node) => Value): Text {
  const out = newText();
  const parts = node.type === "concatenated_string" ? node.children : [node];
  for (const part of parts) if (part.type === "string") readPart(part, text, read, out);
  return out.finish(node);
}

function readPart(node: Node, text: Characters, read: (node: Node) => Value, out: TextBuilder): void {
  const first = node.children[0];
  const last = node.children.at(-1);
  if (!first || !last) return;
  const prefix = textOf(text, first)
    .replace(/["']+$/, "")
    .toLowerCase();
  const raw = prefix.includes("r");
  const formatted = prefix.includes("f") || prefix.includes("t");
  let at = first.end;
  for (const child of node.children) {
    if (child.type !== "interpolation") continue;
    copy(text, { start: at, end: child.start }, raw, formatted, out);
    interpolate(child, text, read, out);
    at = child.end;
  }
  copy(text, { start: at, end: last.type === "string_end" ? last.start : node.end }, raw, formatted, out);
}

function interpolate(node: Node, text: Characters, read: (node: Node) => Value, out: TextBuilder): void {
  const [expression, ...rest] = node.children;
  if (!expression) return;
  const value = read(expression);
  const source = textOf(text, node);
  const shown = rest.length === 0 && !/=\s*\}$/.test(source) ? plainText(value) : undefined;
  if (shown) appendText(out, shown);
  else appendHole(out, value, "f-string");
}

/** What `str(value)` gives, where that is known. */
export function plainText(value: Value): Text | undefined {
  if (value.kind === "text") return value;
  if (value.kind !== "scalar") return undefined;
  const shown =
    value.value === null
      ? "None"
      : value.value === true
        ? "True"
        : value.value === false
          ? "False"
          : showNumber(value.value);
  if (shown === undefined) return undefined;
  const out = newText();
  out.add(shown, value.range, false);
  return out.finish(value.range);
}

const showNumber = (value: number): string | undefined => (Number.isSafeInteger(value) ? String(value) : undefined);

const escapes =
  /\\(?:(\r?\n)|([abfnrtv\\'"])|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|N\{[^}]*\})/g;
const simple: Readonly<Record<string, string>> = { a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

function copy(text: Characters, range: Range, raw: boolean, formatted: boolean, out: TextBuilder): void {
  if (range.end <= range.start) return;
  const source = text.slice(range.start, range.end);
  const pattern = raw ? (formatted ? braces : undefined) : formatted ? both : escapes;
  if (!pattern || !/[\\{}]/.test(source)) return out.add(source, range, true);
  let at = 0;
  for (const match of source.matchAll(pattern)) {
    out.add(source.slice(at, match.index), { start: range.start + at, end: range.start + match.index }, true);
    at = match.index + match[0].length;
    out.add(decode(match[0]), { start: range.start + match.index, end: range.start + at }, false);
  }
  out.add(source.slice(at), { start: range.start + at, end: range.end }, true);
}

const braces = /\{\{|\}\}/g;
const both = new RegExp(`${escapes.source}|${braces.source}`, "g");

function decode(source: string): string {
  if (source === "{{" || source === "}}") return source.charAt(0);
  const [, c = ""] = source;
  if (c === "\n" || c === "\r") return "";
  if (c === "x" || c === "u" || c === "U") return codePoint(parseInt(source.slice(2), 16));
  if (c === "N") return "\uFFFD";
  if (/[0-7]/.test(c)) return codePoint(parseInt(source.slice(1), 8));
  return simple[c] ?? c;
}

const codePoint = (code: number): string => (code <= 0x10ffff ? String.fromCodePoint(code) : "\uFFFD");
