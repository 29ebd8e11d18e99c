/** What a direction sets up for its own work and takes away again: it belongs to what stands between. */
import type { Operation } from "../model/revision.ts";
import { sameName, type QualifiedName } from "../sql/action.ts";

/** Tables that a batch block of Alembic copies into; one that is there was left by an attempt that failed. */
const copies = /^_alembic_tmp_/;

export function findScaffolding(operations: readonly Operation[]): ReadonlySet<Operation> {
  return new Set([
    ...madeAndDropped(operations),
    ...operations.filter((operation, index) => clearsAway(operation, operations.slice(index))),
    ...switchedOffAndOn(operations),
  ]);
}

/** Things other than tables that are created and then dropped. */
function madeAndDropped(operations: readonly Operation[]): readonly Operation[] {
  const found: Operation[] = [];
  const open = new Map<string, Operation>();
  for (const operation of operations) {
    const [, verb, what] = /^(create|drop)_(index|function|trigger|view|type|sequence)$/.exec(operation.kind) ?? [];
    if (verb === undefined || operation.name === undefined) continue;
    const key = `${what ?? ""} ${operation.name}`;
    const creation = open.get(key);
    if (verb === "create") open.set(key, operation);
    else if (creation !== undefined) {
      found.push(creation, operation);
      open.delete(key);
    }
  }
  return found;
}

const tablesDropped = (operation: Operation): readonly QualifiedName[] =>
  operation.touches.filter((t) => t.how === "drop" && t.on.type === "table").map((t) => t.on.name);

/** DROP TABLE IF EXISTS before its creation only clears away what an earlier attempt may have left. */
function clearsAway(operation: Operation, onward: readonly Operation[]): boolean {
  if (operation.kind !== "drop_table") return false;
  const dropped = tablesDropped(operation);
  if (dropped.length === 0) return false;
  const isMade = (name: QualifiedName): boolean =>
    onward.some((o) => o.kind === "create_table" && o.table !== undefined && sameName(o.table, name));
  return dropped.every((name) => copies.test(name.name) || (operation.details.ifExists === true && isMade(name)));
}

/** A trigger that is disabled and then enabled, alone or with all others of its table. */
function switchedOffAndOn(operations: readonly Operation[]): readonly Operation[] {
  const switches = operations.filter(({ details }) => details.triggers !== undefined);
  const covers = (on: Operation, off: Operation): boolean =>
    on.details.triggers === "enabled" &&
    (on.name === undefined || on.name === off.name) &&
    (on.table === undefined || off.table === undefined || sameName(on.table, off.table));
  return switches.flatMap((off, index) => {
    const on = off.details.triggers === "disabled" && switches.slice(index + 1).find((one) => covers(one, off));
    return on ? [off, on] : [];
  });
}
