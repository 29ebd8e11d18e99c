/** Types, and the columns that have them. */
import type { QualifiedName } from "../../sql/action.ts";
import type { ColumnType } from "../../sql/definition.ts";
import type { Table } from "../../schema/state.ts";
import { sameTable } from "../names.ts";
import { type Case, knownTable, lockTree, type Predict, rewriteAll, scanAll } from "./case.ts";

/** None of the server's own: an enum, a domain, a composite type, one of an extension. */
export const isOwnType = ({ name, schema }: ColumnType): boolean => schema !== undefined || !serverTypes.has(name);

const serverTypes = new Set([
  ...["bigint", "bigserial", "bit", "bit varying", "boolean", "box", "bytea", '"char"', "character"],
  ...["character varying", "cidr", "circle", "date", "daterange", "datemultirange", "double precision", "inet"],
  ...["int4multirange", "int4range", "int8multirange", "int8range", "integer", "interval", "json", "jsonb", "jsonpath"],
  ...["line", "lseg", "macaddr", "macaddr8", "money", "name", "numeric", "nummultirange", "numrange", "oid", "path"],
  ...["pg_lsn", "pg_snapshot", "point", "polygon", "real", "regclass", "regproc", "regtype", "serial", "smallint"],
  ...["smallserial", "text", "time with time zone", "time without time zone", "timestamp with time zone"],
  ...["timestamp without time zone", "tsmultirange", "tsquery", "tsrange", "tstzmultirange", "tstzrange", "tsvector"],
  ...["txid_snapshot", "uuid", "xml"],
  ...["interval year", "interval month", "interval day", "interval hour", "interval minute", "interval second"],
  ...["interval year to month", "interval day to hour", "interval day to minute", "interval day to second"],
  ...["interval hour to minute", "interval hour to second", "interval minute to second"],
]);

const typeName = ({ touches, name }: Case["action"]): QualifiedName | undefined =>
  touches.find(({ on }) => on.type === "type")?.on.name ?? (name === undefined ? undefined : { name });

/** Tables with a column of the type. */
function tablesWith(one: Case, type: QualifiedName): readonly Table[] {
  if (one.schema.doubt !== undefined) one.draft.doubt("Other tables may have columns of the type.");
  return [...one.schema.tables].filter(({ columns }) =>
    columns.some((column) => column.type !== undefined && sameTable(column.type, type)),
  );
}

/** alembic_postgresql_enum makes the type anew and converts each column to it, by way of text. */
function convertColumns(one: Case): "unknown" | undefined {
  if (one.action.incomplete) return "unknown";
  for (const { how, on } of one.action.touches) {
    if (how !== "alter" || on.type !== "column") continue;
    knownTable(one, on.name);
    lockTree(one, on.name, "AccessExclusiveLock");
    rewriteAll(one, on.name);
  }
  return undefined;
}

/** Enums and composite types are changed in the catalog; a new condition of a domain is checked on every column of it. */
export const alterType: Predict = (one) => {
  const { details } = one.action;
  if (details.enumTypes !== undefined) return convertColumns(one);
  if (details.enumValue === "added") one.draft.note("The new value cannot be used before the transaction has ended.");
  if (details.typeKind === "composite") one.draft.note("With CASCADE the tables made OF the type change, too.");
  if (details.typeKind !== "domain") return;
  const adds = (details.constraints ?? []).some(({ notValid }) => !notValid) || details.nullable === false;
  // `alter_constraint` of a domain is VALIDATE CONSTRAINT.
  if (!adds && details.alteration?.command !== "alter_constraint") return;
  const type = typeName(one.action);
  if (type === undefined) return "unknown";
  for (const table of tablesWith(one, type)) {
    one.draft.lock(table.name, "ShareLock");
    scanAll(one, table.name);
  }
};

export const dropType: Predict = (one) => {
  if (!one.action.details.cascade) return;
  const type = typeName(one.action);
  if (type === undefined) return "unknown";
  for (const table of tablesWith(one, type)) lockTree(one, table.name, "AccessExclusiveLock");
  one.draft.note("The columns of the type go with it.");
};
