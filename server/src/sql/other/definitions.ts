/** CREATE, DROP and RENAME in node-sql-parser's dialects. */
import {
  besideTable,
  tableEntity,
  type Action,
  type ActionKind,
  type ColumnDefinition,
  type Details,
  type EntityType,
} from "../action.ts";
import type { ConstraintDefinition, IndexDefinition, TableOptions } from "../definition.ts";
import { action, referring, Touches } from "../draft.ts";
import { known, knownName } from "../hole.ts";
import { newScope } from "../scope.ts";
import {
  constraintDetails,
  definitionsOfConstraints,
  exists,
  existsNot,
  indexAction,
  readDefinition,
  touchConstraint,
  touchInline,
} from "./columns.ts";
import { readIndex } from "./constraints.ts";
import { readQuery } from "./expression.ts";
import { at, columnName, isTree, tableName, textAt, treesAt, type Tree } from "./tree.ts";
import type { Print } from "./value.ts";

export function createActions(create: Tree, print: Print): readonly Action[] | undefined {
  switch (textAt(create, "keyword")) {
    case "table":
      return [createTable(create, print)];
    case "index":
      return [createIndex(create, print)];
    case "view":
      return [createView(create)];
    case "trigger":
      return [createTrigger(create)];
    case "database":
    case "schema":
      return [named("create_schema", "schema", textAt(treesAt(create, "database", "schema")[0], "value"))];
    case "function":
    case "procedure":
      return [action("create_function", { incomplete: true })];
    default:
      return undefined;
  }
}

function named(kind: ActionKind, type: EntityType, written: string | undefined): Action {
  const name = knownName(undefined, written);
  const touches = new Touches();
  const how = kind.startsWith("create") ? "create" : "drop";
  if (name) touches.add(how, { type, name });
  return action(kind, { name: name?.name, touches, incomplete: name === undefined });
}

function createTable(create: Tree, print: Print): Action {
  const table = tableName(treesAt(create, "table")[0]);
  const touches = new Touches().table("create", table);
  const elements = treesAt(create, "create_definitions");
  const references = elements.flatMap((one) => tableName(treesAt(one, "reference_definition", "table")[0]) ?? []);
  const definitions: ColumnDefinition[] = [];
  for (const element of elements) {
    const kind = textAt(element, "resource");
    if (kind === "column") {
      const definition = readDefinition(element, print);
      if (definition) definitions.push(definition);
      touchInline(touches, table, element);
    } else if (kind === "constraint") touchConstraint(touches, table, element);
  }
  for (const like of treesAt(create, "like", "table")) touches.table("require", tableName(like));
  const query = at(create, "query_expr");
  if (isTree(query)) readQuery(query, newScope(), touches);
  const constraints = definitionsOfConstraints(elements, table, print);
  const indexes = elements.flatMap((one) => (textAt(one, "resource") === "index" ? [indexOf(one, print)] : []));
  const options = tableOptions(create);
  const temporary = textAt(create, "temporary") !== undefined || table?.name.startsWith("#") === true;
  return action("create_table", {
    table,
    columns: definitions.map(({ name }) => name),
    touches,
    details: {
      definitions: withKeys(definitions, constraints),
      ...constraintDetails(constraints),
      ...(indexes.length > 0 && { indexes }),
      ...referring(references),
      ...(Object.keys(options).length > 0 && { options }),
      ...(temporary && { temporary }),
      ...existsNot(create),
    },
  });
}

/** Columns of a primary key are never null, in SQLite aside. */
const withKeys = (
  definitions: readonly ColumnDefinition[],
  constraints: readonly ConstraintDefinition[],
): readonly ColumnDefinition[] => {
  const key = new Set(constraints.flatMap(({ type, columns }) => (type === "primary_key" ? (columns ?? []) : [])));
  return definitions.map((one) => (key.has(one.name) && one.nullable ? { ...one, nullable: false } : one));
};

/** KEY, INDEX, FULLTEXT and SPATIAL among the columns of MySQL's CREATE TABLE. */
function indexOf(element: Tree, print: Print): IndexDefinition {
  return readIndex(
    {
      name: known(textAt(element, "index")),
      keys: treesAt(element, "definition"),
      unique: false,
      method: methodOf(textAt(element, "keyword")),
    },
    print,
  );
}

/** `FULLTEXT KEY` and `SPATIAL INDEX` are kinds of index of their own. */
export const methodOf = (keyword: string | undefined): string | undefined =>
  ["fulltext", "spatial"].find((one) => keyword?.toLowerCase().includes(one));

function tableOptions(create: Tree): TableOptions {
  const settings: Record<string, string> = {};
  for (const option of treesAt(create, "table_options")) {
    const keyword = textAt(option, "keyword")?.toUpperCase();
    const value = textAt(option, "value") ?? textAt(option, "value", "value");
    if (keyword !== undefined && value !== undefined && known(value) !== undefined) settings[keyword] = value;
  }
  const { COMMENT: comment, ...others } = settings;
  const like = treesAt(create, "like", "table").flatMap((one) => tableName(one) ?? []);
  return {
    ...(comment !== undefined && { comment: unquoted(comment) }),
    ...(like.length > 0 && { like }),
    ...(isTree(create["query_expr"]) && { asQuery: true as const }),
    ...(Object.keys(others).length > 0 && { settings: others }),
  };
}

const unquoted = (text: string): string => (text.startsWith("'") ? text.slice(1, -1).split("''").join("'") : text);

function createIndex(create: Tree, print: Print): Action {
  const include: unknown = at(create, "include", "columns");
  const kind = textAt(create, "index_type");
  const parts = {
    name: known(textAt(create, "index") ?? textAt(create, "index", "name")),
    keys: treesAt(create, "index_columns"),
    unique: kind?.toLowerCase().includes("unique") === true,
    method: methodOf(kind),
    where: create["where"],
    include: Array.isArray(include) ? include.flatMap((one) => columnName(one) ?? []) : [],
  };
  const clauses = {
    ...clauseOf("algorithm", textAt(create, "algorithm_option", "algorithm")),
    ...clauseOf("lockClause", textAt(create, "lock_option", "lock")),
  };
  return indexAction(tableName(create["table"]), parts, { ...existsNot(create), ...clauses }, print);
}

/** The clauses ALGORITHM and LOCK. */
export const clauseOf = (name: "algorithm" | "lockClause", value: string | undefined): Details =>
  value === undefined ? {} : { [name]: value.toUpperCase() };

function createView(create: Tree): Action {
  const name = knownName(
    textAt(create, "view", "db"),
    textAt(create, "view", "view") ?? textAt(create, "view", "table"),
  );
  const touches = new Touches();
  if (name) touches.add("create", { type: "view", name });
  const query = at(create, "select");
  if (isTree(query)) readQuery(query, newScope(), touches);
  return action("create_view", { name: name?.name, touches, incomplete: name === undefined || !isTree(query) });
}

/** Its body is text: it runs when rows change, not now. */
function createTrigger(create: Tree): Action {
  const table = tableName(create["table"]);
  const touches = new Touches().table("alter", table);
  const name = known(textAt(create, "trigger", "table") ?? textAt(create, "trigger"));
  if (name !== undefined) touches.add("create", besideTable("trigger", name, table));
  return action("create_trigger", { table, name, touches });
}

export function dropActions(drop: Tree): readonly Action[] | undefined {
  const keyword = textAt(drop, "keyword")?.toLowerCase();
  const details = exists(drop);
  const names = treesAt(drop, "name");
  if (keyword === "table") {
    return names.map((item) => {
      const table = tableName(item);
      return action("drop_table", { table, touches: new Touches().table("drop", table), details });
    });
  }
  if (keyword === "index") {
    const table = isTree(drop["table"]) ? tableName(drop["table"]) : undefined;
    const name = columnName(names[0]);
    const touches = new Touches();
    if (table) touches.table("alter", table);
    if (name !== undefined) touches.add("drop", besideTable("index", name, table));
    return [action("drop_index", { table, name, touches, details, incomplete: name === undefined })];
  }
  const types: Readonly<Record<string, EntityType>> = {
    view: "view",
    trigger: "trigger",
    function: "function",
    procedure: "function",
  };
  const type = types[keyword ?? ""];
  if (!type) return undefined;
  return names.map((item) => {
    const name = knownName(
      textAt(item, "db") ?? textAt(item, "schema"),
      textAt(item, "table") ?? textAt(item, "trigger") ?? columnName(item),
    );
    const touches = new Touches();
    if (name) touches.add("drop", { type, name });
    return action(`drop_${type}` as ActionKind, { name: name?.name, touches, details, incomplete: name === undefined });
  });
}

/** `RENAME TABLE a TO b, c TO d` */
export function renameActions(rename: Tree): readonly Action[] {
  const pairs: unknown = rename["table"];
  if (!Array.isArray(pairs)) return [];
  return pairs.map((pair: unknown) => {
    const [from, to] = Array.isArray(pair) ? pair.map(tableName) : [];
    const touches = new Touches();
    if (from) touches.add("rename", tableEntity(from));
    if (to) touches.add("create", tableEntity(to));
    const details: Details = to ? { newName: to.name } : {};
    return action("rename_table", { table: from, touches, details, incomplete: !from || !to });
  });
}
