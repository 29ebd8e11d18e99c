/** Questions to the database's catalogue: methods of an inspector or a dialect, and reflection. */
import type { Touch } from "../../sql/action.ts";
import type { Call, Value } from "../../syntax/value.ts";
import { bind } from "./arguments.ts";
import { action, type Sketch } from "./draft.ts";
import { onTable, qualified, splitName } from "./entities.ts";
import { roleOf } from "./roles.ts";
import { built, isNone, nameOf } from "./terms.ts";

/** Methods of an inspector; those about one table name it first. */
const ofOneTable = new Set([
  "get_columns",
  "get_indexes",
  "get_foreign_keys",
  "get_unique_constraints",
  "get_check_constraints",
  "get_pk_constraint",
  "get_primary_keys",
  "get_table_comment",
  "get_table_options",
  "get_table_oid",
  "has_table",
  "has_index",
  "get_view_definition",
  "reflect_table",
  "reflecttable",
]);
const ofMany = new Set([
  "get_table_names",
  "get_view_names",
  "get_materialized_view_names",
  "get_schema_names",
  "get_temp_table_names",
  "get_temp_view_names",
  "get_sequence_names",
  "get_enums",
  "get_domains",
  "has_schema",
  "has_sequence",
  "get_sorted_table_and_fkc_names",
  "get_multi_columns",
  "get_multi_indexes",
  "get_multi_foreign_keys",
  "get_multi_unique_constraints",
  "get_multi_pk_constraint",
  "table_names",
]);

export const isInspection = (name: string): boolean => ofOneTable.has(name) || ofMany.has(name);

/** A query of the catalogue. A method of a dialect is handed the connection before the table. */
export function readInspection(name: string, call: Call): Sketch {
  const args = call.args.filter(({ value }) => roleOf(value) !== "connection" && roleOf(value) !== "session");
  const bound = bind(args, ["table_name|table"]);
  const schema = nameOf(bound.get("schema"));
  const table = ofOneTable.has(name) ? nameOf(bound.get("table_name")) : undefined;
  return catalogue(
    table === undefined ? [] : onTable("require", qualified(table, schema)),
    table === undefined ? undefined : qualified(table, schema),
  );
}

const catalogue = (touches: readonly Touch[], table: Sketch["action"]["table"]): Sketch => ({
  action: action({ kind: "select", effect: "read", table, touches }),
  doubts: [],
});

/** `sa.Table("x", meta, autoload_with=bind)` and `meta.reflect(bind, only=[…])` read what the tables look like. */
export function readReflection(name: string, call: Call): Sketch | undefined {
  const given = (parameter: string): Value | undefined =>
    call.args.find((argument) => argument.name === parameter)?.value;
  if (built(call) === "Table") {
    const loads = [given("autoload_with"), given("autoload")].some(
      (value) => value !== undefined && !isNone(value) && !(value.kind === "scalar" && value.value === false),
    );
    const table = nameOf(call.args[0]?.value);
    const schema = nameOf(given("schema"));
    return loads
      ? catalogue(
          table === undefined ? [] : onTable("require", qualified(table, schema)),
          table === undefined ? undefined : qualified(table, schema),
        )
      : undefined;
  }
  const reflects = name === "reflect" && call.args.some(({ value }) => roleOf(value) === "connection");
  if (!reflects) return undefined;
  const only = given("only");
  const tables = only?.kind === "sequence" ? only.items.flatMap((item) => nameOf(item) ?? []) : [];
  return catalogue(
    tables.flatMap((table) => onTable("require", splitName(table))),
    undefined,
  );
}
