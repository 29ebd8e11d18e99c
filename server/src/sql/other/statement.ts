/** One statement through node-sql-parser's grammar of its dialect. */
import type { Action, Details, Dialect } from "../action.ts";
import { action, Touches } from "../draft.ts";
import { HOLE } from "../hole.ts";
import type { Grammar, Source } from "../source.ts";
import { alterActions } from "./alter.ts";
import { createActions, dropActions, renameActions } from "./definitions.ts";
import { deleteActions, insertActions, selectActions, truncateActions, updateActions } from "./rows.ts";
import { isTree, textAt, treesAt, type Tree } from "./tree.ts";
import { callsIn, printerOf, type Print } from "./value.ts";

interface Parser {
  readonly astify: (sql: string) => unknown;
  readonly exprToSQL: (expression: unknown, options: { readonly database: string }) => unknown;
}

/** A build of node-sql-parser, by its file: `mysql`, `mariadb`, `sqlite`, `transactsql`. */
export type OtherBuild = "mysql" | "mariadb" | "sqlite" | "transactsql";

const builds: Partial<Record<Dialect, OtherBuild>> = {
  mysql: "mysql",
  mariadb: "mariadb",
  sqlite: "sqlite",
  mssql: "transactsql",
};

/** Gives the exports of a build. */
export type Provide = (build: OtherBuild) => unknown;

let provided: Provide | undefined;
const parsers = new Map<Dialect, Parser>();

/** Each build takes some 50 ms to load, so that happens where the first statement asks for it. */
export function provideOther(provide: Provide): void {
  provided = provide;
}

function parserOf(dialect: Dialect): Parser | undefined {
  const ready = parsers.get(dialect);
  const build = builds[dialect];
  if (ready || !build || !provided) return ready;
  const { Parser } = provided(build) as { readonly Parser: new () => Parser };
  const made = new Parser();
  parsers.set(dialect, made);
  return made;
}

/** A hole in a form that all of these grammars take for a name. */
const marker = "_unknown_part_";

export const otherGrammar =
  (dialect: Dialect): Grammar =>
  (source) => {
    const parser = parserOf(dialect);
    if (!parser) return { error: "the grammar is not loaded", final: true };
    const conflict = dialect === "sqlite" ? conflictAt(source) : undefined;
    const upTo = conflict === undefined ? source : { ...source, ...cutAt(source, conflict) };
    const parsed = parse(parser, prepared(upTo, dialect));
    if ("error" in parsed) return parsed;
    const trees = (Array.isArray(parsed.ok) ? parsed.ok : [parsed.ok]).filter(isTree);
    const print = printerOf(parser, source, dialect);
    const actions = trees.map((tree) => actionsOf(tree, print)?.map((one) => withFunctions(one, tree)));
    // A build that takes anything for an assignment to a variable has understood nothing.
    if (actions.length === 0 || actions.some((one) => one === undefined))
      return { error: "the grammar has no name for the statement" };
    const range = { start: 0, end: source.text.length };
    const all = actions.flatMap((one) => one ?? []);
    return { statements: [{ range, actions: conflict === undefined ? all : all.map(withConflict) }] };
  };

/** What a statement about rows calls. */
function withFunctions(one: Action, tree: Tree): Action {
  if (one.effect !== "data" && one.effect !== "read") return one;
  const functions = [...new Set(callsIn(tree))];
  return functions.length > 0 ? { ...one, details: { ...one.details, functions } } : one;
}

/** SQLite's ON CONFLICT, which its build does not know: where it begins. */
function conflictAt({ text, tokens }: Source): number | undefined {
  const words = tokens.filter(({ kind }) => kind !== "comment");
  const word = (i: number): string => text.slice(words[i]?.start, words[i]?.end).toLowerCase();
  if (word(0) !== "insert" && word(0) !== "replace") return undefined;
  const found = words.findIndex((_, i) => word(i) === "on" && word(i + 1) === "conflict");
  return found < 0 ? undefined : words[found]?.start;
}

const cutAt = ({ text, tokens }: Source, at: number): Pick<Source, "text" | "tokens"> => ({
  text: text.slice(0, at),
  tokens: tokens.filter(({ end }) => end <= at),
});

/** What the clause sets was not read: it may be any column. */
function withConflict(insert: Action): Action {
  if (insert.kind !== "insert" || !insert.table) return insert;
  const touches = new Touches().addAll(insert.touches).add("require", { type: "index", name: insert.table });
  touches.columns("update", insert.table, ["*"]);
  return { ...insert, touches: touches.list, details: { ...insert.details, onConflict: true } };
}

function parse(parser: Parser, sql: string): { readonly ok: unknown } | { readonly error: string } {
  try {
    return { ok: JSON.parse(JSON.stringify(parser.astify(sql)).split(marker).join(HOLE)) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // "Expected" and a hundred alternatives "but … found": only the last part tells a person anything.
    const found = message.lastIndexOf(" but ");
    return {
      error:
        found < 0
          ? message.slice(0, 200)
          : `the grammar did not expect ${message.slice(found + 5).replace(/ found\.?$/, "")}`,
    };
  }
}

/** Not all builds know `?`, all know `:name`; SQLite's knows no brackets. */
function prepared({ text, tokens }: Source, dialect: Dialect): string {
  let out = "";
  let at = 0;
  for (const { kind, start, end } of tokens) {
    const written = text.slice(start, end);
    if (kind === "parameter" && written.startsWith("?")) out += `${text.slice(at, start)}:p`;
    else if (kind === "quoted" && written.startsWith("[") && dialect === "sqlite" && !written.includes('"')) {
      out += `${text.slice(at, start)}"${written.slice(1, -1)}"`;
    } else continue;
    at = end;
  }
  return (out + text.slice(at)).split(HOLE).join(marker);
}

function actionsOf(tree: Tree, print: Print): readonly Action[] | undefined {
  const actions = read(tree, print);
  return actions && actions.length > 0 ? actions : undefined;
}

function read(tree: Tree, print: Print): readonly Action[] | undefined {
  switch (textAt(tree, "type")?.toLowerCase()) {
    case "select":
      return selectActions(tree);
    case "insert":
    case "replace":
      return insertActions(tree);
    case "update":
      return updateActions(tree);
    case "delete":
      return deleteActions(tree);
    case "truncate":
      return truncateActions(tree);
    case "create":
      return createActions(tree, print);
    case "alter":
      return alterActions(tree, print);
    case "drop":
      return dropActions(tree);
    case "rename":
      return renameActions(tree);
    case "set":
      return [action("set", { details: settingOf(tree) })];
    case "use":
    case "show":
    case "desc":
      return [action("set")];
    case "lock":
    case "unlock":
      return [action("lock")];
    case "transaction":
      return [action("transaction")];
    case "call":
      return [action("call", { incomplete: true })];
    default:
      return undefined;
  }
}

/** `SET foreign_key_checks = 0`, `SET @@session.foreign_key_checks = 0`; variables of one's own (`@a`) are none. */
function settingOf(tree: Tree): Details {
  const [assign, ...others] = treesAt(tree, "expr");
  const [left] = assign ? treesAt(assign, "left") : [];
  const [right] = assign ? treesAt(assign, "right") : [];
  const prefix = left && textAt(left, "prefix");
  if (!left || !right || others.length > 0 || (prefix !== undefined && prefix !== "@@")) return {};
  const members = Array.isArray(left["members"]) ? left["members"] : [];
  const name = [textAt(left, "name"), ...members.filter((part: unknown) => typeof part === "string")]
    .at(-1)
    ?.toLowerCase();
  // OFF is read as the name of a column.
  const value = right["value"] ?? right["column"];
  if (name === undefined) return {};
  const known = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  return { setting: { name, ...(known && { value: String(value) }) } };
}
