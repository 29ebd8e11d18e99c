/** Where `env.py` takes the database's URL from. */
import { isKnown } from "../syntax/text.ts";
import type { Call, Value } from "../syntax/value.ts";
import { argumentOf, calleeName, type Made } from "./env-run.ts";

export interface UrlSource {
  /** Whether `sqlalchemy.url` of the config is what counts; "unknown" where it may. */
  readonly isConfig: boolean | "unknown";
  /** The URL itself, where the file says it. */
  readonly literal?: string;
}

/** What a value was made of. */
interface Origin {
  config: boolean;
  /** Environment variables, settings of the program, anything that the file does not tell. */
  elsewhere: boolean;
  readonly literals: string[];
  readonly seen: Set<Value>;
}

const option = "sqlalchemy.url";
const engineMakers = new Set([
  "create_engine",
  "create_async_engine",
  "engine_from_config",
  "async_engine_from_config",
  "create_mock_engine",
]);

/** What is put in the place of the config's URL. */
export interface Override {
  readonly value: Value;
  readonly conditional: boolean;
}

/** `assigned`: what is put into a copy of the config's section, which only counts where the config itself is left. */
export function findUrlSource(made: readonly Made[], assigned: readonly Override[]): UrlSource {
  const set = made.flatMap(({ call, conditional }) => {
    const value = overrideOf(call);
    return value === undefined ? [] : [{ value, conditional }];
  });
  const overrides = set.length > 0 ? set : assigned;
  if (overrides.some(({ conditional }) => conditional)) return { isConfig: "unknown" };
  const last = overrides.at(-1);
  if (last !== undefined) return sourceOf([last.value]);
  const engines = made.flatMap(({ call }) =>
    engineMakers.has(calleeName(call) ?? "") ? (call.args[0]?.value ?? []) : [],
  );
  return engines.length === 0 ? { isConfig: "unknown" } : sourceOf(engines);
}

/** `config.set_main_option("sqlalchemy.url", value)` and `config.set_section_option(section, "sqlalchemy.url", value)`. */
function overrideOf(call: Call): Value | undefined {
  const name = calleeName(call);
  const at = name === "set_main_option" ? 0 : name === "set_section_option" ? 1 : undefined;
  if (at === undefined) return undefined;
  const key = argumentOf(call, "name", at);
  return isKnown(key) && key.text === option ? argumentOf(call, "value", at + 1) : undefined;
}

function sourceOf(values: readonly Value[]): UrlSource {
  const origin: Origin = { config: false, elsewhere: false, literals: [], seen: new Set() };
  for (const value of values) trace(value, origin);
  const [literal, ...others] = new Set(origin.literals);
  if (origin.config) return { isConfig: origin.elsewhere || literal !== undefined ? "unknown" : true };
  return {
    isConfig: false,
    ...(literal !== undefined && others.length === 0 && !origin.elsewhere ? { literal } : {}),
  };
}

const maximalValues = 500;

function trace(value: Value, origin: Origin): void {
  if (origin.seen.has(value)) return;
  origin.seen.add(value);
  if (origin.seen.size > maximalValues) {
    origin.elsewhere = true;
    return;
  }
  switch (value.kind) {
    case "text":
      if (value.holes.length === 0) origin.literals.push(value.text);
      else origin.elsewhere = true;
      for (const hole of value.holes) trace(hole.value, origin);
      return;
    case "call":
      traceCall(value, origin);
      return;
    case "choice":
      for (const one of value.options) trace(one, origin);
      return;
    case "operator":
      for (const one of value.operands) trace(one, origin);
      return;
    case "mapping":
      traceMapping(value.entries, value.complete, origin);
      return;
    case "item":
    case "member":
      trace(value.of, origin);
      return;
    case "scalar":
      return;
    default:
      origin.elsewhere = true;
  }
}

function traceMapping(entries: readonly (readonly [Value, Value])[], complete: boolean, origin: Origin): void {
  const url = entries.find(([key]) => isKnown(key) && (key.text === option || key.text === "url"));
  if (url !== undefined) trace(url[1], origin);
  else if (complete) origin.elsewhere = true;
  // `{**config.get_section(…), …}` keeps what the section says, and does not tell what that was.
  else origin.config = origin.elsewhere = true;
}

function traceCall(call: Call, origin: Origin): void {
  const name = calleeName(call) ?? "";
  if (name === "get_main_option" || name === "get_section_option") {
    const key = argumentOf(call, "name", name === "get_main_option" ? 0 : 1);
    if (isKnown(key) && key.text === option) origin.config = true;
    else origin.elsewhere = true;
    return;
  }
  if (name === "get_section") {
    origin.config = true;
    return;
  }
  // `make_url(url)`, `str(url)`, `url.replace("%", "%%")`: of what it is made, if of anything.
  if (call.callee.kind === "member" && call.callee.of.kind !== "unknown") trace(call.callee.of, origin);
  else if (["make_url", "str"].includes(name) && call.args[0] !== undefined) trace(call.args[0].value, origin);
  else origin.elsewhere = true;
}
