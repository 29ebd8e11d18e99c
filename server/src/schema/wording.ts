/** Operations in the words of messages: short, and in the terms that the person wrote. */
import { renderName, type QualifiedName } from "../sql/action.ts";
import type { Operation } from "../model/revision.ts";

/** Longer names are cut: a message is one line. */
const longest = 70;

const clip = (text: string): string => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text);

const verbs: Readonly<Record<string, string>> = {
  insert: "INSERT INTO",
  select: "SELECT",
  update: "UPDATE",
  delete: "DELETE FROM",
  merge: "MERGE INTO",
  truncate: "TRUNCATE",
  copy: "COPY",
  create_table: "CREATE TABLE AS",
};

/** `UPDATE users`, `bulk_insert users`. */
export function renderDataChange(operation: Operation): string {
  const verb = verbs[operation.kind] ?? operation.kind;
  return clip(operation.table === undefined ? (verb.split(" ")[0] ?? verb) : `${verb} ${renderName(operation.table)}`);
}

/**
 * `add_column users.full_name`, `create_index ix_users_email on users`, `drop_table users`; of a new table what it does
 * to those that exist: `create_table members referencing users`, `create_table events_2030 as partition of events`.
 */
export function renderSchemaChange(operation: Operation, references: readonly QualifiedName[] = []): string {
  const parents = operation.kind === "create_table" ? tablesAltered(operation) : [];
  const ends = [
    ...(references.length > 0 ? [` referencing ${references.map(renderName).join(", ")}`] : []),
    ...(parents.length > 0 ? [` as partition of ${parents.join(", ")}`] : []),
  ];
  return clip(renderDefinition(operation)) + ends.map(clip).join("");
}

/** Whatever it changes or reads. */
export const renderChange = (operation: Operation): string =>
  operation.effect === "schema" ? renderSchemaChange(operation) : renderDataChange(operation);

const tablesAltered = ({ table, touches }: Operation): readonly string[] =>
  touches
    .filter(({ how, on }) => how === "alter" && on.type === "table" && on.name.name !== table?.name)
    .map(({ on }) => renderName(on.name));

function renderDefinition(operation: Operation): string {
  const table = operation.table === undefined ? undefined : renderName(operation.table);
  if (/_(?:column)$/.test(operation.kind) && table !== undefined && operation.columns.length > 0) {
    return `${operation.kind} ${operation.columns.map((column) => `${table}.${column}`).join(", ")}`;
  }
  if (operation.name !== undefined && operation.name !== table) {
    return `${operation.kind} ${operation.name}${table === undefined ? "" : ` on ${table}`}`;
  }
  const on = /_(?:index|constraint|key)$/.test(operation.kind) ? "on " : "";
  return table === undefined ? operation.kind : `${operation.kind} ${on}${table}`;
}

/** More would make a message that nobody reads. */
const listed = 3;

/** "a", "a and b", "a, b and c", "a, b, c and 2 more". */
export function joinWords(items: readonly string[], most = listed): string {
  const shown = items.length > most ? [...items.slice(0, most), `${items.length - most} more`] : items;
  const last = shown.at(-1) ?? "";
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(", ")} and ${last}`;
}
