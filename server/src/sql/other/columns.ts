/** Columns, constraints and indexes as CREATE TABLE and ALTER TABLE of node-sql-parser's dialects define them. */
import {
  besideTable,
  type Action,
  type ActionKind,
  type ColumnDefinition,
  type Details,
  type QualifiedName,
} from "../action.ts";
import type { ConstraintDefinition } from "../definition.ts";
import { action, Touches } from "../draft.ts";
import { known } from "../hole.ts";
import { columnsIn } from "./expression.ts";
import { inlineConstraints, readConstraint, readIndex, type IndexParts } from "./constraints.ts";
import { at, columnName, columnNames, isNull, isTree, tableName, textAt, treesAt, type Tree } from "./tree.ts";
import { columnType, expressionOf, type Print } from "./value.ts";

export const exists = (statement: Tree): Details =>
  ["if_not_exists", "prefix"].some((key) => textAt(statement, key)?.toLowerCase().includes("exists"))
    ? { ifExists: true }
    : {};

/** Likewise of what is made. */
export const existsNot = (statement: Tree): Details => (exists(statement).ifExists ? { ifNotExists: true } : {});

export function readDefinition(element: Tree, print: Print): ColumnDefinition | undefined {
  const name = columnName(element["column"]);
  if (name === undefined) return undefined;
  const type = renderType(element["definition"]);
  const sqlType = columnType(element["definition"]);
  // A word, or SQL Server's IDENTITY with its numbers.
  const fills = textAt(element, "auto_increment") !== undefined || isTree(element["auto_increment"]);
  const key = textAt(element, "primary_key") !== undefined;
  const value = at(element, "default_val");
  const given = isTree(value) && !isNull(value["value"]) ? value["value"] : undefined;
  const collation = textAt(element, "collate", "collate", "name");
  const comment = known(textAt(element, "comment", "value", "value"));
  const generated = isTree(element["generated"]) ? element["generated"] : undefined;
  return {
    name,
    ...(type !== undefined && { type }),
    nullable: textAt(element, "nullable", "type") !== "not null" && !key && !fills,
    ...(sqlType && { sqlType }),
    hasServerDefault: fills || given !== undefined,
    ...(given !== undefined && { default: expressionOf(given, print) }),
    ...(generated && {
      generated: "computed" as const,
      computed: {
        ...expressionOf(generated["expr"], print),
        stored: textAt(generated, "storage_type")?.toLowerCase() === "stored",
      },
    }),
    ...(fills && { autoIncrement: true as const }),
    ...(collation !== undefined && { collation }),
    ...(comment !== undefined && { comment }),
  };
}

function renderType(definition: unknown): string | undefined {
  const name = textAt(definition, "dataType")?.toLowerCase();
  const length = at(definition, "length");
  const scale = at(definition, "scale");
  if (name === undefined || (typeof length !== "number" && typeof length !== "string")) return name;
  return `${name}(${String(length)}${typeof scale === "number" ? `,${String(scale)}` : ""})`;
}

/** What a column's own constraints need. */
export function touchInline(touches: Touches, table: QualifiedName | undefined, element: Tree): void {
  const referenced = treesAt(element, "reference_definition", "table")[0];
  if (referenced) {
    const name = tableName(referenced);
    touches
      .table("require", name)
      .columns("require", name, columnNames(treesAt(element, "reference_definition", "definition")));
  }
  const unique = textAt(element, "unique") !== undefined || textAt(element, "primary_key") !== undefined;
  if (unique && table) touches.add("create", { type: "index", name: table });
  const name = columnName(element["column"]);
  const checks = isTree(element["check"]) || unique || referenced !== undefined;
  const required = textAt(element, "nullable", "type") === "not null";
  if (name !== undefined && (checks || required)) touches.columns("constrain", table, [name]);
}

const constraintKinds: Readonly<Record<string, readonly [ActionKind, string]>> = {
  "foreign key": ["create_foreign_key", "foreignkey"],
  "primary key": ["create_primary_key", "primary"],
  unique: ["create_unique_constraint", "unique"],
  check: ["create_check_constraint", "check"],
};

export const kindOfConstraint = (constraint: Tree): readonly [ActionKind, string] | undefined => {
  const written = textAt(constraint, "constraint_type")?.toLowerCase() ?? "";
  return constraintKinds[written.startsWith("unique") ? "unique" : written];
};

export function constraintColumns(constraint: Tree, table: QualifiedName | undefined): readonly string[] {
  const parts = treesAt(constraint, "definition");
  const plain = columnNames(parts);
  return plain.length > 0 ? plain : columnsIn(parts, table);
}

export function touchConstraint(touches: Touches, table: QualifiedName | undefined, constraint: Tree): void {
  const [kind] = kindOfConstraint(constraint) ?? [];
  const columns = constraintColumns(constraint, table);
  touches.columns("require", table, columns).columns("constrain", table, columns);
  const name = known(textAt(constraint, "constraint") ?? textAt(constraint, "index"));
  if (name !== undefined) touches.add("create", besideTable("constraint", name, table));
  if ((kind === "create_primary_key" || kind === "create_unique_constraint") && table) {
    touches.add("create", { type: "index", name: table });
  }
  for (const item of treesAt(constraint, "reference_definition", "table")) {
    const referenced = tableName(item);
    touches.table("require", referenced);
    touches.columns("require", referenced, columnNames(treesAt(constraint, "reference_definition", "definition")));
  }
}

/** What the constraints of a table's elements are. */
export const definitionsOfConstraints = (
  elements: readonly Tree[],
  table: QualifiedName | undefined,
  print: Print,
): readonly ConstraintDefinition[] => {
  const within = (expression: unknown): readonly string[] => columnsIn(expression, table);
  return elements.flatMap((element) =>
    textAt(element, "resource") === "constraint"
      ? (readConstraint(element, print, within) ?? [])
      : inlineConstraints(element, print, within),
  );
};

export function addConstraint(table: QualifiedName | undefined, constraint: Tree, print: Print): Action {
  const [kind, constraintType] = kindOfConstraint(constraint) ?? [];
  const touches = new Touches().table("alter", table);
  touchConstraint(touches, table, constraint);
  const referenced = tableName(treesAt(constraint, "reference_definition", "table")[0]);
  return action(kind ?? "alter_table", {
    table,
    name: known(textAt(constraint, "constraint") ?? textAt(constraint, "index")),
    columns: constraintColumns(constraint, table),
    touches,
    details: {
      ...constraintDetails(definitionsOfConstraints([{ ...constraint, resource: "constraint" }], table, print)),
      ...(constraintType !== undefined && { constraintType }),
      ...((constraintType === "unique" || constraintType === "primary") && { unique: true }),
      ...(referenced && { referencedTable: referenced }),
    },
  });
}

export const constraintDetails = (constraints: readonly ConstraintDefinition[]): Pick<Details, "constraints"> =>
  constraints.length > 0 ? { constraints } : {};

export function indexAction(
  table: QualifiedName | undefined,
  parts: IndexParts,
  details: Details,
  print: Print,
): Action {
  const { name, keys, unique } = parts;
  const plain = columnNames(keys);
  const columns = [...new Set([...plain, ...columnsIn(keys, table)])];
  const touches = new Touches().table("require", table).columns("require", table, columns);
  if (name !== undefined) touches.add("create", besideTable("index", name, table));
  if (unique) {
    touches.columns("constrain", table, columns);
    if (table) touches.add("create", { type: "index", name: table });
  }
  const expression = isTree(parts.where) || plain.length < keys.length;
  return action("create_index", {
    table,
    name,
    columns,
    touches,
    details: {
      indexes: [readIndex(parts, print)],
      ...details,
      ...(unique && { unique: true }),
      ...(expression && { expression }),
    },
  });
}
