/** Methods and operators of lists, tuples, sets and dictionaries whose contents are known. */
import type { Range } from "../text/range.ts";
import { rangeOf, unknown } from "./interpreter.ts";
import { sameValue } from "./scope.ts";
import type { Argument, Mapping, Sequence, Value } from "./value.ts";

export const sequence = (
  items: readonly Value[],
  range: Range,
  type: Sequence["type"] = "list",
  complete = true,
): Sequence => ({
  kind: "sequence",
  type,
  items,
  complete,
  range: rangeOf(range),
});

export function mapping(entries: Mapping["entries"], range: Range, complete = true): Mapping {
  const kept = limited(distinctEntries(entries), complete);
  return { kind: "mapping", entries: kept.items, complete: kept.complete, range: rangeOf(range) };
}

/** The items that a loop over the value would see, where all of them are known. */
export function itemsOf(value: Value): readonly Value[] | undefined {
  if (value.kind === "sequence" && value.complete) return value.items;
  if (value.kind === "mapping" && value.complete) return value.entries.map(([key]) => key);
  return undefined;
}

export function findEntry(value: Mapping, key: Value): Value | undefined {
  for (let i = value.entries.length - 1; i >= 0; i--) {
    const entry = value.entries[i];
    if (entry && sameValue(entry[0], key)) return entry[1];
  }
  return undefined;
}

/** Once changed it is no longer what a comprehension made. */
function changing<T extends Sequence | Mapping>(value: T): T {
  return value.each || ("under" in value && value.under) ? { ...value, each: undefined, under: undefined } : value;
}

/** A key that is there keeps its place. */
export function withEntry(given: Mapping, key: Value, item: Value): Mapping {
  const value = changing(given);
  const at = value.entries.findIndex(([other]) => sameValue(other, key));
  return { ...value, entries: at < 0 ? [...value.entries, [key, item]] : value.entries.with(at, [key, item]) };
}

const withoutEntry = (value: Mapping, key: Value): Mapping => ({
  ...value,
  entries: value.entries.filter(([other]) => !sameValue(other, key)),
});

/** What makes two constants the same key: True is 1. */
function keyOf(value: Value): string | undefined {
  if (value.kind === "text") return value.holes.length === 0 ? `text ${value.text}` : undefined;
  if (value.kind === "scalar") return `scalar ${value.value === null ? "None" : String(Number(value.value))}`;
  if (value.kind !== "sequence" || !value.complete) return undefined;
  const keys = value.items.map(keyOf);
  return keys.every((key) => key !== undefined) ? `tuple ${JSON.stringify(keys)}` : undefined;
}

/** As a dictionary holds them: of two entries with the same key the first gives the place, the last the value. */
export function distinctEntries(entries: Mapping["entries"]): Mapping["entries"] {
  const kept = new Map<unknown, readonly [Value, Value]>();
  for (const [key, item] of entries) {
    const id = keyOf(key) ?? key;
    kept.set(id, [kept.get(id)?.[0] ?? key, item]);
  }
  return kept.size === entries.length ? entries : [...kept.values()];
}

/** As a set holds them. */
export function distinctItems(items: readonly Value[]): readonly Value[] {
  const kept = new Map<unknown, Value>();
  for (const item of items) {
    const id = keyOf(item) ?? item;
    if (!kept.has(id)) kept.set(id, item);
  }
  return kept.size === items.length ? items : [...kept.values()];
}

/** `value[index]`, where it is known. */
export function itemAt(value: Value, index: Value): Value | undefined {
  if (value.kind === "mapping") return findEntry(value, index);
  if (value.kind !== "sequence" || index.kind !== "scalar" || typeof index.value !== "number") return undefined;
  if (index.value < 0 && !value.complete) return undefined;
  return value.type === "set" ? undefined : value.items.at(index.value);
}

/** The container after `value.method(args)`, for methods that change it in place. */
export function mutated(
  container: Sequence | Mapping,
  method: string,
  args: readonly Argument[],
): Sequence | Mapping | undefined {
  const value = changing(container);
  const given = args.map((arg) => arg.value);
  const [first, second] = given;
  const simple = args.every((arg) => !arg.name && !arg.starred);
  if (value.kind === "mapping") {
    if (method === "update") return merge(value, args);
    if (method === "setdefault" && first && simple)
      return findEntry(value, first) || !second ? value : withEntry(value, first, second);
    if (method === "clear") return { ...value, entries: [], complete: true };
    if (method === "pop" && first && isConstant(first)) return withoutEntry(value, first);
    if (method === "popitem" && value.complete) return { ...value, entries: value.entries.slice(0, -1) };
    return method === "pop" || method === "popitem" ? { ...value, complete: false } : undefined;
  }
  return mutatedSequence(value, method, simple ? [first, second] : "unknown");
}

/** `args` are `"unknown"` where they are not told one by one. */
function mutatedSequence(
  value: Sequence,
  method: string,
  args: readonly [Value | undefined, Value | undefined] | "unknown",
): Sequence | undefined {
  const [first, second] = args === "unknown" ? [] : args;
  const { items } = value;
  const inPart = { ...value, complete: false };
  switch (method) {
    case "append":
      return first ? { ...value, items: [...items, first] } : inPart;
    case "add":
      return first ? { ...value, items: distinctItems([...items, first]) } : inPart;
    case "extend":
    case "update": {
      const all = first ? extend(value, first) : inPart;
      return value.type === "set" ? { ...all, items: distinctItems(all.items) } : all;
    }
    case "insert": {
      const at = indexOf(first, items.length);
      if (!second) return inPart;
      return at === undefined || (!value.complete && at > 0)
        ? { ...value, items: [...items, second], complete: false }
        : { ...value, items: items.toSpliced(at, 0, second) };
    }
    case "reverse":
      return { ...value, items: items.toReversed() };
    case "clear":
      return { ...value, items: [], complete: true };
    case "pop": {
      const at = first ? indexOf(first, items.length) : items.length - 1;
      return at === undefined || at < 0 || !value.complete || value.type === "set"
        ? inPart
        : { ...value, items: items.toSpliced(at, 1) };
    }
    case "remove":
    case "discard": {
      const at =
        first && items.every(isConstant) && isConstant(first) ? items.findIndex((item) => sameValue(item, first)) : -1;
      return at < 0 || !value.complete ? inPart : { ...value, items: items.toSpliced(at, 1) };
    }
    default:
      return undefined;
  }
}

/** Where `insert` and `pop` mean: counted from the end where negative, and never outside. */
function indexOf(value: Value | undefined, length: number): number | undefined {
  if (value?.kind !== "scalar" || typeof value.value !== "number") return undefined;
  return Math.max(0, Math.min(length, value.value < 0 ? length + value.value : value.value));
}

/** A list that doubles a few times is larger than any memory: of more than this only the beginning is kept. */
const maximalItems = 100_000;

/** The beginning that can be kept, and whether it is all. */
export function limited<T>(items: readonly T[], complete: boolean): { items: readonly T[]; complete: boolean } {
  return items.length <= maximalItems ? { items, complete } : { items: items.slice(0, maximalItems), complete: false };
}

export function extend(sequence: Sequence, by: Value): Sequence {
  const value = changing(sequence);
  const items = itemsOf(by);
  const known = items ?? (by.kind === "sequence" ? by.items : []);
  return { ...value, ...limited(value.items.concat(known), value.complete && items !== undefined) };
}

export function merge(mapped: Mapping, args: readonly Argument[]): Mapping {
  const value = changing(mapped);
  const entries: (readonly [Value, Value])[] = [...value.entries];
  let { complete } = value;
  for (const arg of args) {
    if (arg.name !== undefined) {
      const key: Value = { kind: "text", text: arg.name, holes: [], pieces: [], range: arg.range };
      entries.push([key, arg.value]);
    } else if (arg.value.kind === "mapping") {
      for (const entry of arg.value.entries) entries.push(entry);
      complete &&= arg.value.complete;
    } else {
      const pairs = itemsOf(arg.value);
      for (const pair of pairs ?? []) {
        const [key, item, more] = pair.kind === "sequence" && pair.complete ? pair.items : [];
        if (key && item && !more) entries.push([key, item]);
        else complete = false;
      }
      complete &&= pairs !== undefined;
    }
  }
  return { ...value, ...mapping(entries, value.range, complete) };
}

/** What `value.method(args)` gives, for methods that only look. */
export function askContainer(
  value: Sequence | Mapping,
  method: string,
  args: readonly Argument[],
  range: Range,
): Value | undefined {
  const [first, second] = args.map((arg) => arg.value);
  if (method === "copy") return { ...value };
  if (value.kind === "sequence") {
    if (method === "pop")
      return (first ? itemAt(value, first) : value.items.at(-1)) ?? unknown("an element of a list", range, value);
    if (method === "union" && first) {
      const all = extend(value, first);
      return { ...all, items: distinctItems(all.items) };
    }
    if (!value.complete || !first || !value.items.every(isConstant) || !isConstant(first)) return undefined;
    const same = (item: Value): boolean => sameValue(item, first);
    if (method === "count") return number(value.items.filter(same).length, range);
    return method === "index" && value.items.some(same) ? number(value.items.findIndex(same), range) : undefined;
  }
  const pair = ([key, item]: readonly [Value, Value]): Value => sequence([key, item], range, "tuple");
  switch (method) {
    case "items":
      return sequence(value.entries.map(pair), range, "list", value.complete);
    case "keys":
      return sequence(
        value.entries.map(([key]) => key),
        range,
        "list",
        value.complete,
      );
    case "values":
      return sequence(
        value.entries.map(([, item]) => item),
        range,
        "list",
        value.complete,
      );
    case "get":
    case "pop":
    case "setdefault": {
      const found = first ? findEntry(value, first) : undefined;
      if (found) return found;
      if (!first || !value.complete || !isConstant(first)) return unknown("an entry of a dictionary", range, value);
      return second ?? { kind: "scalar", value: null, range: rangeOf(range) };
    }
    default:
      return undefined;
  }
}

const number = (value: number, range: Range): Value => ({ kind: "scalar", value, range: rangeOf(range) });

export const isConstant = (value: Value): boolean =>
  value.kind === "scalar" || (value.kind === "text" && value.holes.length === 0);
