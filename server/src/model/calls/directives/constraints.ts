/** Constraints: the `create_…_constraint` directives, `drop_constraint`, and constraints within a table. */
import { touch, type ActionKind, type QualifiedName, type Touch } from "../../../sql/action.ts";
import type { ConstraintDefinition } from "../../../sql/definition.ts";
import type { Value } from "../../../syntax/value.ts";
import { bind, flag, nameArgument, optionalName, type Bound } from "../arguments.ts";
import { columnReference, targetOf, targetTouches, type Target } from "../columns.ts";
import { action, present } from "../draft.ts";
import { checkDefinition, columnNames, constraintDefinition, referenceOf } from "../elements/constraint.ts";
import { exclusionOf } from "../elements/exclusion.ts";
import { onColumns, onNamed, onTable, qualified } from "../entities.ts";
import { columnsOfExpression } from "../expressions.ts";
import { built, isNone, nameOf, textOf, whyUnknown } from "../terms.ts";
import type { Directive, Scene } from "./directive.ts";

/** The columns in a list of names; what is not a name is left out. */
export const namesOf = (values: readonly Value[]): readonly string[] =>
  values.flatMap((value) => nameOf(value) ?? columnReference(value)?.column ?? []);

function columnsArgument(bound: Bound, parameter: string): readonly string[] {
  const value = bound.get(parameter);
  const items = value?.kind === "sequence" ? value.items : value?.kind === "text" ? [value] : [];
  const names = namesOf(items);
  const known = (value?.kind === "sequence" && value.complete) || value?.kind === "text";
  if (!known || names.length < items.length) bound.doubts.push(whyUnknown(value, "the list of columns"));
  return names;
}

const constraintName = (bound: Bound): string | undefined =>
  optionalName(bound, "constraint_name", "the constraint's name");

interface Creation {
  readonly kind: ActionKind;
  readonly columns: readonly string[];
  readonly constraintType: string;
  readonly touches?: readonly Touch[];
  readonly referencedTable?: QualifiedName | undefined;
  readonly definition: ConstraintDefinition;
}

function creation(
  { bound, table, schema }: Scene,
  { kind, columns, constraintType, touches = [], referencedTable, definition }: Creation,
) {
  const name = constraintName(bound);
  return [
    {
      action: action({
        kind,
        effect: "schema",
        table,
        name,
        columns,
        touches: [
          ...onNamed("create", "constraint", name, table?.schema ?? schema),
          ...onTable("require", table),
          ...onColumns(
            "require",
            table,
            columns.filter((column) => column !== "*"),
          ),
          ...(isUnique(kind) && table ? [uniqueness(table)] : []),
          ...(notValid(bound)
            ? []
            : [
                ...onColumns("constrain", table, columns.length > 0 ? columns : ["*"]),
                ...touches.filter(({ how }) => how === "read"),
              ]),
          ...touches.filter(({ how }) => how !== "read"),
        ],
        details: {
          constraintType,
          referencedTable,
          notValid: notValid(bound),
          unique: isUnique(kind) || undefined,
          expression: kind === "create_exclude_constraint" || undefined,
          constraints: [definition],
        },
      }),
      doubts: bound.doubts,
    },
  ];
}

const isUnique = (kind: ActionKind): boolean => kind === "create_unique_constraint" || kind === "create_primary_key";

/** What a constraint that is added to a table touches besides its own name. */
export function constraintTouches(
  { type, columns, references, notValid: unchecked }: ConstraintDefinition,
  table: QualifiedName | undefined,
): readonly Touch[] {
  const unique = type === "unique" || type === "primary_key";
  return [
    ...onColumns("require", table, columns ?? []),
    ...(unique && table ? [uniqueness(table)] : []),
    ...(unchecked ? [] : onColumns("constrain", table, columns ?? ["*"])),
    ...onTable("require", references?.table),
    ...onColumns("require", references?.table, references?.columns ?? []),
    ...(unchecked ? [] : onColumns("read", references?.table, references?.columns ?? [])),
  ];
}

/** What ON CONFLICT needs: some unique index of the table. */
export const uniqueness = (table: QualifiedName): Touch => touch("create", { type: "index", name: table });

/** `NOT VALID`: rows that exist are not looked at. */
const notValid = (bound: Bound): boolean | undefined => flag(bound, "postgresql_not_valid") || undefined;

export const createUniqueConstraint: Directive = {
  parameters: ["constraint_name|name", "table_name|source", "columns|local_cols", "schema"],
  batch: ["constraint_name|name", "columns|local_cols"],
  read: (scene) =>
    creation(scene, {
      kind: "create_unique_constraint",
      columns: columnsArgument(scene.bound, "columns"),
      constraintType: "unique",
      definition: keyDefinition(scene, "unique"),
    }),
};

export const createPrimaryKey: Directive = {
  parameters: ["constraint_name|name", "table_name", "columns|cols", "schema"],
  batch: ["constraint_name|name", "columns|cols"],
  read: (scene) =>
    creation(scene, {
      kind: "create_primary_key",
      columns: columnsArgument(scene.bound, "columns"),
      constraintType: "primary",
      definition: keyDefinition(scene, "primary_key"),
    }),
};

export const createCheckConstraint: Directive = {
  parameters: ["constraint_name|name", "table_name|source", "condition", "schema"],
  batch: ["constraint_name|name", "condition"],
  read: (scene) => {
    const condition = scene.bound.get("condition");
    const columns = condition === undefined ? ["*"] : columnsOfExpression(condition, scene.table, scene.dialect);
    const definition = checkDefinition(condition, scene.bound.get("constraint_name"), scene.bound, scene);
    return creation(scene, { kind: "create_check_constraint", columns, constraintType: "check", definition });
  },
};

export const createExcludeConstraint: Directive = {
  parameters: ["constraint_name", "table_name"],
  batch: ["constraint_name"],
  read: (scene) => {
    const elements = scene.bound.rest.flatMap((element) =>
      element.kind === "sequence" ? element.items.slice(0, 1) : [],
    );
    const columns = elements.flatMap(
      (element) => nameOf(element) ?? columnsOfExpression(element, scene.table, scene.dialect),
    );
    const definition = exclusionOf(scene.bound, scene.bound.get("constraint_name"), scene);
    return creation(scene, { kind: "create_exclude_constraint", columns, constraintType: "exclude", definition });
  },
};

const keyDefinition = ({ bound, dialect }: Scene, type: "unique" | "primary_key"): ConstraintDefinition =>
  constraintDefinition({
    type,
    name: bound.get("constraint_name"),
    columns: columnNames(bound.get("columns")),
    bound,
    dialect,
  });

function foreignKeyDefinition({ bound, dialect }: Scene, referenced: QualifiedName | undefined): ConstraintDefinition {
  const remote = columnNames(bound.get("remote_cols"));
  const targets = (remote ?? [undefined]).map((column) => present<Target>({ table: referenced, column }));
  const references = remote?.length === 0 ? undefined : referenceOf(targets, bound);
  return constraintDefinition(
    {
      type: "foreign_key",
      name: bound.get("constraint_name"),
      columns: columnNames(bound.get("local_cols")),
      bound,
      dialect,
    },
    references && { references },
  );
}

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
    const referencedTable = name === undefined ? undefined : qualified(name, schema);
    const columns = columnsArgument(bound, "local_cols");
    const remote = columnsArgument(bound, "remote_cols");
    const touches = [
      ...onTable("require", referencedTable),
      ...onColumns("require", referencedTable, remote),
      // Each row that exists is looked up there, so rows put in before must stay before.
      ...onColumns("read", referencedTable, remote),
    ];
    return creation(scene, {
      kind: "create_foreign_key",
      columns,
      constraintType: "foreignkey",
      touches,
      referencedTable,
      definition: foreignKeyDefinition(scene, referencedTable),
    });
  },
};

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
          details: { constraintType, ifExists: flag(bound, "if_exists") },
        }),
        doubts: bound.doubts,
      },
    ];
  },
};

/** What a constraint inside `create_table` touches besides the table itself. */
export function tableConstraint(value: Value, table: QualifiedName | undefined): readonly Touch[] {
  if (value.kind !== "call") return [];
  const construct = built(value);
  const bound = bind(value.args, []);
  const name = nameOf(construct === "Index" ? bound.rest[0] : bound.get("name"));
  if (construct === "Index") return onNamed("create", "index", name, table?.schema);
  const own = construct?.endsWith("Constraint") ? onNamed("create", "constraint", name, table?.schema) : [];
  return [...own, ...targetTouches(constraintTargets(value))];
}

/** The columns that a `ForeignKeyConstraint` points at; none of any other constraint. */
export function constraintTargets(value: Value): readonly Target[] {
  if (value.kind !== "call" || built(value) !== "ForeignKeyConstraint") return [];
  const columns = bind(value.args, ["columns", "refcolumns"]).get("refcolumns");
  return columns?.kind === "sequence" ? columns.items.map(targetOf) : [];
}
