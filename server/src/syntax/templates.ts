/** `template % values` and `template.format(…)`. */
import type { Range } from "../text/range.ts";
import { findEntry, itemAt, itemsOf } from "./containers.ts";
import { appendFormatted, formatted } from "./formatted.ts";
import { formatNumber, formatString, parseSpec } from "./format-spec.ts";
import { rangeOf, unknown } from "./interpreter.ts";
import { numberOf } from "./numbers.ts";
import { reprOf, strOf } from "./repr.ts";
import { appendHole, appendStretch, derivedText, newText, type TextBuilder } from "./text.ts";
import type { Argument, Text, Value } from "./value.ts";

const namedKey = (name: string, range: Range): Text => derivedText(name, range);

const entryNamed = (value: Value, name: string): Value | undefined =>
  value.kind === "mapping" ? findEntry(value, namedKey(name, value.range)) : undefined;

const notKnown = (value: Value): Value =>
  value.kind === "text" ? { kind: "unknown", why: "a converted string", from: value, range: value.range } : value;

interface Conversion {
  readonly key: string | undefined;
  readonly flags: string;
  /** "*" takes it from the values. */
  readonly width: string;
  readonly precision: string | undefined;
  readonly type: string;
  readonly end: number;
}

/** What stands behind a `%`. */
function readConversion(text: string, start: number): Conversion | undefined {
  let at = start;
  let key: string | undefined;
  if (text[at] === "(") {
    const close = text.indexOf(")", at);
    if (close < 0) return undefined;
    key = text.slice(at + 1, close);
    at = close + 1;
  }
  const run = (allowed: string): string => {
    const from = at;
    while (at < text.length && allowed.includes(text.charAt(at))) at++;
    return text.slice(from, at);
  };
  const flags = run("-+ #0");
  const width = text[at] === "*" ? text.charAt(at++) : run("0123456789");
  let precision: string | undefined;
  if (text[at] === ".") {
    at++;
    precision = text[at] === "*" ? text.charAt(at++) : run("0123456789");
  }
  run("hlL");
  const type = text.charAt(at);
  return "diouxXeEfFgGcrsa%".includes(type) && type !== ""
    ? { key, flags, width, precision, type, end: at + 1 }
    : undefined;
}

/** `left % right`. */
export function percent(left: Text, right: Value, range: Range): Text {
  const out = newText();
  const isTuple = right.kind === "sequence" && right.type === "tuple";
  const positional = isTuple ? (itemsOf(right) ?? []) : undefined;
  let next = 0;
  let at = 0;
  const take = (): Value => (positional ? positional[next++] : next++ === 0 ? right : undefined) ?? right;
  for (let sign = left.text.indexOf("%"); sign >= 0 && !out.isCut; sign = left.text.indexOf("%", at)) {
    appendStretch(out, left, at, sign);
    const conversion = readConversion(left.text, sign + 1);
    at = conversion?.end ?? sign + 1;
    if (!conversion) appendStretch(out, left, sign, at);
    else if (conversion.type === "%") appendStretch(out, left, at - 1, at);
    else {
      const width = conversion.width === "*" ? starred(take()) : conversion.width;
      const precision = conversion.precision === "*" ? starred(take()) : conversion.precision;
      const value =
        conversion.key === undefined
          ? take()
          : (entryNamed(right, conversion.key) ?? unknown("an entry that is not known", range, right));
      appendConverted(out, value, { ...conversion, width: width ?? "?", precision });
    }
  }
  appendStretch(out, left, at, left.text.length);
  return out.finish(range);
}

const starred = (value: Value): string => strOf(value) ?? "?";

function appendConverted(out: TextBuilder, value: Value, conversion: Conversion): void {
  const { type, flags, width, precision } = conversion;
  if (type === "s" && flags === "" && width === "" && precision === undefined) {
    appendFormatted(out, value, { conversion: "s", spec: "" }, "percent");
    return;
  }
  const shown = converted(value, conversion);
  if (shown === undefined) appendHole(out, notKnown(value), "percent");
  else out.add(shown, value.range, false);
}

function converted(value: Value, { type, flags, width, precision }: Conversion): string | undefined {
  if (flags.includes("#")) return undefined;
  const align = flags.includes("-") ? "<" : "";
  const digits = precision === undefined ? "" : `.${precision || "0"}`;
  if (type === "s" || type === "r" || type === "c") {
    const text = type === "r" ? reprOf(value) : type === "c" ? characterOf(value) : strOf(value);
    const spec = parseSpec(`${align || ">"}${width}${type === "c" ? "" : digits}`);
    return text === undefined || !spec ? undefined : formatString(text, spec);
  }
  const number = value.kind === "scalar" ? numberOf(value) : undefined;
  if (!number || type === "a") return undefined;
  const isWhole = "diuoxX".includes(type);
  if (isWhole && precision !== undefined) return undefined;
  if (number.isFloat && "oxX".includes(type)) return undefined;
  const sign = flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
  const zero = flags.includes("0") && align === "" ? "0" : "";
  const spec = parseSpec(
    `${align}${sign}${zero}${width}${digits}${isWhole ? (type === "i" || type === "u" ? "d" : type) : type}`,
  );
  const given = isWhole ? { value: Math.trunc(number.value), isFloat: false } : number;
  return spec && formatNumber(given, spec);
}

function characterOf(value: Value): string | undefined {
  if (value.kind === "text")
    return value.holes.length === 0 && Array.from(value.text).length === 1 ? value.text : undefined;
  return formatted(value, { conversion: "", spec: "c" });
}

/** `text.format(*args)`. */
export function format(text: Text, args: readonly Argument[], range: Range): Text {
  const out = newText();
  const fields = new Fields(args, range);
  appendFields(out, text, [0, text.text.length], fields);
  return out.finish(range);
}

/** The values that fields stand for. */
class Fields {
  readonly #positional: readonly Value[];
  readonly #args: readonly Argument[];
  readonly #range: Range;
  #next = 0;

  constructor(args: readonly Argument[], range: Range) {
    this.#args = args;
    this.#range = range;
    const starred = args.findIndex((arg) => arg.starred && arg.value.kind !== "mapping");
    const plain = starred < 0 ? args : args.slice(0, starred);
    this.#positional = plain.filter((arg) => arg.name === undefined && !arg.starred).map((arg) => arg.value);
  }

  /** `0`, `name`, `0.attribute`, `name[key]`, or nothing for the next one. */
  value(field: string): Value {
    const first = /[.[]/.exec(field)?.index ?? field.length;
    const root = field.slice(0, first);
    const start =
      root === "" ? this.#positional[this.#next++] : isIndex(root) ? this.#positional[Number(root)] : this.#named(root);
    let value = start;
    for (let at = first; at < field.length && value;) {
      if (field[at] !== "[") return this.#unknown();
      const close = field.indexOf("]", at);
      if (close < 0) return this.#unknown();
      const key = field.slice(at + 1, close);
      const index: Value = isIndex(key)
        ? { kind: "scalar", value: Number(key), range: rangeOf(this.#range) }
        : namedKey(key, this.#range);
      value = itemAt(value, index);
      at = close + 1;
    }
    return value ?? this.#unknown();
  }

  #named(name: string): Value | undefined {
    return (
      this.#args.find((arg) => arg.name === name)?.value ??
      this.#args.flatMap((arg) => (arg.starred ? (entryNamed(arg.value, name) ?? []) : [])).at(0)
    );
  }

  #unknown(): Value {
    return unknown("an argument of format() that is not known", this.#range);
  }
}

const isIndex = (text: string): boolean => text !== "" && Array.from(text).every((c) => c >= "0" && c <= "9");

/** Copies the stretch of the template with its fields filled in. */
function appendFields(out: TextBuilder, template: Text, [from, to]: readonly [number, number], fields: Fields): void {
  const { text } = template;
  let at = from;
  for (let i = from; i < to && !out.isCut; i++) {
    const c = text[i];
    if (c !== "{" && c !== "}") continue;
    appendStretch(out, template, at, i);
    if (text[i + 1] === c) {
      appendStretch(out, template, i, i + 1);
      at = i + 2;
      i++;
      continue;
    }
    const end = c === "{" ? endOfField(text, i, to) : undefined;
    if (end === undefined) {
      at = i;
      continue;
    }
    appendField(out, text.slice(i + 1, end), fields);
    at = end + 1;
    i = end;
  }
  appendStretch(out, template, at, to);
}

/** The closing brace of the field that opens at `start`; fields may hold fields. */
function endOfField(text: string, start: number, limit: number): number | undefined {
  let depth = 0;
  for (let at = start; at < limit; at++) {
    if (text[at] === "{") depth++;
    else if (text[at] === "}" && --depth === 0) return at;
  }
  return undefined;
}

function appendField(out: TextBuilder, field: string, fields: Fields): void {
  const colon = field.indexOf(":");
  const head = colon < 0 ? field : field.slice(0, colon);
  const mark = head.indexOf("!");
  const value = fields.value((mark < 0 ? head : head.slice(0, mark)).trim());
  const inner = newText();
  if (colon >= 0) {
    const spec = derivedText(field.slice(colon + 1), value.range);
    appendFields(inner, spec, [0, spec.text.length], fields);
  }
  const spec = inner.finish(value.range);
  const conversion = mark < 0 ? "" : head.slice(mark + 1).trim();
  appendFormatted(out, value, { conversion, spec: spec.holes.length > 0 ? undefined : spec.text }, "format");
}

/** `text.format_map(mapping)`. */
export const formatMap = (text: Text, values: Value, range: Range): Text =>
  format(text, [{ value: values, starred: true, range: values.range }], range);
