/** What expressions and queries read: tables, columns, types, sequences. */
import type { FuncCall, ResTarget, SelectStmt, WithClause } from "libpg-query";
import type { Action } from "../action.ts";
import type { Touches } from "../draft.ts";
import { HOLE, knownName } from "../hole.ts";
import { isCte, newScope, readColumn, type Scope } from "../scope.ts";
import {
  all,
  as,
  dotted,
  nameOfTable,
  stringConstant,
  strings,
  type Node,
  type NodeKind,
  type NodeOf,
} from "./tree.ts";
import { requireType } from "./types.ts";

/** Where what is read and what else is done is noted. */
export interface Sink {
  readonly touches: Touches;
  /** Actions of writing WITH queries, which run whether or not the outer statement reads them. */
  readonly also: Action[];
  readonly writes: (node: Node, outer: Scope, also: Action[]) => Action | undefined;
}

type Handlers = { [K in NodeKind]?: (node: NodeOf<K>, scope: Scope, sink: Sink) => void };

const handlers: Handlers = {
  ColumnRef(ref, scope, { touches }) {
    const fields = ref.fields ?? [];
    const path = fields.map((field) => ("A_Star" in field ? "*" : (as(field, "String")?.sval ?? "")));
    if (path.length === 1 && path[0] === HOLE) return;
    if (path.length === 1 && path[0] === "*")
      for (const { table } of scope.sources) touches.columns("read", table, ["*"]);
    else readColumn(scope, path, touches);
  },
  SelectStmt: readQuery,
  RangeVar: (relation, scope, { touches }) => {
    const name = nameOfTable(relation);
    const cte = name && !name.schema && isCte(scope, name.name);
    if (!cte) touches.table("read", name);
    const alias = relation.alias?.aliasname ?? relation.relname ?? "";
    scope.sources.push({ alias, table: cte ? undefined : name });
  },
  RangeSubselect: (sub, scope, sink) => {
    const visible = sub.lateral ? scope : { ...newScope(scope.outer), ctes: scope.ctes };
    walk(sub.subquery, newScope(visible), sink);
    scope.sources.push({ alias: sub.alias?.aliasname ?? "" });
  },
  RangeFunction: (call, scope, sink) => {
    walk(call.functions, scope, sink);
    scope.sources.push({ alias: call.alias?.aliasname ?? "" });
  },
  JoinExpr: (join, scope, sink) => {
    walk(join.larg, scope, sink);
    walk(join.rarg, scope, sink);
    for (const column of strings(join.usingClause)) {
      for (const { table } of scope.sources)
        if (table) sink.touches.add("read", { type: "column", name: table, column }, true);
    }
    walk(join.quals, scope, sink);
  },
  SubLink: (sub, scope, sink) => {
    walk(sub.testexpr, scope, sink);
    walk(sub.subselect, scope, sink);
  },
  FuncCall: (call, scope, sink) => {
    readSequence(call, sink.touches);
    for (const key of ["args", "agg_order", "agg_filter", "over"] as const) walk(call[key], scope, sink);
  },
  TypeCast: (cast, scope, sink) => {
    walk(cast.arg, scope, sink);
    requireType(sink.touches, cast.typeName);
    const text = dotted(cast.typeName?.names)?.name === "regclass" ? stringConstant(cast.arg) : undefined;
    if (text !== undefined) requireRelation(text, sink.touches);
  },
};

/** Reads whatever there is beneath a value of the tree. */
export function walk(value: unknown, scope: Scope, sink: Sink): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, scope, sink);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, child] of Object.entries(value)) {
      const handler = (handlers as Record<string, ((node: unknown, scope: Scope, sink: Sink) => void) | undefined>)[
        key
      ];
      if (handler) handler(child, scope, sink);
      else walk(child, scope, sink);
    }
  }
}

export function readWith(clause: WithClause | undefined, scope: Scope, sink: Sink): void {
  for (const cte of all(clause?.ctes, "CommonTableExpr")) {
    const name = cte.ctename ?? "";
    if (clause?.recursive) scope.ctes.add(name);
    const inner = newScope({ ...newScope(scope.outer), ctes: scope.ctes });
    if (as(cte.ctequery, "SelectStmt")) walk(cte.ctequery, inner, sink);
    else if (cte.ctequery) {
      const written = sink.writes(cte.ctequery, inner, sink.also);
      if (written) sink.also.push(written);
    }
    scope.ctes.add(name);
  }
}

function readQuery(query: SelectStmt, outer: Scope, sink: Sink): void {
  const scope = newScope(outer);
  readWith(query.withClause, scope, sink);
  if (query.larg) readQuery(query.larg, scope, sink);
  if (query.rarg) readQuery(query.rarg, scope, sink);
  walk(query.fromClause, scope, sink);
  readTargets(query.targetList, scope, sink);
  const named = new Set(all(query.targetList, "ResTarget").flatMap((target) => target.name ?? []));
  for (const key of ["groupClause", "sortClause", "distinctClause"] as const) {
    walk(
      (query[key] ?? []).filter((node) => !isOutputName(node, named)),
      scope,
      sink,
    );
  }
  for (const key of [
    "whereClause",
    "havingClause",
    "windowClause",
    "valuesLists",
    "limitCount",
    "limitOffset",
  ] as const) {
    walk(query[key], scope, sink);
  }
}

/** A list of outputs: an unknown part of it may be any column. */
export function readTargets(targets: readonly Node[] | undefined, scope: Scope, sink: Sink): void {
  for (const target of all(targets, "ResTarget")) {
    if (isHole(target)) for (const { table } of scope.sources) sink.touches.columns("read", table, ["*"]);
    else walk(target.val, scope, sink);
  }
}

function isHole(target: ResTarget): boolean {
  const fields = as(target.val, "ColumnRef")?.fields;
  return fields?.length === 1 && as(fields[0], "String")?.sval === HOLE;
}

/** GROUP BY and ORDER BY may name an output instead of a column. */
function isOutputName(node: Node, named: ReadonlySet<string>): boolean {
  const inner = as(node, "SortBy")?.node ?? node;
  const fields = as(inner, "ColumnRef")?.fields;
  return fields?.length === 1 && named.has(as(fields[0], "String")?.sval ?? "");
}

export const functionName = (call: FuncCall | undefined): string => strings(call?.funcname).at(-1) ?? "";

const sequenceFunctions = new Set(["nextval", "currval", "setval"]);

function readSequence(call: FuncCall, touches: Touches): void {
  const text = sequenceFunctions.has(functionName(call)) ? stringConstant(call.args?.[0]) : undefined;
  const name = text === undefined ? undefined : relationOf(text);
  if (name) touches.add("require", { type: "sequence", name });
}

function requireRelation(text: string, touches: Touches): void {
  const name = relationOf(text);
  if (name) touches.table("require", name);
}

/** The relation that a string such as `'public.users_id_seq'` names; nothing where it is quoted or otherwise unusual. */
function relationOf(text: string): ReturnType<typeof knownName> {
  const parts = text.split(".");
  if (parts.length > 2 || text.includes('"')) return undefined;
  return knownName(parts.at(-2)?.toLowerCase(), parts.at(-1)?.toLowerCase());
}
