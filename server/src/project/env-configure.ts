/** What `env.py` hands to `context.configure(…)`. */
import { isKnown } from "../syntax/text.ts";
import type { Call, Value } from "../syntax/value.ts";
import { argumentOf, calleeName, type Made } from "./env-run.ts";

/** Of a switch: "unknown" where its value, or whether it is given, cannot be told from the file. */
export type Switch = boolean | "unknown";

/** Of a keyword that takes a function: whether there is one. */
export type Given = "absent" | "given" | "unknown";

/** What a keyword may be given, one for each way that the call may go; undefined: it is not given. */
type Possible = Value | "unknown" | undefined;

export interface Configured {
  /** Calls that migrate a server where there are any, else those that print SQL. */
  readonly online: readonly Call[];
  /** Calls without a connection: they print SQL. */
  readonly offline: readonly Call[];
}

export function findConfigured(made: readonly Made[]): Configured {
  const calls = made.flatMap(({ call }) => (isConfigure(call) ? call : []));
  const online = calls.filter((call) => argumentOf(call, "connection", 0) !== undefined || isOpen(call));
  const offline = calls.filter((call) => argumentOf(call, "connection", 0) === undefined);
  return { online: online.length > 0 ? online : calls, offline };
}

const telling = new Set(["connection", "url", "target_metadata", "transaction_per_migration"]);

function isConfigure(call: Call): boolean {
  if (calleeName(call) !== "configure") return false;
  const { callee } = call;
  if (callee.kind === "reference" && callee.path.startsWith("alembic.")) return true;
  return call.args.some(({ name }) => name !== undefined && telling.has(name));
}

/** `**options` that are not known may hold any keyword. */
const isOpen = ({ args }: Call): boolean => args.some(({ starred }) => starred === true);

export const possible = (calls: readonly Call[], name: string): readonly Possible[] =>
  calls.flatMap((call) => keyword(call, name));

function keyword(call: Call, name: string): readonly Possible[] {
  const given = call.args.find((arg) => arg.name === name);
  if (given !== undefined) return [given.value];
  const spread = call.args.filter(({ starred }) => starred === true).map(({ value }) => entriesNamed(value, name));
  return spread.find((values) => values.some((value) => value !== undefined)) ?? [undefined];
}

function entriesNamed(value: Value, name: string): readonly Possible[] {
  if (value.kind === "choice") return value.options.flatMap((one) => entriesNamed(one, name));
  if (value.kind !== "mapping") return ["unknown"];
  const entry = value.entries.findLast(([key]) => !isKnown(key) || key.text === name);
  if (entry === undefined) return [value.complete ? undefined : "unknown"];
  return [isKnown(entry[0]) ? entry[1] : "unknown"];
}

/** What all calls agree on; a file that configures nothing itself leaves it to code elsewhere. */
function agreed<T>(calls: readonly Call[], name: string, read: (value: Possible) => T): T | undefined {
  const values = new Set(possible(calls, name).map(read));
  const [only] = values;
  return values.size === 1 ? only : undefined;
}

/** `standard` is what Alembic takes where the keyword is not given. */
export function switchOf(calls: readonly Call[], name: string, standard = false): Switch {
  const read = (value: Possible): Switch => (value === undefined ? standard : truthOf(value));
  return agreed(calls, name, read) ?? "unknown";
}

function truthOf(value: Value | "unknown"): Switch {
  if (value === "unknown" || value.kind !== "scalar") return "unknown";
  return value.value === true || (typeof value.value === "number" && value.value !== 0);
}

const isDefined = (value: Value): boolean => ["function", "lambda", "class"].includes(value.kind);

/** Also what comes from elsewhere: nobody writes the keyword for a name that stands for None. */
const isFunction = (value: Value): boolean => isDefined(value) || ["reference", "member", "call"].includes(value.kind);

/** As `switchOf`, for what may also be a function. */
export function comparisonOf(calls: readonly Call[], name: string, standard: boolean): Switch | "custom" {
  const read = (value: Possible): Switch | "custom" => {
    if (value === undefined) return standard;
    return value !== "unknown" && isDefined(value) ? "custom" : truthOf(value);
  };
  return agreed(calls, name, read) ?? "unknown";
}

export function givenOf(calls: readonly Call[], name: string): Given {
  const read = (value: Possible): Given => {
    if (value === undefined || (value !== "unknown" && value.kind === "scalar" && value.value === null))
      return "absent";
    return value !== "unknown" && isFunction(value) ? "given" : "unknown";
  };
  return agreed(calls, name, read) ?? "unknown";
}

/** The string that every call gives; a call without the keyword means Alembic's default. */
export const textOfKeyword = (calls: readonly Call[], name: string): string | undefined =>
  agreed(calls, name, (value) =>
    value !== undefined && value !== "unknown" && isKnown(value) ? value.text : undefined,
  );
