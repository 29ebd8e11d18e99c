/** Methods of ORM sessions and queries, and what ORM code does without a method: loops and attributes. */
import type { Dialect, QualifiedName } from "../../sql/action.ts";
import type { Argument, Call, Value } from "../../syntax/value.ts";
import type { Range } from "../../text/range.ts";
import type { CallReading, Draft } from "../reading.ts";
import { bind } from "./arguments.ts";
import { columnReference } from "./columns.ts";
import { chainOf, type Chain, type Link } from "./core.ts";
import { keysOfRows } from "./directives/rows.ts";
import { action, draft, placeOf, type Sketch } from "./draft.ts";
import { onColumns, onTable } from "./entities.ts";
import { readsOf } from "./expressions.ts";
import { roleOf } from "./roles.ts";
import { columnOfAttribute, isModel, tableOf, type TableReading } from "./tables.ts";
import { isImportedModel, isNull, splitPath, textOf, whyUnknown, built } from "./terms.ts";

/** Methods that run a query and give rows of it. */
const reading = new Set([
  "all",
  "first",
  "one",
  "one_or_none",
  "scalar",
  "scalars",
  "count",
  "get",
  "get_or_404",
  "first_or_404",
  "iterate",
  "paginate",
]);

/** A method of a query, `session.query(M).filter(…).delete()`; `undefined` where the chain is no query or goes on. */
export function readQuery(call: Call, dialect: Dialect): readonly Draft[] | undefined {
  const chain = chainOf(call);
  const last = chain.links.at(-1);
  const query = queryOf(chain);
  if (last === undefined || query === undefined || last === query.start) return undefined;
  const rest = chain.links.slice(chain.links.indexOf(query.start ?? last) + 1, -1);
  const sketch = endOfQuery(last, query.entities, rest, call, dialect);
  return sketch && [draft(sketch, placeOf(call, "orm"))];
}

interface Query {
  /** What is asked for: models, columns of models. */
  readonly entities: readonly Value[];
  /** The link that begins it; absent for `Model.query`. */
  readonly start: Link | undefined;
}

function queryOf({ root, links }: Chain): Query | undefined {
  const start = links.find(({ name }) => name === "query");
  if (start) {
    const { of } = start;
    const ofSession =
      roleOf(of) === "session" ||
      ((of.kind === "unknown" || of.kind === "member") && start.args.some(({ value }) => isEntity(value)));
    return ofSession ? { entities: start.args.map(({ value }) => value), start } : undefined;
  }
  if (root.kind === "member" && root.name === "query" && root.of.kind === "class" && isModel(root.of))
    return { entities: [root.of], start: undefined };
  const { parent, name } = root.kind === "reference" ? splitPath(root.path) : { parent: "", name: "" };
  if (name === "query" && isImportedModel(parent)) {
    return { entities: [{ kind: "reference", path: parent, range: root.range }], start: undefined };
  }
  return undefined;
}

const isEntity = (value: Value): boolean =>
  (value.kind === "class" && isModel(value)) ||
  (value.kind === "reference" && isImportedModel(value.path)) ||
  columnReference(value) !== undefined ||
  tableOf(value) !== undefined;

/** The table that a query, or an object from one, is about. */
export function tableOfEntity(value: Value | undefined): TableReading | undefined {
  if (value === undefined) return undefined;
  const own = tableOf(value);
  if (own) return own;
  const column = columnReference(value);
  if (column) return column.table ? { name: column.table } : { why: "the column's table is not known" };
  if (value.kind === "reference") return { why: `\`${value.path}\` is imported; its table is not known` };
  return undefined;
}

function endOfQuery(
  last: Link,
  entities: readonly Value[],
  rest: readonly Link[],
  call: Call,
  dialect: Dialect,
): Sketch | undefined {
  const table = tableOfEntity(entities[0]) ?? { why: whyUnknown(entities[0], "the model") };
  const doubts = table.name ? [] : [table.why ?? "the model's table is not known"];
  const conditions = rest.flatMap(({ call }) => call.args.map(({ value }) => value));
  const filtered = rest.filter(({ name }) => /^(?:filter|filter_by|where|having|join|outerjoin)$/.test(name));
  if (last.name === "update") {
    const set = last.args[0]?.value;
    const columns =
      set?.kind === "mapping" ? set.entries.flatMap(([key]) => columnReference(key)?.column ?? textOf(key) ?? []) : [];
    if (set?.kind !== "mapping" || columns.length < set.entries.length || !set.complete)
      doubts.push(whyUnknown(set, "what is set"));
    const values = set?.kind === "mapping" ? set.entries.map(([, value]) => value) : [];
    const reads = readsOf([...conditions, ...values], table.name, dialect);
    const touches = [
      ...onTable("update", table.name),
      ...onColumns("update", table.name, columns),
      ...reads.touches,
      ...keywordReads(rest, table.name),
    ];
    const details = {
      hasWhere: filtered.length > 0,
      setsNull: (values.length > 0 && values.every(isNull)) || undefined,
    };
    const incomplete = table.name === undefined || reads.unknown.length > 0;
    return {
      action: action({ kind: "update", effect: "data", table: table.name, columns, touches, details, incomplete }),
      doubts: [...doubts, ...reads.unknown],
    };
  }
  if (last.name === "delete") {
    const reads = readsOf(conditions, table.name, dialect);
    const touches = [...onTable("delete", table.name), ...reads.touches, ...keywordReads(rest, table.name)];
    const incomplete = table.name === undefined || reads.unknown.length > 0;
    return {
      action: action({
        kind: "delete",
        effect: "data",
        table: table.name,
        touches,
        details: { hasWhere: filtered.length > 0 },
        incomplete,
      }),
      doubts: [...doubts, ...reads.unknown],
    };
  }
  return reading.has(last.name) ? selection(entities, [call], table.name, doubts, dialect) : undefined;
}

const keywordReads = (links: readonly Link[], table: QualifiedName | undefined) =>
  onColumns(
    "read",
    table,
    links.flatMap(({ name, args }) => (name === "filter_by" ? args.flatMap((argument) => argument.name ?? []) : [])),
  );

function selection(
  entities: readonly Value[],
  within: readonly Value[],
  table: QualifiedName | undefined,
  doubts: readonly string[],
  dialect: Dialect,
): Sketch {
  const reads = readsOf([...entities, ...within], table, dialect);
  const incomplete = reads.unknown.length > 0 || table === undefined;
  return {
    action: action({ kind: "select", effect: "read", table, touches: reads.touches, incomplete }),
    doubts: [...doubts, ...reads.unknown],
  };
}

/** Methods of a session, apart from `execute` and its kin. */
export function readSession(name: string, call: Call, dialect: Dialect): CallReading | undefined {
  const place = placeOf(call, "orm");
  const one = (sketch: Sketch): CallReading => ({ drafts: [draft(sketch, place)] });
  const first = call.args[0]?.value;
  switch (name) {
    case "commit":
    case "rollback":
    case "close":
    case "begin":
    case "begin_nested":
      return one({ action: action({ kind: "transaction", effect: "transaction" }), doubts: [] });
    case "flush":
      return { drafts: [] };
    case "add":
    case "merge":
    case "delete":
      return one(ofObject(name, first));
    case "add_all":
    case "bulk_save_objects":
      return { drafts: objectsIn(first).map((sketch) => draft(sketch, place)) };
    case "bulk_insert_mappings":
    case "bulk_update_mappings":
      return one(mappings(name === "bulk_insert_mappings" ? "insert" : "update", call.args));
    case "get":
    case "refresh": {
      const table = name === "get" ? tableOfEntity(first) : entityOf(first);
      return one(
        selection(
          name === "get" && first ? [first] : [],
          [],
          table?.name,
          table?.name ? [] : [table?.why ?? whyUnknown(first, "the model")],
          dialect,
        ),
      );
    }
    default:
      return undefined;
  }
}

function objectsIn(list: Value | undefined): readonly Sketch[] {
  if (list?.kind !== "sequence") return [ofObject("add", entityOf(list) ? list : undefined, list)];
  const sketches = list.items.map((item) => ofObject("add", item));
  const byTable = new Map<string, Sketch>();
  for (const sketch of sketches) {
    const key = JSON.stringify([sketch.action.kind, sketch.action.table ?? null]);
    const before = byTable.get(key);
    byTable.set(key, before ? joined(before, sketch) : sketch);
  }
  const all = [...byTable.values()];
  return list.complete
    ? all
    : all.length > 0
      ? all.map((sketch) => ({ ...sketch, doubts: [...sketch.doubts, "more objects may be in the list"] }))
      : [ofObject("add", undefined)];
}

const joined = (a: Sketch, b: Sketch): Sketch => ({
  action: {
    ...a.action,
    columns: [...new Set([...a.action.columns, ...b.action.columns])],
    touches: [...a.action.touches, ...b.action.touches],
  },
  doubts: [...new Set([...a.doubts, ...b.doubts])],
});

/** What adding, merging or deleting an object does: a new object is inserted, one from a query updated. */
function ofObject(
  name: "add" | "merge" | "delete",
  value: Value | undefined,
  shown: Value | undefined = value,
): Sketch {
  const table = entityOf(value);
  const doubts = table?.name ? [] : [table?.why ?? whyUnknown(shown, "the object")];
  const fresh = value?.kind === "call" && value.callee.kind === "class";
  const columns = fresh ? value.args.flatMap((argument) => attributeColumn(value.callee, argument.name)) : [];
  if (fresh && value.args.some((argument) => argument.starred))
    doubts.push("its values are unpacked from what is not known");
  const how = name === "delete" ? "delete" : fresh || !table ? "insert" : "update";
  const kind = name === "merge" ? "merge" : how;
  const incomplete = table?.name === undefined;
  const touches = [
    ...onTable(how, table?.name),
    ...(name === "merge" && how !== "update" ? onTable("update", table?.name) : []),
    ...onColumns(
      how === "delete" ? "read" : how,
      table?.name,
      how === "delete" ? [] : columns.length > 0 ? columns : ["*"],
    ),
  ];
  return {
    action: action({
      kind,
      effect: "data",
      table: table?.name,
      columns,
      touches,
      incomplete,
      details: { source: how === "insert" ? "values" : undefined, hasWhere: how === "insert" ? undefined : true },
    }),
    doubts,
  };
}

const attributeColumn = (model: Value, attribute: string | undefined): readonly string[] =>
  attribute === undefined || model.kind !== "class" ? [] : [columnOfAttribute(model, attribute)];

function mappings(kind: "insert" | "update", args: readonly Argument[]): Sketch {
  const bound = bind(args, ["mapper", "mappings"]);
  const table = tableOfEntity(bound.get("mapper"));
  const rows = keysOfRows(bound.get("mappings"));
  const doubts = table?.name ? [] : [table?.why ?? whyUnknown(bound.get("mapper"), "the model")];
  if (!rows.known) doubts.push(whyUnknown(bound.get("mappings"), "the rows"));
  const touches = [...onTable(kind, table?.name), ...onColumns(kind, table?.name, rows.columns)];
  const details = kind === "insert" ? { source: "values" as const } : { hasWhere: true };
  return {
    action: action({
      kind,
      effect: "data",
      table: table?.name,
      columns: rows.columns,
      touches,
      details,
      incomplete: table?.name === undefined,
    }),
    doubts,
  };
}

/** The table of an object: made of a model class, or taken from a query. */
function entityOf(value: Value | undefined, depth = 12): TableReading | undefined {
  if (value === undefined || depth === 0) return undefined;
  switch (value.kind) {
    case "call": {
      if (value.callee.kind === "class") return tableOf(value.callee) ?? undefined;
      if (value.callee.kind === "reference" && isImportedModel(value.callee.path))
        return { why: `\`${value.callee.path}\` is imported; its table is not known` };
      const chain = chainOf(value);
      const query = queryOf(chain);
      if (query) return tableOfEntity(query.entities[0]);
      const last = chain.links.at(-1);
      if (last?.name === "get") return tableOfEntity(last.args[0]?.value);
      const selected = selectedEntity(chain);
      return selected
        ? tableOfEntity(selected)
        : value.callee.kind === "member"
          ? entityOf(value.callee.of, depth - 1)
          : undefined;
    }
    case "unknown":
      return entityOf(value.from, depth - 1);
    case "item":
      return entityOf(value.of, depth - 1);
    case "choice":
      return value.options.map((option) => entityOf(option, depth - 1)).find((table) => table !== undefined);
    default:
      return undefined;
  }
}

/** `session.execute(select(M))`, `session.scalars(select(M))`, also with methods behind. */
function selectedEntity({ root, links }: Chain): Value | undefined {
  const first = root.kind === "call" && built(root) === "select" ? root.args[0]?.value : undefined;
  if (first) return first;
  const run = links.find(({ name }) => name === "execute" || name === "scalars" || name === "scalar");
  const statement = run?.args[0]?.value;
  return statement?.kind === "call" ? selectedEntity(chainOf(statement)) : undefined;
}

/** A loop over a query runs it. `undefined`: the value is no query. */
export function readIteration(over: Value, dialect: Dialect): CallReading | undefined {
  if (over.kind !== "call") return undefined;
  const chain = chainOf(over);
  const query = queryOf(chain);
  if (query === undefined || reading.has(chain.links.at(-1)?.name ?? "")) return undefined;
  const table = tableOfEntity(query.entities[0]);
  const doubts = table?.name ? [] : [table?.why ?? whyUnknown(query.entities[0], "the model")];
  return { drafts: [draft(selection(query.entities, [over], table?.name, doubts, dialect), placeOf(over, "orm"))] };
}

/** `row.name = value` on an object from a query is an UPDATE. `undefined`: the object is none. */
export function readAttributeSet(
  of: Value,
  name: string,
  value: Value,
  range: Range,
  nameRange: Range,
): CallReading | undefined {
  const table = isObject(of) ? entityOf(of) : undefined;
  if (table === undefined) return undefined;
  const model = modelOf(of);
  const columns = [model ? columnOfAttribute(model, name) : name];
  const touches = [...onTable("update", table.name), ...onColumns("update", table.name, columns)];
  const details = { hasWhere: true, setsNull: isNull(value) || undefined };
  const sketch: Sketch = {
    action: action({
      kind: "update",
      effect: "data",
      table: table.name,
      columns,
      touches,
      details,
      incomplete: table.name === undefined,
    }),
    doubts: table.name ? [] : [table.why ?? "the object's table is not known"],
  };
  return { drafts: [draft(sketch, { range, nameRange, via: "orm" })] };
}

/** An element of a query's result, or what `.first()` and `.get()` give; a whole result has no attributes to set. */
const isObject = (value: Value): boolean =>
  value.kind === "unknown" ||
  value.kind === "item" ||
  value.kind === "choice" ||
  (value.kind === "call" &&
    /^(?:first|one|one_or_none|get|scalar|scalar_one|scalar_one_or_none)$/.test(
      chainOf(value).links.at(-1)?.name ?? "",
    ));

function modelOf(value: Value | undefined): Extract<Value, { kind: "class" }> | undefined {
  if (value?.kind === "unknown") return modelOf(value.from);
  const query = value?.kind === "call" ? queryOf(chainOf(value)) : undefined;
  const [entity] = query?.entities ?? [];
  return entity?.kind === "class" ? (entity as Extract<Value, { kind: "class" }>) : undefined;
}
