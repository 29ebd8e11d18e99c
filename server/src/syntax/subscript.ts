/** `value[index]` and `value[from:to]`. */
import { itemAt, sequence } from "./containers.ts";
import { memberOfEnum } from "./enums.ts";
import { rangeOf, unknown, type Interpreter } from "./interpreter.ts";
import type { Node } from "./node.ts";
import type { Scope } from "./scope.ts";
import { derivedText, isKnown, rebuild } from "./text.ts";
import type { Value } from "./value.ts";

export function readSubscript(vm: Interpreter, node: Node, scope: Scope): Value {
  const [object, ...indexes] = node.children;
  if (!object) return unknown("incomplete code", node);
  const of = vm.evaluate(object, scope);
  const [first] = indexes;
  if (first?.type === "slice" && indexes.length === 1) return readSlice(vm, of, first, node, scope);
  const values = indexes.map((index) => vm.evaluate(index, scope));
  const index = values.length === 1 && values[0] ? values[0] : sequence(values, node, "tuple");
  const item = of.kind === "class" && isKnown(index) ? memberOfEnum(of, index.text) : textAt(of, index, node);
  return (
    item ??
    itemAt(of, index) ??
    (of.kind === "unknown"
      ? { kind: "unknown", why: "an element of something unknown", from: of, at: index, range: rangeOf(node) }
      : { kind: "item", of, index, range: rangeOf(node) })
  );
}

function textAt(of: Value, index: Value, node: Node): Value | undefined {
  if (!isKnown(of) || index.kind !== "scalar" || typeof index.value !== "number") return undefined;
  const character = Array.from(of.text).at(index.value);
  return character === undefined ? undefined : derivedText(character, node);
}

function readSlice(vm: Interpreter, of: Value, slice: Node, node: Node, scope: Scope): Value {
  const bounds = readBounds(vm, slice, scope);
  const { step } = bounds ?? {};
  if (!bounds || step === 0) return unknown("a part of something", node, of);
  if (of.kind === "sequence" && of.complete && of.type !== "set") {
    const { names: _names, ...items } = of;
    return {
      ...items,
      items: indexesOf(bounds, of.items.length).flatMap((i) => of.items[i] ?? []),
      range: rangeOf(node),
    };
  }
  if (of.kind !== "text") return unknown("a part of something", node, of);
  const { from, to } = bounds;
  if (step === undefined || step === 1) {
    const negative = (from ?? 0) < 0 || (to ?? 0) < 0;
    if (of.holes.length > 0 && negative) return unknown("a part of a string", node, of);
    const length = of.text.length;
    const clamp = (bound: number): number => Math.max(0, Math.min(length, bound < 0 ? length + bound : bound));
    return rebuild(of, [[clamp(from ?? 0), clamp(to ?? length)]], node);
  }
  if (of.holes.length > 0) return unknown("a part of a string", node, of);
  return derivedText(
    indexesOf(bounds, of.text.length)
      .map((i) => of.text.charAt(i))
      .join(""),
    node,
  );
}

export interface Bounds {
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly step: number | undefined;
}

/** Undefined where one of them is not known. */
export function readBounds(vm: Interpreter, slice: Node, scope: Scope): Bounds | undefined {
  const bounds = sliceBounds(vm, slice, scope);
  const [from, to, step] = bounds.map((bound) => (bound === "unknown" ? undefined : bound));
  return bounds.includes("unknown") ? undefined : { from, to, step };
}

/** The places that a slice takes, in its order. */
export function indexesOf({ from, to, step = 1 }: Bounds, length: number): readonly number[] {
  const place = (bound: number, least: number, most: number): number =>
    Math.max(least, Math.min(most, bound < 0 ? length + bound : bound));
  const indexes: number[] = [];
  if (step > 0) {
    const end = place(to ?? length, 0, length);
    for (let i = place(from ?? 0, 0, length); i < end; i += step) indexes.push(i);
  } else {
    const end = to === undefined ? -1 : place(to, -1, length - 1);
    for (let i = place(from ?? length - 1, -1, length - 1); i > end; i += step) indexes.push(i);
  }
  return indexes;
}

type Bound = number | "unknown" | undefined;

function sliceBounds(vm: Interpreter, slice: Node, scope: Scope): readonly Bound[] {
  const bounds: Bound[] = [undefined];
  let at = slice.start;
  for (const part of [...slice.children, undefined]) {
    const colons = vm.text.slice(at, part ? part.start : slice.end).split(":").length - 1;
    for (let i = 0; i < colons; i++) bounds.push(undefined);
    if (!part) break;
    const bound = vm.evaluate(part, scope);
    bounds[bounds.length - 1] =
      bound.kind === "scalar"
        ? bound.value === null
          ? undefined
          : typeof bound.value === "number"
            ? bound.value
            : "unknown"
        : "unknown";
    at = part.end;
  }
  return bounds;
}
