/** The code that walks the rows of a table by its primary key. */
import type { RevisionFile } from "../../model/revision.ts";
import { quoteOf, renderString } from "../../rewrite/literal.ts";
import { Refused } from "../../rewrite/refused.ts";
import { quoteName } from "../../sql/quote.ts";
import { withCondition, type Clauses } from "./clauses.ts";

export interface Words {
  readonly op: string;
  readonly text: string;
  readonly logging: string;
  readonly size: string;
  /** What it sleeps between two batches, and the module that does. */
  readonly pause?: { readonly time: string; readonly seconds: string };
  /** Names of its own, none of which the file uses. */
  readonly fresh: (name: string) => string;
}

/** What the progress is told of. */
export interface Batched {
  readonly clauses: Clauses;
  readonly key: readonly string[];
  /** What the statement is called with now, for a script of SQL. */
  readonly plain: string;
}

/** A literal of the SQL that stays readable: over several lines where the SQL has several. */
function literal(file: RevisionFile, sql: string): string {
  if (!/[\r\n]/.test(sql)) return renderString(sql, quoteOf(file));
  if (sql.includes("\\") || sql.includes('"""') || sql.endsWith('"'))
    throw new Refused("The SQL has characters that would have to be escaped.");
  return `"""${sql}"""`;
}

export function renderBatches(file: RevisionFile, { clauses, key, plain }: Batched, words: Words): string {
  const { op, text, logging, size, pause, fresh } = words;
  const names = key.map((column) => quoteName(column, "postgresql"));
  const own = names.map((name) => `${clauses.qualifier}.${name}`);
  const list = names.join(", ");
  const parameters = (which: string): readonly string[] =>
    key.length === 1 ? [which] : key.map((_, i) => `${which}_${i}`);
  const compare = (operator: string, which: string): string => {
    const given = parameters(which).map((name) => `:${name}`);
    return key.length === 1
      ? `${own[0] ?? ""} ${operator} ${given[0] ?? ""}`
      : `(${own.join(", ")}) ${operator} (${given.join(", ")})`;
  };
  const last = withCondition(clauses, compare(">=", "low"));
  const inner = withCondition(clauses, `${compare(">=", "low")} AND ${compare("<", "high")}`);
  const [start = "", number = "", low = "", isLast = "", batch = "", rest = "", bounds = "", rows = ""] = [
    "starts",
    "number",
    "low",
    "is_last",
    "batch",
    "last_batch",
    "bounds",
    "rows",
  ].map(fresh);
  const string = (value: string): string => renderString(value, quoteOf(file));
  const pairs = (which: string, row: string): string =>
    parameters(which)
      .map((name, i) => `${string(name)}: ${row}[${i}]`)
      .join(", ");
  const lowPairs = pairs("low", low);
  const shown = clauses.table.replaceAll('"', "").replaceAll("%", "%%");
  return [
    `if ${op}.get_context().as_sql:`,
    `    ${op}.execute(${plain})`,
    "else:",
    `    with ${op}.get_context().autocommit_block():`,
    "        # Each batch is committed by itself; after a failure, run the revision again.",
    `        ${start} = ${op}.get_bind().execute(`,
    `            ${text}(`,
    `                ${string(`SELECT ${list} FROM (SELECT ${list}, row_number() OVER (ORDER BY ${list}) AS row_number FROM ${clauses.table}) AS keys`)}`,
    `                ${string(` WHERE mod(row_number - 1, :size) = 0 ORDER BY ${list}`)}`,
    "            ),",
    `            {${string("size")}: ${size}},`,
    "        ).fetchall()",
    `        ${batch} = ${text}(`,
    `            ${literal(file, inner)}`,
    "        )",
    `        ${rest} = ${text}(`,
    `            ${literal(file, last)}`,
    "        )",
    `        for ${number}, ${low} in enumerate(${start}, 1):`,
    `            ${isLast} = ${number} == len(${start})`,
    `            ${bounds} = {${lowPairs}} if ${isLast} else {${lowPairs}, ${pairs("high", `${start}[${number}]`)}}`,
    `            ${rows} = ${op}.get_bind().execute(${rest} if ${isLast} else ${batch}, ${bounds}).rowcount`,
    `            ${logging}.getLogger(${string("alembic.runtime.migration")}).info(`,
    `                ${string(`${shown}: batch %s of %s, %s rows`)}, ${number}, len(${start}), ${rows}`,
    "            )",
    ...(pause ? [`            if not ${isLast}:`, `                ${pause.time}.sleep(${pause.seconds})`] : []),
  ].join("\n");
}
