/** Python's format specifications, `{x:>10.2f}`: see "Format Specification Mini-Language" in Python's library reference. */
import { exponential, fixed, general, mostDigits, showNumber, type PythonNumber } from "./numbers.ts";

export interface Spec {
  readonly fill: string;
  readonly align: "<" | ">" | "=" | "^" | undefined;
  readonly sign: "+" | "-" | " ";
  readonly alternate: boolean;
  readonly width: number;
  readonly grouping: "," | "_" | "";
  readonly precision: number | undefined;
  readonly type: string;
}

const aligns = "<>=^";
const longest = 10_000;

/** Undefined for what Python would not take, and for widths that nobody means. */
export function parseSpec(source: string): Spec | undefined {
  const characters = Array.from(source);
  let at = 0;
  const take = (allowed: string): string => {
    const c = characters[at];
    if (c === undefined || !allowed.includes(c)) return "";
    at++;
    return c;
  };
  const digits = (): string => {
    let taken = "";
    for (let c = take("0123456789"); c !== ""; c = take("0123456789")) taken += c;
    return taken;
  };
  const second = characters[1];
  const hasFill = second !== undefined && aligns.includes(second);
  let fill = hasFill ? (characters[at++] ?? " ") : " ";
  let align = take(aligns);
  const sign = take("+- ") || "-";
  if (take("z") !== "") return undefined;
  const alternate = take("#") !== "";
  const zero = take("0") !== "";
  if (zero && !hasFill) fill = "0";
  if (zero && align === "") align = "=";
  const width = Number(digits() || "0");
  const grouping = take(",_") as Spec["grouping"];
  const precision = take(".") === "" ? undefined : digits();
  const type = take("bcdeEfFgGosxX%");
  if (at < characters.length || precision === "" || width > longest || Number(precision ?? 0) > mostDigits)
    return undefined;
  return {
    fill,
    align: align === "" ? undefined : (align as NonNullable<Spec["align"]>),
    sign: sign as Spec["sign"],
    alternate,
    width,
    grouping,
    precision: precision === undefined ? undefined : Number(precision),
    type,
  };
}

/** `format(text, spec)`. */
export function formatString(text: string, spec: Spec): string | undefined {
  if ((spec.type !== "" && spec.type !== "s") || spec.sign !== "-" || spec.alternate || spec.grouping !== "")
    return undefined;
  // `{text:05}` pads at the right: since Python 3.10 the zero only fills.
  const align = spec.align === "=" ? (spec.fill === "0" ? "<" : undefined) : (spec.align ?? "<");
  if (align === undefined) return undefined;
  const characters = Array.from(text);
  const shown = spec.precision === undefined ? text : characters.slice(0, spec.precision).join("");
  return pad("", shown, { ...spec, align });
}

/** `format(number, spec)`. */
export function formatNumber(number: PythonNumber, spec: Spec): string | undefined {
  const body = spec.type === "" || "bcdoxX".includes(spec.type) ? integerBody(number, spec) : floatBody(number, spec);
  if (body === undefined) return undefined;
  const isNegative = number.value < 0 || (number.isFloat && Object.is(number.value, -0));
  const sign = isNegative ? "-" : spec.sign === "-" ? "" : spec.sign;
  if (spec.grouping !== "" && spec.fill === "0" && spec.align === "=") return undefined;
  return pad(sign, body, { ...spec, align: spec.align ?? ">" });
}

const bases: Readonly<Record<string, number>> = { b: 2, o: 8, x: 16, X: 16 };

function integerBody(number: PythonNumber, spec: Spec): string | undefined {
  const { type, grouping, precision } = spec;
  if (number.isFloat) return type === "" ? floatBody(number, spec) : undefined;
  if (precision !== undefined) return undefined;
  if (type === "c")
    return number.value >= 0 && number.value < 0x110000 ? String.fromCodePoint(number.value) : undefined;
  const base = bases[type];
  if (base === undefined) return group(String(Math.abs(number.value)), grouping, 3);
  if (grouping === ",") return undefined;
  const digits = group(Math.abs(number.value).toString(base), grouping, 4);
  const shown = (spec.alternate ? `0${type}` : "") + digits;
  return type === "X" ? shown.toUpperCase() : shown;
}

function floatBody(number: PythonNumber, { type, precision, grouping, alternate }: Spec): string | undefined {
  const { value } = number;
  if (alternate) return undefined;
  switch (type) {
    case "f":
    case "F":
      return groupWhole(fixed(value, precision ?? 6), grouping);
    case "%":
      return `${groupWhole(fixed(value * 100, precision ?? 6), grouping)}%`;
    case "e":
      return exponential(value, precision ?? 6);
    case "E":
      return exponential(value, precision ?? 6).toUpperCase();
    case "g":
      return groupWhole(general(value, precision ?? 6, false), grouping);
    case "G":
      return groupWhole(general(value, precision ?? 6, false), grouping).toUpperCase();
    case "": {
      if (precision === undefined) return groupWhole(showNumber({ value: Math.abs(value), isFloat: true }), grouping);
      const shown = general(value, precision, false);
      // Of the form without a type at least one digit stands behind the point.
      return groupWhole(shown.includes(".") || shown.includes("e") ? shown : `${shown}.0`, grouping);
    }
    default:
      return undefined;
  }
}

function groupWhole(digits: string, grouping: string): string {
  const end = digits.search(/[.e]/);
  return end < 0 ? group(digits, grouping, 3) : group(digits.slice(0, end), grouping, 3) + digits.slice(end);
}

function group(digits: string, grouping: string, size: number): string {
  if (grouping === "") return digits;
  const groups: string[] = [];
  for (let end = digits.length; end > 0; end -= size) groups.unshift(digits.slice(Math.max(0, end - size), end));
  return groups.join(grouping);
}

function pad(sign: string, body: string, { width, fill, align }: Spec): string {
  const missing = Math.max(0, width - Array.from(sign + body).length);
  if (align === "=") return sign + fill.repeat(missing) + body;
  const before = align === "<" ? 0 : align === ">" ? missing : Math.floor(missing / 2);
  return fill.repeat(before) + sign + body + fill.repeat(missing - before);
}
