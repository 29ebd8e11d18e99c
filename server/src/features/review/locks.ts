/** Which lock on which table keeps whom waiting, and for how long? */
import type { Judged } from "../../facts/judged.ts";
import type { TableLock } from "../../locks/impact.ts";
import type { Operation } from "../../model/revision.ts";
import type { Project } from "../../project/snapshot.ts";
import { renderName } from "../../sql/action.ts";
import { renderBlocks } from "../impact-words.ts";
import { answer, notUnderstood, type Answer, type Fact, type Reviewed } from "./answer.ts";
import { addsRows, isBystander, longWork, nameOf } from "./work.ts";

export function askLocks({ upgrade, dataChanges, project }: Reviewed): Answer {
  const all = upgrade.filter((one) => one.isUnderstood && !isBystander(one));
  const facts = mergeTexts(all.flatMap((judged) => factsOf(judged, { all, dataChanges })));
  const shared = facts.length > 0 ? sharedTransaction(project) : [];
  return answer("locks", [...facts, ...shared, ...notUnderstood(upgrade)], "no table in use is locked against anybody");
}

/** What runs beside an operation. */
interface Beside {
  readonly all: readonly Judged[];
  readonly dataChanges: ReadonlySet<Operation>;
}

function sharedTransaction({ config: { env } }: Project): readonly Fact[] {
  if (env?.transactionPerMigration !== false) return [];
  const text =
    "env.py has no transaction_per_migration: of several revisions in one upgrade, each keeps its locks until the last is done";
  return [{ verdict: "unknown", text }];
}

function factsOf(judged: Judged, beside: Beside): readonly Fact[] {
  const { range, effect } = judged.operation;
  if (beside.dataChanges.has(judged.operation)) return rowLocks(judged, beside);
  if (effect === "data") return [];
  const { impact } = judged;
  if (!impact) {
    const text = `${nameOf(judged)}: its locks are not known`;
    return effect === "schema" ? [{ verdict: "unknown", text, range }] : [];
  }
  if (impact.lock !== undefined) return documented(judged, impact.lock);
  return impact.locks.filter(blocksPeople).map((lock) => {
    const held = heldWhile(judged, beside);
    return {
      verdict: held === undefined ? "yes" : "no",
      text: `${nameOf(judged)}: ${lock.mode} on ${renderName(lock.table)} ${renderBlocks(lock)} ${held ?? moment}`,
      range,
    };
  });
}

const moment = "for a moment, once all transactions that use the table have ended";

const blocksPeople = ({ blocks }: TableLock): boolean => blocks.some((who) => who !== "ddl");

/**
 * Rows that are written are locked against other writers until the transaction ends; nobody waits for a table, nor for rows
 * that nobody sees yet.
 */
const rowLocks = (judged: Judged, beside: Beside): readonly Fact[] => {
  const { range } = judged.operation;
  const held = heldWhile(judged, beside);
  if (held === undefined || addsRows(judged.operation)) return [];
  return [{ verdict: "yes", text: `${nameOf(judged)}: whoever changes one of its rows waits ${held}`, range }];
};

function documented(judged: Judged, lock: "NONE" | "SHARED" | "EXCLUSIVE"): readonly Fact[] {
  if (lock === "NONE") return [];
  const { range } = judged.operation;
  const whom = lock === "SHARED" ? "writes" : "reads and writes";
  return [{ verdict: "no", text: `${nameOf(judged)}: blocks ${whom} while it runs, as documented`, range }];
}

/** What the transaction still has to go through before the lock ends; undefined where that takes a moment only. */
function heldWhile(judged: Judged, { all, dataChanges }: Beside): string | undefined {
  const later = all.filter(
    (other) =>
      other.direction === judged.direction && other.transaction === judged.transaction && other.index >= judged.index,
  );
  const long = later.flatMap((other) => {
    const work = longWork(other, dataChanges);
    return work === undefined ? [] : [other === judged ? `it ${work}` : `${nameOf(other)} ${work}`];
  });
  const [first, ...others] = [...new Set(long)];
  if (first === undefined) return undefined;
  return `while ${first}${others.length === 0 ? "" : ` (and ${String(others.length)} more)`}`;
}

/** A loop says the same of one place many times. */
function mergeTexts(facts: readonly Fact[]): readonly Fact[] {
  const seen = new Set<string>();
  return facts.filter(({ text }) => !seen.has(text) && seen.add(text));
}
