/** One operation laid over a schema. */
import { appliesTo, isOnline } from "../../model/applies.ts";
import type { Context, Operation } from "../../model/revision.ts";
import type { ActionKind } from "../../sql/action.ts";
import { addColumn, alterColumn, dropColumn } from "./columns.ts";
import {
  createConstraint,
  createIndex,
  dropConstraint,
  dropIndex,
  renameConstraint,
  renameIndex,
  validateConstraint,
} from "./constraints.ts";
import { Answers } from "./answers.ts";
import type { Contradicted } from "./contradiction.ts";
import { SchemaDraft } from "./draft.ts";
import type { Environment } from "./environment.ts";
import { alterTable } from "./alter-table.ts";
import {
  alterSequence,
  alterType,
  alterView,
  comment,
  commentTable,
  createSchema,
  createSequence,
  createType,
  createView,
  dropSchema,
  dropSequence,
  dropType,
  dropView,
} from "./objects.ts";
import { contradictMissing } from "./required.ts";
import type { KnownSchema } from "./schema.ts";
import type { Apply, Step } from "./step.ts";
import { createTable, dropTable, renameTable } from "./tables.ts";

/** What contradicts the schema that an operation meets. */
export interface Contradiction extends Contradicted {
  readonly operation: Operation;
}

export interface Applied {
  readonly schema: KnownSchema;
  readonly contradictions: readonly Contradiction[];
}

/** Kinds that change no schema as it is told here are absent. */
const appliers: Partial<Record<ActionKind, Apply>> = {
  create_table: createTable,
  drop_table: dropTable,
  rename_table: renameTable,
  create_table_comment: commentTable,
  drop_table_comment: commentTable,
  alter_table: alterTable,
  add_column: addColumn,
  alter_column: alterColumn,
  drop_column: dropColumn,
  create_index: createIndex,
  drop_index: dropIndex,
  rename_index: renameIndex,
  create_check_constraint: createConstraint,
  create_exclude_constraint: createConstraint,
  create_foreign_key: createConstraint,
  create_primary_key: createConstraint,
  create_unique_constraint: createConstraint,
  drop_constraint: dropConstraint,
  rename_constraint: renameConstraint,
  validate_constraint: validateConstraint,
  create_type: createType,
  alter_type: alterType,
  drop_type: dropType,
  create_view: createView,
  alter_view: alterView,
  drop_view: dropView,
  create_sequence: createSequence,
  alter_sequence: alterSequence,
  drop_sequence: dropSequence,
  create_schema: createSchema,
  drop_schema: dropSchema,
  maintenance: comment,
};

const isUncertain = (context: Context): boolean =>
  (context.kind === "branch" && (context.on === "other" || (context.on === "dialect" && !context.dialects))) ||
  (context.kind === "loop" && context.over !== "constant");

const isBranch = (context: Context): context is Extract<Context, { kind: "branch" }> => context.kind === "branch";

const isGuard = (context: Context): boolean =>
  (context.kind === "branch" && context.on === "existence") || context.kind === "try";

const changesNoSchema = new Set(["data", "read", "maintenance", "session", "transaction"]);

/** Lays an operation over the schema before it. Never throws; what cannot be told becomes doubtful. */
export function applyOperation(
  before: KnownSchema,
  operation: Operation,
  environment: Environment,
  answers = new Answers(before, environment.dialect),
): Applied {
  const { context, effect, kind } = operation;
  const isComment = operation.details.comment !== undefined;
  const unchanged: Applied = { schema: before, contradictions: [] };
  if (!appliesTo(operation, environment.dialect) || !isOnline(operation)) return unchanged;
  const asked = context.flatMap((one) =>
    isBranch(one) && one.on === "existence" ? [answers.takes(one, operation, before)] : [],
  );
  if (asked.includes(false)) return unchanged;
  const draft = new SchemaDraft(before);
  if (operation.confidence !== "opaque" && !context.some((one) => isGuard(one) || isUncertain(one)))
    contradictMissing(draft, operation, environment.dialect);
  if (changesNoSchema.has(effect) && !isComment) return finished(draft, operation, environment);
  const step: Step = {
    operation,
    making: { ...environment, bySqlalchemy: operation.via !== "sql" },
    isGuarded: context.some(isGuard),
    isUnanswered: asked.includes(undefined),
    mayNotRun: context.some(isUncertain),
  };
  const apply = appliers[kind];
  // Done to a table that is not known, it may have been done to any.
  const isAnywhere = operation.incomplete === true && (!apply || operation.table === undefined);
  if (operation.confidence === "opaque" || effect === "unknown" || isAnywhere) doubt(draft, step);
  else apply?.(draft, step);
  return finished(draft, operation, environment);
}

function finished(draft: SchemaDraft, operation: Operation, environment: Environment): Applied {
  const contradictions = isUnordered(operation, environment) ? [] : draft.contradictions;
  return { schema: draft.finish(), contradictions: contradictions.map((one) => ({ ...one, operation })) };
}

/** SQLite's batch mode makes the table anew from all of a block at once: an index may go after its column has gone. */
const isUnordered = ({ context }: Operation, { dialect }: Environment): boolean =>
  dialect === "sqlite" && context.some(({ kind }) => kind === "batch");

function doubt(draft: SchemaDraft, { operation }: Step): void {
  const why = operation.why ?? "what it does could not be told";
  if (operation.table && operation.kind !== "opaque") draft.doubtTable(operation.table, why);
  else draft.doubtAll(why);
}
