/** The way into this layer: an operation and what it meets in, what it does to the server out. */
import type { Action, QualifiedName } from "../sql/action.ts";
import type { Circumstances } from "./circumstances.ts";
import type { Impact } from "./impact.ts";
import { plainName, sameTable } from "./names.ts";
import { stronger, blocksOf } from "./modes.ts";
import { mysqlImpact } from "./mysql/predict.ts";
import { postgresImpact } from "./postgres/predict.ts";
import { sqliteImpact } from "./sqlite.ts";

/** Undefined: nothing is known of it. What is only partly known is told as `likely`, with the worst assumed. */
export function impactOf(action: Action, circumstances: Circumstances): Impact | undefined {
  const { server } = circumstances;
  switch (server.dialect) {
    case "postgresql":
      return postgresImpact(action, server.version, circumstances);
    case "mysql":
    case "mariadb":
      return mysqlImpact(action, circumstances, server.dialect);
    case "sqlite":
      return sqliteImpact(action, circumstances);
  }
}

/** Tables and views that an action makes: for `Circumstances.created` of those that follow in the same transaction. */
export const createdBy = ({ touches }: Action): readonly QualifiedName[] =>
  touches.flatMap(({ how, on }) => (how === "create" && (on.type === "table" || on.type === "view") ? [on.name] : []));

/** What several operations of one transaction, or of one statement, do together. Undefined where one is not known. */
export function combined(impacts: readonly (Impact | undefined)[]): Impact | undefined {
  const known = impacts.filter((impact) => impact !== undefined);
  const [first, ...others] = known;
  if (first === undefined || known.length < impacts.length) return undefined;
  return others.reduce(both, first);
}

const union = (a: readonly QualifiedName[], b: readonly QualifiedName[]): readonly QualifiedName[] => [
  ...a,
  ...b.filter((name) => !a.some((other) => sameTable(other, name))),
];

function both(a: Impact, b: Impact): Impact {
  const rewrites = union(a.rewrites, b.rewrites);
  const isRewritten = (name: QualifiedName): boolean => rewrites.some((other) => sameTable(other, name));
  const algorithm = worstOf(["INSTANT", "INPLACE", "COPY"] as const, a.algorithm, b.algorithm);
  const lock = worstOf(["NONE", "SHARED", "EXCLUSIVE"] as const, a.lock, b.lock);
  return {
    ...(algorithm && { algorithm }),
    ...(lock && { lock }),
    locks: lockedByBoth(a.locks, b.locks),
    rewrites,
    scans: union(a.scans, b.scans).filter((name) => !isRewritten(name)),
    builds: union(a.builds, b.builds).filter((name) => !isRewritten(name)),
    transactional: a.transactional && b.transactional,
    waitsForSnapshots: a.waitsForSnapshots || b.waitsForSnapshots,
    basis: a.basis === "measured" && b.basis === "measured" ? "measured" : "documented",
    notes: [...new Set([...a.notes, ...b.notes])],
    confidence: a.confidence === "certain" && b.confidence === "certain" ? "certain" : "likely",
  };
}

const worstOf = <T>(order: readonly T[], a: T | undefined, b: T | undefined): T | undefined =>
  [...order].reverse().find((each) => each === a || each === b);

function lockedByBoth(a: Impact["locks"], b: Impact["locks"]): Impact["locks"] {
  const locks = [...a];
  for (const { table, mode, blocks } of b) {
    const at = locks.findIndex((other) => sameTable(other.table, table));
    const known = locks[at];
    if (known === undefined) locks.push({ table: plainName(table), mode, blocks });
    else {
      const strongest = stronger(known.mode, mode);
      const all = new Set([...known.blocks, ...blocks, ...blocksOf(strongest)]);
      const inOrder = (["reads", "writes", "ddl"] as const).filter((who) => all.has(who));
      locks[at] = { table: known.table, mode: strongest, blocks: inOrder };
    }
  }
  return locks;
}
