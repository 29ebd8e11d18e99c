/**
 * Abstract interpretation of Python: statements are run in order, every branch is taken, loops over known sequences
 * are unrolled, functions of the same file are entered. A watcher hears of each call in the order of execution.
 */
import type { Range } from "../text/range.ts";
import type { Node } from "./node.ts";
import type { Journal, Scope } from "./scope.ts";
import type { Argument, Call, Definition, Value } from "./value.ts";

/** Under what something runs. */
export type Frame =
  | { readonly kind: "branch"; readonly test: Value; readonly negated: boolean; readonly range: Range }
  | {
      readonly kind: "loop";
      readonly over: Value | undefined;
      readonly constant: boolean;
      readonly endless: boolean;
      readonly range: Range;
    }
  | { readonly kind: "with"; readonly value: Value; readonly range: Range }
  | { readonly kind: "try"; readonly range: Range }
  | { readonly kind: "helper"; readonly name: string; readonly range: Range };

export interface Watcher {
  /** A call that the file itself does not answer. Its arguments were evaluated before. */
  called(call: Call, use: Use): void;
  /** `of.name = value` where `of` is no object of a class of this file. */
  attributeSet(of: Value, name: string, value: Value, range: Range, nameRange: Range): void;
  /** A name was bound to a value, by the statement that runs. */
  bound(value: Value): void;
  /** What a name stands for was changed in place: `names.append(x)`. */
  mutated(name: string): void;
  statement(node: Node, run: () => Completion): Completion;
  within<T>(frame: Frame, run: () => T): T;
  /** Whether a function of the file that is handed to this call is run by it. */
  runsArguments(call: Call): boolean;
}

/** What becomes of a call's result: thrown away, bound to a name, or used within an expression. */
export type Use = "statement" | "assignment" | "expression";

export type Completion = "next" | "return" | "raise" | "break" | "continue";

/** What a `Definition` runs when it is called. */
export interface Code {
  readonly node: Node;
  readonly scope: Scope;
  readonly self?: Value;
  readonly decorators: readonly string[];
}

/** Resolves a name that came in by `from … import *`: the full path, where one of the modules is known to have it. */
export type ResolveStar = (name: string, modules: readonly string[]) => string | undefined;

export interface Interpreter {
  readonly text: string;
  readonly module: Scope;
  readonly journal: Journal;
  readonly stars: string[];
  readonly resolveStar: ResolveStar;
  watcher: Watcher;
  /** Depth and amount of work left; where nothing is left, values are unknown and `exhausted` is set. */
  readonly limits: { depth: number; steps: number; exhausted: boolean };
  /** Functions that are being run, outermost first, with what they returned so far and what their branches and loops asked. */
  readonly running: { readonly node: Node; readonly returned: Value[]; readonly asked: Value[] }[];
  readonly code: WeakMap<Definition, Code>;
  /** Attributes of objects of the file's own classes. */
  readonly attributes: WeakMap<Value, Scope>;
  evaluate(node: Node, scope: Scope, use?: Use): Value;
  execute(statements: readonly Node[], scope: Scope): Completion;
  invoke(invocation: Invocation): Value;
  assign(target: Node, value: Value, scope: Scope): void;
}

export interface Invocation {
  readonly callee: Value;
  readonly args: readonly Argument[];
  readonly range: Range;
  readonly nameRange: Range;
  readonly use: Use;
  /** The expression that is called and its scope, where a method may change what a name stands for (`names.append(x)`). */
  readonly target?: Node;
  readonly scope?: Scope;
}

export const unknown = (why: string, range: Range, from?: Value): Value => ({
  kind: "unknown",
  why,
  range: { start: range.start, end: range.end },
  ...(from ? { from } : {}),
});

export const rangeOf = (range: Range): Range => ({ start: range.start, end: range.end });

/** Expressions and blocks within each other; what lies deeper is not followed. Python allows 100 levels of indentation. */
export const maximalDepth = 300;

/** More turns of a loop than this are not unrolled. */
export const maximalTurns = 64;

/** Counts what making a large value has cost. */
export function charge({ limits }: Interpreter, value: Value): void {
  if (value.kind === "text") limits.steps -= (value.text.length >> 11) + (value.pieces.length >> 5);
  else if (value.kind === "sequence") limits.steps -= value.items.length >> 6;
  else if (value.kind === "mapping") limits.steps -= value.entries.length >> 6;
}
