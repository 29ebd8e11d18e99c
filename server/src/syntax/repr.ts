/** What `str(value)` and `repr(value)` give, where that is known. */
import { numberOf, showNumber } from "./numbers.ts";
import type { Value } from "./value.ts";

/** `str(value)` of anything but a string with unknown parts. */
export function strOf(value: Value): string | undefined {
  if (value.kind === "text" && value.member === undefined) return value.holes.length === 0 ? value.text : undefined;
  return reprOf(value);
}

export function reprOf(value: Value, depth = 0): string | undefined {
  if (depth > 50 || ("member" in value && value.member !== undefined)) return undefined;
  const all = (items: readonly Value[]): readonly string[] | undefined => {
    const shown = items.map((item) => reprOf(item, depth + 1));
    return shown.every((one) => one !== undefined) ? shown : undefined;
  };
  switch (value.kind) {
    case "text":
      return value.holes.length === 0 ? quote(value.text) : undefined;
    case "scalar": {
      if (typeof value.value === "boolean") return value.value ? "True" : "False";
      if (value.value === null) return "None";
      const number = numberOf(value);
      return number && showNumber(number);
    }
    case "sequence": {
      const items = value.complete && !value.names ? all(value.items) : undefined;
      if (!items) return undefined;
      if (value.type === "list") return `[${items.join(", ")}]`;
      if (value.type === "tuple") return items.length === 1 ? `(${items.join("")},)` : `(${items.join(", ")})`;
      // The order of a set is nobody's to know.
      return items.length > 1 ? undefined : items.length === 0 ? "set()" : `{${items.join("")}}`;
    }
    case "mapping": {
      const keys = value.complete ? all(value.entries.map(([key]) => key)) : undefined;
      const items = all(value.entries.map(([, item]) => item));
      return keys && items ? `{${keys.map((key, i) => `${key}: ${items[i] ?? ""}`).join(", ")}}` : undefined;
    }
    default:
      return undefined;
  }
}

const named: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\" };

function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  const shown = Array.from(text, (c) => {
    if (c === mark) return `\\${c}`;
    return named[c] ?? (c === " " || !/[\p{C}\p{Z}]/u.test(c) ? c : escape(c));
  });
  return mark + shown.join("") + mark;
}

function escape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}
