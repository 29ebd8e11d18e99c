/** Constraints and indexes as definitions. */
import type { ConstraintDefinition, IndexDefinition, IndexKey, Reference } from "../definition.ts";
import { known } from "../hole.ts";
import { at, columnName, columnNames, isTree, prefixColumn, tableName, textAt, treesAt, type Tree } from "./tree.ts";
import { expressionOf, type Print } from "./value.ts";

const types: Readonly<Record<string, ConstraintDefinition["type"]>> = {
  "foreign key": "foreign_key",
  "primary key": "primary_key",
  unique: "unique",
  check: "check",
};

/** Undefined for what is no constraint, such as SQL Server's named default. */
export function readConstraint(
  constraint: Tree,
  print: Print,
  columnsIn: (expression: unknown) => readonly string[],
): ConstraintDefinition | undefined {
  const written = textAt(constraint, "constraint_type")?.toLowerCase() ?? "";
  const type = types[written.startsWith("unique") ? "unique" : written];
  if (!type) return undefined;
  const parts = treesAt(constraint, "definition");
  const name = known(textAt(constraint, "constraint") ?? textAt(constraint, "index"));
  const references = type === "foreign_key" ? readReference(constraint) : undefined;
  const columns = columnNames(parts);
  const enforced = textAt(constraint, "enforced")?.toLowerCase().includes("not") === true;
  return {
    type,
    ...(name !== undefined && { name, nameIsFinal: true as const }),
    columns: type === "check" ? [...new Set(columnsIn(parts))] : columns.length === parts.length ? columns : undefined,
    ...(references && { references }),
    ...(type === "check" && { expression: expressionOf(parts[0], print) }),
    ...(enforced && { notEnforced: true as const }),
  };
}

export function readReference(element: Tree): Reference | undefined {
  const table = tableName(treesAt(element, "reference_definition", "table")[0]);
  if (!table) return undefined;
  const rules = new Map(
    treesAt(element, "reference_definition", "on_action").map((rule) => [
      textAt(rule, "type")?.toLowerCase(),
      textAt(rule, "value", "value")?.toUpperCase(),
    ]),
  );
  const [onDelete, onUpdate] = [rules.get("on delete"), rules.get("on update")];
  return {
    table,
    columns: columnNames(treesAt(element, "reference_definition", "definition")),
    ...(onDelete !== undefined && onDelete !== "NO ACTION" && { onDelete }),
    ...(onUpdate !== undefined && onUpdate !== "NO ACTION" && { onUpdate }),
  };
}

/** Constraints that a column has behind its type. */
export function inlineConstraints(
  element: Tree,
  print: Print,
  columnsIn: (expression: unknown) => readonly string[],
): readonly ConstraintDefinition[] {
  const name = columnName(element["column"]);
  if (name === undefined) return [];
  const columns = [name];
  const references = readReference(element);
  const check = isTree(element["check"]) ? readConstraint(element["check"], print, columnsIn) : undefined;
  return [
    ...(textAt(element, "primary_key") === undefined ? [] : [{ type: "primary_key" as const, columns }]),
    ...(textAt(element, "unique") === undefined ? [] : [{ type: "unique" as const, columns }]),
    ...(check ? [check] : []),
    ...(references ? [{ type: "foreign_key" as const, columns, references }] : []),
  ];
}

export interface IndexParts {
  readonly name: string | undefined;
  readonly keys: readonly Tree[];
  readonly unique: boolean;
  /** `FULLTEXT` or `SPATIAL` where it is one. */
  readonly method?: string | undefined;
  readonly where?: unknown;
  readonly include?: readonly string[];
}

export function readIndex(
  { name, keys, unique, method, where, include = [] }: IndexParts,
  print: Print,
): IndexDefinition {
  return {
    ...(name !== undefined && { name, nameIsFinal: true as const }),
    keys: keys.map((key) => readKey(key, print)),
    unique,
    method: method?.toLowerCase() ?? "btree",
    ...(include.length > 0 && { include }),
    ...(isTree(where) && { where: expressionOf(where, print) }),
  };
}

function readKey(key: Tree, print: Print): IndexKey {
  const plain = textAt(key, "type") === "column_ref" ? columnName(key) : prefixColumn(key);
  const direction = textAt(key, "order_by") ?? textAt(key, "order");
  return {
    ...(plain === undefined ? { expression: expressionOf(at(key, "expr") ?? key, print) } : { column: plain }),
    ...(direction?.toLowerCase() === "desc" && { descending: true as const }),
  };
}
