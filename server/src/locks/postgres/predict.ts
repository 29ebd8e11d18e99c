/** What an operation does to a PostgreSQL server. Each claim is held to servers of all versions by a test. */
import type { Action, ActionKind } from "../../sql/action.ts";
import type { Circumstances } from "../circumstances.ts";
import type { Impact, PostgresVersion } from "../impact.ts";
import { alterColumn } from "./alter-column.ts";
import { alterTable } from "./alter-table.ts";
import { newCase, type Predict } from "./case.ts";
import { addColumn, dropColumn } from "./columns.ts";
import { addConstraint, dropConstraint, renameConstraint, validateConstraint } from "./constraints.ts";
import { createIndex, dropIndex } from "./indexes.ts";
import { lock, maintenance } from "./maintenance.ts";
import {
  alterOther,
  alterSequence,
  alterView,
  createOther,
  createSequence,
  createTrigger,
  createView,
  dropFunction,
  dropOther,
  dropSequence,
  dropTrigger,
  dropView,
  nothing,
  onTable,
  unknown,
} from "./objects.ts";
import { copy, insert, merge, remove, select, truncate, update } from "./rows.ts";
import { commentOnTable, createTable, dropSchema, dropTable, renameTable } from "./tables.ts";
import { alterType, dropType } from "./types.ts";

const predictors: Readonly<Record<ActionKind, Predict>> = {
  add_column: addColumn,
  alter_column: alterColumn,
  drop_column: dropColumn,
  create_table: createTable,
  drop_table: dropTable,
  rename_table: renameTable,
  create_table_comment: commentOnTable,
  drop_table_comment: commentOnTable,
  create_index: createIndex,
  drop_index: dropIndex,
  rename_index: nothing,
  create_check_constraint: addConstraint,
  create_exclude_constraint: addConstraint,
  create_foreign_key: addConstraint,
  create_primary_key: addConstraint,
  create_unique_constraint: addConstraint,
  drop_constraint: dropConstraint,
  validate_constraint: validateConstraint,
  rename_constraint: renameConstraint,
  alter_table: alterTable,
  bulk_insert: insert,
  insert,
  update,
  delete: remove,
  merge,
  truncate,
  copy,
  select,
  create_type: nothing,
  alter_type: alterType,
  drop_type: dropType,
  create_view: createView,
  alter_view: alterView,
  drop_view: dropView,
  create_sequence: createSequence,
  alter_sequence: alterSequence,
  drop_sequence: dropSequence,
  create_function: nothing,
  drop_function: dropFunction,
  create_trigger: createTrigger,
  drop_trigger: dropTrigger,
  create_policy: onTable,
  drop_policy: onTable,
  create_schema: nothing,
  drop_schema: dropSchema,
  // Their scripts may do anything.
  create_extension: unknown,
  drop_extension: unknown,
  create_other: createOther,
  alter_other: alterOther,
  drop_other: dropOther,
  maintenance,
  set: nothing,
  lock,
  transaction: nothing,
  do: unknown,
  call: unknown,
  opaque: unknown,
};

export function postgresImpact(
  action: Action,
  version: PostgresVersion,
  circumstances: Circumstances,
): Impact | undefined {
  const one = newCase(action, version, circumstances);
  return predictors[action.kind](one) === "unknown" ? undefined : one.draft.finish();
}
