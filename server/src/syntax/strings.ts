/** Methods and operators of strings, on texts that are known wholly or in part. */
import type { Range } from "../text/range.ts";
import { itemsOf, findEntry, sequence } from "./containers.ts";
import { rangeOf } from "./interpreter.ts";
import { plainText } from "./literal.ts";
import { appendHole, appendStretch, appendText, derivedText, isKnown, newText, rebuild, type Segment } from "./text.ts";
import { HOLE, type Argument, type Text, type Value } from "./value.ts";

/** `left % right`. */
export function percent(left: Text, right: Value, range: Range): Text {
  const out = newText();
  const positional = right.kind === "sequence" && right.type === "tuple" ? (itemsOf(right) ?? []) : undefined;
  let next = 0;
  let at = 0;
  for (const match of left.text.matchAll(/%(?:\((\w+)\))?([-#0 +]*)(\d+|\*)?(?:\.(\d+|\*))?([diouxXeEfFgGcrsa%])/g)) {
    appendStretch(out, left, at, match.index);
    at = match.index + match[0].length;
    if (match[5] === "%") {
      appendStretch(out, left, at - 1, at);
      continue;
    }
    const value = match[1] !== undefined ? entryNamed(right, match[1]) : positional ? positional[next++] : right;
    const shown = value && !match[2] && !match[3] && !match[4] && match[5] !== "r" ? plainText(value) : undefined;
    if (shown) appendText(out, shown);
    else appendHole(out, asHole(value ?? right), "percent");
  }
  appendStretch(out, left, at, left.text.length);
  return out.finish(range);
}

/** A text that must not be copied as it is, because a conversion stands between. */
const asHole = (value: Value): Value =>
  value.kind === "text" ? { kind: "unknown", why: "a converted string", from: value, range: value.range } : value;

const entryNamed = (value: Value, name: string): Value | undefined =>
  value.kind === "mapping"
    ? findEntry(value, { kind: "text", text: name, holes: [], pieces: [], range: value.range })
    : undefined;

/** `text.format(*args)`. */
export function format(text: Text, args: readonly Argument[], range: Range): Text {
  const out = newText();
  const positional = args.filter((arg) => arg.name === undefined && !arg.starred).map((arg) => arg.value);
  const spread = args.filter((arg) => arg.starred);
  const named = (name: string): Value | undefined =>
    args.find((arg) => arg.name === name)?.value ??
    spread.map((arg) => entryNamed(arg.value, name)).find((value) => value !== undefined);
  const unknownField: Value = {
    kind: "unknown",
    why: "an argument of format() that is not known",
    range: rangeOf(range),
  };
  let next = 0;
  let at = 0;
  for (const match of text.text.matchAll(/\{\{|\}\}|\{([^{}:!]*)(![rsa])?(:[^{}]*)?\}/g)) {
    appendStretch(out, text, at, match.index);
    at = match.index + match[0].length;
    if (match[1] === undefined) {
      appendStretch(out, text, at - 1, at);
      continue;
    }
    const field = match[1].trim();
    const value = field === "" ? positional[next++] : /^\d+$/.test(field) ? positional[Number(field)] : named(field);
    const plain = value && !match[2] && !match[3] ? plainText(value) : undefined;
    if (plain) appendText(out, plain);
    else appendHole(out, asHole(value ?? unknownField), "format");
  }
  appendStretch(out, text, at, text.text.length);
  return out.finish(range);
}

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
      return first ? format(text, [{ value: first, starred: true, range: first.range }], range) : undefined;
    case "join":
      return first ? join(text, first, range) : undefined;
    case "strip":
    case "lstrip":
    case "rstrip":
      return strip(text, method, first, range);
    case "encode":
    case "decode":
    case "expandtabs":
      return text;
    case "lower":
    case "upper":
    case "casefold":
      return changeCase(text, method === "upper");
    case "replace":
      return first && second && isKnown(first) && second.kind === "text" && first.text !== ""
        ? replace(text, first.text, second, range)
        : undefined;
    case "split":
    case "splitlines":
    case "rsplit":
      return isKnown(text) && args.length <= 1 ? split(text, method, first, range) : undefined;
    case "startswith":
    case "endswith":
      return isKnown(text) && isKnown(first)
        ? truth(method === "startswith" ? text.text.startsWith(first.text) : text.text.endsWith(first.text), range)
        : undefined;
    case "removeprefix":
      return isKnown(first)
        ? rebuild(text, [[text.text.startsWith(first.text) ? first.text.length : 0, text.text.length]], range)
        : undefined;
    case "removesuffix":
      return isKnown(first)
        ? rebuild(text, [[0, text.text.length - (text.text.endsWith(first.text) ? first.text.length : 0)]], range)
        : undefined;
    case "title":
    case "capitalize":
      return isKnown(text) ? derivedText(capitalize(text.text, method === "title"), text.range) : undefined;
    default:
      return undefined;
  }
}

const truth = (value: boolean, range: Range): Value => ({ kind: "scalar", value, range: rangeOf(range) });

const capitalize = (text: string, all: boolean): string =>
  all
    ? text.toLowerCase().replace(/[a-z]+/g, (word) => word.charAt(0).toUpperCase() + word.slice(1))
    : text.charAt(0).toUpperCase() + text.slice(1).toLowerCase();

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

function replace(text: Text, old: string, by: Text, range: Range): Text {
  const segments: Segment[] = [];
  let at = 0;
  for (let found = text.text.indexOf(old); found >= 0; found = text.text.indexOf(old, at)) {
    segments.push([at, found], by);
    at = found + old.length;
  }
  return rebuild(text, [...segments, [at, text.text.length]], range);
}

function split(text: Text, method: string, separator: Value | undefined, range: Range): Value | undefined {
  if (separator && (!isKnown(separator) || separator.text === "")) return undefined;
  const parts: [number, number][] = [];
  const pattern = method === "splitlines" ? /[^\r\n]+|(?<=\n)(?=\n)/g : /\S+/g;
  if (separator && method !== "splitlines" && isKnown(separator)) {
    let at = 0;
    for (let found = text.text.indexOf(separator.text); found >= 0; found = text.text.indexOf(separator.text, at)) {
      parts.push([at, found]);
      at = found + separator.text.length;
    }
    parts.push([at, text.text.length]);
  } else for (const match of text.text.matchAll(pattern)) parts.push([match.index, match.index + match[0].length]);
  return sequence(
    parts.map((part) => rebuild(text, [part], range)),
    range,
  );
}
