/** Operations as people say them: "add column users.email", "create index ix_users_email on users". */
import type { Operation } from "../model/revision.ts";
import { renderName } from "../sql/action.ts";
import { renderColumnType } from "../sql/postgres/type-text.ts";
import { slice } from "../text/range.ts";

export type OutlineKind =
  "function" | "table" | "column" | "index" | "constraint" | "type" | "data" | "routine" | "other";

export interface OperationName {
  readonly name: string;
  /** What there is to know beside the name, in short; "" where there is nothing. */
  readonly detail: string;
  readonly kind: OutlineKind;
}

const longest = 80;

export const clipped = (text: string): string => {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
};

const verbs: Readonly<Record<string, string>> = {
  insert: "insert into",
  bulk_insert: "insert into",
  delete: "delete from",
  merge: "merge into",
  copy: "copy into",
  select: "select from",
};

/** @param text of the file that it stands in */
export function nameOperation(operation: Operation, text: string): OperationName {
  const { kind, confidence } = operation;
  const unread = confidence === "opaque" || kind === "opaque";
  return {
    name: unread ? clipped(slice(text, operation.range)) : clipped(nameOf(operation)),
    detail: unread ? "not analysed" : clipped(detailOf(operation)),
    kind: kindOf(operation),
  };
}

function nameOf(operation: Operation): string {
  const { kind, details, name } = operation;
  const table = operation.table && renderName(operation.table);
  const verb = verbs[kind] ?? kind.replaceAll("_", " ");
  if (kind === "maintenance" || kind === "set" || kind === "transaction") return statementOf(operation, verb);
  if (/_column$/.test(kind) && table !== undefined) return `${verb} ${columnsOf(operation, table)}`;
  if (kind === "rename_table" && table !== undefined) return `${verb} ${table}${renamed(details.newName)}`;
  if (name !== undefined && name !== table)
    return `${verb} ${name}${table === undefined ? "" : ` on ${table}`}${renamed(details.newName)}`;
  if (table === undefined) return statementOf(operation, verb);
  const on = /_(?:index|constraint|key)$/.test(kind) ? "on " : "";
  return `${verb} ${on}${table}`;
}

const renamed = (name: string | undefined): string => (name === undefined ? "" : ` to ${name}`);

const columnsOf = ({ columns, details }: Operation, table: string): string =>
  columns.length === 0
    ? table
    : `${columns.map((column) => `${table}.${column}`).join(", ")}${renamed(details.newName)}`;

/** The beginning of the SQL, where no table or name tells more. */
const statementOf = ({ sql, details }: Operation, verb: string): string => {
  if (sql !== undefined) return sql;
  return [details.command?.toLowerCase() ?? verb, details.setting?.name].filter((part) => part !== undefined).join(" ");
};

function detailOf({ kind, details, columns }: Operation): string {
  const [definition] = details.definitions ?? [];
  if (kind === "add_column" && definition) {
    const type = definition.sqlType ? renderColumnType(definition.sqlType) : definition.type;
    return [type ?? "", ...(definition.nullable === false ? ["not null"] : [])].join(" ").trim();
  }
  if (kind === "alter_column") return changesOf(details).join(", ");
  const isOnColumns = /_(?:index|constraint|key)$/.test(kind) && kind.startsWith("create_");
  return isOnColumns || kind === "update" ? columns.join(", ") : "";
}

const changesOf = ({ nullable, newSqlType, newType, serverDefault }: Operation["details"]): readonly string[] => [
  ...(newSqlType ? [renderColumnType(newSqlType)] : newType === undefined ? [] : [newType]),
  ...(nullable === undefined ? [] : [nullable ? "nullable" : "not null"]),
  ...(serverDefault === undefined ? [] : [serverDefault ? "default" : "no default"]),
];

function kindOf({ kind, effect }: Operation): OutlineKind {
  if (effect === "data" || effect === "read") return "data";
  if (kind.endsWith("_column")) return "column";
  if (/_index$/.test(kind)) return "index";
  if (/_(?:constraint|key)$/.test(kind)) return "constraint";
  if (/_table(?:_comment)?$/.test(kind) || kind.endsWith("_view")) return "table";
  if (kind.endsWith("_type")) return "type";
  return /_(?:function|trigger)$/.test(kind) ? "routine" : "other";
}
