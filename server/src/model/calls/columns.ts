/** A column where it is defined: `sa.Column("name", sa.String(), nullable=False, …)`. */
import {
  columnEntity,
  sameName,
  tableEntity,
  touch,
  type ColumnDefinition,
  type QualifiedName,
  type Touch,
} from "../../sql/action.ts";
import type { Call, Value } from "../../syntax/value.ts";
import { bind, type Bound } from "./arguments.ts";
import { present } from "./draft.ts";
import { splitName } from "./entities.ts";
import { renderValue } from "./render.ts";
import { columnOfAttribute, tableOf } from "./tables.ts";
import { agreed, booleanOf, built, calleeOf, isNone, nameOf, splitPath, textOf, whyUnknown } from "./terms.ts";

/** What a foreign key points at; a part that is not known is absent. */
export interface Target {
  readonly table?: QualifiedName;
  readonly column?: string;
}

export interface ColumnReading {
  readonly definition: ColumnDefinition;
  readonly primaryKey: boolean;
  readonly unique: boolean;
  readonly indexed: boolean;
  readonly checked: boolean;
  readonly targets: readonly Target[];
  /** The name of the enum type that the column has, and whether creating the table makes it. */
  readonly enum?: { readonly name: string; readonly schema?: string; readonly created: boolean };
  readonly doubts: readonly string[];
}

const extras = new Set([
  "ForeignKey",
  "CheckConstraint",
  "Computed",
  "Identity",
  "Sequence",
  "FetchedValue",
  "DefaultClause",
  "Constraint",
]);

/** The call that builds a column, also through `.copy()`; the last name decides, as applications re-export `Column`. */
export function columnCall(value: Value): Call | undefined {
  if (value.kind === "choice") return agreed(value, columnCall);
  if (value.kind !== "call") return undefined;
  if (built(value) === "Column") return value;
  const callee = calleeOf(value);
  if (value.callee.kind === "reference" && splitPath(value.callee.path).name === "Column") return value;
  return (callee?.name === "copy" || callee?.name === "_copy") && callee.receiver
    ? columnCall(callee.receiver)
    : undefined;
}

/** `undefined`: the value is no column, or its name is not known; `whyNoColumn` says which. */
export function readColumn(value: Value): ColumnReading | undefined {
  const call = columnCall(value);
  if (call === undefined) return undefined;
  const bound = bind(call.args, []);
  const positional = [...bound.rest];
  const name = nameOf(bound.get("name") ?? positional[0]);
  if (name === undefined) return undefined;
  if (bound.get("name") === undefined) positional.shift();
  const type = bound.get("type_") ?? positional.find((argument) => !extras.has(built(argument) ?? ""));
  const constructs = positional.filter((argument) => argument !== type);
  const has = (construct: string): boolean => constructs.some((argument) => built(argument) === construct);
  const primaryKey = booleanOf(bound.get("primary_key")) ?? false;
  const generated = has("Computed") ? "computed" : has("Identity") ? "identity" : undefined;
  return present<ColumnReading>({
    definition: present<ColumnDefinition>({
      name,
      type: type === undefined ? undefined : renderValue(type),
      nullable: nullability(bound, primaryKey || generated === "identity"),
      hasServerDefault: serverDefault(bound, has("FetchedValue") || has("DefaultClause")),
      generated,
    }),
    primaryKey,
    unique: booleanOf(bound.get("unique")) ?? false,
    indexed: booleanOf(bound.get("index")) ?? false,
    checked: has("CheckConstraint"),
    targets: constructs.flatMap((argument) =>
      argument.kind === "call" && built(argument) === "ForeignKey" ? [targetOf(argument.args[0]?.value)] : [],
    ),
    enum: enumOf(type),
    doubts: bound.doubts,
  });
}

export const whyNoColumn = (value: Value): string => {
  const call = columnCall(value);
  return call === undefined ? whyUnknown(value, "the column") : whyUnknown(call.args[0]?.value, "the column's name");
};

function nullability(bound: Bound, notNullByDefault: boolean): boolean | undefined {
  const value = bound.get("nullable");
  if (value !== undefined) return booleanOf(value);
  return bound.open ? undefined : !notNullByDefault;
}

/** Also of a choice between two defaults: that there is one is known. */
function serverDefault(bound: Bound, declared: boolean): boolean | undefined {
  const value = bound.get("server_default");
  if (value === undefined) return bound.open && !declared ? undefined : declared;
  if (value.kind === "choice") return agreed(value, isDefault);
  return isDefault(value);
}

const isDefault = (value: Value): boolean | undefined =>
  value.kind === "unknown" ? undefined : !(isNone(value) || (value.kind === "scalar" && value.value === false));

/** What `ForeignKey` is given: `"schema.table.column"`, or a column of a table or model. */
export function targetOf(value: Value | undefined): Target {
  const dotted = nameOf(value);
  if (dotted !== undefined) {
    const { schema, name } = splitName(dotted);
    return schema === undefined ? { table: { name } } : { table: splitName(schema), column: name };
  }
  const column = value && columnReference(value);
  return column ? present<Target>({ table: column.table, column: column.column }) : {};
}

/** `t.c.x`, `t.c["x"]`, `Model.x`: a column of a table that is known to be one. */
export function columnReference(
  value: Value,
): { readonly table: QualifiedName | undefined; readonly column: string } | undefined {
  if (value.kind === "item") {
    const column = textOf(value.index);
    return column !== undefined && value.of.kind === "member" && isCollection(value.of.name)
      ? ofTable(value.of.of, column)
      : undefined;
  }
  if (value.kind !== "member") return undefined;
  if (value.of.kind === "member" && isCollection(value.of.name)) return ofTable(value.of.of, value.name);
  const model = value.of.kind === "call" && built(value.of) === "aliased" ? value.of.args[0]?.value : value.of;
  if (model?.kind !== "class" || value.name.startsWith("__")) return undefined;
  const reading = tableOf(model);
  return reading && { table: reading.name, column: columnOfAttribute(model, value.name) };
}

const isCollection = (name: string): boolean => name === "c" || name === "columns";

function ofTable(
  value: Value,
  column: string,
): { readonly table: QualifiedName | undefined; readonly column: string } | undefined {
  const reading = tableOf(value);
  return reading && { table: reading.name, column };
}

/** The type that PostgreSQL makes of `sa.Enum(…, name="x")`; native enums only. */
export function enumOf(
  type: Value | undefined,
): { readonly name: string; readonly schema?: string; readonly created: boolean } | undefined {
  const name = type && built(type);
  if (type?.kind !== "call" || (name !== "Enum" && name !== "ARRAY")) return undefined;
  if (name === "ARRAY") return enumOf(type.args[0]?.value);
  const bound = bind(type.args, []);
  if (booleanOf(bound.get("native_enum")) === false) return undefined;
  const first = bound.rest[0];
  // An enumeration class gives its own name, in lower case.
  const own = nameOf(bound.get("name")) ?? (first?.kind === "class" ? first.name.toLowerCase() : undefined);
  const schema = nameOf(bound.get("schema"));
  return own === undefined
    ? undefined
    : present({ name: own, schema, created: booleanOf(bound.get("create_type")) !== false });
}

/** Types whose primary key column fills itself when it is added. */
const integers = /\b(?:Big|Small)?Integer\b|\b(?:BIG|SMALL)?INT(?:EGER)?\b/i;

/** True where rows that exist already would break the column's definition: NOT NULL and nothing to fill it with. */
export function demandsOfRows({ definition, primaryKey }: ColumnReading): boolean {
  if (definition.nullable !== false || definition.hasServerDefault === true || definition.generated !== undefined)
    return false;
  return !(primaryKey && integers.test(definition.type ?? ""));
}

/** The tables that foreign keys point at, each once; `undefined` where there are none. */
export function referencesOf(targets: readonly Target[]): readonly QualifiedName[] | undefined {
  const names = targets.flatMap(({ table }) => table ?? []);
  const references = names.filter((name, i) => names.findIndex((other) => sameName(other, name)) === i);
  return references.length > 0 ? references : undefined;
}

/** Tables and columns that foreign keys point at must exist. */
export function targetTouches(targets: readonly Target[]): readonly Touch[] {
  return targets.flatMap(({ table, column }) => {
    if (table === undefined) return [];
    const on = [touch("require", tableEntity(table))];
    return column === undefined ? on : [...on, touch("require", columnEntity(table, column))];
  });
}
