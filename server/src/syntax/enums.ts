/** Enumerations that the project defines. */
import { sameValue } from "./scope.ts";
import type { Definition, EnumMember, Value } from "./value.ts";

const kinds = /^enum\.(?:Int|Str)?Enum$|^enum\.(?:Int)?Flag$/;

export const isEnum = ({ bases = [] }: Definition, depth = 0): boolean =>
  depth < 8 &&
  bases.some((base) =>
    base.kind === "class" ? isEnum(base, depth + 1) : base.kind === "reference" && kinds.test(base.path),
  );

/** Its members are strings or numbers themselves: `class Kind(str, Enum)`. */
const isMixed = ({ bases = [] }: Definition, depth = 0): boolean =>
  depth < 8 &&
  bases.some((base) =>
    base.kind === "class"
      ? isMixed(base, depth + 1)
      : base.kind === "reference" && /^builtins\.(?:str|int)$|^enum\.(?:Int|Str)/.test(base.path),
  );

type Constant = Extract<Value, { readonly member?: EnumMember }>;

const isConstant = (value: Value): value is Constant =>
  value.kind === "text" || value.kind === "scalar" || value.kind === "sequence";

/** The member of this name. */
export function memberOfEnum(of: Definition, name: string): Value | undefined {
  const value = of.members?.get(name);
  return value && !name.startsWith("_") && isConstant(value) ? { ...value, member: { name, of } } : undefined;
}

/** In order, without aliases; undefined where the values are not all known. */
export function membersOfEnum(of: Definition): readonly Value[] | undefined {
  if (!isEnum(of)) return undefined;
  const members: Value[] = [];
  for (const [name, value] of of.members ?? []) {
    if (name.startsWith("_") || value.kind === "function" || value.kind === "lambda") continue;
    const member = memberOfEnum(of, name);
    if (!member) return undefined;
    if (!members.some((other) => sameValue(other, member))) members.push(member);
  }
  return members;
}

/** `Color("r")`. */
export const memberByValue = (of: Definition, value: Value): Value | undefined =>
  membersOfEnum(of)?.find((member) => sameValue(withoutName(member), withoutName(value)));

/** `.value`. */
export function withoutName(value: Value): Value {
  if (!isConstant(value) || !value.member) return value;
  const { member: _member, ...bare } = value;
  return bare;
}

/** Whether a member passes for its value: as an argument, in a comparison. */
export const passesForValue = ({ of }: EnumMember): boolean => isMixed(of);
