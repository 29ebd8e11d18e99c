/** What the leading keywords of a statement tell where no grammar understands it. */
import { besideTable, type Action, type ActionKind, type Details, type Dialect, type QualifiedName } from "./action.ts";
import { type Noun, action, Touches } from "./draft.ts";
import { Cursor } from "./cursor.ts";
import { known, knownName } from "./hole.ts";
import type { Piece } from "./split.ts";

export interface Keywords {
  /** Empty where even the keywords do not tell. */
  readonly actions: readonly Action[];
  /** Nothing was left over: the statement is so plain that its keywords and names say all of it. */
  readonly whole: boolean;
}

export function readKeywords(text: string, piece: Piece, dialect: Dialect): Keywords {
  const cursor = new Cursor(text, piece, dialect);
  const read = verbs[cursor.take()];
  if (!read) return { actions: [], whole: false };
  const foreign = notOfPostgres.has(text.slice(piece[0]?.start, piece[0]?.end).toLowerCase());
  const one = read(cursor);
  const settled = one.effect === "transaction" || one.effect === "session";
  // PostgreSQL's grammar knows all of its commands; the others' grammars miss even COMMIT and PRAGMA.
  // What its body says is not run now.
  const isRoutine =
    one.name !== undefined && (one.kind === "create_function" || (one.kind === "create_trigger" && !!one.table));
  // Options of a table, what `sp_rename` renames, and the like: wholly read.
  const told = (one.details.alteration ?? one.details.newName) !== undefined && cursor.atEnd;
  const whole =
    isRoutine || told || (settled ? dialect !== "postgresql" || foreign : plain.has(one.kind) && cursor.atEnd);
  return { actions: [whole || settled ? one : { ...one, incomplete: true }], whole };
}

const notOfPostgres = new Set(["pragma", "use", "unlock"]);

/** Statements that may consist of keywords and a name only. */
const plain = new Set<ActionKind>([
  "drop_table",
  "drop_index",
  "drop_view",
  "drop_sequence",
  "drop_trigger",
  "drop_function",
  "drop_schema",
  "rename_table",
  "rename_index",
  "drop_column",
  "delete",
  "truncate",
]);

type Verb = (cursor: Cursor) => Action;

const only =
  (kind: ActionKind): Verb =>
  () =>
    action(kind);

const insert: Verb = (cursor) => {
  cursor.takes("or", cursor.peek(1));
  cursor.takesAny("ignore", "low_priority", "delayed", "high_priority");
  cursor.takes("into");
  const table = cursor.name();
  const columns = cursor.list();
  const touches = new Touches().table("insert", table).columns("insert", table, columns.length > 0 ? columns : ["*"]);
  return action("insert", { table, columns, touches, details: { source: cursor.has("select") ? "query" : "values" } });
};

const update: Verb = (cursor) => {
  cursor.takes("or", cursor.peek(1));
  cursor.takesAny("only", "ignore", "low_priority");
  const table = cursor.name();
  cursor.skipTo("set");
  const columns = cursor.takes("set") ? cursor.assigned() : [];
  const touches = new Touches().table("update", table).columns("update", table, columns.length > 0 ? columns : ["*"]);
  return action("update", { table, columns, touches, details: { hasWhere: cursor.has("where") } });
};

const remove: Verb = (cursor) => {
  cursor.takesAny("low_priority", "quick", "ignore");
  cursor.takes("from");
  cursor.takes("only");
  const table = cursor.name();
  return action("delete", {
    table,
    touches: new Touches().table("delete", table),
    details: { hasWhere: cursor.has("where") },
  });
};

const truncate: Verb = (cursor) => {
  cursor.takes("table");
  const table = cursor.name();
  return action("truncate", { table, touches: new Touches().table("delete", table), details: { hasWhere: false } });
};

/** WITH … : what comes after the queries decides; any writing verb makes it a write. */
const withQuery: Verb = (cursor) => {
  for (const verb of ["insert", "update", "delete", "merge"] as const) if (cursor.has(verb)) return action(verb);
  return action("select");
};

const nouns: Readonly<Record<string, Noun>> = {
  table: { noun: "table", type: "table" },
  index: { noun: "index", type: "index" },
  type: { noun: "type", type: "type" },
  domain: { noun: "type", type: "type" },
  view: { noun: "view", type: "view" },
  sequence: { noun: "sequence", type: "sequence" },
  function: { noun: "function", type: "function" },
  procedure: { noun: "function", type: "function" },
  proc: { noun: "function", type: "function" },
  trigger: { noun: "trigger", type: "trigger" },
  policy: { noun: "policy", type: "policy" },
  schema: { noun: "schema", type: "schema" },
  database: { noun: "schema", type: "schema" },
  extension: { noun: "extension", type: "extension" },
};

/** Words between the verb and the noun: `CREATE OR REPLACE TEMPORARY VIEW`. */
const adjectives = new Set(
  "or replace alter temporary temp unlogged global local unique fulltext spatial clustered nonclustered bitmap materialized recursive virtual external constraint event online offline ignore force editionable noneditionable".split(
    " ",
  ),
);

const define =
  (verb: "create" | "alter" | "drop"): Verb =>
  (cursor) => {
    const words: string[] = [];
    while (adjectives.has(cursor.peek())) words.push(cursor.take());
    const { noun, type } = nouns[cursor.take()] ?? { noun: "other", type: "other" };
    const concurrently = cursor.takes("concurrently");
    const ifExists = cursor.takes("if", "not", "exists") || cursor.takes("if", "exists");
    cursor.takes("only");
    const details = {
      ...(concurrently && { concurrently }),
      ...(ifExists && { ifExists }),
      ...(words.some((word) => word.startsWith("temp")) && { temporary: true }),
      ...(words.includes("unique") && { unique: true }),
    };
    const name = cursor.peek() === "on" ? undefined : cursor.name();
    if (noun === "table" && verb === "alter") return alterTable(cursor, name);
    const kind: ActionKind =
      verb === "alter" && !["type", "view", "sequence"].includes(noun)
        ? "alter_other"
        : (`${verb}_${noun}` as ActionKind);
    const touches = new Touches();
    if (name) touches.add(verb, { type, name });
    const table = noun === "table" ? name : tableBehind(cursor, noun);
    if (noun !== "table" && table) touches.table(noun === "index" ? "require" : "alter", table);
    const columns = noun === "index" && verb === "create" && table ? cursor.list() : [];
    touches.columns("require", table, columns);
    return action(kind, { table, name: noun === "table" ? undefined : name?.name, columns, touches, details });
  };

/** `… ON table`, of an index, a trigger or a policy. */
function tableBehind(cursor: Cursor, noun: Noun["noun"]): QualifiedName | undefined {
  if (!["index", "trigger", "policy"].includes(noun)) return undefined;
  cursor.skipTo("on");
  if (!cursor.takes("on")) return undefined;
  cursor.takes("only");
  return cursor.name();
}

function alterTable(cursor: Cursor, table: QualifiedName | undefined): Action {
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
    found.push(isCharacterSet ? "character set" : word);
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
const execute: Verb = (cursor) => {
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
};

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

const verbs: Readonly<Record<string, Verb | undefined>> = Object.assign(Object.create(null) as object, {
  select: only("select"),
  values: only("select"),
  show: only("set"),
  explain: only("select"),
  describe: only("select"),
  with: withQuery,
  insert,
  replace: insert,
  update,
  delete: remove,
  merge: only("merge"),
  truncate,
  copy: only("copy"),
  create: define("create"),
  alter: define("alter"),
  drop: define("drop"),
  rename: only("alter_table"),
  grant: only("maintenance"),
  revoke: only("maintenance"),
  comment: only("maintenance"),
  reindex: only("maintenance"),
  vacuum: only("maintenance"),
  analyze: only("maintenance"),
  analyse: only("maintenance"),
  optimize: only("maintenance"),
  cluster: only("maintenance"),
  refresh: only("maintenance"),
  set: only("set"),
  reset: only("set"),
  pragma: only("set"),
  use: only("set"),
  // Until it is executed it does nothing.
  prepare: only("set"),
  deallocate: only("set"),
  lock: only("lock"),
  unlock: only("lock"),
  begin: () => action("transaction", { name: "begin" }),
  start: () => action("transaction", { name: "begin" }),
  commit: () => action("transaction", { name: "commit" }),
  end: () => action("transaction", { name: "commit" }),
  rollback: (cursor: Cursor) => action("transaction", { name: cursor.has("to") ? "rollback_to" : "rollback" }),
  savepoint: () => action("transaction", { name: "savepoint" }),
  release: () => action("transaction", { name: "release" }),
  do: only("do"),
  call: only("call"),
  exec: execute,
  execute,
});
