/** Values put into a text: by an f-string, `%` or `format()`. */
import { formatNumber, formatString, parseSpec } from "./format-spec.ts";
import { numberOf } from "./numbers.ts";
import { reprOf, strOf } from "./repr.ts";
import { appendHole, appendText, derivedText, type TextBuilder } from "./text.ts";
import type { Text, Value } from "./value.ts";

export interface Formatting {
  /** `r`, `s`, `a`, or nothing. */
  readonly conversion: string;
  /** What stands behind the colon; undefined where it is not known. */
  readonly spec: string | undefined;
}

/** Puts the value in; where what it shows as is not known, a hole. A string that goes in as it is keeps its places. */
export function appendFormatted(
  out: TextBuilder,
  value: Value,
  how: Formatting,
  by: Text["holes"][number]["by"],
): void {
  const isAsItIs = how.spec === "" && (how.conversion === "" || how.conversion === "s");
  if (isAsItIs && value.kind === "text" && !value.member) {
    appendText(out, value);
    return;
  }
  const shown = formatted(value, how);
  if (shown === undefined) appendHole(out, asHole(value), by);
  else out.add(shown, value.range, false);
}

/** `format(value, spec)` after the conversion. */
export function formatted(value: Value, { conversion, spec }: Formatting): string | undefined {
  if (spec === undefined) return undefined;
  const converted = conversion === "r" ? reprOf(value) : conversion === "s" ? strOf(value) : undefined;
  if (conversion !== "") return converted === undefined ? undefined : formatAsText(converted, spec);
  if (value.kind === "text") return value.holes.length > 0 || value.member ? undefined : formatAsText(value.text, spec);
  if (spec === "") return strOf(value);
  const number = value.kind === "scalar" && !value.member ? numberOf(value) : undefined;
  const parsed = number && parseSpec(spec);
  return number && parsed && formatNumber(number, parsed);
}

function formatAsText(text: string, spec: string): string | undefined {
  if (spec === "") return text;
  const parsed = parseSpec(spec);
  return parsed && formatString(text, parsed);
}

/** A text that must not be copied as it is, because a conversion stands between. */
const asHole = (value: Value): Value =>
  value.kind === "text" ? { kind: "unknown", why: "a converted string", from: value, range: value.range } : value;

/** What `str(value)` gives, where that is known. */
export function plainText(value: Value): Text | undefined {
  if (value.kind === "text" && !value.member) return value;
  const shown = strOf(value);
  return shown === undefined ? undefined : derivedText(shown, value.range);
}
