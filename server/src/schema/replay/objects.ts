/** Types, views, sequences, schemas and comments. */
import { renderName, type QualifiedName, type Touching } from "../../sql/action.ts";
import type { Column, EnumType, Table } from "../state.ts";
import { withoutColumn } from "./columns.ts";
import type { SchemaDraft } from "./draft.ts";
import { settleOwner } from "./numbering.ts";
import { keyOf, plainName } from "./schema.ts";
import type { Apply, Step } from "./step.ts";
import { dropTable, dropViewsOn } from "./tables.ts";

const makes = new Set<Touching>(["create", "drop", "alter", "rename"]);

/** The object's own name: in the schema of its touch, where it has one. */
function ownName({ operation }: Step): QualifiedName | undefined {
  const { name, touches } = operation;
  const touched = touches.find(({ how, on }) => makes.has(how) && on.name.name === name);
  return touched?.on.name ?? (name === undefined ? undefined : { name });
}

export const createType: Apply = (draft, step) => {
  for (const type of step.operation.details.enumTypes ?? []) {
    const there = draft.schema.enumType(type.name);
    if (typeof there !== "object") draft.putEnum(step.mayNotRun ? { ...type, values: undefined } : type);
    else if (!step.isGuarded && !step.operation.details.ifNotExists && there.values !== undefined)
      draft.contradict(`Creates ${renderName(type.name)}`, {
        how: "present",
        thing: { type: "type", name: type.name },
      });
  }
};

export const alterType: Apply = (draft, step) => {
  const name = ownName(step);
  if (!name) return;
  const type = draft.schema.enumType(name);
  if (typeof type !== "object") return;
  const { enumTypes: [whole] = [], enumValue, value, newName } = step.operation.details;
  // alembic_postgresql_enum gives the whole list of values.
  if (whole) draft.putEnum({ ...type, values: step.mayNotRun ? undefined : whole.values });
  if (newName !== undefined && enumValue === undefined) {
    draft.removeEnum(name);
    draft.putEnum({ ...type, name: { ...name, name: newName } });
    retype(draft, name, { ...type, name: { ...name, name: newName } });
  } else if (enumValue !== undefined && (value === undefined || step.mayNotRun)) {
    draft.putEnum({ name: type.name, values: undefined });
  } else if (enumValue === "added" && value && type.values) {
    draft.putEnum({ ...type, values: inserted(type.values, value) });
  } else if (enumValue === "renamed" && value?.newName !== undefined) {
    const { newName: to } = value;
    draft.putEnum({ ...type, values: type.values?.map((one) => (one === value.name ? to : one)) });
  }
};

function inserted(
  values: readonly string[],
  { name, before, after }: { readonly name: string; readonly before?: string; readonly after?: string },
): readonly string[] {
  if (values.includes(name)) return values;
  const beside = before ?? after;
  const at = beside === undefined ? -1 : values.indexOf(beside);
  return at < 0 ? [...values, name] : values.toSpliced(before === undefined ? at + 1 : at, 0, name);
}

/** Columns of an enum follow its new name. */
function retype(draft: SchemaDraft, from: QualifiedName, to: EnumType): void {
  for (const table of columnsOfType(draft, from)) {
    const columns = table.columns.map((column) =>
      column.type && isNamed(column.type, from)
        ? { ...column, type: { ...column.type, ...withSchema(to.name) } }
        : column,
    );
    draft.putTable({ ...table, columns });
  }
}

const withSchema = ({ schema, name }: QualifiedName): { readonly name: string; readonly schema?: string } =>
  plainName(schema === undefined ? { name } : { schema, name });

const isNamed = (type: { readonly name: string; readonly schema?: string }, name: QualifiedName): boolean =>
  keyOf(type) === keyOf(name);

const columnsOfType = (draft: SchemaDraft, name: QualifiedName): readonly Table[] =>
  [...draft.schema.tables].filter(({ columns }) => columns.some(({ type }) => type && isNamed(type, name)));

export const dropType: Apply = (draft, step) => {
  const name = ownName(step);
  if (!name) return;
  if (step.operation.details.cascade) {
    for (const table of columnsOfType(draft, name)) {
      const gone = table.columns.filter(({ type }) => type && isNamed(type, name));
      draft.putTable(gone.reduce((rest, column) => withoutColumn(rest, column.name), table));
    }
  }
  draft.removeEnum(name);
};

export const createView: Apply = (draft, step) => {
  const name = ownName(step);
  if (!name || step.operation.details.temporary) return;
  const reads = step.operation.touches.flatMap(({ how, on }) =>
    how === "read" && on.type === "table" ? [on.name] : [],
  );
  draft.putView({ name, materialized: step.operation.details.materialized === true, reads });
};

export const dropView: Apply = (draft, step) => {
  const name = ownName(step);
  if (!name) return;
  draft.removeView(name);
  if (step.operation.details.cascade) dropViewsOn(draft, name);
};

export const createSequence: Apply = (draft, step) => {
  const name = ownName(step);
  if (name && !step.operation.details.temporary && typeof draft.schema.sequence(name) === "string")
    draft.putSequence({ name });
};

export const dropSequence: Apply = (draft, step) => {
  const name = ownName(step);
  if (name) draft.removeSequence(name);
};

export const createSchema: Apply = (draft, { operation: { name } }) => {
  if (name !== undefined) draft.addSchema(name);
};

export const dropSchema: Apply = (draft, step) => {
  const { name } = step.operation;
  if (name === undefined) return;
  draft.removeSchema(name);
  for (const table of draft.schema.tables)
    if (table.name.schema === name)
      dropTable(draft, { ...step, operation: { ...step.operation, kind: "drop_table", table: table.name } });
  for (const type of draft.schema.enumTypes) if (type.name.schema === name) draft.removeEnum(type.name);
  for (const view of draft.schema.views) if (view.name.schema === name) draft.removeView(view.name);
  for (const sequence of draft.schema.sequences) if (sequence.name.schema === name) draft.removeSequence(sequence.name);
};

export const commentTable: Apply = (draft, step) => {
  const { table: name, details, kind } = step.operation;
  if (!name || typeof draft.schema.table(name) !== "object") return;
  const { comment: before, ...table } = draft.tableFor(name, "Comments on");
  const comment = kind === "drop_table_comment" ? null : details.comment;
  const kept = comment === undefined ? before : (comment ?? undefined);
  draft.putTable({ ...table, ...(kept !== undefined && { comment: kept }) });
};

/** COMMENT ON COLUMN; comments on other things are not told. */
export const comment: Apply = (draft, { operation: { table: name, columns, details } }) => {
  const table = name && draft.schema.table(name);
  const { comment: text } = details;
  if (details.command !== "COMMENT" || typeof table !== "object" || text === undefined) return;
  const commented = (column: Column): Column => {
    const { comment: _, ...rest } = column;
    return text === null ? rest : { ...rest, comment: text };
  };
  draft.putTable({
    ...table,
    columns: table.columns.map((column) => (columns.includes(column.name) ? commented(column) : column)),
  });
};

export const alterSequence: Apply = (draft, step) => {
  const name = ownName(step);
  const sequence = name && draft.schema.sequence(name);
  if (!name || typeof sequence !== "object") return;
  const { newName, sequence: given } = step.operation.details;
  draft.removeSequence(name);
  const { ownedBy, ...rest } = sequence;
  const owner = given?.ownedBy === undefined ? ownedBy : (given.ownedBy ?? undefined);
  const altered = { ...rest, name: { ...name, name: newName ?? name.name }, ...(owner && { ownedBy: owner }) };
  draft.putSequence(altered);
  settleOwner(draft, altered, ownedBy);
};

export const alterView: Apply = (draft, step) => {
  const name = ownName(step);
  const view = name && draft.schema.view(name);
  const { newName } = step.operation.details;
  if (!name || typeof view !== "object" || newName === undefined) return;
  draft.removeView(name);
  draft.putView({ ...view, name: { ...name, name: newName } });
};
