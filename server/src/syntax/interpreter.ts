/**
 * Abstract interpretation of Python: statements are run in order, every branch is taken, loops over known sequences
 * are unrolled, functions of the same file are entered. A watcher hears of each call in the order of execution.
 */
import type { Range } from "../text/range.ts";
import type { Characters, Node } from "./node.ts";
import type { Journal, Scope } from "./scope.ts";
import type { Argument, Call, Definition, Told, Value } from "./value.ts";

export interface BranchFrame {
  readonly kind: "branch";
  readonly test: Value;
  readonly negated: boolean;
  readonly range: Range;
}

/** Under what something runs. */
export type Frame =
  | BranchFrame
  | {
      readonly kind: "loop";
      readonly over: Value | undefined;
      readonly constant: boolean;
      readonly endless: boolean;
      /** What its test comes to after a turn, where that is not known before. */
      readonly again?: Value | undefined;
      readonly range: Range;
    }
  | {
      readonly kind: "with";
      readonly value: Value;
      readonly range: Range;
      /** A context manager of the project, which was run and hands on what its block raises. */
      readonly managed?: true;
    }
  | { readonly kind: "try"; readonly range: Range }
  | {
      readonly kind: "helper";
      readonly name: string;
      /** The call, and the name in it. */
      readonly range: Range;
      readonly nameRange: Range;
      /** The file that defines the function, where it is another one. */
      readonly path?: string;
      /** What becomes of its result, and what it is given, the object of a method included; of a call that is in the code. */
      readonly use?: Use;
      readonly given?: readonly Value[];
      /** It is run as the context manager of a `with`. */
      readonly manages?: true;
    };

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
  /**
   * The innermost helper, a context manager, lets its caller go on: what runs now is no part of it. `always`: whatever
   * the helper's own tests come to.
   */
  outside<T>(always: boolean, run: () => T): T;
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
  /** The module that its names and text belong to. */
  readonly home: Home;
}

/** A module that is interpreted: what its own code sees, whoever calls it. */
export interface Home {
  readonly text: Characters;
  readonly module: Scope;
  /** Modules that it imports all names of. */
  readonly stars: string[];
  /** The file; undefined for a text from nowhere, whose relative imports lead nowhere. */
  readonly path: string | undefined;
  /** The file that is read, and no module that it imports. */
  readonly isMain: boolean;
}

/** Resolves a name that came in by `from … import *`: the full path, where one of the modules is known to have it. */
export type ResolveStar = (name: string, modules: readonly string[]) => string | undefined;

/** Other modules of the project: see `modules.ts`. */
export interface Modules extends Pick<Session, "code" | "attributes"> {
  /** What the name of an import, or of an attribute of a module, stands for; undefined where that is not known. */
  resolve(path: string, session: Session): Value | undefined;
  /** Whether the project is known to have a module of this name. */
  has(name: string, session: Session): boolean;
  /** Forgets the modules of these names, and all that were read with their help. */
  forget(names: ReadonlySet<string>): void;
}

export interface Running {
  readonly node: Node;
  readonly scope: Scope;
  readonly returned: Value[];
  readonly asked: Value[];
  /** Of a method: the object or class that it is called on. */
  readonly self?: Value | undefined;
  /** The tests that the run is under, within the function. */
  readonly under?: BranchFrame[];
  /** What each of those that were returned is under. */
  readonly returnedUnder?: (readonly BranchFrame[])[];
  /** What the first `return` is under, where that is a single test. */
  firstReturn?: BranchFrame | undefined;
  /** Of a context manager: runs the block of the `with` that it was called for. */
  readonly resume?: ((yielded: Value) => void) | undefined;
}

/** One reading of a file: what all modules that it runs code of have in common. */
export interface Session {
  readonly journal: Journal;
  readonly resolveStar: ResolveStar;
  /** Other modules of the project, where it is known. */
  readonly modules: Modules | undefined;
  /** Names of modules that were asked for, found or not: what was read depends on them. */
  readonly asked: Set<string>;
  watcher: Watcher;
  /** Hears nothing. */
  readonly silence: Watcher;
  /** Lists and dictionaries, as they were before they were changed in place. */
  readonly changed: WeakSet<Value>;
  /** A loop is being tried out, and whether something in it is not known: see `while.ts`. */
  readonly trial: { isOn: boolean; hasFailed: boolean; undecided?: Value | undefined };
  /** Depth and amount of work left; where nothing is left, values are unknown and `exhausted` is set. */
  readonly limits: { depth: number; steps: number; exhausted: boolean };
  /** What only somebody who asks from outside of the run knows. */
  readonly asking: { told: Told | undefined };
  /** Functions that are being run, outermost first, with what they returned so far and what their branches and loops asked. */
  readonly running: Running[];
  readonly code: WeakMap<Definition, Code>;
  /** Attributes of objects of the file's own classes. */
  readonly attributes: WeakMap<Value, Scope>;
}

/** Runs the code of one module. */
export interface Interpreter extends Session {
  readonly home: Home;
  readonly text: Characters;
  readonly module: Scope;
  /** The same reading, in the code of another module. */
  at(home: Home): Interpreter;
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
