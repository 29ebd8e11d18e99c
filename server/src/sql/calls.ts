/** Functions that a text defines and then calls: the call does what the body says. */
import type { Action } from "./action.ts";
import type { SqlStatement } from "./statement.ts";

/** Bodies of functions by name, as `Details.calls` spells them. */
type Functions = Map<string, readonly Action[]>;

/** Of the statements of one text, in order. A function counts from its definition on, until it is dropped. */
export function withCalled(statements: readonly SqlStatement[]): readonly SqlStatement[] {
  const functions: Functions = new Map();
  return statements.map((statement) => {
    for (const action of statement.actions) note(action, functions);
    if (functions.size === 0) return statement;
    const followed = new Set<string>();
    const actions = statement.actions.flatMap((action) => follow(action, functions, followed));
    return actions.length > statement.actions.length || actions.some((one, i) => one !== statement.actions[i])
      ? { ...statement, actions }
      : statement;
  });
}

function note(action: Action, functions: Functions): void {
  const [on] = action.touches.flatMap((touch) => (touch.on.type === "function" ? [touch.on.name] : []));
  if (!on || (action.kind !== "create_function" && action.kind !== "drop_function")) return;
  const names = on.schema === undefined ? [on.name] : [on.name, `${on.schema}.${on.name}`];
  for (const name of names) {
    const body = action.kind === "create_function" ? action.details.body : undefined;
    if (body === undefined) functions.delete(name);
    else functions.set(name, body);
  }
}

/**
 * What a call does comes behind it, of every function once: told again it would be no news. A CALL whose procedure is
 * known does nothing else.
 */
function follow(action: Action, functions: Functions, followed: Set<string>): readonly Action[] {
  const calls = action.details.calls ?? [];
  const known = calls.length > 0 && calls.every((name) => functions.has(name));
  const inner = calls.flatMap((name) => {
    const body = followed.has(name) ? undefined : functions.get(name);
    if (body) followed.add(name);
    return (body ?? []).flatMap((one) => follow(one, functions, followed));
  });
  return action.kind === "call" && known && inner.length > 0 ? inner : [action, ...inner];
}
