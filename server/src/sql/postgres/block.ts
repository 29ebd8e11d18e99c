/** `DO $$ … $$` and bodies of functions: what the statements in them do, each with the tests and loops around it. */
import type { CreateFunctionStmt, DoStmt, Node } from "libpg-query";
import type { Action, Within } from "../action.ts";
import { action, opaque, Touches } from "../draft.ts";
import { HOLE, hasHole } from "../hole.ts";
import { scan } from "../scan.ts";
import { splitStatements } from "../split.ts";
import { functionName } from "./expression.ts";
import { parsePlpgsql, parsePostgres } from "./grammar.ts";
import { readInto } from "./rows.ts";
import { newScope, type Scope } from "../scope.ts";
import { SqlText } from "./text.ts";
import { all, as, stringConstant, strings } from "./tree.ts";

export type ActionsOf = (node: Node, context: { readonly text: SqlText; readonly scope?: Scope }) => readonly Action[];

export function blockActions(block: DoStmt, actionsOf: ActionsOf): readonly Action[] {
  const { language = "plpgsql", body } = readCode(block.args);
  if (body === undefined || language !== "plpgsql") return [action("do", { incomplete: true })];
  const tree = parsePlpgsql(`DO ${quoted(body)}`, scan(body, "postgresql"));
  return "error" in tree ? [action("do", { incomplete: true })] : actionsIn(tree.ok, actionsOf);
}

/** What a function does when it is called; undefined where its body cannot be read. */
export function functionBody(
  create: CreateFunctionStmt,
  text: SqlText,
  actionsOf: ActionsOf,
): readonly Action[] | undefined {
  const { language, body } = readCode(create.options);
  if (create.sql_body) return statementsIn(create.sql_body).flatMap((node) => actionsOf(node, { text }));
  if (body === undefined || hasHole(body)) return undefined;
  if (language === "sql") return sqlBody(body, actionsOf);
  // The parser takes all that it is given for one function.
  if (language !== "plpgsql" || text.endOfStatement(0) < text.length) return undefined;
  const tree = parsePlpgsql(text.whole, scan(body, "postgresql"));
  return "error" in tree ? undefined : actionsIn(tree.ok, actionsOf);
}

/** The language and the text of a body, which may be given in pieces. */
function readCode(given: readonly Node[] | undefined): { readonly language?: string; readonly body?: string } {
  const options = all(given, "DefElem");
  const language = as(options.find(({ defname }) => defname === "language")?.arg, "String")?.sval?.toLowerCase();
  const code = options.find(({ defname }) => defname === "as")?.arg;
  const list = as(code, "List")?.items;
  const body = list ? (list.length === 1 ? strings(list)[0] : undefined) : as(code, "String")?.sval;
  return { ...(language !== undefined && { language }), ...(body !== undefined && { body }) };
}

/** Of `BEGIN ATOMIC … END` and `RETURN …`. */
function statementsIn(body: Node): readonly Node[] {
  const list = as(body, "List")?.items;
  return list ? list.flatMap(statementsIn) : "ReturnStmt" in body ? [] : [body];
}

function sqlBody(body: string, actionsOf: ActionsOf): readonly Action[] | undefined {
  const tokens = scan(body, "postgresql");
  const parsed = parsePostgres(body, tokens);
  if ("error" in parsed) return undefined;
  const text = new SqlText(body, tokens);
  return (parsed.ok.stmts ?? []).flatMap(({ stmt }) => (stmt ? actionsOf(stmt, { text }) : []));
}

function actionsIn(tree: unknown, actionsOf: ActionsOf): readonly Action[] {
  const found: Found = {
    actions: [],
    reads: new Touches(),
    scope: { ...newScope(), variables: variablesIn(tree) },
    actionsOf,
  };
  collect(tree, found, []);
  const reads = found.reads.list.filter(({ on }) => !isCatalog(on.name));
  const read = action("do", {
    effect: "read",
    touches: new Touches().addAll(reads),
    incomplete: found.reads.incomplete,
  });
  if (found.actions.length === 0) return [read];
  return reads.length > 0 ? [read, ...found.actions] : found.actions;
}

function quoted(body: string): string {
  let tag = "$do$";
  for (let i = 0; body.includes(tag); i++) tag = `$do${String(i)}$`;
  return tag + body + tag;
}

/** Existence tests ask the catalog; that is no reading of rows. */
const isCatalog = ({ schema, name }: { readonly schema?: string; readonly name: string }): boolean =>
  schema === "pg_catalog" || schema === "information_schema" || (schema === undefined && name.startsWith("pg_"));

interface Found {
  readonly actions: Action[];
  readonly reads: Touches;
  readonly scope: Scope;
  readonly actionsOf: ActionsOf;
}

type Tree = Readonly<Record<string, unknown>>;

const isTree = (value: unknown): value is Tree => typeof value === "object" && value !== null && !Array.isArray(value);

const inside = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce((at, key) => (isTree(at) ? at[key] : undefined), value);

const queryOf = (value: unknown): string | undefined => {
  const query = inside(value, "PLpgSQL_expr", "query");
  return typeof query === "string" ? query : undefined;
};

function variablesIn(tree: unknown): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (isTree(value)) {
      for (const [key, child] of Object.entries(value)) {
        if (key === "refname" && typeof child === "string") names.add(child);
        else visit(child);
      }
    }
  };
  visit(tree);
  return names;
}

/** In the order of the text. */
function collect(value: unknown, found: Found, within: readonly Within[]): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, found, within);
    return;
  }
  if (!isTree(value)) return;
  for (const [kind, child] of Object.entries(value)) {
    if (kind === "datums") continue;
    const own = statementIn(kind, child);
    const note = (actions: readonly Action[]): number =>
      found.actions.push(...actions.map((one) => (within.length > 0 ? { ...one, within } : one)));
    if (own === "commit") note([action("transaction")]);
    else if (own === "dynamic") note(dynamicActions(queryOf(inside(child, "query")), found));
    else if (typeof own === "string") note(sqlActions(own, found) ?? [opaque()]);
    else if (kind === "PLpgSQL_expr") readExpression(inside(child, "query"), found);
    const around = aroundIn(kind, child);
    if (own === undefined || own === "dynamic")
      collect(withoutQuery(child, own), found, around ? [...within, around] : within);
  }
}

const loops = new Set(["loop", "while", "fori", "fors", "forc", "foreach_a", "dynfors"]);

/** What a PL/pgSQL statement is to those within it. */
function aroundIn(kind: string, content: unknown): Within | undefined {
  if (kind === "PLpgSQL_stmt_if") return asksCatalog(content) ? "existence" : "test";
  if (kind === "PLpgSQL_stmt_case") return "test";
  if (kind === "PLpgSQL_stmt_block") return inside(content, "exceptions") === undefined ? undefined : "try";
  return loops.has(kind.replace("PLpgSQL_stmt_", "")) ? "loop" : undefined;
}

/** Whether a condition of an IF or ELSIF asks what exists. */
function asksCatalog(content: unknown): boolean {
  const branches = inside(content, "elsif_list");
  const conditions = [content, ...(Array.isArray(branches) ? branches : [])].map((one) =>
    queryOf(inside(isTree(one) && "PLpgSQL_if_elsif" in one ? one["PLpgSQL_if_elsif"] : one, "cond")),
  );
  return conditions.some((condition) => condition !== undefined && isOfCatalog(`SELECT ${condition}`));
}

/** `to_regclass('users')` looks a name up; everything else asks tables. */
function isOfCatalog(sql: string): boolean {
  const parsed = parsePostgres(sql, scan(sql, "postgresql"));
  if ("error" in parsed) return false;
  const reads = new Touches();
  for (const { stmt } of parsed.ok.stmts ?? []) readInto(reads, stmt, undefined, newScope());
  return (
    reads.list.some(({ on }) => isCatalog(on.name)) ||
    scan(sql, "postgresql").some(({ start, end }) => sql.slice(start, end).toLowerCase().startsWith("to_reg"))
  );
}

/** SQL that a PL/pgSQL statement runs as it is written, or what else it does. */
function statementIn(kind: string, content: unknown): string | undefined {
  if (kind === "PLpgSQL_stmt_execsql") return queryOf(inside(content, "sqlstmt"));
  if (kind === "PLpgSQL_stmt_call") return queryOf(inside(content, "expr"));
  if (kind === "PLpgSQL_stmt_perform") return queryOf(inside(content, "expr"));
  if (kind === "PLpgSQL_stmt_commit" || kind === "PLpgSQL_stmt_rollback") return "commit";
  return kind === "PLpgSQL_stmt_dynexecute" || kind === "PLpgSQL_stmt_dynfors" ? "dynamic" : undefined;
}

const withoutQuery = (content: unknown, own: string | undefined): unknown =>
  own === "dynamic" && isTree(content) ? { ...content, query: undefined } : content;

function sqlActions(sql: string, { scope, actionsOf }: Found): readonly Action[] | undefined {
  const tokens = scan(sql, "postgresql");
  const parsed = parsePostgres(sql, tokens);
  if ("error" in parsed) return undefined;
  const text = new SqlText(sql, tokens);
  return (parsed.ok.stmts ?? []).flatMap(({ stmt }) => (stmt ? actionsOf(stmt, { text, scope }) : []));
}

/** A condition, the right side of an assignment, a query that a loop walks over. */
function readExpression(query: unknown, found: Found): void {
  if (typeof query !== "string") return;
  for (const sql of [query, `SELECT ${query}`, `SELECT ${query.slice(query.indexOf("=") + 1)}`]) {
    const parsed = parsePostgres(sql, scan(sql, "postgresql"));
    if ("error" in parsed) continue;
    for (const { stmt } of parsed.ok.stmts ?? []) readInto(found.reads, stmt, undefined, found.scope);
    return;
  }
  found.reads.incomplete = true;
}

/** `EXECUTE` of a text that is wholly or partly in the block. */
function dynamicActions(expression: string | undefined, found: Found): readonly Action[] {
  const parsed =
    expression === undefined ? undefined : parsePostgres(`SELECT ${expression}`, scan(expression, "postgresql"));
  const select = parsed && "ok" in parsed ? as(parsed.ok.stmts?.[0]?.stmt, "SelectStmt") : undefined;
  const text = textOf(as(select?.targetList?.[0], "ResTarget")?.val);
  if (text === HOLE) return [opaque()];
  const pieces = splitStatements(text, scan(text, "postgresql"), "postgresql");
  return pieces.flatMap((piece) => sqlActions(text.slice(piece[0]?.start, piece.at(-1)?.end), found) ?? [opaque()]);
}

/** A string expression, its unknown parts as holes. */
function textOf(node: Node | undefined): string {
  const constant = stringConstant(node);
  if (constant !== undefined) return constant;
  const operation = as(node, "A_Expr");
  if (operation && strings(operation.name).at(-1) === "||") return textOf(operation.lexpr) + textOf(operation.rexpr);
  const call = as(node, "FuncCall");
  if (!call || functionName(call) !== "format") return HOLE;
  const [template, ...args] = (call.args ?? []).map(textOf);
  return formatted(template ?? HOLE, args);
}

/** PostgreSQL's `format`: `%I`, `%L`, `%s`, also with a position or a width. */
function formatted(template: string, args: readonly string[]): string {
  let out = "";
  let next = 0;
  for (let i = 0; i < template.length; i++) {
    const c = template.charAt(i);
    if (c !== "%") {
      out += c;
      continue;
    }
    if (template.charAt(i + 1) === "%") out += "%";
    else {
      const from = i;
      while (i + 1 < template.length && !"IsL".includes(template.charAt(i + 1))) i++;
      // A position or a width stands between: then which argument it is stays unknown.
      out += i === from ? quotedAs(template.charAt(i + 1), args[next++] ?? HOLE) : HOLE;
    }
    i++;
  }
  return out;
}

function quotedAs(how: string, text: string): string {
  if (how === "L") return `'${text.split("'").join("''")}'`;
  return how === "I" && text !== HOLE ? `"${text.split('"').join('""')}"` : text;
}
