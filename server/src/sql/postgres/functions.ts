/** Functions, procedures and triggers: what they are, and what their bodies do when they are called. */
import type { CreateFunctionStmt, CreateTrigStmt } from "libpg-query";
import { besideTable, type Action, type Details } from "../action.ts";
import type { TriggerDefinition } from "../definition.ts";
import { Touches, action } from "../draft.ts";
import { known } from "../hole.ts";
import { functionBody, type ActionsOf } from "./block.ts";
import { named } from "./objects.ts";
import type { SqlText } from "./text.ts";
import { all, as, dotted, nameOfTable, strings } from "./tree.ts";
import { requireType } from "./types.ts";

/** Its body runs when it is called, not now: what it does is no effect of this statement. */
export function createFunction(create: CreateFunctionStmt, text: SqlText, actionsOf: ActionsOf): Action {
  const touches = new Touches();
  for (const type of [
    create.returnType,
    ...all(create.parameters, "FunctionParameter").map((parameter) => parameter.argType),
  ]) {
    requireType(touches, type);
  }
  const options = all(create.options, "DefElem");
  const language = as(options.find(({ defname }) => defname === "language")?.arg, "String")?.sval?.toLowerCase();
  const isDefiner = options.some(({ defname, arg }) => defname === "security" && as(arg, "Boolean")?.boolval === true);
  const isPinned = options.some(
    ({ defname, arg }) => defname === "set" && as(arg, "VariableSetStmt")?.name === "search_path",
  );
  const body = functionBody(create, text, actionsOf);
  const details: Details = {
    ...(create.replace && { orReplace: true }),
    ...(language !== undefined && { language }),
    ...(body && { body }),
    ...(isDefiner && { privilege: isPinned ? ("definer" as const) : ("definer-open" as const) }),
  };
  return named("create_function", "function", dotted(create.funcname), touches, details);
}

/** The bits that PostgreSQL's `pg_trigger.h` uses. */
const events = [
  [4, "insert"],
  [8, "delete"],
  [16, "update"],
  [32, "truncate"],
] as const;

export function createTrigger(trigger: CreateTrigStmt): Action {
  const table = nameOfTable(trigger.relation);
  const touches = new Touches().table("alter", table).columns("require", table, strings(trigger.columns));
  const name = known(trigger.trigname);
  if (name !== undefined) touches.add("create", besideTable("trigger", name, table));
  const called = dotted(trigger.funcname);
  if (called) touches.add("require", { type: "function", name: called });
  const { timing = 0, events: mask = 0 } = trigger;
  const definition: TriggerDefinition = {
    timing: timing & 2 ? "before" : timing & 64 ? "instead_of" : "after",
    events: events.flatMap(([bit, event]) => (mask & bit ? [event] : [])),
    forEachRow: trigger.row === true,
    ...(called && { function: called }),
  };
  const details: Details = { trigger: definition, ...(trigger.replace && { orReplace: true }) };
  return action("create_trigger", { table, name, columns: strings(trigger.columns), touches, details });
}
