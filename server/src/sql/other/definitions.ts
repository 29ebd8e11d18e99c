/** CREATE, ALTER, DROP and RENAME in node-sql-parser's dialects. */
import {
  besideTable,
  columnEntity,
  tableEntity,
  type Action,
  type ActionKind,
  type ColumnDefinition,
  type Details,
  type EntityType,
  type QualifiedName,
} from "../action.ts";
import { action, Touches } from "../draft.ts";
import { known, knownName } from "../hole.ts";
import { newScope } from "../scope.ts";
import { columnsIn, readQuery } from "./expression.ts";
import { at, columnName, columnNames, isNull, isTree, tableName, textAt, treesAt, type Tree } from "./tree.ts";

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

const exists = (statement: Tree): Details =>
  ["if_not_exists", "prefix"].some((key) => textAt(statement, key)?.toLowerCase().includes("exists"))
    ? { ifExists: true }
    : {};

function createTable(create: Tree): Action {
  const table = tableName(treesAt(create, "table")[0]);
  const touches = new Touches().table("create", table);
  const elements = treesAt(create, "create_definitions");
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
    details: { definitions, ...(temporary && { temporary }), ...exists(create) },
  });
}

function readDefinition(element: Tree): ColumnDefinition | undefined {
  const name = columnName(element["column"]);
  if (name === undefined) return undefined;
  const type = renderType(element["definition"]);
  const fills = textAt(element, "auto_increment") !== undefined;
  const key = textAt(element, "primary_key") !== undefined;
  const value = at(element, "default_val");
  return {
    name,
    ...(type !== undefined && { type }),
    nullable: textAt(element, "nullable", "type") !== "not null" && !key && !fills,
    hasServerDefault: fills || (isTree(value) && !isNull(value["value"])),
    ...(isTree(element["generated"]) && { generated: "computed" as const }),
  };
}

function renderType(definition: unknown): string | undefined {
  const name = textAt(definition, "dataType")?.toLowerCase();
  const length = at(definition, "length");
  const scale = at(definition, "scale");
  if (name === undefined || (typeof length !== "number" && typeof length !== "string")) return name;
  return `${name}(${String(length)}${typeof scale === "number" ? `,${String(scale)}` : ""})`;
}

/** What a column's own constraints need. */
function touchInline(touches: Touches, table: QualifiedName | undefined, element: Tree): void {
  const referenced = treesAt(element, "reference_definition", "table")[0];
  if (referenced) {
    const name = tableName(referenced);
    touches
      .table("require", name)
      .columns("require", name, columnNames(treesAt(element, "reference_definition", "definition")));
  }
  const unique = textAt(element, "unique") !== undefined || textAt(element, "primary_key") !== undefined;
  if (unique && table) touches.add("create", { type: "index", name: table });
  const name = columnName(element["column"]);
  const checks = isTree(element["check"]) || unique || referenced !== undefined;
  const required = textAt(element, "nullable", "type") === "not null";
  if (name !== undefined && (checks || required)) touches.columns("constrain", table, [name]);
}

const constraintKinds: Readonly<Record<string, readonly [ActionKind, string]>> = {
  "foreign key": ["create_foreign_key", "foreignkey"],
  "primary key": ["create_primary_key", "primary"],
  unique: ["create_unique_constraint", "unique"],
  check: ["create_check_constraint", "check"],
};

const kindOfConstraint = (constraint: Tree): readonly [ActionKind, string] | undefined => {
  const written = textAt(constraint, "constraint_type")?.toLowerCase() ?? "";
  return constraintKinds[written.startsWith("unique") ? "unique" : written];
};

function constraintColumns(constraint: Tree, table: QualifiedName | undefined): readonly string[] {
  const parts = treesAt(constraint, "definition");
  const plain = columnNames(parts);
  return plain.length > 0 ? plain : columnsIn(parts, table);
}

function touchConstraint(touches: Touches, table: QualifiedName | undefined, constraint: Tree): void {
  const [kind] = kindOfConstraint(constraint) ?? [];
  const columns = constraintColumns(constraint, table);
  touches.columns("require", table, columns).columns("constrain", table, columns);
  const name = known(textAt(constraint, "constraint") ?? textAt(constraint, "index"));
  if (name !== undefined) touches.add("create", besideTable("constraint", name, table));
  if ((kind === "create_primary_key" || kind === "create_unique_constraint") && table) {
    touches.add("create", { type: "index", name: table });
  }
  for (const item of treesAt(constraint, "reference_definition", "table")) {
    const referenced = tableName(item);
    touches.table("require", referenced);
    touches.columns("require", referenced, columnNames(treesAt(constraint, "reference_definition", "definition")));
  }
}

function addConstraint(table: QualifiedName | undefined, constraint: Tree): Action {
  const [kind, constraintType] = kindOfConstraint(constraint) ?? [];
  const touches = new Touches().table("alter", table);
  touchConstraint(touches, table, constraint);
  const referenced = tableName(treesAt(constraint, "reference_definition", "table")[0]);
  return action(kind ?? "alter_table", {
    table,
    name: known(textAt(constraint, "constraint") ?? textAt(constraint, "index")),
    columns: constraintColumns(constraint, table),
    touches,
    details: {
      ...(constraintType !== undefined && { constraintType }),
      ...((constraintType === "unique" || constraintType === "primary") && { unique: true }),
      ...(referenced && { referencedTable: referenced }),
    },
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

function indexAction(
  table: QualifiedName | undefined,
  name: string | undefined,
  elements: readonly Tree[],
  more: { readonly unique: boolean; readonly filtered: boolean; readonly details: Details },
): Action {
  const plain = columnNames(elements);
  const columns = [...new Set([...plain, ...columnsIn(elements, table)])];
  const touches = new Touches().table("require", table).columns("require", table, columns);
  if (name !== undefined) touches.add("create", besideTable("index", name, table));
  if (more.unique) {
    touches.columns("constrain", table, columns);
    if (table) touches.add("create", { type: "index", name: table });
  }
  const expression = more.filtered || plain.length < elements.length;
  const details = { ...more.details, ...(more.unique && { unique: true }), ...(expression && { expression }) };
  return action("create_index", { table, name, columns, touches, details });
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

export function alterActions(alter: Tree): readonly Action[] {
  const table = tableName(treesAt(alter, "table")[0]);
  return treesAt(alter, "expr").map((change) => alterAction(table, change));
}

function alterAction(table: QualifiedName | undefined, change: Tree): Action {
  const verb = textAt(change, "action")?.toLowerCase();
  const resource = textAt(change, "resource")?.toLowerCase();
  const touches = new Touches().table("alter", table);
  if (verb === "add" && resource === "constraint" && isTree(change["create_definitions"])) {
    return addConstraint(table, change["create_definitions"]);
  }
  if (verb === "add" && resource === "index") {
    const name = known(textAt(change, "index"));
    return indexAction(table, name, treesAt(change, "definition"), { unique: false, filtered: false, details: {} });
  }
  if (verb === "add" && resource === "column") return addColumn(table, change, touches);
  if (verb === "drop") return dropInTable(table, change, resource, touches);
  if (verb === "rename") return renameInTable(table, change, resource, touches);
  if (resource === "column" && (verb === "modify" || verb === "change" || verb === "alter"))
    return alterColumn(table, change, touches);
  return action("alter_table", { table, touches });
}

function addColumn(table: QualifiedName | undefined, change: Tree, touches: Touches): Action {
  const definition = readDefinition(change);
  if (!definition) return action("add_column", { table, touches, incomplete: true });
  touches.columns("create", table, [definition.name]);
  touchInline(touches, table, change);
  const referenced = tableName(treesAt(change, "reference_definition", "table")[0]);
  const details = { definitions: [definition], ...(referenced && { referencedTable: referenced }), ...exists(change) };
  return action("add_column", { table, columns: [definition.name], touches, details });
}

function dropInTable(
  table: QualifiedName | undefined,
  change: Tree,
  resource: string | undefined,
  touches: Touches,
): Action {
  if (resource === "column") {
    const column = columnName(change["column"]);
    touches.columns("drop", table, [column ?? "*"]);
    return action("drop_column", {
      table,
      columns: column === undefined ? [] : [column],
      touches,
      details: exists(change),
    });
  }
  if (resource === "index") {
    const name = known(textAt(change, "index"));
    if (name !== undefined) touches.add("drop", besideTable("index", name, table));
    return action("drop_index", {
      table,
      name,
      touches: touches.table("relax", table),
      incomplete: name === undefined,
    });
  }
  if (resource === "constraint" || resource === "key") {
    const name = known(textAt(change, "constraint") ?? textAt(change, "key"));
    if (name !== undefined) touches.add("drop", besideTable("constraint", name, table));
    const primary = textAt(change, "keyword")?.toLowerCase() === "primary key";
    const details: Details = primary ? { constraintType: "primary" } : {};
    return action("drop_constraint", {
      table,
      name,
      touches: touches.table("relax", table),
      details,
      incomplete: name === undefined && !primary,
    });
  }
  return action("alter_table", { table, touches });
}

function renameInTable(
  table: QualifiedName | undefined,
  change: Tree,
  resource: string | undefined,
  touches: Touches,
): Action {
  if (resource === "column")
    return renameColumn(table, columnName(change["old_column"]), columnName(change["column"]), {}, touches);
  if (resource !== "table") return action("alter_table", { table, touches });
  const to = knownName(table?.schema, textAt(change, "table") ?? textAt(change, "table", "table"));
  touches.table("rename", table).table("create", to);
  return action("rename_table", { table, touches, details: to ? { newName: to.name } : {} });
}

function renameColumn(
  table: QualifiedName | undefined,
  from: string | undefined,
  to: string | undefined,
  more: Details,
  touches: Touches,
): Action {
  touches.columns("rename", table, [from ?? "*"]);
  if (table && to !== undefined) touches.add("create", columnEntity(table, to));
  const details = { ...more, ...(to !== undefined && { newName: to }) };
  return action("alter_column", { table, columns: from === undefined ? [] : [from], touches, details });
}

/** MODIFY, CHANGE and SQL Server's ALTER COLUMN give the whole definition anew. */
function alterColumn(table: QualifiedName | undefined, change: Tree, touches: Touches): Action {
  const column = columnName(change["column"]);
  const old = isTree(change["old_column"]) ? columnName(change["old_column"]) : column;
  const definition = readDefinition(change);
  const required = textAt(change, "nullable", "type") === "not null";
  const details: Details = {
    ...(definition?.type !== undefined && { newType: definition.type }),
    nullable: !required,
    ...(isTree(change["default_val"]) && { serverDefault: true }),
  };
  touches.columns("alter", table, [old ?? "*"]).columns(required ? "constrain" : "relax", table, [old ?? "*"]);
  if (old !== column) return renameColumn(table, old, column, details, touches);
  return action("alter_column", { table, columns: old === undefined ? [] : [old], touches, details });
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
