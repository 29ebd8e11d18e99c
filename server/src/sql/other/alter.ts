/** ALTER TABLE in node-sql-parser's dialects. */
import { besideTable, columnEntity, type Action, type Details, type QualifiedName } from "../action.ts";
import { action, Touches } from "../draft.ts";
import { known, knownName } from "../hole.ts";
import { addConstraint, exists, indexAction, readDefinition, touchInline } from "./columns.ts";
import { columnName, isTree, tableName, textAt, treesAt, type Tree } from "./tree.ts";

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
  const details = {
    definitions: [definition],
    ...(referenced && { referencedTable: referenced, references: [referenced] }),
    ...exists(change),
  };
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
