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
import { action, referring, Touches } from "../draft.ts";
import { known, knownName } from "../hole.ts";
import { newScope } from "../scope.ts";
import { exists, indexAction, readDefinition, touchConstraint, touchInline } from "./columns.ts";
import { readQuery } from "./expression.ts";
import { at, columnName, isTree, tableName, textAt, treesAt, type Tree } from "./tree.ts";

export function createActions(create: Tree): readonly Action[] | undefined {
  switch (textAt(create, "keyword")) {
    case "table":
      return [createTable(create)];
    case "index":
      return [createIndex(create)];
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

function createTable(create: Tree): Action {
  const table = tableName(treesAt(create, "table")[0]);
  const touches = new Touches().table("create", table);
  const elements = treesAt(create, "create_definitions");
  const references = elements.flatMap((one) => tableName(treesAt(one, "reference_definition", "table")[0]) ?? []);
  const definitions: ColumnDefinition[] = [];
  for (const element of elements) {
    const kind = textAt(element, "resource");
    if (kind === "column") {
      const definition = readDefinition(element);
      if (definition) definitions.push(definition);
      touchInline(touches, table, element);
    } else if (kind === "constraint") touchConstraint(touches, table, element);
  }
  for (const like of treesAt(create, "like", "table")) touches.table("require", tableName(like));
  const query = at(create, "query_expr");
  if (isTree(query)) readQuery(query, newScope(), touches);
  const temporary = textAt(create, "temporary") !== undefined || table?.name.startsWith("#") === true;
  return action("create_table", {
    table,
    columns: definitions.map(({ name }) => name),
    touches,
    details: { definitions, ...referring(references), ...(temporary && { temporary }), ...exists(create) },
  });
}

function createIndex(create: Tree): Action {
  const table = tableName(create["table"]);
  const name = known(textAt(create, "index") ?? textAt(create, "index", "name"));
  return indexAction(table, name, treesAt(create, "index_columns"), {
    unique: textAt(create, "index_type")?.toLowerCase().includes("unique") === true,
    filtered: isTree(create["where"]),
    details: exists(create),
  });
}

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
