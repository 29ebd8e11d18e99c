/** String literals: their characters, and where in the file each stretch of them stands. */
import type { Range } from "../text/range.ts";
import { type Characters, childOf, childrenOf, type Node, textOf } from "./node.ts";
import type { Text, Value } from "./value.ts";
import { appendFormatted } from "./formatted.ts";
import { strOf } from "./repr.ts";
import { newText, type TextBuilder } from "./text.ts";

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
  const [expression] = node.children;
  if (!expression) return;
  const value = read(expression);
  const conversion = childOf(node, "type_conversion");
  const specifier = childOf(node, "format_specifier");
  const end = conversion?.start ?? specifier?.start ?? node.end - 1;
  const shown = text.slice(node.start + 1, end);
  const isShown = isDebug(text.slice(expression.end, end));
  if (isShown) out.add(shown, { start: node.start + 1, end }, true);
  // `{x=}` shows the representation, unless it says how else.
  const how = conversion ? textOf(text, conversion).slice(1).trim() : isShown && !specifier ? "r" : "";
  const spec = specifier ? readSpecifier(specifier, text, read) : "";
  appendFormatted(out, value, { conversion: how, spec }, "f-string");
}

const isDebug = (behind: string): boolean => behind.trimEnd().endsWith("=");

/** The specification without its colon; undefined where a part of it is not known. */
function readSpecifier(node: Node, text: Characters, read: (node: Node) => Value): string | undefined {
  let spec = "";
  let at = node.start + 1;
  for (const part of childrenOf(node, "format_expression")) {
    const [expression] = part.children;
    const value = expression && strOf(read(expression));
    if (value === undefined) return undefined;
    spec += text.slice(at, part.start) + value;
    at = part.end;
  }
  return spec + text.slice(at, node.end);
}

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

/** The characters of a literal, from what stands between its quotes; undefined where something is interpolated. */
export function unescapeLiteral(content: string, prefix: string): string | undefined {
  const formatted = prefix.includes("f") || prefix.includes("t");
  if (formatted && /[{}]/.test(content.replaceAll(braces, ""))) return undefined;
  const plain = prefix.includes("r") ? content : content.replaceAll(escapes, decode);
  return formatted ? plain.replaceAll(braces, (pair) => pair.charAt(0)) : plain;
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
