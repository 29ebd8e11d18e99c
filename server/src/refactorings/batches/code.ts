/** The code that walks the rows of a table by its primary key. */
import type { RevisionFile } from "../../model/revision.ts";
import { stringsOfCode } from "../../model/written.ts";
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
  /** Of SQLAlchemy: the statement is a construct, and gets its condition as one. */
  readonly construct?: Construct;
}

export interface Construct {
  /** The condition stands within the statement, which is then written twice. */
  readonly isSelected: boolean;
  /** With `bounds` as one more condition; `name` is what the statement is bound to. */
  readonly within: (name: string, bounds: string) => string;
}

/** A literal of the SQL that stays readable: over several lines where the SQL has several. */
function literal(file: RevisionFile, sql: string): string {
  if (!/[\r\n]/.test(sql)) return renderString(sql, quoteOf(file));
  if (sql.includes("\\") || sql.includes('"""') || sql.endsWith('"'))
    throw new Refused("The SQL has characters that would have to be escaped.");
  return `"""${sql}"""`;
}

const widest = 88;

function choice(test: string, yes: string, no: string): readonly string[] {
  const line = `${yes} if ${test} else ${no}`;
  return line.length <= widest ? [line] : [yes, `if ${test}`, `else ${no}`];
}

/** An expression of several lines needs brackets of its own where the call around it is gone. */
function binding(name: string, code: string): readonly string[] {
  const lines = code.split(/\r?\n/);
  if (lines.length === 1) return [`${name} = ${code}`];
  const holdsLines = stringsOfCode(code).some(({ start, end }) => code.slice(start, end).includes("\n"));
  const indents = lines.slice(1).flatMap((line) => (line.trim() === "" ? [] : [line.length - line.trimStart().length]));
  const cut = holdsLines ? 0 : Math.min(...indents);
  const rest = lines.slice(1).map((line) => (holdsLines ? line : `    ${line.slice(cut)}`));
  return [`${name} = (`, `    ${lines[0] ?? ""}`, ...rest, ")"];
}

/** What the code of all manners of batches is put together from. */
export interface Terms {
  /** The key as it is selected, and as it is compared. */
  readonly list: string;
  readonly own: readonly string[];
  /** Conditions for the rows of a batch, and of the last one. */
  readonly between: string;
  readonly from: string;
  readonly string: (value: string) => string;
  /** `{"low": low[0], "high": starts[number][0]}`, of the last batch without an end. */
  readonly bounds: string;
  readonly names: Readonly<
    Record<"starts" | "number" | "low" | "is_last" | "batch" | "last_batch" | "bounds" | "rows", string>
  >;
  /** Of the table, in a format of `logging`. */
  readonly shown: string;
}

export function termsOf(file: RevisionFile, { clauses, key }: Batched, fresh: Words["fresh"]): Terms {
  const columns = key.map((column) => quoteName(column, "postgresql"));
  const compared = columns.map((name) => `${clauses.qualifier}.${name}`);
  const parameters = (which: string): readonly string[] =>
    key.length === 1 ? [which] : key.map((_, i) => `${which}_${i}`);
  const compare = (operator: string, which: string): string => {
    const given = parameters(which).map((name) => `:${name}`);
    return key.length === 1
      ? `${compared[0] ?? ""} ${operator} ${given[0] ?? ""}`
      : `(${compared.join(", ")}) ${operator} (${given.join(", ")})`;
  };
  const string = (value: string): string => renderString(value, quoteOf(file));
  const pairs = (which: string, row: string): string =>
    parameters(which)
      .map((name, i) => `${string(name)}: ${row}[${i}]`)
      .join(", ");
  const from = compare(">=", "low");
  const names: Terms["names"] = {
    starts: fresh("starts"),
    number: fresh("number"),
    low: fresh("low"),
    is_last: fresh("is_last"),
    batch: fresh("batch"),
    last_batch: fresh("last_batch"),
    bounds: fresh("bounds"),
    rows: fresh("rows"),
  };
  const low = pairs("low", names.low);
  return {
    list: columns.join(", "),
    own: compared,
    from,
    between: `${from} AND ${compare("<", "high")}`,
    string,
    bounds: `{${low}} if ${names.is_last} else {${low}, ${pairs("high", `${names.starts}[${names.number}]`)}}`,
    names,
    shown: clauses.table.replaceAll('"', "").replaceAll("%", "%%"),
  };
}

/** The keys that batches begin with, each so many rows after the one before. */
export const startsOf = (
  { clauses }: Batched,
  { op, text, size }: Words,
  { list, string, names }: Terms,
): readonly string[] => [
  `${names.starts} = ${op}.get_bind().execute(`,
  `    ${text}(`,
  `        ${string(`SELECT ${list} FROM (SELECT ${list}, row_number() OVER (ORDER BY ${list}) AS row_number FROM ${clauses.table}) AS keys`)}`,
  `        ${string(` WHERE mod(row_number - 1, :size) = 0 ORDER BY ${list}`)}`,
  "    ),",
  `    {${string("size")}: ${size}},`,
  ").fetchall()",
];

export const indented = (lines: readonly string[], levels: number): readonly string[] =>
  lines.map((line) => "    ".repeat(levels) + line);

export const textClause = (file: RevisionFile, name: string, text: string, sql: string): readonly string[] => [
  `${name} = ${text}(`,
  `    ${literal(file, sql)}`,
  ")",
];

export function renderBatches(file: RevisionFile, batched: Batched, words: Words): string {
  const { clauses, plain, construct } = batched;
  const { op, text, logging, pause, fresh } = words;
  const terms = termsOf(file, batched, fresh);
  const { between, from, string, shown } = terms;
  const { starts, number, low, is_last: isLast, batch, last_batch: rest, bounds, rows } = terms.names;
  // A construct is made once, so that what Python puts into it is the same in all batches.
  const isNamed = construct === undefined || construct.isSelected || /^[\p{L}_][\p{L}\p{N}_]*$/u.test(plain);
  const statement = isNamed ? plain : fresh("statement");
  const within = fresh("within");
  const execute = construct
    ? `${op}.get_bind().execute(${construct.within(statement, within)})`
    : `${op}.get_bind().execute(${rest} if ${isLast} else ${batch}, ${bounds})`;
  const clausesInText = construct
    ? []
    : [
        ...textClause(file, batch, text, withCondition(clauses, between)),
        ...textClause(file, rest, text, withCondition(clauses, from)),
      ];
  const condition = construct
    ? [
        `${within} = ${text}(`,
        ...indented(choice(isLast, string(from), string(between)), 1),
        `).bindparams(**${bounds})`,
      ]
    : [];
  return [
    ...(isNamed ? [] : binding(statement, plain)),
    `if ${op}.get_context().as_sql:`,
    `    ${op}.execute(${statement})`,
    "else:",
    `    with ${op}.get_context().autocommit_block():`,
    "        # Each batch is committed by itself; after a failure, run the revision again.",
    ...indented(startsOf(batched, words, terms), 2),
    ...indented(clausesInText, 2),
    `        for ${number}, ${low} in enumerate(${starts}, 1):`,
    `            ${isLast} = ${number} == len(${starts})`,
    `            ${bounds} = ${terms.bounds}`,
    ...indented(condition, 3),
    `            ${rows} = ${execute}.rowcount`,
    `            ${logging}.getLogger(${string("alembic.runtime.migration")}).info(`,
    `                ${string(`${shown}: batch %s of %s, %s rows`)}, ${number}, len(${starts}), ${rows}`,
    "            )",
    ...(pause ? [`            if not ${isLast}:`, `                ${pause.time}.sleep(${pause.seconds})`] : []),
  ].join("\n");
}
