/** Methods of strings that are known whole. */
import type { Range } from "../text/range.ts";
import { itemsOf, sequence } from "./containers.ts";
import { rangeOf } from "./interpreter.ts";
import { derivedText, isKnown, rebuild } from "./text.ts";
import type { Argument, Text, Value } from "./value.ts";

const tests: Readonly<Record<string, RegExp>> = {
  isdigit: /^\d+$/,
  isdecimal: /^\d+$/,
  isnumeric: /^\d+$/,
  isspace: /^\s+$/,
  isalpha: /^\p{L}+$/u,
  isalnum: /^[\p{L}\p{Nd}]+$/u,
  isidentifier: /^[\p{L}_][\p{L}\p{Nd}\p{Mn}_]*$/u,
};

/** `undefined`: it cannot be told. Characters count as Python counts them, not as UTF-16 does. */
export function askKnownText(text: Text, method: string, args: readonly Argument[], range: Range): Value | undefined {
  if (args.some((arg) => arg.starred ?? arg.name !== undefined)) return undefined;
  const values = args.map((arg) => arg.value);
  const [first, second] = values;
  const characters = Array.from(text.text);
  const derived = (shown: string): Text => derivedText(shown, text.range);
  const number = (value: number): Value => ({ kind: "scalar", value, range: rangeOf(range) });
  const flag = (value: boolean): Value => ({ kind: "scalar", value, range: rangeOf(range) });
  switch (method) {
    case "startswith":
    case "endswith": {
      const marks = first && values.length === 1 ? (itemsOf(first) ?? [first]) : undefined;
      if (!marks?.every(isKnown)) return undefined;
      return flag(
        marks.some((mark) =>
          method === "startswith" ? text.text.startsWith(mark.text) : text.text.endsWith(mark.text),
        ),
      );
    }
    case "title":
      return derived(text.text.replace(/\p{L}+/gu, capitalized));
    case "capitalize":
      return derived(capitalized(text.text));
    case "swapcase":
      return derived(characters.map((c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase())).join(""));
    case "zfill": {
      const signed = /^[+-]/.test(text.text);
      const missing = "0".repeat(Math.max(0, (lengthOf(first) ?? 0) - characters.length));
      return lengthOf(first) === undefined
        ? undefined
        : derived(signed ? text.text.charAt(0) + missing + text.text.slice(1) : missing + text.text);
    }
    case "ljust":
    case "rjust":
    case "center":
      return justified(characters, method, [first, second], derived);
    case "partition":
    case "rpartition":
      return isKnown(first) && first.text !== "" ? parted(text, first, method === "rpartition", range) : undefined;
    case "count":
      return isKnown(first) && values.length === 1 && first.text !== ""
        ? number(text.text.split(first.text).length - 1)
        : undefined;
    case "find":
    case "index":
    case "rfind":
    case "rindex": {
      if (!isKnown(first) || values.length > 1) return undefined;
      const at = method.startsWith("r") ? text.text.lastIndexOf(first.text) : text.text.indexOf(first.text);
      return at < 0 && method.endsWith("index")
        ? undefined
        : number(at < 0 ? -1 : Array.from(text.text.slice(0, at)).length);
    }
    case "islower":
      return flag(/\p{Ll}/u.test(text.text) && !/[\p{Lu}\p{Lt}]/u.test(text.text));
    case "isupper":
      return flag(/\p{Lu}/u.test(text.text) && !/[\p{Ll}\p{Lt}]/u.test(text.text));
    case "expandtabs":
      return values.length === 0 && !text.text.includes("\t") ? text : undefined;
    default:
      return tests[method] && values.length === 0 ? flag(tests[method].test(text.text)) : undefined;
  }
}

const capitalized = (word: string): string => {
  const [first = "", ...rest] = Array.from(word);
  return first.toUpperCase() + rest.join("").toLowerCase();
};

const lengthOf = (value: Value | undefined): number | undefined =>
  value?.kind === "scalar" && typeof value.value === "number" && value.value < 10_000 ? value.value : undefined;

function justified(
  characters: readonly string[],
  method: "ljust" | "rjust" | "center",
  [width, fill]: readonly [Value | undefined, Value | undefined],
  derived: (shown: string) => Text,
): Text | undefined {
  const length = lengthOf(width);
  if (length === undefined || (fill && !isKnown(fill))) return undefined;
  const missing = Math.max(0, length - characters.length);
  // Python's own rounding: the odd one goes left where the width is odd.
  const before =
    method === "ljust" ? 0 : method === "rjust" ? missing : Math.floor(missing / 2) + (missing & length & 1);
  const mark = fill && isKnown(fill) ? fill.text : " ";
  return derived(mark.repeat(before) + characters.join("") + mark.repeat(missing - before));
}

function parted(text: Text, mark: Text, fromRight: boolean, range: Range): Value {
  const whole = text.text.length;
  const at = fromRight ? text.text.lastIndexOf(mark.text) : text.text.indexOf(mark.text);
  const cuts: readonly (readonly [number, number])[] =
    at < 0
      ? fromRight
        ? [
            [0, 0],
            [0, 0],
            [0, whole],
          ]
        : [
            [0, whole],
            [0, 0],
            [0, 0],
          ]
      : [
          [0, at],
          [at, at + mark.text.length],
          [at + mark.text.length, whole],
        ];
  return sequence(
    cuts.map((cut) => rebuild(text, [cut], range)),
    range,
    "tuple",
  );
}
