/** Methods of ORM sessions. */
import type { Details, Dialect } from "../../sql/action.ts";
import type { Argument, Call, Value } from "../../syntax/value.ts";
import type { CallReading } from "../reading.ts";
import { bind } from "./arguments.ts";
import { keysOfRows, numberOfRows } from "./directives/rows.ts";
import { action, distinct, draft, placeOf, type Sketch } from "./draft.ts";
import { onColumns, onTable } from "./entities.ts";
import { entityOf, tableOfEntity } from "./entity.ts";
import { selection } from "./queries.ts";
import { columnOfAttribute, type TableReading } from "./tables.ts";
import { isImportedModel, whyUnknown } from "./terms.ts";

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
      return one({ action: action({ kind: "transaction", effect: "transaction", name }), doubts: [] });
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
      const table = name === "get" ? tableOfEntity(first) : tableOfObject(first);
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
  if (list?.kind !== "sequence") return [ofObject("add", tableOfObject(list) ? list : undefined, list)];
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
      ? all.map(({ action: one, doubts }) => ({
          action: { ...one, details: withRows(one.details, undefined) },
          doubts: [...doubts, "more objects may be in the list"],
        }))
      : [ofObject("add", undefined)];
}

const sum = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a + b;

function withRows({ rows: _, ...details }: Details, rows: number | undefined): Details {
  return rows === undefined ? details : { ...details, rows };
}

const joined = (a: Sketch, b: Sketch): Sketch => ({
  action: {
    ...a.action,
    columns: [...new Set([...a.action.columns, ...b.action.columns])],
    touches: distinct([...a.action.touches, ...b.action.touches]),
    details: withRows(a.action.details, sum(a.action.details.rows, b.action.details.rows)),
  },
  doubts: [...new Set([...a.doubts, ...b.doubts])],
});

/** What adding, merging or deleting an object does: a new object is inserted, one from a query updated. */
function ofObject(
  name: "add" | "merge" | "delete",
  value: Value | undefined,
  shown: Value | undefined = value,
): Sketch {
  const table = tableOfObject(value);
  const doubts = table?.name ? [] : [table?.why ?? whyUnknown(shown, "the object")];
  const fresh = value?.kind === "call" && isModelClass(value.callee);
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
      details: how === "insert" ? { source: "values", ...(table && { rows: 1 }) } : { hasWhere: true },
    }),
    doubts,
  };
}

const isModelClass = (value: Value): boolean =>
  value.kind === "class" || (value.kind === "reference" && isImportedModel(value.path));

const attributeColumn = (model: Value, attribute: string | undefined): readonly string[] =>
  attribute === undefined || model.kind !== "class" ? [] : [columnOfAttribute(model, attribute)];

function mappings(kind: "insert" | "update", args: readonly Argument[]): Sketch {
  const bound = bind(args, ["mapper", "mappings"]);
  const table = tableOfEntity(bound.get("mapper"));
  const rows = keysOfRows(bound.get("mappings"));
  const doubts = table?.name ? [] : [table?.why ?? whyUnknown(bound.get("mapper"), "the model")];
  if (!rows.known) doubts.push(whyUnknown(bound.get("mappings"), "the rows"));
  const touches = [...onTable(kind, table?.name), ...onColumns(kind, table?.name, rows.columns)];
  const details =
    kind === "insert" ? { source: "values" as const, rows: numberOfRows(bound.get("mappings")) } : { hasWhere: true };
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

const tableOfObject = (value: Value | undefined): TableReading | undefined => tableOfEntity(entityOf(value));
