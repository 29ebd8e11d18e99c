/** Statements that SQLAlchemy builds: `t.update().where(…).values(…)`, `sa.insert(t)`, `sa.select(…)` and their kin. */
import { touch, type Details, type Dialect, type QualifiedName, type Touch } from "../../sql/action.ts";
import type { Argument, Value } from "../../syntax/value.ts";
import { assignments, constantsOf, keysOf, namesOfColumns } from "./assignments.ts";
import { chainOf, type Link } from "./chains.ts";
import { columnReference } from "./columns.ts";
import { batchOf, recopiedBy } from "./compile/batch.ts";
import { numberOfRows } from "./directives/rows.ts";
import { action, type Sketch } from "./draft.ts";
import { onColumns, onTable } from "./entities.ts";
import { readsOf, type Reads } from "./expressions.ts";
import { isWideCondition } from "./restriction.ts";
import { anyWithin } from "../values.ts";
import { tableOf } from "./tables.ts";
import { writeDelete, writeInsert, writeUpdate } from "./written-core.ts";
import { built, calleeOf, isNull, textOf, whyUnknown } from "./terms.ts";

type Verb = "insert" | "update" | "delete" | "select";
const verbs: ReadonlySet<string> = new Set(["insert", "update", "delete", "select"]);
const selects = new Set([
  "select",
  "union",
  "union_all",
  "intersect",
  "except_",
  "exists",
  "intersect_all",
  "except_all",
  "values",
  "func",
]);

/** A statement in its parts: what it does, to which table, and the methods that go on from there. */
interface Statement {
  readonly verb: Verb;
  readonly target: Value | undefined;
  /** Arguments of the call that begins it, the target not included. */
  readonly own: readonly Argument[];
  readonly links: readonly Link[];
  readonly value: Value;
}

/** What a statement does; `undefined` where the value is none. Statements inside its CTEs come first. */
export function readCore(value: Value, parameters: Value | undefined, dialect: Dialect): readonly Sketch[] | undefined {
  const statement = statementOf(value);
  if (statement === undefined) return undefined;
  const nested = nestedWrites(value).map((inner) => readStatement(inner, undefined, dialect));
  return [...nested, readStatement(statement, parameters, dialect)];
}

function statementOf(value: Value): Statement | undefined {
  const { root, links } = chainOf(value);
  const construct = built(root);
  if (root.kind === "call" && construct !== undefined && (verbs.has(construct) || selects.has(construct))) {
    if (!verbs.has(construct) || construct === "select")
      return { verb: "select", target: undefined, own: root.args, links, value };
    const [target, ...own] = root.args;
    return { verb: construct as Verb, target: target?.value, own, links, value };
  }
  if (isFunction(root)) return { verb: "select", target: undefined, own: [], links, value };
  const place = links.findIndex(({ name }) => verbs.has(name));
  const first = links[place];
  if (first === undefined) return undefined;
  const target = first.of;
  // A dictionary, too, has an `update`.
  if (["mapping", "sequence", "text", "scalar", "function", "lambda"].includes(target.kind)) return undefined;
  const verb = first.name as Verb;
  return { verb, target, own: first.args, links: links.slice(place + 1), value };
}

/** `sa.func.count()`: a call of a function of the database is a query by itself. */
const isFunction = (value: Value): boolean =>
  value.kind === "call" &&
  value.callee.kind === "reference" &&
  /^sqlalchemy(?:\.\w+)*\.func\.\w+$/.test(value.callee.path);

function readStatement(statement: Statement, parameters: Value | undefined, dialect: Dialect): Sketch {
  if (statement.verb === "select") return readSelect(statement, dialect);
  const doubts: string[] = [];
  const reading = tableOf(statement.target);
  if (reading?.name === undefined) doubts.push(reading?.why ?? whyUnknown(statement.target, "the table"));
  const write: Write = { statement, table: reading?.name, parameters, dialect, doubts };
  if (statement.verb === "insert") return readInsert(write);
  return statement.verb === "update" ? readUpdate(write) : readDelete(write);
}

const isVague = (table: QualifiedName | undefined, reads: Reads): boolean =>
  table === undefined || reads.unknown.length > 0;

interface Write {
  readonly statement: Statement;
  readonly table: QualifiedName | undefined;
  readonly parameters: Value | undefined;
  readonly dialect: Dialect;
  readonly doubts: string[];
}

const linksNamed = (statement: Statement, ...names: readonly string[]): readonly Link[] =>
  statement.links.filter(({ name }) => names.includes(name));
const valuesOf = (args: readonly Argument[]): readonly Value[] => args.map((argument) => argument.value);
const everything = (links: readonly Link[]): readonly Value[] => links.flatMap(({ call }) => valuesOf(call.args));

function readSelect(statement: Statement, dialect: Dialect): Sketch {
  const { touches, unknown } = readsOf([statement.value], undefined, dialect);
  const digest = linksNamed(statement, ...digesting).length > 0 || anyWithin(statement.value, isAggregate);
  // Its own arguments are columns; in the style of SQLAlchemy 1.3 a condition may follow their list.
  const [first, second] = statement.own;
  const hasOwn = first?.value.kind === "sequence" && second !== undefined && second.name === undefined;
  const hasWhere = hasOwn || linksNamed(statement, ...restricting, "join", "join_from").length > 0;
  const details = { hasWhere, digest: digest ? (true as const) : undefined };
  return {
    action: action({
      kind: "select",
      effect: "read",
      table: touches[0]?.on.name,
      touches,
      details,
      incomplete: unknown.length > 0,
    }),
    doubts: unknown,
  };
}

const digesting = [
  "limit",
  "fetch",
  "group_by",
  "distinct",
  "having",
  "slice",
  "union",
  "union_all",
  "intersect",
  "except_",
];

const isAggregate = (value: Value): boolean =>
  value.kind === "call" &&
  value.callee.kind === "reference" &&
  /\.func\.(?:count|max|min|sum|avg|array_agg|string_agg|group_concat)$/.test(value.callee.path);

function readDelete({ statement, table, parameters, dialect, doubts }: Write): Sketch {
  const reads = readsOf(
    [...valuesOf(statement.own), ...everything(statement.links), ...bareColumns(statement)],
    table,
    dialect,
  );
  const deleted = table && writeDelete({ ...statement, table }, conditions(statement), dialect);
  return {
    action: action({
      kind: "delete",
      effect: "data",
      table,
      touches: [...onTable("delete", table), ...reads.touches],
      details: { ...whereOf(statement), statement: parameters === undefined ? deleted : undefined },
      incomplete: isVague(table, reads),
    }),
    doubts: [...doubts, ...reads.unknown],
  };
}

function readUpdate({ statement, table, parameters, dialect, doubts }: Write): Sketch {
  const assigned = assignments(statement, parameters, doubts);
  const columns = [...assigned.keys()];
  const reads = readsOf(
    [...assigned.values(), ...conditions(statement), ...everything(linksNamed(statement, "returning"))],
    table,
    dialect,
  );
  const written =
    table && parameters === undefined && doubts.length === 0
      ? writeUpdate({ ...statement, table }, assigned, conditions(statement), dialect)
      : undefined;
  const setsNull = assigned.size > 0 && [...assigned.values()].every(isNull);
  const batch = table && doubts.length === 0 ? batchOf(table, conditions(statement), assigned, dialect) : undefined;
  return {
    action: action({
      kind: "update",
      effect: "data",
      table,
      columns,
      touches: [...onTable("update", table), ...onColumns("update", table, columns), ...reads.touches],
      details: {
        ...whereOf(statement),
        setsNull: setsNull || undefined,
        constants: constantsOf([...assigned]),
        batch,
        statement: written,
      },
      incomplete: isVague(table, reads),
    }),
    doubts: [...doubts, ...reads.unknown],
  };
}

function readInsert({ statement, table, parameters, dialect, doubts }: Write): Sketch {
  const query = linksNamed(statement, "from_select")[0];
  const fromQuery = query ? namesOfColumns(query.args[0]?.value, doubts) : undefined;
  const assigned = query ? new Map<string, Value>() : assignments(statement, parameters, doubts);
  const columns = fromQuery ?? [...assigned.keys()];
  const source = query ? query.args.slice(1).map(({ value }) => value) : [...assigned.values()];
  const reads = readsOf([...source, ...everything(linksNamed(statement, "returning"))], table, dialect);
  return {
    action: action({
      kind: "insert",
      effect: "data",
      table,
      columns,
      touches: [
        ...onTable("insert", table),
        ...onColumns("insert", table, columns),
        ...reads.touches,
        ...conflictTouches(statement, table),
      ],
      details: {
        source: query || hasQuery(source) ? "query" : "values",
        rows: query ? undefined : rowsOf(statement, parameters),
        onConflict: conflicts(statement).length > 0 || ignoring(statement) || undefined,
        constants: constantsOf([...assigned]),
        recopies:
          query && table && conflicts(statement).length === 0
            ? recopiedBy(table, query.args[1]?.value, dialect)
            : undefined,
        statement:
          table && query && doubts.length === 0
            ? writeInsert({ ...statement, table }, columns, query.args[1]?.value, dialect)
            : undefined,
      } satisfies {
        [K in keyof Details]?: Details[K] | undefined;
      },
      incomplete: isVague(table, reads),
    }),
    doubts: [...doubts, ...reads.unknown],
  };
}

/** One row, unless a list of them is given. */
function rowsOf(statement: Statement, parameters: Value | undefined): number | undefined {
  const [first] = everything(linksNamed(statement, "values"));
  const list = parameters ?? (first?.kind === "sequence" || first?.kind === "unknown" ? first : undefined);
  return list === undefined ? 1 : numberOfRows(list);
}

const hasQuery = (values: readonly Value[]): boolean =>
  values.some((value) => statementOf(value)?.verb === "select" && !isFunction(chainOf(value).root));

const conflicts = (statement: Statement): readonly Link[] =>
  linksNamed(statement, "on_conflict_do_nothing", "on_conflict_do_update", "on_duplicate_key_update");
const ignoring = (statement: Statement): boolean =>
  linksNamed(statement, "prefix_with").some(({ args }) => /\bIGNORE\b|\bREPLACE\b/i.test(textOf(args[0]?.value) ?? ""));

/** ON CONFLICT needs a unique index over its columns, and may update others. */
function conflictTouches(statement: Statement, table: QualifiedName | undefined): readonly Touch[] {
  if (table === undefined) return [];
  return conflicts(statement).flatMap(({ name, args }) => {
    const keyword = (wanted: string): Value | undefined => args.find((argument) => argument.name === wanted)?.value;
    const elements = keyword("index_elements");
    const columns =
      elements?.kind === "sequence"
        ? elements.items.flatMap((item) => textOf(item) ?? columnReference(item)?.column ?? [])
        : [];
    const constraint = textOf(keyword("constraint"));
    const set = keyword("set_");
    const updated =
      set?.kind === "mapping"
        ? keysOf(set, [])
        : name === "on_duplicate_key_update"
          ? args.flatMap((argument) => argument.name ?? [])
          : [];
    const needed: Touch[] = [...onColumns("require", table, columns), touch("require", { type: "index", name: table })];
    if (constraint !== undefined)
      needed.push(touch("require", { type: "constraint", name: { ...table, name: constraint } }));
    return [
      ...needed,
      ...(name === "on_conflict_do_nothing"
        ? []
        : [...onTable("update", table), ...onColumns("update", table, updated)]),
    ];
  });
}

const restricting = ["where", "filter", "filter_by"];

/** Values that restrict rows: arguments of `.where(…)` and, in the old style, the first argument of `update` itself. */
function conditions(statement: Statement): readonly Value[] {
  const own = statement.own.filter(
    (argument, place) => argument.name === "whereclause" || (argument.name === undefined && place === 0),
  );
  return [
    ...valuesOf(own),
    ...everything(linksNamed(statement, ...restricting, "select_from", "with_hint", "add_cte")),
    ...bareColumns(statement),
  ];
}

const isRestricted = (statement: Statement): boolean =>
  linksNamed(statement, ...restricting).length > 0 ||
  statement.own.some(
    (argument, place) => argument.name === "whereclause" || (argument.name === undefined && place === 0),
  );

const whereOf = (statement: Statement): Pick<Details, "hasWhere" | "wideWhere"> => {
  const hasWhere = isRestricted(statement);
  const isWhole = linksNamed(statement, "filter_by", "with_hint", "add_cte").length === 0;
  return hasWhere && isWhole && conditions(statement).every(isWideCondition)
    ? { hasWhere, wideWhere: true }
    : { hasWhere };
};

/** The calls of `filter_by`, whose keywords are columns. */
const bareColumns = (statement: Statement): readonly Value[] =>
  linksNamed(statement, "filter_by").map(({ call }): Value => ({
    ...call,
    callee: {
      kind: "member",
      name: "filter_by",
      of: { kind: "unknown", why: "", range: call.range },
      range: call.range,
      nameRange: call.nameRange,
    },
  }));

/** INSERT, UPDATE and DELETE inside CTEs of a statement. */
function nestedWrites(value: Value): readonly Statement[] {
  const found: Statement[] = [];
  const seen = new Set<Value>();
  const walk = (inner: Value): void => {
    if (seen.has(inner)) return;
    seen.add(inner);
    if (inner.kind === "call") {
      const callee = calleeOf(inner);
      if (callee?.name === "cte" && callee.receiver) {
        const statement = statementOf(callee.receiver);
        if (statement && statement.verb !== "select") found.push(statement);
      }
      walk(inner.callee);
      for (const argument of inner.args) walk(argument.value);
    } else if (inner.kind === "member") walk(inner.of);
    else if (inner.kind === "operator") inner.operands.forEach(walk);
    else if (inner.kind === "sequence") inner.items.forEach(walk);
  };
  walk(value);
  return found;
}
