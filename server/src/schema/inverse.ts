/** The exact inverse of an operation, given the schema that it meets: what `downgrade()` has to do. */
import type { Operation } from "../model/revision.ts";
import {
  renderName,
  type Action,
  type ActionKind,
  type ColumnDefinition,
  type Details,
  type QualifiedName,
} from "../sql/action.ts";
import type { ConstraintDefinition, IndexDefinition } from "../sql/definition.ts";
import { ownIndexes } from "./describe.ts";
import { indexUses } from "./replay/columns.ts";
import { keyOf } from "./replay/schema.ts";
import type { Column, Constraint, Found, Index, Schema, Table } from "./state.ts";

export type Inverse =
  | { readonly actions: readonly Action[] }
  /** One sentence. */
  | { readonly impossible: string };

const impossible = (why: string): Inverse => ({ impossible: why });
const nothing: Inverse = { actions: [] };

interface Subject {
  readonly operation: Operation;
  readonly before: Schema;
}

type Invert = (subject: Subject) => Inverse;

const action = (kind: ActionKind, details: Details, more: Partial<Action> = {}): Action => ({
  kind,
  effect: "schema",
  columns: [],
  touches: [],
  details,
  ...more,
});

export const toColumnDefinition = (column: Column): ColumnDefinition => {
  const { name, type, nullable, default: given, serial, identity, computed, collation, comment } = column;
  return {
    name,
    ...(type && { sqlType: type }),
    ...(nullable !== undefined && { nullable }),
    ...(given && !serial && { default: given }),
    hasServerDefault: serial === true || (given !== null && given !== undefined),
    ...(serial && { serial }),
    ...(identity && { identity, generated: "identity" as const }),
    ...(computed && { computed, generated: "computed" as const }),
    ...(collation !== undefined && { collation }),
    ...(comment !== undefined && { comment }),
  };
};

const toConstraintDefinition = ({ name, ...constraint }: Constraint): ConstraintDefinition => ({
  ...constraint,
  ...(name !== undefined && { name, nameIsFinal: true }),
});

function toIndexDefinition({ name, ofConstraint: _, ...index }: Index): IndexDefinition {
  return { ...index, ...(name !== undefined && { name, nameIsFinal: true }) };
}

/** What adds a constraint of each type. */
export const addKinds = {
  primary_key: "create_primary_key",
  foreign_key: "create_foreign_key",
  unique: "create_unique_constraint",
  check: "create_check_constraint",
  exclude: "create_exclude_constraint",
  not_null: "create_check_constraint",
} as const satisfies Record<ConstraintDefinition["type"], ActionKind>;

const addConstraint = (table: QualifiedName, constraint: Constraint): Action =>
  action(
    addKinds[constraint.type],
    { constraints: [toConstraintDefinition(constraint)] },
    {
      table,
      ...(constraint.name !== undefined && { name: constraint.name }),
      columns: constraint.columns ?? [],
    },
  );

const addIndex = (table: QualifiedName, index: Index, concurrently?: boolean): Action =>
  action(
    "create_index",
    {
      unique: index.unique,
      ...(concurrently && { concurrently }),
      indexes: [{ ...toIndexDefinition(index), ...(concurrently && { concurrently: true }) }],
    },
    {
      table,
      ...(index.name !== undefined && { name: index.name }),
      columns: (index.keys ?? []).flatMap(({ column }) => column ?? []),
    },
  );

/** Foreign keys of other tables that go with what they point at. */
function foreignKeysTo(before: Schema, name: QualifiedName, column?: string): readonly Action[] {
  return [...before.tables].flatMap((table) =>
    keyOf(table.name) === keyOf(name)
      ? []
      : table.constraints
          .filter(
            ({ references }) =>
              references &&
              keyOf(references.table) === keyOf(name) &&
              (column === undefined || references.columns.includes(column)),
          )
          .map((constraint) => addConstraint(table.name, constraint)),
  );
}

/** The table as it is before, unless something about it is not known. */
function known(name: QualifiedName | undefined, before: Schema): Table | string {
  if (name === undefined) return "The table is not known.";
  const table: Found<Table> = before.table(name);
  if (table === "absent") return `Table ${renderName(name)} does not exist before this.`;
  if (table === "unknown") return `What table ${renderName(name)} is like before this is not known.`;
  return table.doubt === undefined
    ? table
    : `What table ${renderName(name)} is like before this is not known: ${table.doubt}.`;
}

const withTable =
  (invert: (table: Table, subject: Subject) => Inverse): Invert =>
  (subject) => {
    const table = known(subject.operation.table, subject.before);
    return typeof table === "string" ? impossible(table) : invert(table, subject);
  };

const dropTable = withTable((table, { before }) => {
  const unread = table.columns.find(({ type }) => type === undefined);
  if (unread) return impossible(`The type of ${renderName(table.name)}.${unread.name} is not known.`);
  const create = action(
    "create_table",
    {
      definitions: table.columns.map(toColumnDefinition),
      constraints: table.constraints.map(toConstraintDefinition),
      indexes: ownIndexes(table).map(toIndexDefinition),
      ...(table.comment !== undefined && { options: { comment: table.comment } }),
    },
    { table: table.name, columns: table.columns.map(({ name }) => name) },
  );
  return { actions: [create, ...foreignKeysTo(before, table.name)] };
});

const createTable: Invert = ({ operation, before }) => {
  const { table, details } = operation;
  if (!table) return impossible("The name of the table is not known.");
  if (details.ifNotExists && before.table(table) !== "absent")
    return impossible(`Whether ${renderName(table)} is made here or was there before is not known.`);
  const types = (details.enumTypes ?? []).filter(({ name }) => before.enumType(name) === "absent");
  return {
    actions: [
      action("drop_table", {}, { table }),
      ...types.map(({ name }) =>
        action("drop_type", { enumTypes: [{ name, values: undefined }] }, { name: name.name }),
      ),
    ],
  };
};

const dropColumn = withTable((table, { operation, before }) => {
  const actions: Action[] = [];
  for (const name of operation.columns.toReversed()) {
    const column = table.columns.find((one) => one.name === name);
    if (!column) return impossible(`Column ${renderName(table.name)}.${name} does not exist before this.`);
    if (!column.type) return impossible(`The type of ${renderName(table.name)}.${name} is not known.`);
    const constraints = table.constraints.filter(({ columns }) => columns?.includes(name));
    const indexes = ownIndexes(table).filter((index) => indexUses(index, name));
    actions.push(
      action("add_column", { definitions: [toColumnDefinition(column)] }, { table: table.name, columns: [name] }),
      ...constraints.map((constraint) => addConstraint(table.name, constraint)),
      ...indexes.map((index) => addIndex(table.name, index)),
      ...foreignKeysTo(before, table.name, name),
    );
  }
  return { actions };
});

const addColumn: Invert = ({ operation: { table, columns } }) =>
  table && columns.length > 0
    ? { actions: columns.toReversed().map((column) => action("drop_column", {}, { table, columns: [column] })) }
    : impossible("The added column is not known.");

const alterColumn = withTable((table, { operation: { columns, details } }) => {
  const [name] = columns;
  const column = table.columns.find((one) => one.name === name);
  if (name === undefined || !column)
    return impossible(`The column is not known to ${renderName(table.name)} before this.`);
  const full = `${renderName(table.name)}.${name}`;
  const back: { -readonly [K in keyof Details]: Details[K] } = {};
  if (details.newType !== undefined || details.newSqlType !== undefined) {
    if (!column.type) return impossible(`The type that ${full} has before this is not known.`);
    back.newSqlType = column.type;
  }
  if (details.nullable !== undefined) {
    if (column.nullable === undefined) return impossible(`Whether ${full} may be NULL before this is not known.`);
    back.nullable = column.nullable;
  }
  if (details.serverDefault !== undefined || details.newDefault !== undefined) {
    if (column.default === undefined) return impossible(`The default that ${full} has before this is not known.`);
    back.serverDefault = column.default !== null;
    if (column.default) back.newDefault = column.default;
  }
  if (details.identity !== undefined) back.identity = column.identity ?? "dropped";
  if (details.comment !== undefined) back.comment = column.comment ?? null;
  if (details.newName !== undefined) back.newName = name;
  return { actions: [action("alter_column", back, { table: table.name, columns: [details.newName ?? name] })] };
});

const renameTable: Invert = ({ operation: { table, details } }) =>
  table && details.newName !== undefined
    ? { actions: [action("rename_table", { newName: table.name }, { table: { ...table, name: details.newName } })] }
    : impossible("The new name of the table is not known.");

const createIndex: Invert = ({ operation: { table, name, details } }) =>
  name === undefined
    ? impossible("The name of the index is not known.")
    : {
        actions: [
          action("drop_index", details.concurrently ? { concurrently: true } : {}, { name, ...(table && { table }) }),
        ],
      };

const dropIndex: Invert = ({ operation: { name, table: on, details }, before }) => {
  if (name === undefined) return impossible("The name of the index is not known.");
  const table = before.tableOfIndex(on?.schema === undefined ? { name } : { schema: on.schema, name });
  const index = typeof table === "object" ? table.indexes.find((one) => one.name === name) : undefined;
  return typeof table !== "object" || !index?.keys
    ? impossible(`What index ${name} is like before this is not known.`)
    : { actions: [addIndex(table.name, index, details.concurrently)] };
};

const createConstraint: Invert = ({ operation: { table, name, details } }) => {
  const names = details.constraints?.map((constraint) => constraint.name) ?? [name];
  if (!table || names.includes(undefined)) return impossible("The name of the constraint is not known.");
  return {
    actions: names.map((one) => action("drop_constraint", {}, { table, ...(one !== undefined && { name: one }) })),
  };
};

const dropConstraint = withTable((table, { operation: { name } }) => {
  const constraint = table.constraints.find((one) => one.name === name);
  return name === undefined || !constraint?.columns
    ? impossible(`What constraint ${name ?? "it is"} is like before this is not known.`)
    : { actions: [addConstraint(table.name, constraint)] };
});

const renamed =
  (kind: "rename_constraint" | "rename_index"): Invert =>
  ({ operation: { table, name, details } }) =>
    name === undefined || details.newName === undefined
      ? impossible("The new name is not known.")
      : { actions: [action(kind, { newName: name }, { name: details.newName, ...(table && { table }) })] };

const createType: Invert = ({ operation: { name, details } }) => {
  const types = details.enumTypes?.map((type) => type.name) ?? (name === undefined ? [] : [{ name }]);
  return {
    actions: types.map((type) =>
      action("drop_type", { enumTypes: [{ name: type, values: undefined }] }, { name: type.name }),
    ),
  };
};

const dropType: Invert = ({ operation: { name }, before }) => {
  const type = name === undefined ? "unknown" : before.enumType({ name });
  return typeof type !== "object" || type.values === undefined
    ? impossible(`The values of type ${name ?? "it is"} are not known.`)
    : { actions: [action("create_type", { enumTypes: [type] }, { name: type.name.name })] };
};

const alterType: Invert = ({ operation: { name, details } }) => {
  if (details.enumValue === "renamed" && details.value?.newName !== undefined)
    return {
      actions: [
        action(
          "alter_type",
          { enumValue: "renamed", value: { name: details.value.newName, newName: details.value.name } },
          name === undefined ? {} : { name },
        ),
      ],
    };
  return impossible("A value cannot be taken from an enum; the type has to be made anew.");
};

const commentTable: Invert = ({ operation: { table: name }, before }) => {
  const table = known(name, before);
  if (typeof table === "string") return impossible(table);
  return {
    actions: [
      table.comment === undefined
        ? action("drop_table_comment", { comment: null }, { table: table.name })
        : action("create_table_comment", { comment: table.comment }, { table: table.name }),
    ],
  };
};

/** Of what is maintenance only comments are part of the schema; all the rest has nothing to undo. */
const maintenance: Invert = (subject) => {
  const { table, columns, details } = subject.operation;
  if (details.command !== "COMMENT") return nothing;
  if (!table || columns.length === 0) return impossible("The comment before this is not known.");
  return alterColumn(subject);
};

const inverses: Partial<Record<ActionKind, Invert>> = {
  create_table: createTable,
  drop_table: dropTable,
  rename_table: renameTable,
  create_table_comment: commentTable,
  drop_table_comment: commentTable,
  add_column: addColumn,
  drop_column: dropColumn,
  alter_column: alterColumn,
  create_index: createIndex,
  drop_index: dropIndex,
  rename_index: renamed("rename_index"),
  create_check_constraint: createConstraint,
  create_exclude_constraint: createConstraint,
  create_foreign_key: createConstraint,
  create_primary_key: createConstraint,
  create_unique_constraint: createConstraint,
  drop_constraint: dropConstraint,
  rename_constraint: renamed("rename_constraint"),
  create_type: createType,
  drop_type: dropType,
  alter_type: alterType,
  maintenance,
};

const changesNothing = new Set(["read", "session", "transaction", "maintenance"]);

/** What undoes `operation`, in the order to run it; or why nothing can be said. Rows are not brought back. */
export function invert(operation: Operation, before: Schema): Inverse {
  if (operation.confidence === "opaque" || operation.effect === "unknown")
    return impossible(`What it does could not be read${operation.why === undefined ? "" : `: ${operation.why}`}.`);
  if (operation.effect === "data") return impossible("Rows that were changed cannot be told from the schema.");
  const found = inverses[operation.kind];
  if (found) return found({ operation, before });
  return changesNothing.has(operation.effect) ? nothing : impossible("Its definition before this is not known.");
}
