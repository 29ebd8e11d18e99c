/** What there is of each kind in a schema, with what is known of it. */
import { alembicType } from "../../model/calls/directives/constraints.ts";
import { describeConstraint, describeIndex, ownIndexes } from "../../schema/describe.ts";
import { plainName } from "../../schema/replay/schema.ts";
import type { Column, Schema, Table } from "../../schema/state.ts";
import { renderName, type QualifiedName } from "../../sql/action.ts";
import { renderColumnType } from "../../sql/postgres/type-text.ts";
import type { CompletionKind, Subject } from "./place.ts";

/** Something in the schema that can be named. */
export interface Nameable {
  readonly kind: CompletionKind;
  /** Without its schema. */
  readonly name: string;
  /** Absent in the server's default schema. */
  readonly schema?: string;
  readonly detail: string;
  readonly doubt?: string;
  readonly subject?: Omit<Subject, "at">;
}

const isIn = (name: QualifiedName, schema: string | undefined): boolean =>
  plainName(name).schema === plainName({ name: name.name, schema: schema ?? "" }).schema;
const doubtOf = ({ doubt }: { readonly doubt?: string }): { readonly doubt?: string } =>
  doubt === undefined ? {} : { doubt };
const placeOf = (name: QualifiedName): Pick<Nameable, "name" | "schema"> => plainName(name);

/** The tables of one schema, or of all. */
export function tablesIn(schema: Schema, only?: { readonly schema: string | undefined }): readonly Nameable[] {
  return [...schema.tables].flatMap((table) => (only && !isIn(table.name, only.schema) ? [] : [nameTable(table)]));
}

function nameTable(table: Table): Nameable {
  const { length } = table.columns;
  const count = `${String(length)} ${length === 1 ? "column" : "columns"}`;
  const kind = table.kind === "table" ? "table" : `${table.kind} table`;
  return {
    kind: "table",
    ...placeOf(table.name),
    detail: `${kind}, ${count}`,
    ...doubtOf(table),
    subject: { table: table.name },
  };
}

export function viewsIn(schema: Schema): readonly Nameable[] {
  return [...schema.views].map(({ name, materialized }) => ({
    kind: "view",
    ...placeOf(name),
    detail: materialized ? "materialized view" : "view",
  }));
}

const describeColumn = ({ type, nullable, serial, identity }: Column): string =>
  [
    type ? renderColumnType(type) : "type not known",
    ...(nullable === false ? ["NOT NULL"] : nullable === undefined ? ["NULL or not is not known"] : []),
    ...(serial ? ["serial"] : identity ? ["identity"] : []),
  ].join(" ");

export function columnsOf(table: Table): readonly Nameable[] {
  return table.columns.map((column) => ({
    kind: "column",
    name: column.name,
    detail: describeColumn(column),
    ...doubtOf(table),
    subject: { table: table.name, column: column.name },
  }));
}

/** Those whose name is known. `type`: as Alembic calls it; where it is none of its words, all are listed. */
export function constraintsOf(table: Table, type?: string): readonly Nameable[] {
  const isWord = Object.values<string | undefined>(alembicType).includes(type);
  return table.constraints.flatMap((one) =>
    one.name === undefined || (isWord && alembicType[one.type] !== type)
      ? []
      : [
          {
            kind: "constraint",
            name: one.name,
            detail: describeConstraint(one),
            ...doubtOf(one.doubt === undefined ? table : one),
          },
        ],
  );
}

/** Those whose name is known and that can be dropped by it: an index of a constraint goes with that. */
export function indexesOf(table: Table): readonly Nameable[] {
  const { schema } = placeOf(table.name);
  return ownIndexes(table).flatMap((one) => {
    if (one.name === undefined) return [];
    const detail = `${renderName(table.name)} ${describeIndex(one)}`;
    return [{ kind: "index", name: one.name, ...(schema === undefined ? {} : { schema }), detail, ...doubtOf(table) }];
  });
}

export function enumTypesIn(schema: Schema): readonly Nameable[] {
  return [...schema.enumTypes].map(({ name, values }) => ({
    kind: "enum_type",
    ...placeOf(name),
    detail: values ? `enum (${values.map((value) => `'${value}'`).join(", ")})` : "enum",
  }));
}

export const sequencesIn = (schema: Schema): readonly Nameable[] =>
  [...schema.sequences].map(({ name }) => ({ kind: "sequence", ...placeOf(name), detail: "sequence" }));

/** Made by name, or in use. */
export function schemasIn(schema: Schema): readonly Nameable[] {
  const used = [...schema.tables].flatMap(({ name }) => plainName(name).schema ?? []);
  return [...new Set([...schema.schemas, ...used])].sort().map((name) => ({ kind: "schema", name, detail: "schema" }));
}
