/** Attributes of values. */
import type { Range } from "../text/range.ts";
import { isEnum, memberOfEnum, withoutName } from "./enums.ts";
import { rangeOf, type Interpreter } from "./interpreter.ts";
import type { Node } from "./node.ts";
import { choose } from "./scope.ts";
import { derivedText } from "./text.ts";
import type { Argument, Call, Definition, Value } from "./value.ts";

export function findMember(vm: Interpreter, of: Value, name: string, range: Range, nameRange: Range): Value {
  const told = of.kind === "member" ? vm.asking.told?.get(`${of.name}.${name}`) : undefined;
  if (told !== undefined) return derivedText(told, range);
  if (of.kind === "reference")
    return imported(vm, { kind: "reference", path: `${of.path}.${name}`, range: rangeOf(range) });
  if (of.kind === "choice" && of.options.every((option) => option.kind === "reference" || isOwnObject(option))) {
    return choose(
      of.options.map((option) => findMember(vm, option, name, range, nameRange)),
      range,
    );
  }
  if (of.kind === "class") {
    const member = (isEnum(of) ? memberOfEnum(of, name) : undefined) ?? memberOfClass(of, name);
    if (!member) return plain(of, name, range, nameRange);
    const isBound = member.kind === "function" && vm.code.get(member)?.decorators.includes("classmethod");
    return member.kind === "function" && isBound ? bind(vm, member, of) : member;
  }
  const above = parentsOf(of);
  if (above) {
    const member = above.bases.map((base) => memberOfClass(base, name)).find((found) => found !== undefined);
    return member ? reach(vm, member, above.self, range, nameRange) : plain(of, name, range, nameRange);
  }
  if (isOwnObject(of)) return memberOfObject(vm, of, name, range, nameRange);
  const member = "member" in of ? of.member : undefined;
  if (member && name === "value") return withoutName(of);
  if (member && name === "name") return derivedText(member.name, of.range);
  const item = of.kind === "sequence" ? of.items[of.names?.indexOf(name) ?? -1] : undefined;
  if (item) return item;
  return plain(of, name, range, nameRange);
}

/** What a name from outside stands for, where a module of the project tells. */
export const imported = (vm: Interpreter, value: Value): Value =>
  value.kind === "reference" ? (vm.modules?.resolve(value.path, vm) ?? value) : value;

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
  return inherited ? reach(vm, inherited, of, range, nameRange) : plain(of, name, range, nameRange);
}

/** What the member of a class is when an object, or the class itself, is asked for it. */
function reach(vm: Interpreter, member: Value, self: Value, range: Range, nameRange: Range): Value {
  const code = member.kind === "function" ? vm.code.get(member) : undefined;
  if (member.kind !== "function" || !code || code.decorators.includes("staticmethod")) return member;
  const isOfClass = code.decorators.includes("classmethod");
  const bound = bind(vm, member, isOfClass && isOwnObject(self) ? self.callee : self);
  return code.decorators.includes("property")
    ? vm.invoke({ callee: bound, args: [], range: rangeOf(range), nameRange: rangeOf(nameRange), use: "expression" })
    : bound;
}

function bind(vm: Interpreter, method: Definition, self: Value): Definition {
  const code = vm.code.get(method);
  const bound: Definition = { ...method };
  if (code) vm.code.set(bound, { ...code, self });
  return bound;
}

/** The object whose `__init__` hands on to a base that the project does not define: `super().__init__(…)`, `Base.__init__(self, …)`. */
export function initializedBy(
  callee: Value,
  args: readonly Argument[],
): { readonly self: Value; readonly args: readonly Argument[] } | undefined {
  if (callee.kind === "reference") {
    const [self, ...others] = args;
    const isInit = callee.path.endsWith(".__init__") && self !== undefined && isOwnObject(self.value);
    return isInit ? { self: self.value, args: others } : undefined;
  }
  const above = callee.kind === "member" && callee.name === "__init__" ? parentsOf(callee.of) : undefined;
  return above && { self: above.self, args };
}

/** Of `super(Class, self)`: the bases of the class that the project defines, and the object. */
function parentsOf(value: Value): { readonly bases: readonly Definition[]; readonly self: Value } | undefined {
  if (value.kind !== "call" || value.callee.kind !== "reference" || value.callee.path !== "builtins.super")
    return undefined;
  const [owner, self] = value.args.map((arg) => arg.value);
  if (owner?.kind !== "class" || !self) return undefined;
  return { bases: (owner.bases ?? []).flatMap((base) => (base.kind === "class" ? [base] : [])), self };
}

/** `super()` in a method: with the class that defines the method, and the object that it runs on. */
export function superOf(vm: Interpreter, range: Range, nameRange: Range): Value | undefined {
  const frame = vm.running.findLast(({ node }) => node.type === "function_definition");
  const self = frame?.self;
  const type = self && (isOwnObject(self) ? self.callee : self);
  const owner = type?.kind === "class" && frame ? ownerOf(vm, type, frame.node, 0) : undefined;
  if (!self || !owner) return undefined;
  return {
    kind: "call",
    callee: { kind: "reference", path: "builtins.super", range: rangeOf(nameRange) },
    args: [owner, self].map((value) => ({ value, range: rangeOf(range) })),
    nameRange: rangeOf(nameRange),
    range: rangeOf(range),
  };
}

function ownerOf(vm: Interpreter, type: Definition, method: Node, depth: number): Definition | undefined {
  const isOwn = [...(type.members?.values() ?? [])].some(
    (member) => member.kind === "function" && vm.code.get(member)?.node === method,
  );
  if (isOwn || depth > 8) return isOwn ? type : undefined;
  return (type.bases ?? [])
    .map((base) => (base.kind === "class" ? ownerOf(vm, base, method, depth + 1) : undefined))
    .find((found) => found !== undefined);
}
