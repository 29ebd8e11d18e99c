/** RENAME of tables, and of what is inside a table or a view. */
import type { RenameStmt } from "libpg-query";
import { besideTable, columnEntity, tableEntity, type Action, type Details } from "../action.ts";
import { action, Touches } from "../draft.ts";
import { known } from "../hole.ts";
import { nameOfTable } from "./tree.ts";

/** `ALTER TABLE … RENAME …` of a table, a column or a constraint. */
export function renameInTable(rename: RenameStmt): Action {
  const table = nameOfTable(rename.relation);
  const from = known(rename.subname);
  const to = known(rename.newname);
  const details: Details = { ...(to !== undefined && { newName: to }), ...(rename.missing_ok && { ifExists: true }) };
  const touches = new Touches();
  if (rename.renameType === "OBJECT_COLUMN" || rename.renameType === "OBJECT_ATTRIBUTE") {
    touches.table("alter", table).columns("rename", table, [from ?? "*"]);
    if (to !== undefined && table) touches.add("create", columnEntity(table, to));
    return action("alter_column", { table, columns: from === undefined ? [] : [from], touches, details });
  }
  if (rename.renameType === "OBJECT_TABCONSTRAINT") {
    touches.table("alter", table);
    if (from !== undefined) touches.add("rename", besideTable("constraint", from, table));
    if (to !== undefined) touches.add("create", besideTable("constraint", to, table));
    return action("rename_constraint", { table, name: from, touches, details, incomplete: from === undefined });
  }
  touches.table("rename", table);
  if (to === undefined) touches.incomplete = true;
  else
    touches.add("create", tableEntity(table?.schema === undefined ? { name: to } : { schema: table.schema, name: to }));
  return action("rename_table", { table, touches, details });
}

/** A column of a view: the view is what the action is about. */
export function renameInView(rename: RenameStmt): Action {
  const name = nameOfTable(rename.relation);
  const column = known(rename.subname);
  const to = known(rename.newname);
  const touches = new Touches();
  if (name) touches.add("alter", { type: "view", name });
  return action("alter_view", {
    name: name?.name,
    columns: column === undefined ? [] : [column],
    touches,
    incomplete: name === undefined,
    details: {
      ...(to !== undefined && { newName: to }),
      ...(rename.relationType === "OBJECT_MATVIEW" && { materialized: true }),
      ...(rename.missing_ok && { ifExists: true }),
    },
  });
}
