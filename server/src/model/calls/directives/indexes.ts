/** `create_index` and `drop_index`, and what an index, given by a value, is over. */
import type { Dialect, QualifiedName } from "../../../sql/action.ts";
import type { Value } from "../../../syntax/value.ts";
import { flag, nameArgument, optionalName, type Bound } from "../arguments.ts";
import { columnReference } from "../columns.ts";
import { action, type Sketch } from "../draft.ts";
import { uniqueness } from "../elements/constraint-touches.ts";
import { indexDefinition } from "../elements/index-definition.ts";
import { onColumns, onNamed, onTable } from "../entities.ts";
import { columnsOfExpression } from "../expressions.ts";
import { built, calleeOf, isNone, textOf, whyUnknown } from "../terms.ts";
import type { Directive } from "./directive.ts";

export const createIndex: Directive = {
  parameters: ["index_name|name", "table_name|tablename", "columns", "schema", "unique"],
  batch: ["index_name|name", "columns"],
  read: ({ bound, table, schema, dialect }) => {
    const value = bound.get("columns");
    const keys = value?.kind === "sequence" ? value.items : value === undefined ? [] : [value];
    if (value === undefined || (value.kind === "sequence" && !value.complete))
      bound.doubts.push(whyUnknown(value, "the list of columns"));
    const complete =
      !(value?.kind === "sequence" && !value.complete) && value !== undefined && value.kind !== "unknown";
    const given = bound.get("index_name");
    const name = optionalName(bound, "index_name", "the index's name");
    return [readIndex({ bound, name, given, table, schema, keys, complete, dialect })];
  },
};

interface IndexParts {
  readonly bound: Bound;
  readonly name: string | undefined;
  /** The name as it is written. */
  readonly given: Value | undefined;
  readonly table: QualifiedName | undefined;
  readonly schema: string | undefined;
  readonly keys: readonly Value[];
  /** They are all of its keys. */
  readonly complete: boolean;
  readonly dialect: Dialect;
}

/** A `CREATE INDEX`, from `op.create_index(…)` or from `sa.Index(…)`. */
export function readIndex({ bound, name, given, table, schema, keys, complete, dialect }: IndexParts): Sketch {
  const over = keys.map((key) => readKey(key, table, dialect, bound.doubts));
  const unique = flag(bound, "unique") ?? false;
  if (bound.get("unique") !== undefined && flag(bound, "unique") === undefined && !isNone(bound.get("unique"))) {
    bound.doubts.push(whyUnknown(bound.get("unique"), "whether it is unique"));
  }
  const predicates = [...bound.keywords].filter(([keyword, value]) => keyword.endsWith("_where") && !isNone(value));
  const own = predicates.find(([keyword]) => keyword === `${dialect}_where`)?.[1];
  const inPredicate = own ? columnsOfExpression(own, table, dialect) : [];
  const expression = over.some((key) => key.expression) || own !== undefined;
  const columns = over.flatMap((key) => key.columns);
  const evaluates = unique || expression;
  return {
    action: action({
      kind: "create_index",
      effect: "schema",
      table,
      name,
      columns,
      touches: [
        ...onNamed("create", "index", name, table?.schema ?? schema),
        ...(unique && table ? [uniqueness(table)] : []),
        ...onTable("require", table),
        ...onColumns("require", table, [...columns, ...inPredicate]),
        ...(evaluates ? onColumns("constrain", table, columns.length > 0 ? columns : ["*"]) : []),
      ],
      details: {
        unique,
        concurrently: flag(bound, "postgresql_concurrently") === true && dialect === "postgresql" ? true : undefined,
        expression: expression || undefined,
        ifNotExists: flag(bound, "if_not_exists"),
        indexes: [indexDefinition({ bound, name: given, keys: complete ? keys : undefined, dialect })],
      },
    }),
    doubts: bound.doubts,
  };
}

interface Key {
  readonly columns: readonly string[];
  readonly expression: boolean;
}

/** Methods that order or collate a column without computing anything. */
const orderings = new Set(["desc", "asc", "nulls_first", "nulls_last", "nullsfirst", "nullslast", "collate", "label"]);
const bareColumn = /^\s*("?)([A-Za-z_][\w$]*)\1(?:\s+(?:ASC|DESC))?(?:\s+NULLS\s+(?:FIRST|LAST))?\s*$/i;

function readKey(value: Value, table: QualifiedName | undefined, dialect: Dialect, doubts: string[]): Key {
  const name = textOf(value);
  if (name !== undefined) return { columns: [name], expression: false };
  const reference = columnReference(value);
  if (reference) return { columns: [reference.column], expression: false };
  const construct = built(value);
  const first = value.kind === "call" ? value.args[0]?.value : undefined;
  if (construct === "column" || construct === "Column" || construct === "desc" || construct === "asc")
    return first ? readKey(first, table, dialect, doubts) : { columns: [], expression: true };
  const callee = value.kind === "call" ? calleeOf(value) : undefined;
  if (callee?.receiver && orderings.has(callee.name) && construct === undefined)
    return readKey(callee.receiver, table, dialect, doubts);
  const sql = construct === "text" || construct === "literal_column" ? textOf(first) : undefined;
  const bare = sql === undefined ? undefined : bareColumn.exec(sql)?.[2];
  if (bare !== undefined) return { columns: [bare], expression: false };
  if (construct === undefined && value.kind !== "operator") doubts.push(whyUnknown(value, "a column of the index"));
  return { columns: columnsOfExpression(value, table, dialect).filter((column) => column !== "*"), expression: true };
}

export const dropIndex: Directive = {
  parameters: ["index_name|name", "table_name|tablename", "schema"],
  batch: ["index_name|name"],
  tableOptional: true,
  read: ({ bound, table, schema, dialect }) => {
    const name = nameArgument(bound, "index_name", "the index's name");
    return [
      {
        action: action({
          kind: "drop_index",
          effect: "schema",
          table,
          name,
          touches: [...onNamed("drop", "index", name, table?.schema ?? schema), ...onTable("require", table)],
          details: {
            concurrently:
              flag(bound, "postgresql_concurrently") === true && dialect === "postgresql" ? true : undefined,
            ifExists: flag(bound, "if_exists"),
          },
        }),
        doubts: bound.doubts,
      },
    ];
  },
};
