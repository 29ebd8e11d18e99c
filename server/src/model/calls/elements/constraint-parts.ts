/** What all constraints have in common: a name, columns, and what the keywords say. */
import type { Dialect, QualifiedName } from "../../../sql/action.ts";
import type { ConstraintDefinition } from "../../../sql/definition.ts";
import type { Value } from "../../../syntax/value.ts";
import { flag, type Bound } from "../arguments.ts";
import { columnReference } from "../columns.ts";
import { built, calleeOf, isNone, nameOf, textOf } from "../terms.ts";

type Type = ConstraintDefinition["type"];

type Name = Pick<ConstraintDefinition, "name" | "nameIsFinal" | "nameIsUnknown">;

/** A name, and whether it is final: `op.f` keeps it from the naming convention. */
export function namedBy(value: Value | undefined): Name {
  const name = nameOf(value);
  if (value === undefined || isNone(value)) return {};
  if (name === undefined) return { nameIsUnknown: true };
  const wrapper = value.kind === "call" ? calleeOf(value)?.name : undefined;
  return { name, ...((wrapper === "f" || wrapper === "conv") && { nameIsFinal: true as const }) };
}

/** Names of columns, given as strings or as columns; undefined where one of them is not known. */
export function columnNames(value: Value | undefined): readonly string[] | undefined {
  const items = value?.kind === "sequence" ? (value.complete ? value.items : undefined) : value && [value];
  return items && namesOrNone(items);
}

export function namesOrNone(items: readonly Value[]): readonly string[] | undefined {
  const names = items.map(columnName);
  return names.every((name) => name !== undefined) ? names : undefined;
}

const columnName = (value: Value): string | undefined =>
  nameOf(value) ??
  columnReference(value)?.column ??
  (value.kind === "call" && (built(value) === "column" || built(value) === "Column")
    ? nameOf(value.args[0]?.value)
    : undefined);

/** What the keywords say of any constraint. */
function traits(bound: Bound, dialect: Dialect): Partial<ConstraintDefinition> {
  const initially = textOf(bound.get("initially"))?.toLowerCase();
  const own = (option: string): Value | undefined => bound.get(`${dialect}_${option}`);
  const include = own("include");
  const deferred = initially === "deferred";
  return {
    ...(flag(bound, `${dialect}_not_valid`) === true && { notValid: true as const }),
    // PostgreSQL takes INITIALLY DEFERRED for DEFERRABLE, too.
    ...((flag(bound, "deferrable") === true || deferred) && { deferrable: true as const }),
    ...(deferred && { initiallyDeferred: true as const }),
    ...(flag(bound, `${dialect}_nulls_not_distinct`) === true && { nullsNotDistinct: true as const }),
    ...(include && !isNone(include) && { include: columnNames(include) ?? [] }),
  };
}

export interface ConstraintParts {
  readonly type: Type;
  readonly name: Value | undefined;
  readonly columns: readonly string[] | undefined;
  readonly bound: Bound;
  readonly dialect: Dialect;
}

export function constraintDefinition(
  { type, name, columns, bound, dialect }: ConstraintParts,
  more: Partial<ConstraintDefinition> = {},
): ConstraintDefinition {
  return { type, ...namedBy(name), columns, ...more, ...traits(bound, dialect) };
}

/** Where a constraint stands. */
export interface Owner {
  readonly table: QualifiedName | undefined;
  readonly dialect: Dialect;
}
