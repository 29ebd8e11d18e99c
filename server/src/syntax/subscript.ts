/** `value[index]` and `value[from:to]`. */
import { itemAt, sequence } from "./containers.ts";
import { rangeOf, unknown, type Interpreter } from "./interpreter.ts";
import type { Node } from "./node.ts";
import type { Scope } from "./scope.ts";
import { rebuild } from "./text.ts";
import type { Value } from "./value.ts";

export function readSubscript(vm: Interpreter, node: Node, scope: Scope): Value {
  const [object, ...indexes] = node.children;
  if (!object) return unknown("incomplete code", node);
  const of = vm.evaluate(object, scope);
  const [first] = indexes;
  if (first?.type === "slice" && indexes.length === 1) return readSlice(vm, of, first, node, scope);
  const values = indexes.map((index) => vm.evaluate(index, scope));
  const index = values.length === 1 && values[0] ? values[0] : sequence(values, node, "tuple");
  return (
    itemAt(of, index) ??
    (of.kind === "unknown"
      ? unknown("an element of something unknown", node, of)
      : { kind: "item", of, index, range: rangeOf(node) })
  );
}

function readSlice(vm: Interpreter, of: Value, slice: Node, node: Node, scope: Scope): Value {
  const bounds = sliceBounds(vm, slice, scope);
  const [start, end, step] = bounds;
  if (bounds.some((bound) => bound === "unknown") || (step !== undefined && step !== 1))
    return unknown("a part of something", node, of);
  const from = start as number | undefined;
  const to = end as number | undefined;
  if (of.kind === "sequence" && of.complete) return { ...of, items: of.items.slice(from, to), range: rangeOf(node) };
  if (of.kind !== "text") return unknown("a part of something", node, of);
  const negative = (from ?? 0) < 0 || (to ?? 0) < 0;
  if (of.holes.length > 0 && negative) return unknown("a part of a string", node, of);
  const length = of.text.length;
  const clamp = (bound: number): number => Math.max(0, Math.min(length, bound < 0 ? length + bound : bound));
  return rebuild(of, [[clamp(from ?? 0), clamp(to ?? length)]], node);
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
