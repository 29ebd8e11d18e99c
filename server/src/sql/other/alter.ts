/** ALTER TABLE in node-sql-parser's dialects. */
import { besideTable, columnEntity, type Action, type Details, type QualifiedName } from "../action.ts";
import { action, Touches } from "../draft.ts";
import { known, knownName } from "../hole.ts";
import {
  addConstraint,
  constraintDetails,
  definitionsOfConstraints,
  exists,
  existsNot,
  indexAction,
  readDefinition,
  touchInline,
} from "./columns.ts";
import { clauseOf, methodOf } from "./definitions.ts";
import { columnName, isTree, tableName, textAt, treesAt, type Tree } from "./tree.ts";
import { expressionOf, type Print } from "./value.ts";

export function alterActions(alter: Tree, print: Print): readonly Action[] {
  const table = tableName(treesAt(alter, "table")[0]);
  const changes = treesAt(alter, "expr");
  const clauses: Details = {};
  const own = changes.filter((change) => {
    const clause = clausesOf(change);
    Object.assign(clauses, clause);
    return Object.keys(clause).length === 0;
  });
  const actions = (own.length > 0 ? own : changes.slice(0, 1)).map((change) => alterAction(table, change, print));
  if (Object.keys(clauses).length === 0) return actions;
  return actions.map((one) => ({ ...one, details: { ...one.details, ...clauses } }));
}

/** ALGORITHM and LOCK stand among the changes, and are about all of them. */
const clausesOf = (change: Tree): Details => ({
  ...clauseOf("algorithm", textAt(change, "algorithm")),
  ...clauseOf("lockClause", textAt(change, "lock")),
});

function alterAction(table: QualifiedName | undefined, change: Tree, print: Print): Action {
  const verb = textAt(change, "action")?.toLowerCase();
  const resource = textAt(change, "resource")?.toLowerCase();
  const touches = new Touches().table("alter", table);
  if (verb === "add" && resource === "constraint" && isTree(change["create_definitions"])) {
    const constraint = change["create_definitions"];
    return textAt(constraint, "constraint_type")?.toLowerCase() === "default"
      ? addDefault(table, constraint, touches, print)
      : addConstraint(table, constraint, print);
  }
  if (verb === "add" && resource === "index") {
    const keyword = textAt(change, "keyword");
    const unique = keyword?.toLowerCase().includes("unique") === true;
    const name = known(textAt(change, "index"));
    const keys = treesAt(change, "definition");
    return indexAction(table, { name, keys, unique, method: methodOf(keyword) }, {}, print);
  }
  if (verb === "add" && resource === "column") return addColumn(table, change, touches, print);
  if (verb === "drop") return dropInTable(table, change, resource, touches);
  if (verb === "rename") return renameInTable(table, change, resource, touches);
  if (resource === "column" && (verb === "modify" || verb === "change" || verb === "alter"))
    return alterColumn({ table, change, touches, print });
  return action("alter_table", { table, touches, details: optionOf(change, resource) });
}

/** `ENGINE = …`, `COMMENT = …` and their like. */
function optionOf(change: Tree, resource: string | undefined): Details {
  if (resource === undefined || change[resource] === undefined) return {};
  const value = known(textAt(change, resource));
  if (resource !== "comment") {
    const settings = value === undefined ? {} : { options: { settings: { [resource.toUpperCase()]: value } } };
    return { alteration: { command: "set_options", options: [resource] }, ...settings };
  }
  if (value === undefined) return {};
  return { comment: value.startsWith("'") ? value.slice(1, -1).split("''").join("'") : value };
}

/** SQL Server's defaults are constraints with a name. */
function addDefault(table: QualifiedName | undefined, constraint: Tree, touches: Touches, print: Print): Action {
  const column = columnName(constraint["for"]);
  const name = known(textAt(constraint, "constraint"));
  if (name !== undefined) touches.add("create", besideTable("constraint", name, table));
  touches.columns("alter", table, [column ?? "*"]);
  return action("alter_column", {
    table,
    name,
    columns: column === undefined ? [] : [column],
    touches,
    details: { serverDefault: true, newDefault: expressionOf(treesAt(constraint, "definition")[0], print) },
  });
}

function addColumn(table: QualifiedName | undefined, change: Tree, touches: Touches, print: Print): Action {
  const definition = readDefinition(change, print);
  if (!definition) return action("add_column", { table, touches, incomplete: true });
  touches.columns("create", table, [definition.name]);
  touchInline(touches, table, change);
  const referenced = tableName(treesAt(change, "reference_definition", "table")[0]);
  const details = {
    definitions: [definition],
    ...constraintDetails(definitionsOfConstraints([change], table, print)),
    ...(referenced && { referencedTable: referenced, references: [referenced] }),
    ...existsNot(change),
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

interface ColumnChange {
  readonly table: QualifiedName | undefined;
  readonly change: Tree;
  readonly touches: Touches;
  readonly print: Print;
}

/** MODIFY, CHANGE and SQL Server's ALTER COLUMN give the whole definition anew. */
function alterColumn({ table, change, touches, print }: ColumnChange): Action {
  const column = columnName(change["column"]);
  const old = isTree(change["old_column"]) ? columnName(change["old_column"]) : column;
  const definition = readDefinition(change, print);
  const required = textAt(change, "nullable", "type") === "not null";
  const details: Details = {
    ...(definition?.type !== undefined && { newType: definition.type }),
    ...(definition?.sqlType && { newSqlType: definition.sqlType }),
    nullable: !required,
    ...(isTree(change["default_val"]) && { serverDefault: true }),
    ...(definition?.default && { newDefault: definition.default }),
    ...(definition?.collation !== undefined && { collation: definition.collation }),
    ...(definition?.comment !== undefined && { comment: definition.comment }),
  };
  touches.columns("alter", table, [old ?? "*"]).columns(required ? "constrain" : "relax", table, [old ?? "*"]);
  if (old !== column) return renameColumn(table, old, column, details, touches);
  return action("alter_column", { table, columns: old === undefined ? [] : [old], touches, details });
}
