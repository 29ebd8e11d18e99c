/**
 * What an operation does to a SQLite file. There is one lock, on the file: whoever writes holds up all other writers, and
 * in the default journal mode readers, too, while it commits. What SQLite's ALTER TABLE cannot do, Alembic's batch mode
 * does by a copy: it creates a new table, copies every row, drops the old one and renames the new.
 *
 * @see https://www.sqlite.org/lang_altertable.html
 * @see https://alembic.sqlalchemy.org/en/latest/batch.html
 */
import type { Action, ActionKind, ColumnDefinition } from "../sql/action.ts";
import type { Circumstances } from "./circumstances.ts";
import type { Impact } from "./impact.ts";
import { plainName, sameTable } from "./names.ts";

const wholeFile = "The whole database file is locked against other writers until the transaction ends.";

type What = "copy" | "build" | "scan" | "schema";

export function sqliteImpact(action: Action, circumstances: Circumstances): Impact | undefined {
  const { kind, table } = action;
  const what = whatOf(action, circumstances.inBatch === true);
  if (what === undefined) return undefined;
  const isNew = table !== undefined && circumstances.created?.some((name) => sameTable(name, table));
  const touched = table === undefined || isNew ? [] : [plainName(table)];
  return {
    locks: [],
    rewrites: what === "copy" ? touched : [],
    scans: what === "build" || what === "scan" ? touched : [],
    builds: what === "build" ? touched : [],
    transactional: kind !== "maintenance",
    waitsForSnapshots: false,
    basis: "documented",
    notes: [
      ...(what === "copy" && circumstances.inBatch
        ? ["Batch mode copies every row into a new table; several operations in one block copy once."]
        : []),
      wholeFile,
    ],
    confidence: circumstances.inBatch && isUnsure(action) ? "likely" : "certain",
  };
}

/** What `requires_recreate_in_batch()` of Alembic's `ddl/sqlite.py` lets SQLite do by itself. */
function whatOf(action: Action, inBatch: boolean): What | undefined {
  const own = alone[action.kind]?.(action);
  if (!inBatch || own === "build") return own;
  if (action.kind === "drop_index") return own;
  if (action.kind === "add_column") return action.details.definitions?.every(isSimple) ? own : "copy";
  return inBlocks.includes(action.kind) ? "copy" : own;
}

/** A default as a plain string would do, too; the text does not tell it from one that SQLAlchemy was given as `text()`. */
const isSimple = ({ hasServerDefault, computed }: ColumnDefinition): boolean =>
  computed?.stored !== true && hasServerDefault !== true;

const isUnsure = ({ kind, details }: Action): boolean =>
  kind === "add_column" && (details.definitions ?? []).some(({ hasServerDefault }) => hasServerDefault === true);

const inBlocks: readonly ActionKind[] = [
  "alter_column",
  "drop_column",
  "create_check_constraint",
  "create_foreign_key",
  "create_primary_key",
  "create_unique_constraint",
  "drop_constraint",
];

/** What SQLite's own statements do. It has none for constraints, and none that changes a column but its name. */
const alone: Partial<Record<ActionKind, (action: Action) => What | undefined>> = {
  create_table: () => "schema",
  drop_table: () => "schema",
  rename_table: () => "schema",
  create_view: () => "schema",
  drop_view: () => "schema",
  create_index: () => "build",
  drop_index: () => "schema",
  // Existing rows are looked at only to test a CHECK on them.
  add_column: ({ details }) => (details.constraints?.some(({ type }) => type === "check") ? "scan" : "schema"),
  alter_column: ({ details }) => (details.newName === undefined ? undefined : "schema"),
  // The values are taken out of every row.
  drop_column: () => "copy",
};
