/** What making a constraint touches: the columns it is on, the rows it is put on, the table it points at. */
import { touch, type QualifiedName, type Touch } from "../../../sql/action.ts";
import type { ConstraintDefinition } from "../../../sql/definition.ts";
import type { Value } from "../../../syntax/value.ts";
import { bind } from "../arguments.ts";
import { targetOf, targetTouches, type Target } from "../columns.ts";
import { onColumns, onNamed, onTable } from "../entities.ts";
import { built, nameOf } from "../terms.ts";
import { isLeftOut } from "./constraint.ts";

export const isUnique = ({ type }: ConstraintDefinition): boolean => type === "unique" || type === "primary_key";

/** What ON CONFLICT needs: some unique index of the table. */
export const uniqueness = (table: QualifiedName): Touch => touch("create", { type: "index", name: table });

/** Of a constraint that is added to a table which may hold rows. `columns`: those of its columns that are known. */
export function constraintTouches(
  definition: ConstraintDefinition,
  table: QualifiedName | undefined,
  columns: readonly string[] = definition.columns ?? [],
): readonly Touch[] {
  const { references, notValid } = definition;
  const referenced = references?.columns ?? [];
  return [
    ...onColumns("require", table, columns),
    ...(isUnique(definition) && table ? [uniqueness(table)] : []),
    ...(notValid
      ? []
      : [
          ...onColumns("constrain", table, columns.length > 0 ? columns : ["*"]),
          // Each row that exists is looked up there, so rows put in before must stay before.
          ...onColumns("read", references?.table, referenced),
        ]),
    ...onTable("require", references?.table),
    ...onColumns("require", references?.table, referenced),
  ];
}

/** What a constraint or an index inside `create_table` touches besides the table itself. */
export function tableItemTouches(value: Value, table: QualifiedName | undefined): readonly Touch[] {
  if (value.kind !== "call") return [];
  const construct = built(value);
  const bound = bind(value.args, []);
  const name = nameOf(construct === "Index" ? bound.rest[0] : bound.get("name"));
  if (construct === "Index") return onNamed("create", "index", name, table?.schema);
  const own = construct?.endsWith("Constraint") ? onNamed("create", "constraint", name, table?.schema) : [];
  return [...own, ...targetTouches(constraintTargets(value))];
}

/** The columns that a `ForeignKeyConstraint` points at, if it is made with its table; none of any other constraint. */
export function constraintTargets(value: Value): readonly Target[] {
  if (value.kind !== "call" || built(value) !== "ForeignKeyConstraint" || isLeftOut(value)) return [];
  const columns = bind(value.args, ["columns", "refcolumns"]).get("refcolumns");
  return columns?.kind === "sequence" ? columns.items.map(targetOf) : [];
}
