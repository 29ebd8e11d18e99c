/** Expressions that are chains of methods: `users.update().where(…).values(…)`. */
import type { Argument, Call, Value } from "../../syntax/value.ts";
import { built, calleeOf } from "./terms.ts";

/** One method of a chain such as `.where(…)`, with its arguments. */
export interface Link {
  readonly name: string;
  readonly args: readonly Argument[];
  readonly call: Call;
  /** What the method is called on. */
  readonly of: Value;
}

/** A chain of methods from its root outwards. */
export interface Chain {
  readonly root: Value;
  readonly links: readonly Link[];
}

export function chainOf(value: Value): Chain {
  const links: Link[] = [];
  let root = value;
  while (root.kind === "call" && built(root) === undefined) {
    const callee = calleeOf(root);
    if (callee?.receiver === undefined) break;
    links.unshift({ name: callee.name, args: root.args, call: root, of: callee.receiver });
    root = callee.receiver;
  }
  return { root, links };
}
