/**
 * What an expression of Python is worth, as far as the text of its file tells. Nothing is guessed: what is not known
 * is `Unknown` and says why. Values keep where they were written, so that findings and edits can point there.
 */
import type { Range } from "../text/range.ts";

interface Written {
  /** The expression in the file that this value was last read from. */
  readonly range: Range;
}

/** A member of an enumeration of the project: its value, with its name. */
export interface EnumMember {
  readonly name: string;
  readonly of: Definition;
}

/** Stands in `Text.text` for a part that is not known. */
export const HOLE = "\uFFFC";

/** A string, wholly or partly known: literals, concatenation, f-strings, `%`, `.format`, `dedent`, `join`. */
export interface Text extends Written {
  readonly kind: "text";
  /** The characters; each unknown part is one `HOLE`. */
  readonly text: string;
  /** The unknown parts, in order of their holes, and how each was put in. */
  readonly holes: readonly {
    readonly value: Value;
    readonly by: "f-string" | "percent" | "format" | "concatenation" | "other";
  }[];
  /**
   * Which stretch of `text` was copied from where in the file. `exact`: character for character, so offsets carry over;
   * else the stretch came through escapes or a method such as `dedent`.
   */
  readonly pieces: readonly {
    readonly start: number;
    readonly end: number;
    readonly range: Range;
    readonly exact: boolean;
  }[];
  readonly member?: EnumMember;
}

export interface Scalar extends Written {
  readonly kind: "scalar";
  /** null is Python's None; a number is undefined where it does not fit a double. */
  readonly value: number | boolean | null;
  /** Python's `2.0`, which is not written as 2. */
  readonly isFloat?: true;
  readonly member?: EnumMember;
}

export interface Sequence extends Written {
  readonly kind: "sequence";
  readonly type: "list" | "tuple" | "set";
  readonly items: readonly Value[];
  /** False where something was starred in or appended that is not known. */
  readonly complete: boolean;
  /** Of a comprehension without tests over something that is not known: that. Its one item stands for each element. */
  readonly each?: Value | undefined;
  /**
   * Of a comprehension whose tests are not known: what each item is under, all of these tests. It is not complete, since
   * some may not be there, and there are no others.
   */
  readonly under?: readonly (readonly Tested[])[] | undefined;
  /** Of a named tuple: the names of its items. */
  readonly names?: readonly string[];
  readonly member?: EnumMember;
}

export interface Mapping extends Written {
  readonly kind: "mapping";
  readonly entries: readonly (readonly [Value, Value])[];
  readonly complete: boolean;
  /** As of a sequence. */
  readonly each?: Value | undefined;
}

/** A name from outside the file, resolved through its imports: `sqlalchemy.Column`, `alembic.op`, `builtins.print`. */
export interface Reference extends Written {
  readonly kind: "reference";
  readonly path: string;
}

/** An attribute of a value that is not a `Reference` (those are folded into its path). */
export interface Member extends Written {
  readonly kind: "member";
  readonly of: Value;
  readonly name: string;
  readonly nameRange: Range;
}

/** `value[index]` that could not be resolved. */
export interface Item extends Written {
  readonly kind: "item";
  readonly of: Value;
  readonly index: Value;
}

export interface Argument {
  /** Of a keyword argument. */
  readonly name?: string;
  /** `*value` or `**value` that could not be unpacked. */
  readonly starred?: true;
  readonly value: Value;
  /** The whole argument, keyword included. */
  readonly range: Range;
}

/** A call that was not evaluated further; its identity (`===`) is the identity of its result. */
export interface Call extends Written {
  readonly kind: "call";
  readonly callee: Value;
  readonly args: readonly Argument[];
  /** The callee's last name in the file, to underline: `add_column` of `op.add_column(…)`. */
  readonly nameRange: Range;
}

/** A function or class that the same file defines. */
export interface Definition extends Written {
  readonly kind: "function" | "class" | "lambda";
  readonly name: string;
  /** Of a class: its bases, and the values of assignments in its body (`__tablename__`, columns), in order. */
  readonly bases?: readonly Value[];
  readonly members?: ReadonlyMap<string, Value>;
  /** Of a dataclass or a named tuple: what `__init__` takes, in order. */
  readonly fields?: readonly { readonly name: string; readonly default?: Value }[];
  /** Of a class: what a method gives for an object of it. Undefined where it has no such method, or that cannot be told. */
  readonly ask?: (method: string, self: Value, args: readonly Value[]) => Value | undefined;
  /** Of a class with an `__init__` of the project: what it makes. Undefined where that cannot be told. */
  readonly make?: (args: readonly Argument[]) => Made | undefined;
  /** Of a function: what it answers where attributes say this. Undefined where that cannot be told. */
  readonly answer?: (args: readonly Argument[], told: Told) => Value | undefined;
}

/** What attributes say that nobody set in the code, by the last two names: `dialect.name`. */
export type Told = ReadonlyMap<string, string>;

/** An object as its `__init__` leaves it. */
export interface Made {
  readonly object: Call;
  /** By name, in the order in which they were first set; `superInit` is what was handed on. */
  readonly attributes: ReadonlyMap<string, Value>;
}

/** The name under which it is noted that `__init__` called that of a base which is not of the project, and with what. */
export const superInit = "super().__init__";

export interface Operator extends Written {
  readonly kind: "operator";
  /** As written: `==`, `+`, `and`, `not`, `in` … */
  readonly operator: string;
  readonly operands: readonly Value[];
}

/** One of several: a conditional expression, or a name bound differently in the arms of a branch. */
export interface Choice extends Written {
  readonly kind: "choice";
  readonly options: readonly Value[];
  /** What each of them is under, as far as that is known: all of these tests. */
  readonly under?: readonly (readonly Tested[])[];
}

/** A test that came out true, or false where it is negated. */
export interface Tested extends Written {
  readonly test: Value;
  readonly negated: boolean;
}

export interface Unknown extends Written {
  readonly kind: "unknown";
  readonly why: string;
  /** What it was taken from, where that helps: the result that a loop walks over, the call it is an element of. */
  readonly from?: Value;
  /** Of an element of something unknown: its key or its place. */
  readonly at?: Value;
}

export type Value =
  Text | Scalar | Sequence | Mapping | Reference | Member | Item | Call | Definition | Operator | Choice | Unknown;
