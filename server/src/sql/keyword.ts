/** What the leading keywords of a statement tell where no grammar understands it. */
import type { Action, ActionKind, Dialect, QualifiedName } from "./action.ts";
import { type Noun, action, Touches } from "./draft.ts";
import { Cursor } from "./cursor.ts";
import { alterTable, execute } from "./keyword-alter.ts";
import type { Piece } from "./split.ts";

export interface Keywords {
  /** Empty where even the keywords do not tell. */
  readonly actions: readonly Action[];
  /** Nothing was left over: the statement is so plain that its keywords and names say all of it. */
  readonly whole: boolean;
  /** The server whose statement it is, where PostgreSQL has none that begins so. */
  readonly of?: Dialect;
}

export function readKeywords(text: string, piece: Piece, dialect: Dialect): Keywords {
  const cursor = new Cursor(text, piece, dialect);
  const read = verbs[cursor.take()];
  if (!read) return { actions: [], whole: false };
  const foreign = notOfPostgres.get(text.slice(piece[0]?.start, piece[0]?.end).toLowerCase());
  const one = read(cursor);
  const settled = one.effect === "transaction" || one.effect === "session";
  // PostgreSQL's grammar knows all of its commands; the others' grammars miss even COMMIT and PRAGMA.
  // What its body says is not run now.
  const isRoutine =
    one.name !== undefined && (one.kind === "create_function" || (one.kind === "create_trigger" && !!one.table));
  // Options of a table, what `sp_rename` renames, and the like: wholly read.
  const told = (one.details.alteration ?? one.details.newName) !== undefined && cursor.atEnd;
  const whole =
    isRoutine ||
    told ||
    (settled ? dialect !== "postgresql" || foreign !== undefined : plain.has(one.kind) && cursor.atEnd);
  return {
    actions: [whole || settled ? one : { ...one, incomplete: true }],
    whole,
    ...(dialect === "postgresql" && foreign && { of: foreign }),
  };
}

const notOfPostgres = new Map<string, Dialect>([
  ["pragma", "sqlite"],
  ["use", "mysql"],
  ["unlock", "mysql"],
]);

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
