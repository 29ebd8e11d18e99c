/**
 * Batches that change what is free and come back for what somebody else holds locked. One statement counts the rows that
 * a batch has and those that it changed, so that a batch which left some out is known for certain.
 */
import type { RevisionFile } from "../../model/revision.ts";
import { Refused } from "../../rewrite/refused.ts";
import { range } from "../../text/range.ts";
import { namesIn, withCondition, type Clauses } from "./clauses.ts";
import { indented, startsOf, termsOf, textClause, type Batched, type Terms, type Words } from "./code.ts";

export function renderSkipping(file: RevisionFile, batched: Batched, words: Words): string {
  const { clauses, plain } = batched;
  const { op, text, logging, fresh } = words;
  const terms = termsOf(file, batched, fresh);
  const { string, from, between, shown } = terms;
  const { starts, number, low, is_last: isLast, batch, last_batch: rest, bounds, rows } = terms.names;
  const [free, lastFree, waiting, found] = [fresh("free"), fresh("last_free"), fresh("waiting"), fresh("found")];
  const log = (message: string, ...values: readonly string[]): readonly string[] => [
    `${logging}.getLogger(${string("alembic.runtime.migration")}).info(`,
    `    ${[string(`${shown}: ${message}`), ...values].join(", ")}`,
    ")",
  ];
  return [
    `if ${op}.get_context().as_sql:`,
    `    ${op}.execute(${plain})`,
    "else:",
    `    with ${op}.get_context().autocommit_block():`,
    "        # Each batch is committed by itself; after a failure, run the revision again.",
    ...indented(startsOf(batched, words, terms), 2),
    ...indented(textClause(file, free, text, whatIsFree(clauses, terms, between)), 2),
    ...indented(textClause(file, lastFree, text, whatIsFree(clauses, terms, from)), 2),
    ...indented(textClause(file, batch, text, withCondition(clauses, between)), 2),
    ...indented(textClause(file, rest, text, withCondition(clauses, from)), 2),
    `        ${waiting} = []`,
    `        for ${number}, ${low} in enumerate(${starts}, 1):`,
    `            ${isLast} = ${number} == len(${starts})`,
    `            ${bounds} = ${terms.bounds}`,
    `            ${found}, ${rows} = ${op}.get_bind().execute(${lastFree} if ${isLast} else ${free}, ${bounds}).fetchone()`,
    `            if ${rows} < ${found}:`,
    `                ${waiting}.append((${isLast}, ${bounds}))`,
    ...indented(log("batch %s of %s, %s of %s rows", number, `len(${starts})`, rows, found), 3),
    "        # Rows that somebody else had locked were left out: now their batches wait for them.",
    `        for ${number}, (${isLast}, ${bounds}) in enumerate(${waiting}, 1):`,
    `            ${op}.get_bind().execute(${rest} if ${isLast} else ${batch}, ${bounds})`,
    ...indented(log("batch %s of %s that had locked rows", number, `len(${waiting})`), 3),
  ].join("\n");
}

/** How many rows a batch has, and how many of them could be locked and were changed. */
function whatIsFree(clauses: Clauses, { list, own }: Terms, condition: string): string {
  const { sql, table, qualifier, where, end } = clauses;
  if (namesIn(clauses, range(0, sql.length)).some((name) => name === "free_rows" || name === "changed_rows"))
    throw new Refused("The SQL uses the names that rows which are free would be given.");
  const relation = qualifier === table.replace(/^ONLY /, "") ? table : `${table} AS ${qualifier}`;
  const chosen = where ? `(${sql.slice(where.start, where.end)}) AND ${condition}` : condition;
  const keys = own.join(", ");
  const isFree = `${own.length === 1 ? keys : `(${keys})`} IN (SELECT ${list} FROM free_rows)`;
  const changed = withCondition({ ...clauses, sql: sql.slice(0, end) }, isFree);
  return [
    `WITH free_rows AS (SELECT ${keys} FROM ${relation} WHERE ${chosen} FOR UPDATE SKIP LOCKED),`,
    `changed_rows AS (${changed} RETURNING 1)`,
    `SELECT (SELECT count(*) FROM ${relation} WHERE ${chosen}), (SELECT count(*) FROM changed_rows)`,
  ].join("\n");
}
