/** What fills a column on the server: `server_default=`, `Identity`, `Computed`, `Sequence`. */
import type { ColumnDefinition, Dialect } from "../../../sql/action.ts";
import type { IdentityDefinition, SqlExpression } from "../../../sql/definition.ts";
import type { Call, Value } from "../../../syntax/value.ts";
import { bind, type Bound } from "../arguments.ts";
import { conditionOf, defaultOf } from "../compile/index.ts";
import { present } from "../draft.ts";
import { onlyOn } from "../types/construct.ts";
import { agreed, booleanOf, built, isNone } from "../terms.ts";

export type Filling = Pick<
  ColumnDefinition,
  "hasServerDefault" | "default" | "nullDefault" | "generated" | "identity" | "computed"
>;

/** `constructs`: the positional arguments of the column behind its name and type. */
export function fillingOf(bound: Bound, constructs: readonly Value[], dialect: Dialect): Filling {
  const written = bound.get("server_default");
  const given = written?.kind === "choice" ? (onlyOn(written, dialect) ?? written) : written;
  const inside = given === undefined ? undefined : construct(given);
  const candidates = [...constructs.map(construct), inside].filter((call) => call !== undefined);
  const find = (name: string): Call | undefined => candidates.find((call) => built(call) === name);
  const computed = find("Computed");
  const identity = find("Identity");
  if (computed) return { hasServerDefault: false, generated: "computed", ...computation(computed, dialect) };
  if (identity) return { hasServerDefault: false, generated: "identity", identity: identityOf(identity) };
  const clause = find("DefaultClause");
  const value = clause ? clause.args[0]?.value : given;
  const has = clause ? true : hasDefault(value, bound.open);
  if (has !== true || value === undefined) return present<Filling>({ hasServerDefault: has });
  const filled = defaultOf(value, dialect);
  return filled === undefined
    ? { hasServerDefault: false, nullDefault: true }
    : { hasServerDefault: true, default: filled };
}

const construct = (value: Value): Call | undefined =>
  value.kind === "call" && built(value) !== undefined ? value : undefined;

/** Also of a choice between two defaults: that there is one is known. `FetchedValue` says so without making one. */
function hasDefault(value: Value | undefined, open: boolean): boolean | undefined {
  if (value === undefined) return open ? undefined : false;
  if (value.kind === "choice") return agreed(value, isDefault);
  return isDefault(value);
}

export const isDefault = (value: Value): boolean | undefined =>
  value.kind === "unknown"
    ? undefined
    : !(isNone(value) || (value.kind === "scalar" && value.value === false) || built(value) === "FetchedValue");

function computation(call: Call, dialect: Dialect): Pick<Filling, "computed"> {
  const bound = bind(call.args, ["sqltext", "persisted"]);
  const sqltext = bound.get("sqltext");
  const expression: SqlExpression = sqltext === undefined ? { sql: undefined } : conditionOf(sqltext, dialect);
  const persisted = booleanOf(bound.get("persisted"));
  // Without a word PostgreSQL before 18 stores, and SQLAlchemy says so there; other servers compute when they read.
  return { computed: { ...expression, stored: persisted ?? dialect === "postgresql" } };
}

const sequenceOptions = ["start", "increment", "minvalue", "maxvalue", "nominvalue", "nomaxvalue", "cycle", "cache"];

export const identityParameters = ["always", "on_null", ...sequenceOptions, "order"];

export function identityOf(call: Call): IdentityDefinition {
  const bound = bind(call.args, identityParameters);
  return { always: booleanOf(bound.get("always")) === true, ...optionsOf(bound) };
}

/** The numbers of an `Identity` or a `Sequence`. */
export function optionsOf(bound: Bound): Omit<IdentityDefinition, "always"> {
  const number = (parameter: string): number | undefined => {
    const value = bound.get(parameter);
    return value?.kind === "scalar" && typeof value.value === "number" ? value.value : undefined;
  };
  return present<Omit<IdentityDefinition, "always">>({
    start: number("start"),
    increment: number("increment"),
    minimum: number("minvalue"),
    maximum: number("maxvalue"),
    cache: number("cache"),
    cycle: booleanOf(bound.get("cycle")),
  });
}
