/** Attributes of values. */
import type { Range } from "../text/range.ts";
import { rangeOf, type Interpreter } from "./interpreter.ts";
import { choose } from "./scope.ts";
import type { Call, Definition, Value } from "./value.ts";

export function findMember(vm: Interpreter, of: Value, name: string, range: Range, nameRange: Range): Value {
  if (of.kind === "reference") return { kind: "reference", path: `${of.path}.${name}`, range: rangeOf(range) };
  if (of.kind === "choice" && of.options.every((option) => option.kind === "reference" || isOwnObject(option))) {
    return choose(
      of.options.map((option) => findMember(vm, option, name, range, nameRange)),
      range,
    );
  }
  if (of.kind === "class") return memberOfClass(of, name) ?? plain(of, name, range, nameRange);
  if (isOwnObject(of)) return memberOfObject(vm, of, name, range, nameRange);
  // An enumeration of this file gave the constant; `.value` asks for the constant itself.
  if (name === "value" && (of.kind === "text" || of.kind === "scalar")) return of;
  return plain(of, name, range, nameRange);
}

const plain = (of: Value, name: string, range: Range, nameRange: Range): Value => ({
  kind: "member",
  of,
  name,
  nameRange: rangeOf(nameRange),
  range: rangeOf(range),
});

type OwnObject = Call & { readonly callee: Definition };

export const isOwnObject = (value: Value): value is OwnObject => value.kind === "call" && value.callee.kind === "class";

/** Constants and functions; columns and relationships stay attributes, because their name counts. */
function memberOfClass(of: Definition, name: string): Value | undefined {
  const value = findInClass(of, name, 0);
  if (!value) return undefined;
  return ["text", "scalar", "sequence", "mapping", "function", "class", "lambda", "reference"].includes(value.kind)
    ? value
    : undefined;
}

/** Looks in the class and in the bases that the file defines. */
export function findInClass(of: Definition, name: string, depth = 0): Value | undefined {
  const own = of.members?.get(name);
  if (own || depth > 8) return own;
  for (const base of of.bases ?? []) {
    const inherited = base.kind === "class" ? findInClass(base, name, depth + 1) : undefined;
    if (inherited) return inherited;
  }
  return undefined;
}

function memberOfObject(vm: Interpreter, of: OwnObject, name: string, range: Range, nameRange: Range): Value {
  const own = vm.attributes.get(of)?.names.get(name);
  if (own) return own;
  const inherited = memberOfClass(of.callee, name);
  if (inherited?.kind !== "function") return inherited ?? plain(of, name, range, nameRange);
  const code = vm.code.get(inherited);
  if (!code || code.decorators.includes("staticmethod")) return inherited;
  const bound: Definition = { ...inherited };
  vm.code.set(bound, { ...code, self: code.decorators.includes("classmethod") ? of.callee : of });
  return code.decorators.includes("property")
    ? vm.invoke({ callee: bound, args: [], range: rangeOf(range), nameRange: rangeOf(nameRange), use: "expression" })
    : bound;
}
