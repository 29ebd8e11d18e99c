/** The directives `create_…_constraint`, `create_foreign_key`, `create_primary_key` and `drop_constraint`. */
import type { ActionKind, QualifiedName } from "../../../sql/action.ts";
import type { ConstraintDefinition } from "../../../sql/definition.ts";
import type { Value } from "../../../syntax/value.ts";
import { flag, nameArgument, optionalName, type Bound } from "../arguments.ts";
import { columnReference, type Target } from "../columns.ts";
import { action, present, type Sketch } from "../draft.ts";
import { constraintTouches, isUnique } from "../elements/constraint-touches.ts";
import { columnNames, constraintDefinition } from "../elements/constraint-parts.ts";
import { checkDefinition, referenceOf } from "../elements/constraint.ts";
import { exclusionOf } from "../elements/exclusion.ts";
import { onNamed, onTable, qualified } from "../entities.ts";
import { isNone, nameOf, textOf, whyUnknown } from "../terms.ts";
import type { Directive, Scene } from "./directive.ts";

/** The columns in a list of names; what is not a name is left out. */
const namesOf = (values: readonly Value[]): readonly string[] =>
  values.flatMap((value) => nameOf(value) ?? columnReference(value)?.column ?? []);

/** Those that are known, and a doubt where others are not. */
function columnsArgument(bound: Bound, parameter: string): readonly string[] {
  const value = bound.get(parameter);
  const items = value?.kind === "sequence" ? value.items : value?.kind === "text" ? [value] : [];
  const names = namesOf(items);
  const known = (value?.kind === "sequence" && value.complete) || value?.kind === "text";
  if (!known || names.length < items.length) bound.doubts.push(whyUnknown(value, "the list of columns"));
  return names;
}

/** How Alembic calls the types of constraints. */
export const alembicType: Readonly<Record<ConstraintDefinition["type"], string>> = {
  check: "check",
  exclude: "exclude",
  foreign_key: "foreignkey",
  not_null: "check",
  primary_key: "primary",
  unique: "unique",
};

/** `columns`: those that are known, where that is more than the definition says. */
function creation(
  { bound, table, schema }: Scene,
  kind: ActionKind,
  definition: ConstraintDefinition,
  columns = definition.columns ?? [],
): readonly Sketch[] {
  const name = optionalName(bound, "constraint_name", "the constraint's name");
  return [
    {
      action: action({
        kind,
        effect: "schema",
        table,
        name,
        columns: definition.type === "check" && definition.columns === undefined ? ["*"] : columns,
        touches: [
          ...onNamed("create", "constraint", name, table?.schema ?? schema),
          ...onTable("require", table),
          ...constraintTouches(definition, table, columns),
        ],
        details: {
          constraintType: alembicType[definition.type],
          referencedTable: definition.references?.table,
          notValid: definition.notValid,
          unique: isUnique(definition) || undefined,
          expression: definition.type === "exclude" || undefined,
          constraints: [definition],
        },
      }),
      doubts: bound.doubts,
    },
  ];
}

function key(scene: Scene, kind: ActionKind, type: "unique" | "primary_key"): readonly Sketch[] {
  const { bound, dialect } = scene;
  const known = columnsArgument(bound, "columns");
  const columns = columnNames(bound.get("columns"));
  const definition = constraintDefinition({ type, name: bound.get("constraint_name"), columns, bound, dialect });
  return creation(scene, kind, definition, known);
}

export const createUniqueConstraint: Directive = {
  parameters: ["constraint_name|name", "table_name|source", "columns|local_cols", "schema"],
  batch: ["constraint_name|name", "columns|local_cols"],
  read: (scene) => key(scene, "create_unique_constraint", "unique"),
};

export const createPrimaryKey: Directive = {
  parameters: ["constraint_name|name", "table_name", "columns|cols", "schema"],
  batch: ["constraint_name|name", "columns|cols"],
  read: (scene) => key(scene, "create_primary_key", "primary_key"),
};

export const createCheckConstraint: Directive = {
  parameters: ["constraint_name|name", "table_name|source", "condition", "schema"],
  batch: ["constraint_name|name", "condition"],
  read: (scene) => {
    const { bound } = scene;
    const definition = checkDefinition(bound.get("condition"), bound.get("constraint_name"), bound, scene);
    return creation(scene, "create_check_constraint", definition);
  },
};

export const createExcludeConstraint: Directive = {
  parameters: ["constraint_name", "table_name"],
  batch: ["constraint_name"],
  read: (scene) =>
    creation(scene, "create_exclude_constraint", exclusionOf(scene.bound, scene.bound.get("constraint_name"), scene)),
};

const foreignKeyOptions = ["onupdate", "ondelete", "deferrable", "initially", "match"];

export const createForeignKey: Directive = {
  parameters: [
    "constraint_name|name",
    "source_table|source",
    "referent_table|referent",
    "local_cols",
    "remote_cols",
    ...foreignKeyOptions,
    "source_schema",
    "referent_schema",
  ],
  batch: ["constraint_name|name", "referent_table|referent", "local_cols", "remote_cols"],
  table: "source_table",
  schema: "source_schema",
  read: (scene) => {
    const { bound } = scene;
    const name = nameArgument(bound, "referent_table", "the referenced table's name");
    const schema = optionalName(bound, "referent_schema", "the referenced table's schema");
    const known = columnsArgument(bound, "local_cols");
    const remote = columnsArgument(bound, "remote_cols");
    const definition = foreignKey(scene, name === undefined ? undefined : qualified(name, schema), remote);
    return creation(scene, "create_foreign_key", definition, known);
  },
};

function foreignKey(
  { bound, dialect }: Scene,
  table: QualifiedName | undefined,
  remote: readonly string[],
): ConstraintDefinition {
  const targets = (remote.length > 0 ? remote : [undefined]).map((column) => present<Target>({ table, column }));
  const references = referenceOf(targets, bound);
  const columns = columnNames(bound.get("local_cols"));
  return constraintDefinition(
    { type: "foreign_key", name: bound.get("constraint_name"), columns, bound, dialect },
    references && { references },
  );
}

export const dropConstraint: Directive = {
  parameters: ["constraint_name|name", "table_name|tablename", "type_|type", "schema"],
  batch: ["constraint_name|name", "type_|type"],
  read: ({ bound, table, schema }) => {
    const given = bound.get("constraint_name");
    const name = optionalName(bound, "constraint_name", "the constraint's name");
    if (isNone(given)) bound.doubts.push("the constraint's name is None");
    const constraintType = textOf(bound.get("type_"));
    return [
      {
        action: action({
          kind: "drop_constraint",
          effect: "schema",
          table,
          name,
          touches: [
            ...onNamed("drop", "constraint", name, table?.schema ?? schema),
            ...onTable("require", table),
            ...onTable("relax", table),
          ],
          details: { constraintType, unnamed: isNone(given) || undefined, ifExists: flag(bound, "if_exists") },
        }),
        doubts: bound.doubts,
      },
    ];
  },
};
