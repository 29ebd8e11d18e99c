/** ALTER TABLE, and SQL Server's renaming, by keywords and names. */
import { besideTable, type Action, type Details, type QualifiedName } from "./action.ts";
import type { Cursor } from "./cursor.ts";
import { action, Touches } from "./draft.ts";
import { known, knownName } from "./hole.ts";

/** What follows `ALTER TABLE name`, as far as keywords and names tell it. */
export function alterTable(cursor: Cursor, table: QualifiedName | undefined): Action {
  const touches = new Touches().table("alter", table);
  const verb = cursor.take();
  const constraint = cursor.takes("constraint");
  const wantsKey = ["primary", "foreign", "unique", "check", "index", "key", "partition", "fulltext"].includes(
    cursor.peek(),
  );
  if (verb === "add" && !constraint && !wantsKey) return changeColumn("add_column", "create", cursor, table, touches);
  if (verb === "drop" && constraint) {
    const name = cursor.name()?.name;
    if (name !== undefined) touches.add("drop", besideTable("constraint", name, table));
    return action("drop_constraint", { table, name, touches });
  }
  if (verb === "drop" && !wantsKey) return changeColumn("drop_column", "drop", cursor, table, touches);
  if (verb === "alter" || verb === "modify" || verb === "change")
    return changeColumn("alter_column", "alter", cursor, table, touches);
  if (verb === "rename" && cursor.takesAny("index", "key")) return renameIndex(cursor, table, touches);
  if (verb === "rename" && cursor.takes("to")) {
    const to = cursor.name();
    touches.table("rename", table);
    if (to) touches.table("create", to);
    return action("rename_table", { table, touches, details: to ? { newName: to.name } : {} });
  }
  const options = tableOptions(verb, cursor);
  const details: Details = options.length > 0 ? { alteration: { command: "set_options", options } } : {};
  return action("alter_table", { table, touches, details });
}

function renameIndex(cursor: Cursor, table: QualifiedName | undefined, touches: Touches): Action {
  const from = cursor.name();
  cursor.takes("to");
  const to = cursor.name();
  if (from) touches.add("rename", besideTable("index", from.name, table));
  if (to) touches.add("create", besideTable("index", to.name, table));
  return action("rename_index", { table, name: from?.name, touches, details: to ? { newName: to.name } : {} });
}

const optionNames = new Set(["auto_increment", "engine", "row_format", "charset", "collate"]);

/** MySQL's `CONVERT TO CHARACTER SET x COLLATE y`, `AUTO_INCREMENT = 5` and their like: their names. */
function tableOptions(verb: string, cursor: Cursor): readonly string[] {
  const found: string[] = [];
  let word = verb;
  if (word === "convert" && cursor.takes("to")) word = cursor.take();
  for (;;) {
    if (word === "default") word = cursor.take();
    const isCharacterSet = word === "character" && cursor.takes("set");
    if (!isCharacterSet && !optionNames.has(word)) return found;
    cursor.takes("=");
    if (cursor.atEnd) return found;
    cursor.take();
    const converts = verb === "convert" && isCharacterSet;
    found.push(converts ? "convert to character set" : isCharacterSet ? "character set" : word);
    cursor.takes(",");
    if (cursor.atEnd) return found;
    word = cursor.take();
  }
}

function changeColumn(
  kind: "add_column" | "drop_column" | "alter_column",
  how: "create" | "drop" | "alter",
  cursor: Cursor,
  table: QualifiedName | undefined,
  touches: Touches,
): Action {
  cursor.takes("column");
  const ifExists = cursor.takes("if", "not", "exists") || cursor.takes("if", "exists");
  const column = known(cursor.name()?.name);
  touches.columns(how, table, [column ?? "*"]);
  const details: Details = { ...(ifExists && { ifExists }), ...(kind === "alter_column" && changeOf(cursor)) };
  return action(kind, { table, columns: column === undefined ? [] : [column], touches, details });
}

function changeOf(cursor: Cursor): Details {
  if (cursor.takes("set", "default")) return { serverDefault: true };
  if (cursor.takes("drop", "default")) return { serverDefault: false };
  if (cursor.takes("set", "not", "null")) return { nullable: false };
  if (cursor.takes("set", "visible") || cursor.takes("set", "invisible"))
    return { alteration: { command: "set_column_options", options: ["visible"] } };
  return cursor.takes("drop", "not", "null") ? { nullable: true } : {};
}

/** SQL Server renames by a procedure: `EXEC sp_rename 'schema.table.column', 'name', 'COLUMN'`. */
export function execute(cursor: Cursor): Action {
  if (!cursor.takes("sp_rename")) return action("call");
  const path = cursor.string()?.split(".");
  cursor.takes(",");
  const to = cursor.string();
  cursor.takes(",");
  const what = cursor.string()?.toLowerCase() ?? "object";
  // Names in brackets or quotes may hold a dot.
  const isPlain = path !== undefined && !path.some((part) => part.startsWith("[") || part.startsWith('"'));
  if (!isPlain || to === undefined || !cursor.atEnd) return action("call");
  return renameByProcedure(path, to, what);
}

function renameByProcedure(path: readonly string[], to: string, what: string): Action {
  const touches = new Touches();
  const details: Details = { newName: to };
  if (what === "object") {
    const table = knownName(path.at(-2), path.at(-1));
    touches.table("rename", table).table("create", knownName(path.at(-2), to));
    return action("rename_table", { table, touches, details });
  }
  const table = knownName(path.at(-3), path.at(-2));
  const [from = ""] = path.slice(-1);
  touches.table("alter", table);
  if (what !== "column" && what !== "index") return action("call");
  if (what === "index") {
    touches.add("rename", besideTable("index", from, table)).add("create", besideTable("index", to, table));
    return action("rename_index", { table, name: from, touches, details });
  }
  touches.columns("rename", table, [from]).columns("create", table, [to]);
  return action("alter_column", { table, columns: [from], touches, details });
}
