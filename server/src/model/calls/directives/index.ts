/** Every directive of `alembic.op`, and the reading of a call of one. */
import type { Dialect, QualifiedName } from "../../../sql/action.ts";
import type { Argument, Value } from "../../../syntax/value.ts";
import { bind, nameArgument, optionalName, type Bound } from "../arguments.ts";
import type { Sketch } from "../draft.ts";
import { qualified } from "../entities.ts";
import { calleeOf, isNone } from "../terms.ts";
import { alterColumn } from "./alter-column.ts";
import { addColumn, dropColumn } from "./columns.ts";
import {
  createCheckConstraint,
  createExcludeConstraint,
  createForeignKey,
  createPrimaryKey,
  createUniqueConstraint,
  dropConstraint,
} from "./constraints.ts";
import type { Directive } from "./directive.ts";
import { createIndex, dropIndex } from "./indexes.ts";
import { alembicPostgresqlEnum } from "../plugins/alembic-postgresql-enum.ts";
import { alembicUtils } from "../plugins/alembic-utils.ts";
import { bulkInsert } from "./rows.ts";
import { createTable, createTableComment, dropTable, dropTableComment, renameTable } from "./tables.ts";

const directives: ReadonlyMap<string, Directive> = new Map<string, Directive>([
  ["add_column", addColumn],
  ["alter_column", alterColumn],
  ["bulk_insert", bulkInsert],
  ["create_check_constraint", createCheckConstraint],
  ["create_exclude_constraint", createExcludeConstraint],
  ["create_foreign_key", createForeignKey],
  ["create_index", createIndex],
  ["create_primary_key", createPrimaryKey],
  ["create_table", createTable],
  ["create_table_comment", createTableComment],
  ["create_unique_constraint", createUniqueConstraint],
  ["drop_column", dropColumn],
  ["drop_constraint", dropConstraint],
  ["drop_index", dropIndex],
  ["drop_table", dropTable],
  ["drop_table_comment", dropTableComment],
  ["rename_table", renameTable],
  ...alembicUtils,
  ...alembicPostgresqlEnum,
]);

/** Functions of `op` that do nothing to the database by themselves. */
const silent = new Set([
  "f",
  "inline_literal",
  "get_bind",
  "get_context",
  "batch_alter_table",
  "context",
  "implementation_for",
  "register_operation",
  "create_module_class_proxy",
]);

export const directive = (name: string): Directive | undefined => directives.get(name);
export const isSilent = (name: string): boolean => silent.has(name);

/** A call of a directive on `op`. */
export function readDirective(known: Directive, args: readonly Argument[], dialect: Dialect): readonly Sketch[] {
  const bound = bind(args, known.parameters);
  if (known.table === null) return known.read({ bound, table: undefined, schema: undefined, dialect });
  const parameter = known.table ?? "table_name";
  const schema = schemaIn(bound, known.schema ?? "schema");
  const name = (known.tableOptional ? optionalName : nameArgument)(bound, parameter, "the table's name");
  const table = tableIn(bound, name, schema, known.schema ?? "schema");
  const sketches = known.read({ bound, table, schema, dialect });
  return table === undefined && !known.tableOptional ? sketches.map(ofUnknownTable) : sketches;
}

const ofUnknownTable = (sketch: Sketch): Sketch => ({ ...sketch, action: { ...sketch.action, incomplete: true } });

/** A call of a directive on what `op.batch_alter_table(…)` gave; the table is that call's. */
export function readBatchDirective(
  known: Directive,
  parameters: readonly string[],
  args: readonly Argument[],
  batch: Value,
  dialect: Dialect,
): readonly Sketch[] {
  const bound = bind(args, parameters);
  const outer = batchTable(batch);
  if (outer === undefined) bound.doubts.push("the batch's table is not known");
  else bound.doubts.push(...outer.doubts);
  const sketches = known.read({ bound, table: outer?.table, schema: outer?.table?.schema, dialect });
  return outer?.table === undefined ? sketches.map(ofUnknownTable) : sketches;
}

const schemaIn = (bound: Bound, parameter: string): string | undefined =>
  isDefaultSchema(bound.get(parameter)) ? undefined : optionalName(bound, parameter, "the schema");

/** None, or what an inspector says is the default: `inspector.default_schema_name or "public"`. */
const isDefaultSchema = (value: Value | undefined): boolean =>
  value !== undefined &&
  (isNone(value) ||
    (value.kind === "member" && value.name === "default_schema_name") ||
    (value.kind === "operator" && value.operator === "or" && isDefaultSchema(value.operands[0])));

/** A table whose schema is given but not known is not known either. */
function tableIn(
  bound: Bound,
  name: string | undefined,
  schema: string | undefined,
  parameter: string,
): QualifiedName | undefined {
  const value = bound.get(parameter);
  const schemaUnknown = schema === undefined && value !== undefined && !isDefaultSchema(value);
  return name === undefined || schemaUnknown ? undefined : qualified(name, schema);
}

/** The table of `op.batch_alter_table("table", schema=…)`. */
export function batchTable(
  batch: Value,
): { readonly table: QualifiedName | undefined; readonly doubts: readonly string[] } | undefined {
  if (batch.kind !== "call" || calleeOf(batch)?.name !== "batch_alter_table") return undefined;
  const bound = bind(batch.args, ["table_name", "schema"]);
  const name = nameArgument(bound, "table_name", "the table's name");
  const schema = schemaIn(bound, "schema");
  return { table: tableIn(bound, name, schema, "schema"), doubts: bound.doubts };
}
