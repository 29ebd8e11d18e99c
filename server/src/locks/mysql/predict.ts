/** What a definition does to a MySQL or MariaDB server with InnoDB tables: documented, not measured. */
import type { Action, ActionKind, QualifiedName } from "../../sql/action.ts";
import type { Circumstances } from "../circumstances.ts";
import type { Impact } from "../impact.ts";
import { plainName, sameTable } from "../names.ts";
import { addColumn, alterColumn, dropColumn, type Family } from "./columns.ts";
import { copied, inPlace, instant, type Online, readOnly, rebuilt, unsure } from "./online.ts";

const commits =
  "MySQL and MariaDB end the transaction before and after every definition: there is no way back with it.";
const waits =
  "At its start and its end it waits for the transactions that use the table, and all who come after wait with it.";

const onlineCopy = "From MariaDB 11.2 on most copies let others write, too (LOCK=NONE).";

type Do = (action: Action, circumstances: Circumstances, family: Family) => Online | undefined;

const createIndex: Do = ({ details }) => {
  const methods = (details.indexes ?? []).map(({ method }) => method.toLowerCase());
  if (methods.includes("fulltext")) return readOnly("The first FULLTEXT index of a table rebuilds it.");
  if (methods.includes("spatial")) return readOnly();
  return inPlace("Others read and write while the index is built.");
};

const foreignKey: Do = () =>
  copied("With foreign_key_checks switched off it is done in place, and existing rows are not checked.");

const dropConstraint: Do = ({ details }) => {
  if (details.constraintType === "primary")
    return copied("Where the same statement makes another primary key, the table is written anew in place.");
  if (details.constraintType === "check") return instant();
  return inPlace();
};

const alterTable: Do = ({ details }) => {
  const options = details.alteration?.options ?? [];
  if (options.includes("convert to character set")) return copied("Every row is converted.");
  if (options.length > 0 && options.every((option) => /\b(?:character set|charset|collate)$/.test(option)))
    return inPlace("Only the default of columns that are added later changes.");
  if (options.includes("engine"))
    return rebuilt("ENGINE with the engine that it has writes the table anew; with another one it copies every row.");
  return unsure(copied(), "What this option changes is not known here.");
};

const findColumn = ({ table, columns }: Action, { schema }: Circumstances): ReturnType<typeof columnIn> =>
  table && columnIn(schema.table(table), columns[0]);

const columnIn = (found: ReturnType<Circumstances["schema"]["table"]>, name: string | undefined) =>
  typeof found === "object" ? found.columns.find((column) => column.name === name) : undefined;

const kinds: Partial<Record<ActionKind, Do>> = {
  add_column: ({ details }) => addColumn(details),
  alter_column: (action, circumstances, family) => alterColumn(action, findColumn(action, circumstances), family),
  drop_column: (action, circumstances, family) =>
    findColumn(action, circumstances)?.computed?.stored ? rebuilt() : dropColumn(family),
  rename_table: () => instant(),
  create_index: createIndex,
  create_unique_constraint: createIndex,
  drop_index: () => inPlace(),
  rename_index: () => inPlace(),
  create_primary_key: () => rebuilt("The rows are kept in the order of the primary key: the table is written anew."),
  create_foreign_key: foreignKey,
  create_check_constraint: () => unsure(copied(), "How a CHECK is added is not in the manual's tables."),
  drop_constraint: dropConstraint,
  create_table_comment: () => inPlace(),
  drop_table_comment: () => inPlace(),
  alter_table: alterTable,
};

export function mysqlImpact(action: Action, circumstances: Circumstances, family: Family): Impact | undefined {
  const { table, kind, details } = action;
  const online = kinds[kind]?.(action, circumstances, family);
  if (online === undefined || table === undefined) return undefined;
  if (circumstances.created?.some((name) => sameTable(name, table)))
    return toImpact(instant(), table, ["The table is new."], false);
  const asked =
    details.algorithm !== undefined && details.algorithm !== "DEFAULT" && details.algorithm !== online.algorithm;
  const notes = [
    ...(online.note === undefined ? [] : [online.note]),
    ...(online.doubt === undefined ? [] : [online.doubt]),
    ...(asked
      ? [`ALGORITHM=${details.algorithm ?? ""} is asked for: where the server cannot do it that way, it refuses.`]
      : []),
    ...(family === "mariadb" && online.algorithm === "COPY" ? [onlineCopy] : []),
    waits,
    commits,
  ];
  const builds = kind === "create_index" || kind === "create_unique_constraint";
  return toImpact(online, table, notes, builds);
}

const toImpact = (online: Online, name: QualifiedName, notes: readonly string[], builds: boolean): Impact => {
  const table = plainName(name);
  return {
    locks: [],
    rewrites: online.rebuilds ? [table] : [],
    scans: builds && !online.rebuilds ? [table] : [],
    builds: builds && !online.rebuilds ? [table] : [],
    transactional: false,
    waitsForSnapshots: false,
    algorithm: online.algorithm,
    lock: online.lock,
    basis: "documented",
    notes,
    confidence: online.doubt === undefined ? "certain" : "likely",
  };
};
