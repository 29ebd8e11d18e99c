/** Type names, and which of them PostgreSQL brings along. */
import type { TypeName } from "libpg-query";
import type { QualifiedName } from "../action.ts";
import type { Touches } from "../draft.ts";
import { as, dotted } from "./tree.ts";

/** Names that PostgreSQL's grammar gives to types that the standard spells differently. */
const spelling: Readonly<Record<string, string>> = {
  int2: "smallint",
  int4: "integer",
  int8: "bigint",
  float4: "real",
  float8: "double precision",
  bool: "boolean",
  bpchar: "char",
};

const serials = new Set(["serial", "bigserial", "smallserial", "serial2", "serial4", "serial8"]);

/** Built-in types that the grammar leaves unqualified; those that it knows by keyword come with `pg_catalog`. */
const builtIn = new Set(
  (
    "int2 int4 int8 float4 float8 bool text name bytea uuid json jsonb jsonpath xml date timestamptz timetz inet cidr macaddr macaddr8 money oid xid xid8 " +
    "tid cid char varchar bpchar numeric decimal bit varbit interval time timestamp point line lseg box path polygon circle tsvector tsquery " +
    "int4range int8range numrange tsrange tstzrange daterange int4multirange int8multirange nummultirange tsmultirange tstzmultirange datemultirange " +
    "regclass regtype regproc regprocedure regoper regoperator regrole regnamespace regconfig regdictionary regcollation " +
    "void record trigger event_trigger any anyelement anyarray anynonarray anyenum anyrange anycompatible anycompatiblearray cstring internal refcursor pg_lsn txid_snapshot"
  ).split(" "),
);

export const isSerial = (type: string | undefined): boolean => type !== undefined && serials.has(type);

export function renderType(type: TypeName | undefined): string | undefined {
  const name = dotted(type?.names);
  if (!type || !name) return undefined;
  const inner =
    name.schema === "pg_catalog"
      ? (spelling[name.name] ?? name.name)
      : name.schema
        ? `${name.schema}.${name.name}`
        : name.name;
  const numbers = (type.typmods ?? []).map((modifier) => as(modifier, "A_Const")?.ival?.ival ?? 0);
  const modifiers = name.name !== "interval" && numbers.length > 0 ? `(${numbers.join(",")})` : "";
  return inner + modifiers + "[]".repeat(type.arrayBounds?.length ?? 0);
}

/** The type's name where it is none of the server's own: an enum, a domain, a composite, or a table's row. */
export function ownType(type: TypeName | undefined): QualifiedName | undefined {
  const name = dotted(type?.names);
  if (!name || name.schema === "pg_catalog") return undefined;
  return name.schema === undefined && (builtIn.has(name.name) || serials.has(name.name)) ? undefined : name;
}

export function requireType(touches: Touches, type: TypeName | undefined): void {
  const name = ownType(type);
  if (name) touches.add("require", { type: "type", name });
}
