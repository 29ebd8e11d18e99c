/** Names and what they are bound to, with a journal so that the arms of a branch can be tried one after the other. */
import type { Range } from "../text/range.ts";
import { HOLE, type Choice, type Tested, type Text, type Value } from "./value.ts";
import { rebuild } from "./text.ts";

export interface Scope {
  readonly parent: Scope | undefined;
  readonly names: Map<string, Value>;
  /** Names declared `global` or `nonlocal`, and the scope they belong to. */
  readonly elsewhere: Map<string, Scope>;
  /** A class's own names are not seen by the functions in it. */
  readonly isClass: boolean;
  /** Of a module that several files import: what one of them does to it while it is imported is lost on the others. */
  isShared?: boolean;
}

export const newScope = (parent: Scope | undefined, isClass = false): Scope => ({
  parent,
  names: new Map(),
  elsewhere: new Map(),
  isClass,
});

export function lookUp(scope: Scope, name: string): Value | undefined {
  for (let at: Scope | undefined = scope, first = true; at; at = at.parent, first = false) {
    if (at.isClass && !first) continue;
    const value = at.names.get(name);
    if (value) return value;
  }
  return undefined;
}

/** What was changed since the last mark: for each scope and name the value before. */
type Changes = Map<Scope, Map<string, Value | undefined>>;

export interface Journal {
  bind(scope: Scope, name: string, value: Value): void;
  /**
   * Runs each arm from the same state, then joins what they bound: a name that differs becomes a choice. An arm that
   * answers false does not come out at the other end; what it bound is dropped. `asked` is what decides between them.
   */
  branch(
    arms: readonly (() => boolean)[],
    range: Range,
    asked?: readonly Value[],
    under?: readonly (readonly Tested[])[],
  ): void;
  /** Runs a body that may be run any number of times; what it changes is known only in part afterwards. */
  loop(body: () => void, range: Range): void;
}

const maximalOptions = 8;

export function newJournal(): Journal {
  const marks: Changes[] = [];

  const bind = (scope: Scope, name: string, value: Value): void => {
    const target = scope.elsewhere.get(name) ?? scope;
    const changes = marks.at(-1);
    if (!changes && target.isShared) return;
    if (changes) {
      let names = changes.get(target);
      if (!names) changes.set(target, (names = new Map()));
      if (!names.has(name)) names.set(name, target.names.get(name));
    }
    target.names.set(name, value);
  };

  /** Runs, takes everything back, and answers what was bound to what. */
  const trial = <T>(run: () => T): { result: T; before: Changes; after: Changes } => {
    const before: Changes = new Map();
    const after: Changes = new Map();
    marks.push(before);
    let result: T;
    try {
      result = run();
    } finally {
      marks.pop();
      for (const [scope, names] of before) {
        const bound = new Map<string, Value | undefined>();
        for (const [name, old] of names) {
          bound.set(name, scope.names.get(name));
          if (old) scope.names.set(name, old);
          else scope.names.delete(name);
        }
        after.set(scope, bound);
      }
    }
    return { result, before, after };
  };

  return {
    bind,
    branch(arms, range, asked = [], under = []) {
      const trials = arms.map((arm, i) => ({ ...trial(arm), under: under[i] ?? [] }));
      const through = trials.filter(({ result }) => result);
      const changed: Changes = new Map();
      for (const { before } of through)
        for (const [scope, names] of before) changed.set(scope, new Map([...(changed.get(scope) ?? []), ...names]));
      for (const [scope, names] of changed) {
        for (const [name, before] of names) {
          const options = through.flatMap(({ after, under: tests }) => {
            const bound = after.get(scope);
            const option = bound?.has(name) ? bound.get(name) : before;
            return option === undefined ? [] : [{ option, tests }];
          });
          const bound = options.map(({ option }) => option);
          bind(
            scope,
            name,
            decide(
              bound,
              range,
              asked,
              options.map(({ tests }) => tests),
            ),
          );
        }
      }
    },
    loop(body, range) {
      const { before, after } = trial(body);
      for (const [scope, names] of after) {
        for (const [name, value] of names)
          if (value) bind(scope, name, afterLoop(before.get(scope)?.get(name), value, range));
      }
    },
  };
}

/** @param under what each of the options is under */
export function choose(options: readonly Value[], range: Range, under: readonly (readonly Tested[])[] = []): Value {
  const flat = options.flatMap((option, i) => optionsOf(option, under[i] ?? []));
  const different: Option[] = [];
  for (const option of flat) {
    const same = different.findIndex(({ value }) => sameValue(value, option.value));
    const known = different[same];
    // What comes of several tests is under none of them.
    if (known) different[same] = { value: known.value, under: [] };
    else different.push(option);
  }
  const [only] = different;
  if (only && different.length === 1) return only.value;
  if (!only) return { kind: "unknown", why: "nothing is bound here", range };
  const kept = different.slice(0, maximalOptions);
  const choice: Choice = {
    kind: "choice",
    options: kept.map(({ value }) => value),
    ...(kept.some((option) => option.under.length > 0) ? { under: kept.map((option) => option.under) } : {}),
    range,
  };
  return choice;
}

interface Option {
  readonly value: Value;
  readonly under: readonly Tested[];
}

const optionsOf = (value: Value, under: readonly Tested[]): readonly Option[] =>
  value.kind === "choice"
    ? value.options.map((option, i) => ({ value: option, under: [...under, ...(value.under?.[i] ?? [])] }))
    : [{ value, under }];

/**
 * As `choose`, but a mere yes or no keeps what it was decided by: "is there a row?", "does the column exist?".
 * That it may be either says nothing more.
 */
export function decide(
  options: readonly Value[],
  range: Range,
  asked: readonly Value[],
  under: readonly (readonly Tested[])[] = [],
): Value {
  const chosen = choose(options, range, under);
  const isFlag = (option: Value): boolean => option.kind === "scalar" && typeof option.value !== "number";
  if (chosen.kind !== "choice" || asked.length === 0 || !chosen.options.every(isFlag)) return chosen;
  const from: Value = {
    kind: "operator",
    operator: "if",
    operands: asked,
    range: { start: range.start, end: range.end },
  };
  return { kind: "unknown", why: "it depends on a condition", from, range: from.range };
}

export function sameValue(a: Value, b: Value): boolean {
  if (a === b) return true;
  if ("member" in a && "member" in b && a.member?.of === b.member?.of && a.member?.name !== b.member?.name)
    return false;
  if (a.kind === "text" && b.kind === "text") return a.text === b.text && a.holes.length === 0 && b.holes.length === 0;
  if (a.kind === "scalar" && b.kind === "scalar")
    return a.value === b.value || (a.value !== null && b.value !== null && Number(a.value) === Number(b.value));
  return a.kind === "reference" && b.kind === "reference" && a.path === b.path;
}

const isNumber = (value: Value): boolean => value.kind === "scalar" && typeof value.value === "number";

/** A text that grows in a loop keeps its beginning; a list that grows keeps its items and is not complete. */
function afterLoop(before: Value | undefined, after: Value, range: Range): Value {
  if (!before) return after;
  if (
    before.kind === "text" &&
    after.kind === "text" &&
    after.text.startsWith(before.text) &&
    after.text !== before.text
  ) {
    const rest: Text = {
      kind: "text",
      text: HOLE,
      holes: [{ value: { kind: "unknown", why: "added in a loop", from: after, range }, by: "concatenation" }],
      pieces: [],
      range,
    };
    return rebuild(before, [[0, before.text.length], rest], before.range);
  }
  if (before.kind === "sequence" && after.kind === "sequence") return { ...after, complete: false };
  if (before.kind === "mapping" && after.kind === "mapping") return { ...after, complete: false };
  // After one turn a counter is at 1; after all of them, nobody knows.
  if (isNumber(before) && isNumber(after) && !sameValue(before, after))
    return { kind: "unknown", why: "counted in a loop", range };
  return choose([before, after], range);
}
