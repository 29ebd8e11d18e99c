/** Options of sequences, which CREATE SEQUENCE, ALTER SEQUENCE and identity columns share. */
import type { AlterSeqStmt, Constraint, CreateSeqStmt, DefElem } from "libpg-query";
import type { Action, ActionKind, QualifiedName } from "../action.ts";
import type { IdentityDefinition, SequenceDefinition, SequenceOptions } from "../definition.ts";
import { Touches } from "../draft.ts";
import { known, knownName } from "../hole.ts";
import { named } from "./objects.ts";
import { all, as, nameOfTable, strings, type Node } from "./tree.ts";
import { columnType } from "./types.ts";

export function readIdentity(constraint: Constraint): IdentityDefinition {
  const sequence = sequenceName(constraint.options);
  return {
    always: constraint.generated_when === "a",
    ...readOptions(constraint.options),
    ...(sequence && { sequence }),
  };
}

function sequenceName(options: readonly Node[] | undefined): QualifiedName | undefined {
  const option = all(options, "DefElem").find(({ defname }) => defname === "sequence_name");
  const path = strings(as(option?.arg, "List")?.items);
  return path.length === 0 ? undefined : knownName(path.at(-2), path.at(-1));
}

/** `ALTER COLUMN … SET GENERATED … SET START … RESTART`. */
export function readIdentityChange(options: readonly Node[] | undefined): Partial<IdentityDefinition> {
  const generated = all(options, "DefElem").find(({ defname }) => defname === "generated")?.arg;
  const when = as(generated, "Integer")?.ival;
  return { ...(when !== undefined && { always: when === "a".charCodeAt(0) }), ...readOptions(options) };
}

export function readOptions(options: readonly Node[] | undefined): SequenceOptions {
  const given = new Map(all(options, "DefElem").map((option) => [option.defname, option]));
  const number = (name: string): number | undefined => numberOf(given.get(name));
  const [start, increment, minimum, maximum, cache] = ["start", "increment", "minvalue", "maxvalue", "cache"].map(
    number,
  );
  const cycle = given.get("cycle");
  return {
    ...(start !== undefined && { start }),
    ...(increment !== undefined && { increment }),
    ...(minimum !== undefined && { minimum }),
    ...(maximum !== undefined && { maximum }),
    ...(cache !== undefined && { cache }),
    ...(cycle && { cycle: as(cycle.arg, "Boolean")?.boolval === true }),
  };
}

/** Undefined also for a number that is too large to be told exactly, as the bounds of `bigint` are. */
function numberOf(option: DefElem | undefined): number | undefined {
  const value = option?.arg;
  if (!value) return undefined;
  const number = as(value, "Integer") ? (as(value, "Integer")?.ival ?? 0) : Number(as(value, "Float")?.fval);
  return Number.isSafeInteger(number) ? number : undefined;
}

export function sequenceAction(statement: CreateSeqStmt | AlterSeqStmt, kind: ActionKind): Action {
  const options = all(statement.options, "DefElem");
  const touches = new Touches();
  const owner = ownerOf(options);
  if (owner) touches.table("require", owner.table).columns("require", owner.table, [owner.column ?? "*"]);
  const type = columnType(as(options.find(({ defname }) => defname === "as")?.arg, "TypeName"));
  const ownedBy = owner?.table && owner.column !== undefined ? { table: owner.table, column: owner.column } : undefined;
  const sequence: SequenceDefinition = {
    ...readOptions(statement.options),
    ...(type && { type }),
    ...(ownedBy && { ownedBy }),
    ...(owner === null && { ownedBy: null }),
    ...(options.some(({ defname }) => defname === "restart") && { restarts: true as const }),
  };
  const guard = "if_not_exists" in statement ? { ifNotExists: true } : {};
  return named(kind, "sequence", nameOfTable(statement.sequence), touches, {
    sequence,
    ...guard,
    ...("missing_ok" in statement && statement.missing_ok && { ifExists: true }),
    ...(statement.sequence?.relpersistence === "t" && { temporary: true }),
  });
}

/** `OWNED BY table.column`; `null` for OWNED BY NONE. */
function ownerOf(
  options: readonly DefElem[],
): { readonly table: ReturnType<typeof knownName>; readonly column: string | undefined } | null | undefined {
  const owner = options.find(({ defname }) => defname === "owned_by");
  if (!owner) return undefined;
  const path = strings(as(owner.arg, "List")?.items);
  if (path.length < 2) return null;
  return { table: knownName(path.at(-3), path.at(-2)), column: known(path.at(-1)) };
}
