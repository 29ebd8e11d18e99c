/**
 * `op.sync_enum_values(…)` and `op.add_enum_value(…)` of alembic_postgresql_enum,
 * https://github.com/Pogchamp-company/alembic-postgresql-enum. To change values, the old type is renamed, a new one made under its name, every column converted, and the old type dropped.
 */
import type { Details, QualifiedName, Touch } from "../../../sql/action.ts";
import type { Value } from "../../../syntax/value.ts";
import { bind, nameArgument } from "../arguments.ts";
import type { Directive } from "../directives/directive.ts";
import { action, someOf } from "../draft.ts";
import { onColumns, onNamed, onTable, qualified } from "../entities.ts";
import { namesOrNone } from "../elements/constraint-parts.ts";
import { nameOf, textOf, whyUnknown } from "../terms.ts";

interface Affected {
  readonly table: QualifiedName;
  readonly column: string;
}

const syncEnumValues: Directive = {
  parameters: [
    "enum_schema|schema",
    "enum_name",
    "new_values",
    "affected_columns",
    "enum_values_to_rename",
    "indexes_to_recreate",
  ],
  table: null,
  read: ({ bound }) => {
    const name = nameArgument(bound, "enum_name", "the enum's name");
    const schema = nameArgument(bound, "enum_schema", "the enum's schema");
    const given = bound.get("new_values");
    const values = given?.kind === "sequence" && given.complete ? namesOrNone(given.items) : undefined;
    const columns = bound.get("affected_columns");
    const items = columns?.kind === "sequence" && columns.complete ? columns.items : undefined;
    const affected = items?.map((item) => affectedColumn(item, schema));
    const known = (affected ?? []).flatMap((one) => one ?? []);
    if (items === undefined || known.length < items.length)
      bound.doubts.push(whyUnknown(columns, "the list of affected columns"));
    return [
      {
        action: action({
          kind: "alter_type",
          effect: "schema",
          name,
          touches: [...onNamed("alter", "type", name, schema), ...known.flatMap(converted)],
          details: {
            typeKind: "enum",
            // As the type is afterwards.
            enumTypes: name === undefined ? undefined : [{ name: qualified(name, schema), values }],
            renamedValues: renamesOf(bound.get("enum_values_to_rename")),
          },
          incomplete: items === undefined || known.length < items.length,
        }),
        doubts: bound.doubts,
      },
    ];
  },
};

/** Pairs of an old and a new name. */
function renamesOf(value: Value | undefined): Details["renamedValues"] {
  const pairs = value?.kind === "sequence" ? value.items : [];
  return someOf(
    pairs.flatMap((pair) => {
      const [from, to] = pair.kind === "sequence" ? pair.items.map(textOf) : [];
      return from === undefined || to === undefined ? [] : [{ from, to }];
    }),
  );
}

/** Rows that hold a value that is gone make the conversion fail. */
const converted = ({ table, column }: Affected): readonly Touch[] => [
  ...onColumns("alter", table, [column]),
  ...onColumns("constrain", table, [column]),
  ...onTable("require", table),
];

/** `("users", "status")`, or `TableReference(table_schema=…, table_name=…, column_name=…)`. */
function affectedColumn(value: Value, schema: string | undefined): Affected | undefined {
  if (value.kind === "sequence") {
    const [table, column] = value.items.map(nameOf);
    return table === undefined || column === undefined ? undefined : { table: qualified(table, schema), column };
  }
  if (value.kind !== "call") return undefined;
  const bound = bind(value.args, ["table_name", "column_name"]);
  const [table, column] = [nameOf(bound.get("table_name")), nameOf(bound.get("column_name"))];
  const own = nameOf(bound.get("table_schema")) ?? schema;
  return table === undefined || column === undefined ? undefined : { table: qualified(table, own), column };
}

/** ALTER TYPE … ADD VALUE; what it calls `before_value` it puts the new one behind. */
const addEnumValue: Directive = {
  parameters: ["enum_schema", "enum_name", "new_value", "before_value"],
  table: null,
  read: ({ bound }) => {
    const name = nameArgument(bound, "enum_name", "the enum's name");
    const schema = nameArgument(bound, "enum_schema", "the enum's schema");
    const value = nameArgument(bound, "new_value", "the value");
    const after = textOf(bound.get("before_value"));
    return [
      {
        action: action({
          kind: "alter_type",
          effect: "schema",
          name,
          touches: onNamed("alter", "type", name, schema),
          details: {
            typeKind: "enum",
            enumValue: "added",
            value: value === undefined ? undefined : { name: value, ...(after !== undefined && { after }) },
          },
        }),
        doubts: bound.doubts,
      },
    ];
  },
};

export const alembicPostgresqlEnum: readonly (readonly [name: string, directive: Directive])[] = [
  ["sync_enum_values", syncEnumValues],
  ["add_enum_value", addEnumValue],
];
