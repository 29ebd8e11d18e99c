/** Order between a statement about rows and a change of a definition: the table of what waits for what. */
import { renderName, type ActionKind, type QualifiedName } from "../sql/action.ts";
import {
  columnsOf,
  maybeSame,
  ownName,
  relationsOf,
  rowUse,
  usesColumn,
  writes,
  writesColumn,
  writtenTables,
  type Circumstances,
  type Placed,
  type RowUse,
} from "./footprint.ts";

interface Pair {
  readonly schema: Placed;
  readonly rows: Placed;
  /** The definition changes first, as the file has it. */
  readonly schemaFirst: boolean;
}

/** One row of the table below; `use` is how the rows use the table whose definition changes, if they do. */
interface Case extends Pair {
  readonly use: RowUse | undefined;
  readonly table: QualifiedName | undefined;
  readonly known: Circumstances;
}

type Judge = (pair: Case) => string | undefined;

export function rowsAndSchema({ schema, rows, schemaFirst }: Pair, known: Circumstances): string | undefined {
  const table = schema.table;
  const one: Case = { schema, rows, schemaFirst, table, use: table && rowUse(rows, table), known };
  return (judges[schema.kind] ?? anything)(one) ?? demandsElsewhere(one);
}

const text = (table: QualifiedName | undefined): string => (table ? renderName(table) : "an unknown table");
const column = (table: QualifiedName | undefined, name: string): string =>
  name === "*" ? `a column of ${text(table)}` : `${text(table)}.${name}`;

const used = ({ use, schema, table }: Case): string | undefined => {
  const name = use && columnsOf(schema).find((one) => usesColumn(use, one));
  return name && `rows use ${column(table, name)}`;
};

/** True where the statement may write a column that existed before the revision. */
const writesOldColumn = ({ use, table, known }: Case): boolean => {
  if (use === undefined || table === undefined) return false;
  if (use.inserts) return true;
  return use.updates && [...use.written].some((name) => name === "*" || !known.isFresh(table, name));
};

/** Names that a foreign key is likely to point at. */
const keyLike = /^(?:\*|id|ids|pk|key|code|guid|uuid|uid|slug|name)$|_(?:id|pk|key|code|guid|uuid|uid)$/;

/** Rows of another table that something dropped may still point at: deleted, or given another key. */
function mayBeReferenced({ rows, table, known }: Case): QualifiedName | undefined {
  return writtenTables(rows).find((other) => {
    if (table && maybeSame(other, table)) return false;
    const use = rowUse(rows, other);
    if (use === undefined) return false;
    return (
      use.deletes || (use.updates && [...use.written].some((name) => keyLike.test(name) && !known.isFresh(other, name)))
    );
  });
}

/** A foreign key that goes with something may hold rows of another table, or carry their deletion on. */
const referencesGoFirst = (pair: Case): string | undefined => {
  const other = mayBeReferenced(pair);
  return other && `rows of ${text(other)} may be referenced until ${pair.schema.name ?? text(pair.table)} is gone`;
};

/** What is done to rows of one table goes on in tables that point at it, where triggers see the definition. */
const cascades = (pair: Case): string | undefined => {
  const other = mayBeReferenced(pair);
  return other && `what is done to rows of ${text(other)} may go on in ${text(pair.table)}`;
};

/** Triggers, checks and cascades act on rows while they are changed, in ways that the file does not show. */
const actsOnRows = ({ use, schemaFirst, table }: Case): string | undefined =>
  !schemaFirst && use && writes(use)
    ? `triggers and constraints act on rows of ${text(table)} while they change`
    : undefined;

const anything: Judge = ({ schema, use, table }) => {
  if (table === undefined) return "it is not known which rows it concerns";
  if (use) return `both concern ${text(table)}`;
  return relationsOf(schema).length === 0 ? "it is not known which rows it concerns" : undefined;
};

const never: Judge = ({ schema }) => `rows may depend on ${schema.name ?? schema.kind}`;

const addColumn: Judge = (pair) => {
  const { use, schema, table } = pair;
  if (use === undefined) return undefined;
  const direct = used(pair);
  if (direct !== undefined) return direct;
  if ((use.inserts && use.written.has("*")) || use.read.has("*"))
    return `rows of ${text(table)} are used without naming the columns`;
  const demands =
    schema.touches.some(({ how }) => how === "constrain") ||
    (schema.details.definitions ?? []).some(
      (one) => one.nullable === false && one.hasServerDefault !== true && one.generated === undefined,
    );
  return demands && (use.inserts || use.deletes)
    ? `the new column of ${text(table)} fits only certain rows`
    : undefined;
};

const createTable: Judge = ({ use, schema, rows, table }) => {
  if (use) return `rows use ${text(table)}`;
  const copied = schema.touches.find(
    ({ how, on }) => how === "read" && writtenTables(rows).some((one) => maybeSame(one, on.name)),
  );
  return copied && `rows of ${text(copied.on.name)} are copied and changed`;
};

const dropTable: Judge = (pair) => {
  if (pair.use) return `rows use ${text(pair.table)}`;
  if (pair.schema.details.cascade === true) return "CASCADE drops more than is named";
  return referencesGoFirst(pair);
};

const renameTable: Judge = (pair) => {
  const name = relationsOf(pair.schema).find((one) => rowUse(pair.rows, one) !== undefined);
  return name ? `rows use ${text(name)}` : cascades(pair);
};

const dropColumn: Judge = (pair) => {
  const { use, table, schemaFirst } = pair;
  const direct = used(pair);
  if (direct !== undefined) return direct;
  if (schemaFirst && use && (use.deletes || writesOldColumn(pair)))
    return `the column and its constraints are gone when rows of ${text(table)} change`;
  return actsOnRows(pair) ?? referencesGoFirst(pair);
};

const alterColumn: Judge = (pair) => {
  const { use, schema, table, schemaFirst } = pair;
  const { nullable, newName, newType, serverDefault } = schema.details;
  const changes = newName !== undefined || newType !== undefined || nullable === false;
  if (use === undefined) return changes ? cascades(pair) : undefined;
  const names = columnsOf(schema);
  const name = names[0] ?? "*";
  const nothing =
    nullable === undefined && newName === undefined && newType === undefined && serverDefault === undefined;
  if (newName !== undefined || newType !== undefined || nothing) {
    const direct = used(pair);
    if (direct !== undefined) return direct;
  }
  const wanted = nullable === true && serverDefault === undefined ? schemaFirst : nullable !== undefined;
  const touched = use.inserts || use.deletes || (use.updates && names.some((one) => writesColumn(use, one)));
  if (wanted && touched) return `rows are given the value of ${column(table, name)} that NOT NULL is about`;
  if (serverDefault !== undefined && use.inserts) return `new rows take the default of ${column(table, name)}`;
  return changes ? (actsOnRows(pair) ?? cascades(pair)) : undefined;
};

/** A condition on rows: unique, key, check, exclusion. */
const constrain: Judge = (pair) => {
  const { use, schema, table } = pair;
  if (table === undefined) return "it is not known which rows it concerns";
  if (use === undefined || !writes(use)) return undefined;
  const names = columnsOf(schema);
  if (!use.inserts && !use.deletes && !names.some((name) => writesColumn(use, name))) return actsOnRows(pair);
  return `rows of ${text(table)} must meet ${schema.name ?? "the condition"}`;
};

/** A plain index minds no rows; one that is built concurrently waits for those who write them, and is built for that. */
const createIndex: Judge = (pair) => {
  const { schema, use, schemaFirst, table } = pair;
  const { unique, expression, concurrently } = schema.details;
  if (concurrently === true && !schemaFirst && use && writes(use))
    return `the index on ${text(table)} is built concurrently with changes of its rows`;
  if (unique === true || expression === true) return constrain(pair);
  return unique === false || schema.confidence !== "likely" ? undefined : constrain(pair);
};

/** Before it goes, rows are found through it, held by it or judged by it; after it has gone, rows may break it. */
const dropCondition: Judge = (pair) => {
  const { schema, rows, use, table, schemaFirst, known } = pair;
  const what = schema.name ?? "the condition";
  const plain =
    schema.kind === "drop_index" &&
    (schema.details.unique === false || (schema.name !== undefined && known.isPlainIndex(schema.name)));
  if (plain) return use && !schemaFirst ? `rows of ${text(table)} may be found through ${what}` : undefined;
  if (table === undefined)
    return writtenTables(rows).length > 0 ? `rows may break ${what}, on a table that is not named` : undefined;
  if (use && schemaFirst && (use.deletes || writesOldColumn(pair))) return `rows of ${text(table)} may break ${what}`;
  if (use && !schemaFirst) return `rows of ${text(table)} may need ${what}`;
  const type = schema.details.constraintType;
  if (schema.kind !== "drop_constraint" || (type !== undefined && !/^foreign/.test(type))) return undefined;
  const target = schema.details.referencedTable;
  const other = mayBeReferenced(pair);
  return other && (target === undefined || maybeSame(target, other))
    ? `rows of ${text(other)} may be held by ${what}`
    : undefined;
};

const renameCondition: Judge = ({ rows, use, table }) =>
  rows.details.onConflict === true && (table === undefined || use !== undefined)
    ? "ON CONFLICT may name it"
    : undefined;

/** Something that no row can have needed before it was there. */
const createObject: Judge = (pair) => (pair.schemaFirst ? never(pair) : undefined);
/** Something that no row can have needed after it was gone. */
const dropObject: Judge = (pair) => (pair.schemaFirst ? undefined : never(pair));

/** A plain view is a name for a query; a materialized one keeps the rows that there were. */
const view: Judge = ({ schema, rows, schemaFirst }) => {
  const name = ownName(schema);
  const own = [
    ...(name === undefined ? [] : [{ name }]),
    ...schema.touches.flatMap(({ on }) => (on.type === "view" ? [on.name] : [])),
  ];
  if (own.length === 0) return "it is not known which view it is";
  const used = own.find((one) => relationsOf(rows).some((other) => maybeSame(one, other)));
  if (used !== undefined) return `rows use the view ${text(used)}`;
  if (schema.kind === "drop_view") return undefined;
  const filled = schema.touches.find(({ how, on }) => {
    const use = how === "read" && on.type === "column" ? rowUse(rows, on.name) : undefined;
    return use !== undefined && (use.inserts || use.updates) && writesColumn(use, on.column ?? "*");
  });
  if (filled && !schemaFirst)
    return `the view shows ${column(filled.on.name, filled.on.column ?? "*")} once it is filled`;
  if (schema.sql !== undefined && !/materialized/i.test(schema.sql)) return undefined;
  const shown = relationsOf(schema).find((one) => relationsOf(rows).some((other) => maybeSame(one, other)));
  return shown && `the view shows rows of ${text(shown)}`;
};

const trigger: Judge = ({ use, rows, table, schema }) =>
  table !== undefined && use === undefined && !writtenTables(rows).some((one) => rowUse(rows, one)?.deletes === true)
    ? undefined
    : `${schema.name ?? "the trigger"} acts on rows`;

const judges: { readonly [K in ActionKind]?: Judge } = {
  create_table: createTable,
  drop_table: dropTable,
  rename_table: renameTable,
  add_column: addColumn,
  drop_column: dropColumn,
  alter_column: alterColumn,
  create_index: createIndex,
  drop_index: dropCondition,
  create_check_constraint: constrain,
  create_exclude_constraint: constrain,
  create_foreign_key: constrain,
  create_primary_key: constrain,
  create_unique_constraint: constrain,
  validate_constraint: constrain,
  drop_constraint: dropCondition,
  rename_constraint: renameCondition,
  rename_index: renameCondition,
  create_type: createObject,
  create_sequence: createObject,
  create_schema: createObject,
  create_extension: createObject,
  drop_type: dropObject,
  drop_sequence: dropObject,
  alter_type: never,
  alter_sequence: never,
  drop_schema: never,
  drop_extension: never,
  create_view: view,
  alter_view: view,
  drop_view: view,
  create_trigger: trigger,
  drop_trigger: trigger,
  create_policy: trigger,
  drop_policy: trigger,
};

/** A foreign key looks at the rows of the table that it points at; a new empty table does not. */
function demandsElsewhere({ schema, rows, table }: Case): string | undefined {
  if (schema.kind !== "create_foreign_key" && schema.kind !== "add_column" && schema.kind !== "validate_constraint")
    return undefined;
  for (const other of relationsOf(schema)) {
    if (table && maybeSame(other, table)) continue;
    const use = rowUse(rows, other);
    if (use === undefined || !writes(use)) continue;
    const names = schema.touches.flatMap(({ on }) =>
      on.type === "column" && maybeSame(on.name, other) ? (on.column ?? []) : [],
    );
    const needed = names.length === 0 ? ["*"] : names;
    if (use.inserts || use.deletes || needed.some((name) => writesColumn(use, name)))
      return `${schema.name ?? text(table)} points at rows of ${text(other)}`;
  }
  return undefined;
}
