/** The subcommands of ALTER TABLE that are about the table as a whole. */
import type { QualifiedName } from "../../sql/action.ts";
import type { AlterCommand } from "../../sql/definition.ts";
import type { Table } from "../state.ts";
import type { SchemaDraft } from "./draft.ts";
import { plainName } from "./schema.ts";
import type { Apply, Step } from "./step.ts";
import { moveTable } from "./tables.ts";

type Alter = (draft: SchemaDraft, table: Table, step: Step) => void;

const move: Alter = (draft, table, { operation: { touches } }) => {
  const to = touches.find(({ how, on }) => how === "create" && on.type === "table" && on.name.name === table.name.name);
  if (to) moveTable(draft, table, to.on.name);
};

const logging =
  (unlogged: boolean): Alter =>
  (draft, { unlogged: _, ...table }) => {
    draft.putTable(unlogged ? { ...table, unlogged } : table);
  };

function partition(draft: SchemaDraft, name: QualifiedName | undefined, parent: QualifiedName | undefined): void {
  const table = name && draft.schema.table(name);
  if (typeof table !== "object") return;
  const { partitionOf: _, ...rest } = table;
  draft.putTable(parent ? { ...rest, partitionOf: plainName(parent) } : rest);
  // The server gives it those constraints and indexes of the parent that it lacks.
  if (parent) draft.doubtTable(table.name, "it has taken on what its partitioned table has");
}

const attach: Alter = (draft, table, { operation }) => {
  partition(draft, operation.details.alteration?.table, table.name);
};

const detach: Alter = (draft, _, { operation }) => {
  partition(draft, operation.details.alteration?.table, undefined);
};

const takesOn: Alter = (draft, table) => {
  draft.doubtTable(table.name, "what it inherits has changed");
};

/** Subcommands that change nothing that is told of a table are absent. */
const commands: Partial<Record<AlterCommand, Alter>> = {
  set_schema: move,
  set_logged: logging(false),
  set_unlogged: logging(true),
  attach_partition: attach,
  detach_partition: detach,
  inherit: takesOn,
  no_inherit: takesOn,
};

export const alterTable: Apply = (draft, step) => {
  const { table: name, details } = step.operation;
  const table = name && draft.schema.table(name);
  const command = details.alteration?.command;
  if (typeof table !== "object" || command === undefined) return;
  if (step.mayNotRun && commands[command]) draft.doubtTable(table.name, "it is altered only under a condition");
  else commands[command]?.(draft, table, step);
};
