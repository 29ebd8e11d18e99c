/** Methods and operators of strings, on texts that are known wholly or in part. */
import type { Range } from "../text/range.ts";
import { itemsOf, sequence } from "./containers.ts";
import { rangeOf } from "./interpreter.ts";
import { askKnownText } from "./text-methods.ts";
import { format, formatMap } from "./templates.ts";
import { appendHole, appendText, isKnown, newText, rebuild, type Segment } from "./text.ts";
import { HOLE, type Argument, type Text, type Value } from "./value.ts";

/** `glue.join(items)`; of items that are not all known, the known beginning is kept. */
export function join(glue: Text, items: Value, range: Range): Text {
  const out = newText();
  const known =
    items.kind === "sequence" || items.kind === "mapping"
      ? (itemsOf(items) ?? (items.kind === "sequence" ? items.items : []))
      : [];
  known.forEach((item, i) => {
    if (i > 0) appendText(out, glue);
    appendHole(out, item, "other");
  });
  if (!itemsOf(items))
    appendHole(
      out,
      { kind: "unknown", why: "joined from items that are not known", from: items, range: rangeOf(range) },
      "other",
    );
  return out.finish(range);
}

/** `textwrap.dedent(text)`. */
export function dedent(text: Text): Text {
  const lines = [...text.text.matchAll(/[^\n]*(?:\n|$)/g)].filter((line) => line[0] !== "");
  const margins = lines.filter((line) => line[0].trim() !== "").map((line) => /^[ \t]*/.exec(line[0])?.[0] ?? "");
  const margin = margins.reduce((common, other) => commonPrefix(common, other), margins[0] ?? "");
  const segments = lines.map((line): Segment => {
    const end = line.index + line[0].length;
    if (line[0].trim() !== "") return [line.index + margin.length, end];
    return [line[0].endsWith("\n") ? end - 1 : end, end];
  });
  return rebuild(text, segments, text.range);
}

function commonPrefix(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return a.slice(0, length);
}

/** What `text.method(args)` gives, where it can be told. */
export function askText(text: Text, method: string, args: readonly Argument[], range: Range): Value | undefined {
  const [first, second] = args.map((arg) => arg.value);
  switch (method) {
    case "format":
      return format(text, args, range);
    case "format_map":
      return first ? formatMap(text, first, range) : undefined;
    case "join":
      return first ? join(text, first, range) : undefined;
    case "strip":
    case "lstrip":
    case "rstrip":
      return strip(text, method, first, range);
    case "encode":
    case "decode":
      return text;
    case "lower":
    case "upper":
    case "casefold":
      return changeCase(text, method === "upper");
    case "replace":
      return replaced(text, args, range);
    case "removeprefix":
      return isKnown(first)
        ? rebuild(text, [[text.text.startsWith(first.text) ? first.text.length : 0, text.text.length]], range)
        : undefined;
    case "removesuffix":
      return isKnown(first)
        ? rebuild(text, [[0, text.text.length - (text.text.endsWith(first.text) ? first.text.length : 0)]], range)
        : undefined;
    case "split":
    case "splitlines":
    case "rsplit":
      return isKnown(text) && args.every((arg) => arg.name === undefined)
        ? split(text, method, [first, second], range)
        : undefined;
    default:
      return isKnown(text) ? askKnownText(text, method, args, range) : undefined;
  }
}

/** As often as the third argument says. */
function replaced(text: Text, args: readonly Argument[], range: Range): Text | undefined {
  const [old, by, count] = args.map((arg) => arg.value);
  const most =
    count === undefined ? Infinity : count.kind === "scalar" && count.value !== null ? Number(count.value) : NaN;
  if (!old || !by || !isKnown(old) || by.kind !== "text" || old.text === "" || Number.isNaN(most)) return undefined;
  return replace(text, old.text, by, { range, most: most < 0 ? Infinity : most });
}

function strip(
  text: Text,
  method: "strip" | "lstrip" | "rstrip",
  characters: Value | undefined,
  range: Range,
): Text | undefined {
  if (characters && !isKnown(characters) && !(characters.kind === "scalar" && characters.value === null))
    return undefined;
  const set = characters && isKnown(characters) ? new Set(characters.text) : undefined;
  const strips = (c: string): boolean => c !== HOLE && (set ? set.has(c) : c.trim() === "");
  let start = 0;
  let end = text.text.length;
  if (method !== "rstrip") while (start < end && strips(text.text.charAt(start))) start++;
  if (method !== "lstrip") while (end > start && strips(text.text.charAt(end - 1))) end--;
  return rebuild(text, [[start, end]], range);
}

function changeCase(text: Text, upper: boolean): Text {
  const changed = upper ? text.text.toUpperCase() : text.text.toLowerCase();
  if (changed.length !== text.text.length) return text;
  return { ...text, text: changed, pieces: text.pieces.map((piece) => ({ ...piece, exact: false })) };
}

function replace(
  text: Text,
  old: string,
  by: Text,
  { range, most }: { readonly range: Range; readonly most: number },
): Text {
  const segments: Segment[] = [];
  let at = 0;
  let left = most;
  for (let found = text.text.indexOf(old); found >= 0 && left > 0; found = text.text.indexOf(old, at), left--) {
    segments.push([at, found], by);
    at = found + old.length;
  }
  return rebuild(text, [...segments, [at, text.text.length]], range);
}

function split(
  text: Text,
  method: "split" | "splitlines" | "rsplit",
  [separator, limit]: readonly [Value | undefined, Value | undefined],
  range: Range,
): Value | undefined {
  const isNone = separator?.kind === "scalar" && separator.value === null;
  if (separator && !isNone && (!isKnown(separator) || separator.text === "")) return undefined;
  const most =
    limit === undefined ? Infinity : limit.kind === "scalar" && limit.value !== null ? Number(limit.value) : NaN;
  if (Number.isNaN(most) || (method === "splitlines" && separator)) return undefined;
  const whole = text.text;
  const mark = isKnown(separator) ? separator.text : undefined;
  const parts =
    method === "splitlines"
      ? linesOf(whole)
      : mark === undefined
        ? wordsOf(whole, most < 0 ? Infinity : most, method === "rsplit")
        : partsOf(whole, mark, most < 0 ? Infinity : most, method === "rsplit");
  return sequence(
    parts.map((part) => rebuild(text, [part], range)),
    range,
  );
}

type Part = readonly [from: number, to: number];

function partsOf(text: string, mark: string, most: number, fromRight: boolean): readonly Part[] {
  const places: number[] = [];
  if (fromRight) {
    for (
      let at = text.lastIndexOf(mark);
      at >= 0 && places.length < most;
      at = at === 0 ? -1 : text.lastIndexOf(mark, at - mark.length)
    )
      if (at >= 0) places.unshift(at);
  } else
    for (let at = text.indexOf(mark); at >= 0 && places.length < most; at = text.indexOf(mark, at + mark.length))
      places.push(at);
  return [...places, text.length].map((end, i): Part => [i === 0 ? 0 : (places[i - 1] ?? 0) + mark.length, end]);
}

/** Apart at white space; what is left when the limit is reached stays together. */
function wordsOf(text: string, most: number, fromRight: boolean): readonly Part[] {
  const words = [...text.matchAll(/\S+/g)].map((match): Part => [match.index, match.index + match[0].length]);
  if (words.length <= most) return words;
  const cut = fromRight ? words.length - most - 1 : most;
  const rest = fromRight ? words.slice(0, cut + 1) : words.slice(cut);
  const [first, last] = [rest[0]?.[0] ?? 0, rest.at(-1)?.[1] ?? 0];
  // The rest keeps the white space at its far end.
  return fromRight
    ? [[words[0]?.[0] === first ? 0 : first, last], ...words.slice(cut + 1)]
    : [...words.slice(0, cut), [first, text.length]];
}

function linesOf(text: string): readonly Part[] {
  const lines: Part[] = [];
  let start = 0;
  for (const match of text.matchAll(/\r\n|[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]/g)) {
    lines.push([start, match.index]);
    start = match.index + match[0].length;
  }
  if (start < text.length) lines.push([start, text.length]);
  return lines;
}
