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
  const kept = limited(entries, complete);
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

export function withEntry(value: Mapping, key: Value, item: Value): Mapping {
  const others = value.entries.filter(([other]) => !sameValue(other, key));
  return { ...value, entries: [...others, [key, item]] };
}

/** `value[index]`, where it is known. */
export function itemAt(value: Value, index: Value): Value | undefined {
  if (value.kind === "mapping") return findEntry(value, index);
  if (value.kind !== "sequence" || index.kind !== "scalar" || typeof index.value !== "number") return undefined;
  if (index.value < 0 && !value.complete) return undefined;
  return value.items.at(index.value);
}

/** The container after `value.method(args)`, for methods that change it in place. */
export function mutated(
  value: Sequence | Mapping,
  method: string,
  args: readonly Argument[],
): Sequence | Mapping | undefined {
  const given = args.map((arg) => arg.value);
  const [first, second] = given;
  const simple = args.every((arg) => !arg.name && !arg.starred);
  if (value.kind === "mapping") {
    if (method === "update") return merge(value, args);
    if (method === "setdefault" && first && simple)
      return findEntry(value, first) || !second ? value : withEntry(value, first, second);
    if (method === "clear") return { ...value, entries: [], complete: true };
    return method === "pop" || method === "popitem" ? { ...value, complete: false } : undefined;
  }
  switch (method) {
    case "append":
    case "add":
      return first && simple ? { ...value, items: [...value.items, first] } : { ...value, complete: false };
    case "extend":
    case "update":
      return first && simple ? extend(value, first) : { ...value, complete: false };
    case "insert":
      return second && first?.kind === "scalar" && first.value === 0
        ? { ...value, items: [second, ...value.items] }
        : { ...value, items: second ? [...value.items, second] : value.items, complete: false };
    case "reverse":
      return { ...value, items: value.items.toReversed() };
    case "clear":
      return { ...value, items: [], complete: true };
    case "sort":
      return value;
    case "pop":
    case "remove":
    case "discard":
      return { ...value, complete: false };
    default:
      return undefined;
  }
}

/** A list that doubles a few times is larger than any memory: of more than this only the beginning is kept. */
const maximalItems = 100_000;

/** The beginning that can be kept, and whether it is all. */
export function limited<T>(items: readonly T[], complete: boolean): { items: readonly T[]; complete: boolean } {
  return items.length <= maximalItems ? { items, complete } : { items: items.slice(0, maximalItems), complete: false };
}

export function extend(value: Sequence, by: Value): Sequence {
  const items = itemsOf(by);
  const known = items ?? (by.kind === "sequence" ? by.items : []);
  return { ...value, ...limited(value.items.concat(known), value.complete && items !== undefined) };
}

export function merge(value: Mapping, args: readonly Argument[]): Mapping {
  let result = value;
  for (const arg of args) {
    if (arg.name !== undefined) {
      const key: Value = { kind: "text", text: arg.name, holes: [], pieces: [], range: arg.range };
      result = withEntry(result, key, arg.value);
    } else if (arg.value.kind === "mapping") {
      for (const [key, item] of arg.value.entries) result = withEntry(result, key, item);
      if (!arg.value.complete) result = { ...result, complete: false };
    } else {
      const pairs = itemsOf(arg.value);
      for (const pair of pairs ?? []) {
        if (pair.kind === "sequence" && pair.items[0] && pair.items[1])
          result = withEntry(result, pair.items[0], pair.items[1]);
        else result = { ...result, complete: false };
      }
      if (!pairs) result = { ...result, complete: false };
    }
  }
  return result;
}

/** What `value.method(args)` gives, for methods that only look. */
export function askContainer(
  value: Sequence | Mapping,
  method: string,
  args: readonly Argument[],
  range: Range,
): Value | undefined {
  const [first, second] = args.map((arg) => arg.value);
  if (method === "copy") return value;
  if (value.kind === "sequence") {
    if (method === "pop")
      return (first ? itemAt(value, first) : value.items.at(-1)) ?? unknown("an element of a list", range, value);
    if (method === "union" && first) return extend(value, first);
    return undefined;
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

export const isConstant = (value: Value): boolean =>
  value.kind === "scalar" || (value.kind === "text" && value.holes.length === 0);
