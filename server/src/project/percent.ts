/** Python's `template % {"name": value, …}`, which `file_template` and the strings of `pyproject.toml` go through. */
import { renderRepr } from "./repr.ts";

export type Formatted =
  | { readonly value: string }
  /** Why Python raises, or why it is not followed here; the end of a sentence. */
  | { readonly cause: string };

type Values = Readonly<Record<string, string | number>>;

interface Conversion {
  readonly key: string;
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly type: string;
}

/** Numbers are whole. Floating-point conversions (`%(year)f`) are not followed. */
export function formatPercent(template: string, values: Values): Formatted {
  let value = "";
  let at = 0;
  for (let percent = template.indexOf("%"); percent !== -1; percent = template.indexOf("%", at)) {
    value += template.slice(at, percent);
    if (template[percent + 1] === "%") {
      value += "%";
      at = percent + 2;
      continue;
    }
    const conversion = readConversion(template, percent + 1);
    if ("cause" in conversion) return conversion;
    const formatted = convert(conversion, values);
    if ("cause" in formatted) return formatted;
    value += formatted.value;
    at = conversion.end;
  }
  return { value: value + template.slice(at) };
}

function readConversion(template: string, start: number): (Conversion & { end: number }) | { cause: string } {
  const key = readKey(template, start);
  if (key === undefined) return { cause: `a "%" that stands for itself is written "%%"` };
  const parts = /^([-+ #0]*)(\d*)(?:\.(\d*))?[hlL]?(.?)/su.exec(template.slice(key.end));
  const [all = "", flags = "", width = "", precision, type = ""] = parts ?? [];
  if (type === "") return { cause: `"${template.slice(start - 1)}" has no letter at its end, such as "s" or "d"` };
  return {
    key: key.name,
    flags,
    width: Number(width),
    precision: precision === undefined ? undefined : Number(precision),
    type,
    end: key.end + all.length,
  };
}

/** The name in parentheses, which may hold pairs of parentheses itself. */
function readKey(template: string, start: number): { readonly name: string; readonly end: number } | undefined {
  if (template[start] !== "(") return undefined;
  let depth = 0;
  for (let i = start; i < template.length; i++) {
    if (template[i] === "(") depth++;
    else if (template[i] === ")" && --depth === 0) return { name: template.slice(start + 1, i), end: i + 1 };
  }
  return undefined;
}

/** More than this is an accident: no name is that long. */
const maximalWidth = 1000;

function convert(conversion: Conversion, values: Values): Formatted {
  const { key, flags, width, precision, type } = conversion;
  const value = Object.hasOwn(values, key) ? values[key] : undefined;
  if (value === undefined) return { cause: `it refers to "${key}", which is not known here` };
  if (width > maximalWidth || (precision ?? 0) > maximalWidth) return { cause: `"${key}" is given too much room` };
  const isText = "sra".includes(type);
  const text = isText ? readText(value, type).slice(0, precision) : [...(readNumber(value, conversion) ?? [])];
  if (!isText && text.length === 0) return { cause: `"%(${key})${type}" cannot be followed here` };
  if (flags.includes("-")) return { value: [...text, ...spaces(width - text.length)].join("") };
  return { value: [...spaces(width - text.length), ...text].join("") };
}

const spaces = (count: number): readonly string[] => Array.from({ length: Math.max(0, count) }, () => " ");

/** In characters, as Python counts them. */
function readText(value: string | number, type: string): readonly string[] {
  if (type === "s" || typeof value === "number") return [...String(value)];
  return [...renderRepr(value, { ascii: type === "a" })];
}

/** Undefined for what is no number, and for letters that are not followed. */
function readNumber(value: string | number, { flags, width, precision = 0, type }: Conversion): string | undefined {
  if (type === "c") return readCharacter(value);
  const base = { d: 10, i: 10, u: 10, o: 8, x: 16, X: 16 }[type];
  if (typeof value !== "number" || base === undefined) return undefined;
  const sign = value < 0 ? "-" : flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
  const prefix = sign + (flags.includes("#") ? ({ o: "0o", x: "0x", X: "0X" }[type] ?? "") : "");
  const room = flags.includes("0") && !flags.includes("-") ? width - prefix.length : 0;
  const digits = Math.abs(value).toString(base).padStart(Math.max(precision, room), "0");
  return prefix + (type === "X" ? digits.toUpperCase() : digits);
}

function readCharacter(value: string | number): string | undefined {
  if (typeof value === "string") return [...value].length === 1 ? value : undefined;
  return value >= 0 && value <= 0x10ffff ? String.fromCodePoint(value) : undefined;
}
