/** Columns that a sequence of their own numbers: what makes of a default and an owner what `serial` makes at once. */
import type { QualifiedName } from "../../sql/action.ts";
import { nameOf, scan, type Token } from "../../sql/scan.ts";
import { renderFullName } from "../../sql/quote.ts";
import type { Column, Sequence } from "../state.ts";
import type { SchemaDraft } from "./draft.ts";
import { columnOf, keyOf } from "./schema.ts";

/** The sequence of which `nextval('…')` or `nextval('…'::regclass)` is the next number; undefined for anything else. */
export function sequenceOf(sql: string): QualifiedName | undefined {
  const tokens = scan(sql, "postgresql").filter(({ kind }) => kind !== "comment");
  const [call, opening, name, ...rest] = tokens;
  const textOf = (token: Token | undefined): string => (token ? sql.slice(token.start, token.end).toLowerCase() : "");
  const ending = rest.map(textOf).join("");
  if (textOf(call) !== "nextval" || textOf(opening) !== "(" || name?.kind !== "string") return undefined;
  return ending === ")" || ending === "::regclass)" ? nameIn(sql.slice(name.start, name.end)) : undefined;
}

/** Of a literal such as `'"Shop".orders_id_seq'`. */
function nameIn(literal: string): QualifiedName | undefined {
  if (!/^'(?:[^']|'')*'$/.test(literal)) return undefined;
  const sql = literal.slice(1, -1).replaceAll("''", "'");
  const [first, dot, second, ...more] = scan(sql, "postgresql");
  const own = (token: Token): string | undefined =>
    token.kind === "word" || token.kind === "quoted" ? nameOf(token, sql, "postgresql") : undefined;
  const one = first && own(first);
  if (one === undefined || more.length > 0) return undefined;
  if (dot === undefined) return { name: one };
  const two = second && sql.slice(dot.start, dot.end) === "." ? own(second) : undefined;
  return two === undefined ? undefined : { schema: one, name: two };
}

/** The column, numbered where its default is the next number of a sequence that it owns. */
export function numberedBy(draft: SchemaDraft, table: QualifiedName, column: Column): Column {
  const sequence = column.serial ? undefined : sequenceOf(column.default?.sql ?? "");
  if (sequence === undefined || !draft.ownedBy(table, column.name).some(({ name }) => keyOf(name) === keyOf(sequence)))
    return column;
  return { ...column, default: { sql: undefined }, serial: true };
}

type Owner = NonNullable<Sequence["ownedBy"]>;

/** A sequence has another owner: the column whose default it is is numbered by it, and the one before is no longer. */
export function settleOwner(draft: SchemaDraft, { name, ownedBy }: Sequence, before: Owner | undefined): void {
  if (before && !(ownedBy && sameOwner(ownedBy, before)))
    changeColumn(draft, before, (_, { serial, ...column }) =>
      serial ? { ...column, default: { sql: nextOf(name), calls: ["nextval"] } } : column,
    );
  if (ownedBy) changeColumn(draft, ownedBy, (table, column) => numberedBy(draft, table, column));
}

const sameOwner = (a: Owner, b: Owner): boolean => keyOf(a.table) === keyOf(b.table) && a.column === b.column;

/** The default that a sequence gives, as the server shows it. */
export const nextOf = (sequence: QualifiedName): string =>
  `nextval('${renderFullName(sequence).replaceAll("'", "''")}'::regclass)`;

function changeColumn(draft: SchemaDraft, at: Owner, change: (table: QualifiedName, column: Column) => Column): void {
  const table = draft.schema.table(at.table);
  const column = typeof table === "object" ? columnOf(table, at.column) : undefined;
  if (typeof table !== "object" || !column) return;
  const changed = change(table.name, column);
  draft.putTable({ ...table, columns: table.columns.map((one) => (one === column ? changed : one)) });
}
