/** `AddConstraint(c)` and `DropConstraint(c)`, executed. */
import type { ActionKind, Dialect, QualifiedName } from "../../../sql/action.ts";
import type { Call, Value } from "../../../syntax/value.ts";
import { columnReference } from "../columns.ts";
import { action, opaque, someOf, type Sketch } from "../draft.ts";
import { constraintTouches } from "../elements/constraint-touches.ts";
import { tableConstraintOf } from "../elements/constraint.ts";
import { onNamed, onTable } from "../entities.ts";
import { tableOf } from "../tables.ts";
import { built, nameOf, whyUnknown } from "../terms.ts";
import type { Way } from "./named.ts";

const kinds: Readonly<Record<string, ActionKind>> = {
  ForeignKeyConstraint: "create_foreign_key",
  UniqueConstraint: "create_unique_constraint",
  CheckConstraint: "create_check_constraint",
  PrimaryKeyConstraint: "create_primary_key",
  ExcludeConstraint: "create_exclude_constraint",
};

/** Its table is that of the columns that it is given, or `table=`. */
export function readAddedConstraint(way: Way, element: Value | undefined, dialect: Dialect): Sketch {
  const kind = element === undefined ? undefined : kinds[built(element) ?? ""];
  if (element?.kind !== "call" || kind === undefined) return opaque("schema", whyUnknown(element, "the constraint"));
  const name = nameOf(element.args.find((argument) => argument.name === "name")?.value);
  const table = tableIn(element);
  const definition = tableConstraintOf(element, { table, dialect });
  return {
    action: action({
      kind: way === "create" ? kind : "drop_constraint",
      effect: "schema",
      table,
      name,
      columns: way === "create" ? (definition?.columns ?? []) : [],
      touches: [
        ...onNamed(way, "constraint", name, table?.schema),
        ...onTable("require", table),
        ...(way === "drop" ? onTable("relax", table) : definition ? constraintTouches(definition, table) : []),
      ],
      details: {
        constraints: way === "create" && definition ? someOf([definition]) : undefined,
        referencedTable: way === "create" ? definition?.references?.table : undefined,
        notValid: way === "create" ? definition?.notValid : undefined,
        unique: way === "create" && /unique|primary/.test(kind) ? true : undefined,
      },
      incomplete: table === undefined,
    }),
    doubts: table ? [] : ["the constraint's table is not known"],
  };
}

function tableIn(call: Call): QualifiedName | undefined {
  const given = tableOf(call.args.find((argument) => argument.name === "table")?.value)?.name;
  const values = call.args.flatMap(({ value }) => (value.kind === "sequence" ? value.items : [value]));
  const ofColumns = values.map((value) => columnReference(value)?.table);
  return given ?? ofColumns.find((table) => table !== undefined);
}
