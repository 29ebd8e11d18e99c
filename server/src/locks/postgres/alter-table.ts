/** Subcommands of ALTER TABLE that change neither columns nor constraints. */
import type { QualifiedName } from "../../sql/action.ts";
import type { AlterCommand } from "../../sql/definition.ts";
import type { LockMode } from "../impact.ts";
import {
  buildAll,
  type Case,
  descendants,
  knownTable,
  lockTree,
  partitionsOf,
  type Predict,
  scanAll,
  sequencesOf,
  storedIn,
  withTable,
} from "./case.ts";
import { alterConstraint } from "./constraints.ts";
import { copyReferences, readDefault } from "./tables.ts";

type Alter = LockMode | ((one: Case, table: QualifiedName) => void);

/** Of the table itself; partitions and heirs are told apart. */
const rewriteAlone = (one: Case, table: QualifiedName): void => {
  if (storedIn(one, table).includes(table)) one.draft.rewrite(table);
};

const rewriting: Alter = (one, table) => {
  one.draft.lock(table, "AccessExclusiveLock");
  rewriteAlone(one, table);
};

const logging =
  (unlogged: boolean): Alter =>
  (one, table) => {
    one.draft.lock(table, "AccessExclusiveLock");
    const known = knownTable(one, table);
    if (known && (known.unlogged === true) === unlogged) one.draft.note("It is kept that way already.");
    else rewriteAlone(one, table);
  };

const setOptions: Alter = (one, table) => {
  const { options } = one.action.details.alteration ?? {};
  const mode = options?.includes("user_catalog_table") ? "AccessExclusiveLock" : "ShareUpdateExclusiveLock";
  one.draft.lock(table, mode);
};

const switchTriggers: Alter = (one, table) => {
  lockTree(one, table, "ShareRowExclusiveLock", "partitions");
  if (descendants(one, table, "partitions").length > 0)
    one.draft.doubt("Partitions are locked where they have the trigger, too: those for each row.");
};

const attach: Alter = (one, table) => {
  const { table: partition, bound } = one.action.details.alteration ?? {};
  one.draft.lock(table, "ShareUpdateExclusiveLock");
  if (partition === undefined) {
    one.draft.doubt("Which table becomes a partition is not known here.");
    return;
  }
  lockTree(one, partition, "AccessExclusiveLock");
  if (copyReferences(one, table))
    one.draft.doubt("Foreign keys of the partitioned table are checked for the new partition.");
  const parent = knownTable(one, table);
  const own = knownTable(one, partition);
  if (parent && parent.indexes.length > 0) {
    if (own && own.indexes.length > 0)
      one.draft.doubt("Indexes that match those of the partitioned table are taken over.");
    buildAll(one, partition);
  }
  const checks = own?.constraints.filter(
    ({ type, notValid, notEnforced }) => type === "check" && !notValid && !notEnforced,
  );
  if (bound !== "DEFAULT" || (parent && descendants(one, table).length > 0)) scanAll(one, partition);
  if (checks && checks.length > 0)
    one.draft.doubt("The rows are not read where a CHECK proves that they fit; whether it does is not known here.");
  else
    one.draft.note(
      "A validated CHECK that says what the partition holds would spare the server from reading its rows.",
    );
  readDefault(one, table, bound);
};

const detach: Alter = (one, table) => {
  const { details } = one.action;
  const partition = details.alteration?.table;
  if (details.concurrently) {
    one.draft.alone().lock(table, "ShareUpdateExclusiveLock");
    one.draft.waitsForSnapshots = true;
    one.draft.note("Exists since PostgreSQL 14. Waits for the transactions that use the partitioned table.");
  } else one.draft.lock(table, "AccessExclusiveLock");
  for (const { name, bound } of partitionsOf(one, table))
    if (bound === "DEFAULT") one.draft.lock(name, "AccessExclusiveLock");
  if (partition === undefined) return;
  const mode = one.version === 13 ? "ShareUpdateExclusiveLock" : "AccessExclusiveLock";
  lockTree(one, partition, mode);
  for (const { references } of knownTable(one, table)?.constraints ?? [])
    if (references) lockTree(one, references.table, "ShareRowExclusiveLock");
};

const finalize: Alter = (one, table) => {
  one.draft.lock(table, "ShareUpdateExclusiveLock");
  const partition = one.action.details.alteration?.table;
  if (partition) one.draft.lock(partition, "AccessExclusiveLock");
};

const withParent =
  (mode: LockMode): Alter =>
  (one, table) => {
    one.draft.lock(table, "AccessExclusiveLock");
    const parent = one.action.details.alteration?.table;
    if (parent) one.draft.lock(parent, mode);
  };

const move: Alter = (one, table) => {
  one.draft.lock(table, "AccessExclusiveLock");
  for (const sequence of sequencesOf(one, table)) one.draft.lock(sequence, "AccessExclusiveLock");
};

/** A mode: of the table alone. */
const commands: Partial<Record<AlterCommand, Alter>> = {
  alter_constraint: alterConstraint,
  attach_partition: attach,
  cluster_on: "ShareUpdateExclusiveLock",
  detach_partition: detach,
  detach_partition_finalize: finalize,
  disable_row_security: "AccessExclusiveLock",
  disable_rule: "AccessExclusiveLock",
  disable_trigger: switchTriggers,
  enable_row_security: "AccessExclusiveLock",
  enable_rule: "AccessExclusiveLock",
  enable_trigger: switchTriggers,
  force_row_security: "AccessExclusiveLock",
  inherit: withParent("ShareUpdateExclusiveLock"),
  no_force_row_security: "AccessExclusiveLock",
  no_inherit: withParent("AccessShareLock"),
  not_of: "AccessExclusiveLock",
  of: "AccessExclusiveLock",
  owner_to: move,
  replica_identity: "AccessExclusiveLock",
  reset_column_options: "ShareUpdateExclusiveLock",
  reset_options: setOptions,
  set_access_method: rewriting,
  set_column_options: "ShareUpdateExclusiveLock",
  set_compression: "AccessExclusiveLock",
  set_logged: logging(false),
  set_options: setOptions,
  set_schema: move,
  set_statistics: treeOf("ShareUpdateExclusiveLock"),
  set_storage: treeOf("AccessExclusiveLock"),
  set_tablespace: rewriting,
  set_unlogged: logging(true),
  set_without_cluster: "ShareUpdateExclusiveLock",
};

function treeOf(mode: LockMode): Alter {
  return (one, table) => lockTree(one, table, mode);
}

export const alterTable: Predict = withTable((one, table) => {
  const { alteration } = one.action.details;
  const alter = alteration && commands[alteration.command];
  if (alter === undefined) return "unknown";
  if (typeof alter === "string") one.draft.lock(table, alter);
  else alter(one, table);
  return undefined;
});
