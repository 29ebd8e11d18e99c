/** Which table a value stands for: `sa.table("x")`, `sa.Table("x", …)`, `op.create_table(…)`, a model class, an alias. */
import { sameName, type QualifiedName } from "../../sql/action.ts";
import type { Call, Definition, Value } from "../../syntax/value.ts";
import { bind } from "./arguments.ts";
import { qualified, splitName } from "./entities.ts";
import { built, calleeOf, isNone, nameOf, textOf, whyUnknown } from "./terms.ts";

/** A table whose name is known, or why it is not. */
export interface TableReading {
  readonly name?: QualifiedName;
  readonly why?: string;
}

/** Methods of a table that stand for the same table. */
const sameTable = new Set(["alias", "tometadata", "to_metadata", "tablesample", "with_hint", "lateral"]);
const aliases = new Set(["aliased", "alias", "with_polymorphic", "lateral", "tablesample"]);

/** `undefined`: the value is no table. */
export function tableOf(value: Value | undefined, depth = 8): TableReading | undefined {
  if (value === undefined || depth === 0) return undefined;
  switch (value.kind) {
    case "call":
      return tableOfCall(value, depth);
    case "class":
      return tableOfClass(value, depth);
    case "member":
      if (value.name === "__table__") return tableOf(value.of, depth - 1) ?? { why: "the model is not known" };
      // `automap_base()`: its classes are named for their tables.
      return value.of.kind === "member" && value.of.name === "classes" ? { name: { name: value.name } } : undefined;
    case "item": {
      const key = textOf(value.index);
      const holdsTables = value.of.kind === "member" && (value.of.name === "tables" || value.of.name === "classes");
      return holdsTables && key !== undefined ? { name: splitName(key) } : undefined;
    }
    case "reference":
      return value.path.endsWith(".__table__")
        ? { why: `\`${value.path}\` is imported; its table is not known` }
        : undefined;
    case "choice": {
      const readings = value.options.filter((option) => !isNone(option)).map((option) => tableOf(option, depth - 1));
      const [first] = readings;
      if (first === undefined || readings.includes(undefined)) return undefined;
      const { name } = first;
      const same = name !== undefined && readings.every((reading) => reading?.name && sameName(reading.name, name));
      return same ? first : { why: "it is one of several tables" };
    }
    default:
      return undefined;
  }
}

function tableOfCall(call: Call, depth: number): TableReading | undefined {
  const construct = built(call);
  if (construct === "table" || construct === "Table" || construct === "View")
    return named(call, construct === "Table" ? ["name", "metadata"] : ["name"]);
  const callee = calleeOf(call);
  if (callee === undefined) return undefined;
  if (callee.name === "create_table" && callee.receiver !== undefined) return named(call, ["table_name|name"]);
  if (construct !== undefined) return aliases.has(construct) ? tableOf(call.args[0]?.value, depth - 1) : undefined;
  return sameTable.has(callee.name) ? tableOf(callee.receiver, depth - 1) : undefined;
}

function named(call: Call, parameters: readonly string[]): TableReading {
  const bound = bind(call.args, parameters);
  const value = bound.get("name") ?? bound.get("table_name");
  const name = nameOf(value);
  if (name === undefined) return { why: whyUnknown(value, "the table's name") };
  const schemaValue = bound.get("schema") ?? schemaOfMetadata(bound.get("metadata"));
  if (schemaValue === undefined || isNone(schemaValue)) return { name: qualified(name) };
  const schema = nameOf(schemaValue);
  return schema === undefined
    ? { why: whyUnknown(schemaValue, "the table's schema") }
    : { name: qualified(name, schema) };
}

/** `MetaData(schema="app")` lends its schema to the tables that name none. */
const schemaOfMetadata = (metadata: Value | undefined): Value | undefined =>
  metadata?.kind === "call" && built(metadata) === "MetaData"
    ? bind(metadata.args, ["schema"]).get("schema")
    : undefined;

function tableOfClass(model: Definition, depth: number): TableReading | undefined {
  const table = model.members?.get("__table__");
  if (table !== undefined)
    return tableOf(table, depth - 1) ?? { why: whyUnknown(table, `\`__table__\` of ${model.name}`) };
  const tablename = model.members?.get("__tablename__");
  if (tablename !== undefined) {
    const name = nameOf(tablename);
    return name === undefined
      ? { why: whyUnknown(tablename, `\`__tablename__\` of ${model.name}`) }
      : { name: qualified(name, schemaOfClass(model)) };
  }
  for (const base of model.bases ?? []) {
    const inherited = base.kind === "class" ? tableOf(base, depth - 1) : undefined;
    if (inherited !== undefined) return inherited;
  }
  return isModel(model) ? { why: `the class ${model.name} does not name its table` } : undefined;
}

/** `__table_args__ = {"schema": …}`, alone or at the end of a tuple. */
function schemaOfClass(model: Definition): string | undefined {
  const args = model.members?.get("__table_args__");
  const options = args?.kind === "sequence" ? args.items.at(-1) : args;
  if (options?.kind !== "mapping") return undefined;
  return nameOf(options.entries.find(([key]) => textOf(key) === "schema")?.[1]);
}

/** A class that is mapped to a table, as far as its bases tell. */
export function isModel(model: Definition, depth = 4): boolean {
  if (model.members?.has("__tablename__") || model.members?.has("__table__")) return true;
  return (model.bases ?? []).some((base) => {
    if (base.kind === "class") return depth > 0 && isModel(base, depth - 1);
    if (base.kind === "call") return built(base) === "declarative_base" || built(base) === "automap_base";
    return base.kind === "reference" && /(?:^|\.)(?:Base|Model|SQLModel|DeclarativeBase)$/.test(base.path);
  });
}

/** The name in the database of an attribute of a model: `key` of `key = Column("name", …)`. */
export function columnOfAttribute(model: Definition, attribute: string): string {
  const value = model.members?.get(attribute);
  if (value?.kind !== "call" || built(value) !== "Column") return attribute;
  return nameOf(value.args.find((argument) => argument.name === "name")?.value ?? value.args[0]?.value) ?? attribute;
}
