/** A loop over the rows of a table that sets columns of each, as one statement, where the server computes the same. */
import type { RowValue, WrittenLoop } from "../../model/written-loop.ts";
import type { Table } from "../../schema/state.ts";
import { renderLiteral } from "../../schema/statements.ts";
import type { Column } from "../../schema/state.ts";
import { quoteName } from "../../sql/quote.ts";
import { nameOf, scan } from "../../sql/scan.ts";
import { slice } from "../../text/range.ts";

interface Word {
  readonly text: string;
  readonly name: string;
  readonly kind: string;
  readonly start: number;
  readonly end: number;
}

const wordsOf = (sql: string): readonly Word[] =>
  scan(sql, "postgresql")
    .filter(({ kind }) => kind !== "comment")
    .map((token) => {
      const text = slice(sql, token);
      const isName = token.kind === "word" || token.kind === "quoted";
      return {
        text: token.kind === "word" ? text.toUpperCase() : text,
        name: isName ? nameOf(token, sql, "postgresql") : "",
        kind: token.kind,
        start: token.start,
        end: token.end,
      };
    })
    .filter((word, i, all) => !(word.text === ";" && i === all.length - 1));

interface Query {
  readonly table: string;
  readonly columns: readonly string[];
  /** Of WHERE, as it is written. */
  readonly condition: string | undefined;
}

/** `SELECT a, b FROM t [WHERE …]`, without an alias, an order or a limit. */
function readQuery(sql: string): Query | undefined {
  const words = wordsOf(sql);
  const from = words.findIndex(({ text, kind }) => kind === "word" && text === "FROM");
  const list = words.slice(1, from);
  const [table, where, ...condition] = words.slice(from + 1);
  if (words[0]?.text !== "SELECT" || from < 2 || !table?.name) return undefined;
  if (list.some((word, i) => (i % 2 === 0 ? word.name === "" : word.text !== ","))) return undefined;
  const columns = list.filter((_, i) => i % 2 === 0).map(({ name }) => name);
  if (where === undefined) return { table: table.name, columns, condition: undefined };
  const ending = new Set(["ORDER", "GROUP", "LIMIT", "OFFSET", "FETCH", "FOR", "UNION", "HAVING", "WINDOW", "SELECT"]);
  const odd = condition.some(({ text, kind }) => (kind === "word" && ending.has(text)) || kind === "parameter");
  const [first] = condition;
  const last = condition.at(-1);
  if (where.text !== "WHERE" || odd || !first || !last) return undefined;
  return { table: table.name, columns, condition: sql.slice(first.start, last.end) };
}

interface Change {
  readonly table: string;
  readonly head: string;
  readonly sets: readonly { readonly column: string; readonly parameter: string }[];
  readonly key: { readonly column: string; readonly parameter: string };
}

/** `UPDATE t SET a = :a, b = :b WHERE id = :id` */
function readChange(sql: string): Change | undefined {
  const words = wordsOf(sql);
  const [update, table, set, ...rest] = words;
  const where = rest.findIndex(({ text, kind }) => kind === "word" && text === "WHERE");
  if (update?.text !== "UPDATE" || !table?.name || set?.text !== "SET" || where < 0) return undefined;
  const pair = (three: readonly Word[]): { column: string; parameter: string } | undefined => {
    const [column, equals, value, ...more] = three;
    if (!column?.name || equals?.text !== "=" || value?.kind !== "parameter" || more.length > 0) return undefined;
    return value.text.startsWith(":") ? { column: column.name, parameter: value.text.slice(1) } : undefined;
  };
  const sets: { column: string; parameter: string }[] = [];
  for (let at = 0; at < where; at += 4) {
    const found = pair(rest.slice(at, at + 3));
    if (!found || (at + 3 < where && rest[at + 3]?.text !== ",")) return undefined;
    sets.push(found);
  }
  const key = pair(rest.slice(where + 1));
  return key && sets.length > 0 ? { table: table.name, head: sql.slice(0, set.end), sets, key } : undefined;
}

/** The one statement; `undefined` where the server might compute something else, or refuse what Python does not. */
export function setBased(loop: WrittenLoop, query: string, change: string, table: Table): string | undefined {
  const read = readQuery(query);
  const write = readChange(change);
  const [key, ...keys] = table.constraints.find(({ type }) => type === "primary_key")?.columns ?? [];
  if (!loop.isPlain || !read || !write || read.table !== write.table || read.table !== table.name.name)
    return undefined;
  if (keys.length > 0 || write.key.column !== key || table.doubt !== undefined) return undefined;
  const fields = { read, table };
  const id = loop.values.get(write.key.parameter);
  if (id?.kind !== "field" || columnOf(fields, id.field)?.name !== key) return undefined;
  const sets = write.sets.map(({ column, parameter }) => {
    const target = table.columns.find(({ name }) => name === column);
    const value = loop.values.get(parameter);
    const rendered = target && value && render(fields, value, familyOf(target));
    return rendered === undefined ? undefined : `${quoteName(column, "postgresql")} = ${rendered.sql}`;
  });
  if (sets.includes(undefined)) return undefined;
  const tail = read.condition === undefined ? "" : ` WHERE ${read.condition}`;
  return `${write.head} ${sets.join(", ")}${tail}`;
}

interface Fields {
  readonly read: Query;
  readonly table: Table;
}

function columnOf({ read, table }: Fields, field: string | number): Column | undefined {
  const name = typeof field === "number" ? read.columns[field] : read.columns.find((one) => one === field);
  return name === undefined ? undefined : table.columns.find((column) => column.name === name);
}

type Family = "integer" | "text" | string;

const integers = new Set(["smallint", "integer", "bigint"]);
const texts = new Set(["text", "character varying"]);

/** Types whose values may be put into one another as they are. */
function familyOf({ type }: Column): Family | undefined {
  if (!type || type.dimensions > 0 || type.schema !== undefined) return undefined;
  if (integers.has(type.name)) return "integer";
  if (texts.has(type.name)) return "text";
  return ["boolean", "uuid", "date"].includes(type.name) ? type.name : undefined;
}

const strength: Readonly<Record<string, number>> = { "+": 1, "-": 1, "*": 2 };

interface Rendered {
  readonly sql: string;
  readonly strength: number;
}

const atom = (sql: string): Rendered => ({ sql, strength: 9 });

/** With None Python stops where the server gives NULL: what is computed with may not be missing. */
function render(fields: Fields, value: RowValue, family: Family | undefined, computed = false): Rendered | undefined {
  if (family === undefined) return undefined;
  switch (value.kind) {
    case "number":
      return family === "integer" && /^\d+$/.test(value.text) ? atom(value.text) : undefined;
    case "string":
      return family === "text" && !value.text.includes(":") ? atom(renderLiteral(value.text)) : undefined;
    case "field": {
      const column = columnOf(fields, value.field);
      if (!column || familyOf(column) !== family || (computed && column.nullable !== false)) return undefined;
      return atom(quoteName(column.name, "postgresql"));
    }
    case "operation":
      return renderOperation(fields, value, family);
    case "other":
      return undefined;
  }
}

function renderOperation(
  fields: Fields,
  { operator, left, right }: Extract<RowValue, { kind: "operation" }>,
  family: Family,
): Rendered | undefined {
  const own = strength[operator];
  const a = render(fields, left, family, true);
  const b = render(fields, right, family, true);
  if (own === undefined || !a || !b || (family !== "integer" && !(family === "text" && operator === "+")))
    return undefined;
  const inside = (one: Rendered, least: number): string => (one.strength < least ? `(${one.sql})` : one.sql);
  const word = family === "text" ? "||" : operator;
  return { sql: `${inside(a, own)} ${word} ${inside(b, own + 1)}`, strength: own };
}
