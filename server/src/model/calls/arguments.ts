/** Arguments of a call, by the names of its parameters. */
import type { Argument, Value } from "../../syntax/value.ts";
import { booleanOf, isNone, nameOf, whyUnknown } from "./terms.ts";

/**
 * The arguments bound to parameters. What could not be read is noted in `doubts` by whoever asks, so that one list
 * says in the end all that the reading does not know.
 */
export interface Bound {
  readonly get: (parameter: string) => Value | undefined;
  /** Positional arguments after the named parameters. */
  readonly rest: readonly Value[];
  /** Every keyword that was given, the named parameters included. */
  readonly keywords: ReadonlyMap<string, Value>;
  /** `*args` or `**kwargs` that could not be unpacked are among the arguments. */
  readonly open: boolean;
  readonly doubts: string[];
}

/** A parameter as `name` or, with the names it had in older versions, as `name|older`. */
export function bind(args: readonly Argument[], parameters: readonly string[]): Bound {
  const positional: Value[] = [];
  const keywords = new Map<string, Value>();
  let open = false;
  for (const argument of args) {
    if (argument.starred) open = true;
    else if (argument.name !== undefined) keywords.set(argument.name, argument.value);
    // Behind an unpacked `*value` nobody knows which parameter comes next.
    else if (!open) positional.push(argument.value);
  }
  const values = new Map<string, Value>();
  for (const [place, spelled] of parameters.entries()) {
    // Most have one name only.
    const names = spelled.includes("|") ? spelled.split("|") : undefined;
    const named = names?.map((name) => keywords.get(name)).find((found) => found !== undefined);
    const value = positional[place] ?? (names ? named : keywords.get(spelled));
    if (value !== undefined) values.set(names?.[0] ?? spelled, value);
  }
  const doubts = open ? ["arguments are unpacked from a value that is not known"] : [];
  return {
    get: (parameter) => values.get(parameter) ?? keywords.get(parameter),
    rest: positional.slice(parameters.length),
    keywords,
    open,
    doubts,
  };
}

/** The name given for a parameter; a name that is given but not known is a doubt. */
export function nameArgument(bound: Bound, parameter: string, what: string): string | undefined {
  const value = bound.get(parameter);
  const name = nameOf(value);
  if (name === undefined && !(value === undefined && bound.open)) bound.doubts.push(whyUnknown(value, what));
  return name;
}

/** As `nameArgument`, for a name that may be left out or None. */
export function optionalName(bound: Bound, parameter: string, what: string): string | undefined {
  const value = bound.get(parameter);
  return value === undefined || isNone(value) ? undefined : nameArgument(bound, parameter, what);
}

/** A flag that is given and known. */
export function flag(bound: Bound, parameter: string): boolean | undefined {
  return booleanOf(bound.get(parameter));
}

/** True where the parameter is given a value other than None. */
export function given(bound: Bound, parameter: string): boolean {
  const value = bound.get(parameter);
  return value !== undefined && !isNone(value);
}
