/** `sa.Enum(…)` and `postgresql.ENUM(…)`: the values, the name, and who creates the type. */
import type { QualifiedName } from "../../../sql/action.ts";
import type { Definition, Value } from "../../../syntax/value.ts";
import { qualified } from "../entities.ts";
import { booleanOf, isNone, nameOf, textOf } from "../terms.ts";
import { classMembers, type TypeConstruct } from "./construct.ts";

export interface EnumReading {
  /** Undefined where it is not known or not given. */
  readonly name: QualifiedName | undefined;
  /** In order; undefined where they cannot be read. */
  readonly values: readonly string[] | undefined;
  /** False: a VARCHAR on every server. */
  readonly native: boolean;
  /** Creating a table with such a column creates the type; adding a column never does. */
  readonly created: boolean;
  /** A VARCHAR comes with a CHECK. */
  readonly checked: boolean;
  /** Of the VARCHAR; undefined where it is not known. */
  readonly length: number | undefined;
}

/** `owner`: the schema of the table, which `inherit_schema=True` takes. */
export function readEnum(construct: TypeConstruct, owner: string | undefined): EnumReading {
  const { bound, from } = construct;
  const [first] = bound.rest;
  const enumeration = first?.kind === "class" ? first : undefined;
  const values = enumeration ? valuesOfClass(enumeration, bound.get("values_callable")) : valuesOfTexts(construct);
  const inherits = booleanOf(bound.get("inherit_schema")) === true;
  const schema = bound.get("schema");
  const named = bound.get("name");
  const own = named === undefined || isNone(named) ? enumeration?.name.toLowerCase() : nameOf(named);
  const schemaName = schema === undefined || isNone(schema) ? (inherits ? owner : undefined) : nameOf(schema);
  const schemaKnown = schema === undefined || isNone(schema) || schemaName !== undefined;
  const lengthGiven = bound.get("length");
  const longest = values && Math.max(0, ...values.map(({ length }) => length));
  return {
    name: own === undefined || !schemaKnown ? undefined : qualified(own, schemaName),
    values,
    native: from === "postgresql" || booleanOf(bound.get("native_enum")) !== false,
    created: booleanOf(bound.get("create_type")) !== false,
    checked: booleanOf(bound.get("create_constraint")) === true,
    length:
      lengthGiven === undefined
        ? longest
        : lengthGiven.kind === "scalar" && typeof lengthGiven.value === "number"
          ? lengthGiven.value
          : undefined,
  };
}

function valuesOfTexts({ bound }: TypeConstruct): readonly string[] | undefined {
  if (bound.open) return undefined;
  const texts = bound.rest.map(textOf);
  return texts.every((text) => text !== undefined) ? texts : undefined;
}

/** The names of an enumeration's members, or what a callable makes of them. */
function valuesOfClass(enumeration: Definition, callable: Value | undefined): readonly string[] | undefined {
  if (callable !== undefined && !isNone(callable)) return undefined;
  const seen = new Set<string>();
  const names: string[] = [];
  for (const [name, value] of classMembers(enumeration)) {
    if (name.startsWith("_") || value.kind === "function" || value.kind === "class") continue;
    // A second member of the same value is an alias, which SQLAlchemy leaves out.
    const key = value.kind === "text" || value.kind === "scalar" ? JSON.stringify(constantOf(value)) : undefined;
    if (key !== undefined && seen.has(key)) continue;
    if (key !== undefined) seen.add(key);
    names.push(name);
  }
  return names;
}

const constantOf = (value: Value): unknown =>
  value.kind === "text" ? value.text : value.kind === "scalar" ? value.value : undefined;
