/** Columns and constraints as CREATE TABLE and ALTER TABLE define them. */
import type { ColumnDef, Constraint } from "libpg-query";
import {
  besideTable,
  type Action,
  type ActionKind,
  type ColumnDefinition,
  type Details,
  type QualifiedName,
} from "../action.ts";
import { action, referring, Touches } from "../draft.ts";
import { known } from "../hole.ts";
import { columnsIn, readInto } from "./rows.ts";
import { all, as, nameOfTable, strings } from "./tree.ts";
import { isSerial, renderType, requireType } from "./types.ts";

export interface Definition extends ColumnDefinition {
  readonly constraints: readonly Constraint[];
}

/** A column, unless its name is not known. */
export function readDefinition(column: ColumnDef | undefined): Definition | undefined {
  const name = known(column?.colname);
  if (!column || name === undefined) return undefined;
  const constraints = all(column.constraints, "Constraint");
  const has = (...types: readonly Constraint["contype"][]): boolean =>
    constraints.some(({ contype }) => types.includes(contype));
  const type = renderType(column.typeName);
  const fills = isSerial(type);
  const generated = has("CONSTR_GENERATED") ? "computed" : has("CONSTR_IDENTITY") ? "identity" : undefined;
  const hasDefault =
    fills ||
    constraints.some((one) => one.contype === "CONSTR_DEFAULT" && as(one.raw_expr, "A_Const")?.isnull !== true);
  return {
    name,
    ...(type !== undefined && { type }),
    nullable: !has("CONSTR_NOTNULL", "CONSTR_PRIMARY", "CONSTR_IDENTITY") && !fills,
    hasServerDefault: hasDefault,
    ...(generated && { generated }),
    constraints,
  };
}

export const withoutConstraints = ({ constraints: _, ...definition }: Definition): ColumnDefinition => definition;

/** What a column needs to exist: its type, and what its constraints and its default name. */
export function touchDefinition(
  touches: Touches,
  table: QualifiedName | undefined,
  column: ColumnDef,
  name: string | undefined,
): void {
  requireType(touches, column.typeName);
  for (const constraint of all(column.constraints, "Constraint"))
    touchConstraint(touches, table, constraint, name === undefined ? [] : [name]);
}

/** What a constraint needs. `columns` are those that it is about. */
export function touchConstraint(
  touches: Touches,
  table: QualifiedName | undefined,
  constraint: Constraint,
  columns: readonly string[],
): void {
  if (constraint.contype === "CONSTR_FOREIGN") {
    const referenced = nameOfTable(constraint.pktable);
    touches.table("require", referenced).columns("require", referenced, strings(constraint.pk_attrs));
  }
  const named = known(constraint.conname);
  if (named !== undefined) touches.add("create", besideTable("constraint", named, table));
  if (isUnique(constraint) && table) touches.add("create", { type: "index", name: table });
  readInto(touches, constraint.raw_expr, table);
  if (restricts.has(constraint.contype) && !constraint.skip_validation) touches.columns("constrain", table, columns);
}

const restricts = new Set<Constraint["contype"]>([
  "CONSTR_FOREIGN",
  "CONSTR_CHECK",
  "CONSTR_UNIQUE",
  "CONSTR_PRIMARY",
  "CONSTR_EXCLUSION",
  "CONSTR_NOTNULL",
]);

const isUnique = ({ contype }: Constraint): boolean => contype === "CONSTR_UNIQUE" || contype === "CONSTR_PRIMARY";

const kinds: Partial<Record<NonNullable<Constraint["contype"]>, ActionKind>> = {
  CONSTR_CHECK: "create_check_constraint",
  CONSTR_NOTNULL: "create_check_constraint",
  CONSTR_PRIMARY: "create_primary_key",
  CONSTR_UNIQUE: "create_unique_constraint",
  CONSTR_EXCLUSION: "create_exclude_constraint",
  CONSTR_FOREIGN: "create_foreign_key",
};

const types: Partial<Record<ActionKind, string>> = {
  create_check_constraint: "check",
  create_primary_key: "primary",
  create_unique_constraint: "unique",
  create_exclude_constraint: "exclude",
  create_foreign_key: "foreignkey",
};

/** Tables that the foreign keys among the constraints point at. */
export function referencesOf(constraints: readonly Constraint[]): Pick<Details, "references"> {
  const names = constraints.flatMap(({ contype, pktable }) =>
    contype === "CONSTR_FOREIGN" ? (nameOfTable(pktable) ?? []) : [],
  );
  return referring(names);
}

/** `ALTER TABLE … ADD CONSTRAINT …` */
export function constraintAction(table: QualifiedName | undefined, constraint: Constraint): Action {
  const kind = kinds[constraint.contype ?? "CONSTR_NULL"] ?? "alter_table";
  const touches = new Touches().table("alter", table);
  const columns = constraintColumns(constraint, table);
  if (table) touches.columns("require", table, columns);
  touchConstraint(touches, table, constraint, columns);
  if (!constraint.skip_validation && columns.length === 0) touches.table("constrain", table);
  const referenced = constraint.contype === "CONSTR_FOREIGN" ? nameOfTable(constraint.pktable) : undefined;
  const name = known(constraint.conname);
  const constraintType = types[kind];
  const details: Details = {
    ...(constraintType !== undefined && { constraintType }),
    ...(isUnique(constraint) && { unique: true }),
    ...(constraint.skip_validation && { notValid: true }),
    ...(referenced && { referencedTable: referenced }),
    ...(kind === "create_exclude_constraint" && { expression: true }),
  };
  return action(kind, { table, name, columns, touches, details });
}

/** Columns that a constraint of a table is about, those in its condition included. */
export function constraintColumns(constraint: Constraint, table: QualifiedName | undefined): readonly string[] {
  const keys = strings(constraint.contype === "CONSTR_FOREIGN" ? constraint.fk_attrs : constraint.keys);
  const excluded = (constraint.exclusions ?? []).flatMap((pair) =>
    all(as(pair, "List")?.items, "IndexElem").flatMap((element) => element.name ?? []),
  );
  const tested = constraint.contype === "CONSTR_CHECK" ? columnsIn(constraint.raw_expr, table) : [];
  return [...keys, ...excluded, ...tested].flatMap((name) => known(name) ?? []);
}
