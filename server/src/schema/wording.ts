/** Operations in the words of messages: short, and in the terms that the person wrote. */
import { renderName } from "../sql/action.ts";
import type { Operation } from "../model/revision.ts";

/** Longer names are cut: a message is one line. */
const longest = 70;

const clip = (text: string): string => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text);

const verbs: Readonly<Record<string, string>> = {
  insert: "INSERT INTO",
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

/** `add_column users.full_name`, `create_index ix_users_email on users`, `drop_table users`. */
export function renderSchemaChange(operation: Operation): string {
  const table = operation.table === undefined ? undefined : renderName(operation.table);
  if (/_(?:column)$/.test(operation.kind) && table !== undefined && operation.columns.length > 0) {
    return clip(`${operation.kind} ${operation.columns.map((column) => `${table}.${column}`).join(", ")}`);
  }
  if (operation.name !== undefined && operation.name !== table) {
    return clip(`${operation.kind} ${operation.name}${table === undefined ? "" : ` on ${table}`}`);
  }
  const on = /_(?:index|constraint|key)$/.test(operation.kind) ? "on " : "";
  return clip(table === undefined ? operation.kind : `${operation.kind} ${on}${table}`);
}
