/** The arguments of a type. */
import { booleanOf, isNone, textOf } from "../terms.ts";
import type { TypeConstruct } from "./construct.ts";

/** What is given for a parameter: nothing (`null`), text, or something that is not known (`undefined`). */
export type Modifier = string | null | undefined;

/** A whole number, as SQL writes it. SQLAlchemy takes None for absent; what it takes 0 for, the types say. */
export function numberIn({ bound }: TypeConstruct, parameter: string): Modifier {
  const value = bound.get(parameter);
  if (value === undefined) return bound.open ? undefined : null;
  if (isNone(value)) return null;
  return value.kind === "scalar" && typeof value.value === "number" && Number.isInteger(value.value)
    ? String(value.value)
    : undefined;
}

/** As `numberIn`, for parameters where 0 is as good as nothing. */
export function sizeIn(construct: TypeConstruct, parameter: string): Modifier {
  const number = numberIn(construct, parameter);
  return number === "0" ? null : number;
}

export function textIn({ bound }: TypeConstruct, parameter: string): Modifier {
  const value = bound.get(parameter);
  return value === undefined || isNone(value) ? (bound.open ? undefined : null) : textOf(value);
}

/** A flag; `otherwise` where it is not given. */
export function flagIn({ bound }: TypeConstruct, parameter: string, otherwise = false): boolean | undefined {
  const value = bound.get(parameter);
  if (value === undefined || isNone(value)) return bound.open ? undefined : otherwise;
  return booleanOf(value);
}

/** The modifiers that are given; undefined as soon as one of them is not known. */
export function listed(...modifiers: readonly Modifier[]): readonly string[] | undefined {
  const given = modifiers.filter((modifier) => modifier !== null);
  return given.every((modifier) => modifier !== undefined) ? given : undefined;
}
