/** Which columns an expression speaks of, in SQL text or as SQLAlchemy builds it. */
import { sameName, type Dialect, type QualifiedName, type Touch } from "../../sql/action.ts";
import { parseSql } from "../../sql/parse.ts";
import type { Value } from "../../syntax/value.ts";
import type { Role } from "../reading.ts";
import { columnReference } from "./columns.ts";
import { onColumns, onTable } from "./entities.ts";
import { roleOf } from "./roles.ts";
import { tableOf } from "./tables.ts";
import { built, isImportedModel, splitPath, textOf } from "./terms.ts";

/** A query begins with a session; that has no columns. */
const handles: ReadonlySet<Role> = new Set(["session", "connection", "op", "context", "inspector"]);

const writing = new Set(["insert", "update", "delete"]);

/** Values may share parts and refer to each other in a circle; what was seen is not walked again. */
interface Walk {
  readonly seen: Set<Value>;
  readonly touches: Touch[];
  /** The table whose columns `sa.column("x")`, `filter_by(x=…)` and plain text speak of. */
  readonly table: QualifiedName | undefined;
  readonly dialect: Dialect;
  /** Why tables that are read could not be named. */
  readonly unknown: string[];
}

export interface Reads {
  readonly touches: readonly Touch[];
  /** Why tables that are read could not be named; empty where all are. */
  readonly unknown: readonly string[];
}

/** Reads of columns anywhere in the values; `table` is the statement's own, for text and bare columns. */
export function readsOf(values: readonly Value[], table: QualifiedName | undefined, dialect: Dialect): Reads {
  const walk: Walk = { seen: new Set(), touches: [], table, dialect, unknown: [] };
  for (const value of values) visit(value, walk);
  return walk;
}

/** An imported model or table, and `.c` of what is not known. */
function unknownTable(value: Value): string | undefined {
  if (value.kind === "reference")
    return isImportedModel(value.path, true) ? `\`${value.path}\` is imported; its table is not known` : undefined;
  const isColumns = value.kind === "member" && (value.name === "c" || value.name === "columns");
  return isColumns && value.of.kind === "unknown" ? `a table is not known: ${value.of.why}` : undefined;
}

/** `User.id.in_(…)` speaks of `User.id`, while `User.checksum(…)` is a function beside the table. */
function calledOn(callee: Value): Value {
  if (callee.kind !== "reference") return callee;
  const { parent } = splitPath(callee.path);
  return { ...callee, path: isImportedModel(parent) ? "" : parent };
}

function visit(value: Value, walk: Walk): void {
  if (walk.seen.has(value)) return;
  walk.seen.add(value);
  if (handles.has(roleOf(value))) return;
  const unknown = unknownTable(value);
  if (unknown !== undefined) walk.unknown.push(unknown);
  const reference = columnReference(value);
  if (reference) {
    if (reference.table === undefined) walk.unknown.push("a table that is read is not known");
    walk.touches.push(...onColumns("read", reference.table, [reference.column]));
    return;
  }
  const table = tableOf(value);
  if (table) {
    if (table.name === undefined) walk.unknown.push(table.why ?? "a table that is read is not known");
    walk.touches.push(...onTable("read", table.name), ...onColumns("read", table.name, ["*"]));
    return;
  }
  switch (value.kind) {
    case "call":
      if (!visitNamed(value, walk)) {
        visit(calledOn(value.callee), walk);
        for (const argument of value.args) visit(argument.value, walk);
        if (value.callee.kind === "member" && value.callee.name === "filter_by") {
          walk.touches.push(
            ...onColumns(
              "read",
              walk.table,
              value.args.flatMap((argument) => argument.name ?? []),
            ),
          );
        }
      }
      return;
    case "member":
      // `t.delete()` within a larger statement does not read the whole of `t`.
      if (writing.has(value.name) && tableOf(value.of)) return;
      return visit(value.of, walk);
    case "item":
      visit(value.of, walk);
      return visit(value.index, walk);
    case "sequence":
      return value.items.forEach((item) => {
        visit(item, walk);
      });
    case "mapping":
      return value.entries.forEach((entry) => {
        for (const part of entry) visit(part, walk);
      });
    case "operator":
      return value.operands.forEach((operand) => {
        visit(operand, walk);
      });
    case "choice":
      return value.options.forEach((option) => {
        visit(option, walk);
      });
    default:
      return;
  }
}

/** `column("x")`, `text("x > 1")`: columns named by a string. */
function visitNamed(value: Value, walk: Walk): boolean {
  const construct = built(value);
  if (value.kind !== "call" || construct === undefined) return false;
  const text = textOf(value.args[0]?.value);
  if (construct === "column" && text !== undefined) {
    walk.touches.push(...onColumns("read", walk.table, [text]));
    return true;
  }
  if ((construct === "text" || construct === "literal_column" || construct === "TextClause") && walk.table) {
    walk.touches.push(...onColumns("read", walk.table, text === undefined ? ["*"] : columnsOfText(text, walk.dialect)));
    return true;
  }
  return false;
}

/** The columns of `table` that an expression speaks of; `["*"]` where that cannot be told. */
export function columnsOfExpression(
  value: Value,
  table: QualifiedName | undefined,
  dialect: Dialect,
): readonly string[] {
  const text = textOf(value);
  if (text !== undefined) return columnsOfText(text, dialect);
  const own = readsOf([value], table, dialect).touches.filter(
    ({ on }) => on.type === "column" && (table === undefined || sameName(on.name, table)),
  );
  return own.length > 0 ? [...new Set(own.flatMap(({ on }) => on.column ?? []))] : ["*"];
}

/** An ORDER BY takes any expression, `lower(x) DESC` included. */
export function columnsOfText(expression: string, dialect: Dialect): readonly string[] {
  const [statement, ...others] = parseSql(`SELECT 1 FROM retort_expression ORDER BY ${expression}`, dialect);
  if (statement?.confidence !== "parsed" || others.length > 0) return ["*"];
  const read = statement.actions.flatMap(({ touches }) =>
    touches.flatMap(({ how, on }) => (how === "read" && on.type === "column" ? (on.column ?? []) : [])),
  );
  return [...new Set(read)];
}
