/**
 * Which rows that Python puts into a table come from a query: names are followed from the statement that reads to the
 * one that writes. Assignments, loops and calls such as `rows.append(…)` hand them on.
 */
import type { Direction, Operation, Statement } from "../model/revision.ts";
import { contains, type Range } from "../text/range.ts";

const usesAny = (statement: Statement, names: ReadonlySet<string>): boolean =>
  statement.uses.some((name) => names.has(name));

const blocksOf = (statement: Statement): readonly (readonly Statement[])[] =>
  statement.compound?.blocks.map((block) => block.statements) ?? [];

const everyStatement = (statements: readonly Statement[]): readonly Statement[] =>
  statements.flatMap((statement) => [statement, ...blocksOf(statement).flatMap(everyStatement)]);

/** The innermost statement of the direction's own body that leads to the operation. */
function leafAt(statements: readonly Statement[], place: Range): Statement | undefined {
  const outer = statements.find((statement) => contains(statement.range, place));
  if (outer === undefined) return undefined;
  for (const block of blocksOf(outer)) {
    const inner = leafAt(block, place);
    if (inner !== undefined) return inner;
  }
  return outer;
}

/** Names that hold rows, or what was made of rows, of these reads. */
function namesHolding(direction: Direction, reads: ReadonlySet<Operation>): ReadonlySet<string> {
  const held = new Set<string>();
  const local = new Set(everyStatement(direction.statements).flatMap((statement) => statement.binds));
  const readsIn = (statement: Statement): boolean =>
    statement.operations.some((index) => {
      const operation = direction.operations[index];
      return operation !== undefined && reads.has(operation);
    });
  const follow = (statements: readonly Statement[]): void => {
    for (const statement of statements) {
      // The test of an `if` decides whether rows are written, not which.
      const handsOn = statement.compound === undefined || ["for", "while", "with"].includes(statement.kind);
      if (handsOn && (readsIn(statement) || usesAny(statement, held))) {
        for (const name of statement.binds) held.add(name);
        const collects = statement.kind === "expression" && statement.operations.length === 0;
        if (collects) for (const name of statement.uses) if (local.has(name)) held.add(name);
      }
      for (const block of blocksOf(statement)) follow(block);
    }
  };
  follow(direction.statements);
  return held;
}

/** Whether the rows that the operation writes come from one of these reads. */
export function isCarried(operation: Operation, reads: ReadonlySet<Operation>, direction: Direction): boolean {
  if (reads.size === 0) return false;
  const place = operation.calls[0]?.range ?? operation.range;
  const leaf = leafAt(direction.statements, place);
  if (leaf === undefined) return false;
  const readsItself = leaf.operations.some((index) => {
    const other = direction.operations[index];
    return other !== undefined && other !== operation && reads.has(other);
  });
  return (readsItself && leaf.compound === undefined) || usesAny(leaf, namesHolding(direction, reads));
}
