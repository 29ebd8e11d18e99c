/** To which part of an expand / backfill / contract migration each operation belongs, in view of the whole direction. */
import type { Direction, Operation, Phase } from "../model/revision.ts";
import type { Dialect } from "../sql/action.ts";
import { findScaffolding } from "./scaffolding.ts";
import { sourcesOf, watchTables, type Tables } from "./tables.ts";

/**
 * An operation that has a phase by itself keeps it, except that nobody uses a table yet that the same direction makes:
 * whatever defines it is `expand`. What is set up for a data change and taken away again is `backfill` with it, and so
 * is a table that is made with rows of existing ones.
 */
export function phasesIn({ operations }: Direction, dialect: Dialect): ReadonlyMap<Operation, Phase> {
  const tables = watchTables(operations, dialect);
  const scaffolding = findScaffolding(operations);
  const changesRows = operations.some(({ effect }) => effect === "data");
  const phases = new Map<Operation, Phase>();
  for (const operation of operations) {
    const before = operation.table && tables.origin(operation.table);
    tables.follow(operation);
    if (operation.phase === undefined) continue;
    const isHelp = changesRows && (scaffolding.has(operation) || passes(operation, before, tables));
    phases.set(operation, isHelp ? "backfill" : inView(operation, operation.phase, tables));
  }
  return phases;
}

/** About a table that is gone with the session or with this direction; a table that is dropped has no origin any more. */
function passes({ table, effect }: Operation, before: string | undefined, tables: Tables): boolean {
  if (effect !== "schema" || table === undefined) return false;
  return [before, tables.origin(table)].some((origin) => origin === "temporary" || origin === "scratch");
}

function inView(operation: Operation, alone: Phase, tables: Tables): Phase {
  const { table, effect, kind } = operation;
  if (effect !== "schema" || table === undefined || tables.origin(table) !== "new") return alone;
  const copies = kind === "create_table" && sourcesOf(operation).some((name) => tables.holdsOldRows(name));
  return copies ? "backfill" : "expand";
}
