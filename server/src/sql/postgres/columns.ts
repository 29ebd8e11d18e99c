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
import type { ConstraintDefinition } from "../definition.ts";
import { action, referring, Touches } from "../draft.ts";
import { known } from "../hole.ts";
import { constraintColumns, readConstraint, readDefault, type Site } from "./constraints.ts";
import { readInto } from "./rows.ts";
import { readIdentity } from "./sequence.ts";
import { all, isNull, nameOfTable, strings } from "./tree.ts";
import { columnType, isSerial, renderType, requireType } from "./types.ts";
import { bracketed } from "./value.ts";

export interface Definition {
  readonly column: ColumnDefinition;
  /** As the tree has them. */
  readonly inline: readonly Constraint[];
  /** Without NOT NULL, which the column says itself. */
  readonly constraints: readonly ConstraintDefinition[];
}

/** A column, unless its name is not known. */
export function readDefinition(column: ColumnDef | undefined, site: Site): Definition | undefined {
  const name = known(column?.colname);
  if (!column || name === undefined) return undefined;
  const inline = withAttributes(all(column.constraints, "Constraint"));
  const find = (type: Constraint["contype"]): Constraint | undefined => inline.find(({ contype }) => contype === type);
  const type = renderType(column.typeName);
  const sqlType = columnType(column.typeName);
  const serial = isSerial(type);
  const [computed, identity, given] = [find("CONSTR_GENERATED"), find("CONSTR_IDENTITY"), find("CONSTR_DEFAULT")];
  const value = given && !isNull(given.raw_expr) ? given : undefined;
  const required = ["CONSTR_NOTNULL", "CONSTR_PRIMARY", "CONSTR_IDENTITY"] as const;
  const places = [column.collClause?.location, ...all(column.constraints, "Constraint").map((one) => one.location)];
  const collation = strings(column.collClause?.collname).at(-1);
  const definition: ColumnDefinition = {
    name,
    ...(type !== undefined && { type }),
    nullable: !required.some(find) && !serial,
    ...(sqlType && { sqlType }),
    hasServerDefault: serial || value !== undefined,
    ...(given !== undefined && value === undefined && { nullDefault: true as const }),
    ...(value && { default: readDefault(value, places, site.text) }),
    ...(computed && {
      generated: "computed" as const,
      computed: { ...bracketed("as", computed.raw_expr, site.text), stored: computed.generated_kind !== "v" },
    }),
    ...(identity && { generated: "identity" as const, identity: readIdentity(identity) }),
    ...(serial && { serial }),
    ...(collation !== undefined && { collation }),
  };
  const constraints = inline.flatMap((one) =>
    one.contype === "CONSTR_NOTNULL" ? [] : (readConstraint(one, site, name) ?? []),
  );
  return { column: definition, inline, constraints };
}

/** Behind a column, DEFERRABLE and its like stand beside the constraint that they are about. */
function withAttributes(constraints: readonly Constraint[]): readonly Constraint[] {
  const merged: Constraint[] = [];
  for (const constraint of constraints) {
    const attribute = attributes[constraint.contype ?? "CONSTR_NULL"];
    const last = merged.pop();
    if (attribute && last) merged.push({ ...last, ...attribute });
    else merged.push(...(last ? [last] : []), constraint);
  }
  return merged;
}

const attributes: Partial<Record<NonNullable<Constraint["contype"]>, Partial<Constraint>>> = {
  CONSTR_ATTR_DEFERRABLE: { deferrable: true },
  CONSTR_ATTR_NOT_DEFERRABLE: { deferrable: false },
  CONSTR_ATTR_DEFERRED: { deferrable: true, initdeferred: true },
  CONSTR_ATTR_IMMEDIATE: { initdeferred: false },
  CONSTR_ATTR_ENFORCED: { is_enforced: true },
  CONSTR_ATTR_NOT_ENFORCED: { is_enforced: false },
};

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
export function constraintAction(constraint: Constraint, site: Site): Action {
  const { table } = site;
  const definition = readConstraint(constraint, site);
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
    ...(definition && { constraints: [definition] }),
    ...(constraintType !== undefined && { constraintType }),
    ...(isUnique(constraint) && { unique: true }),
    ...(constraint.skip_validation && { notValid: true }),
    ...(referenced && { referencedTable: referenced }),
    ...(kind === "create_exclude_constraint" && { expression: true }),
  };
  return action(kind, { table, name, columns, touches, details });
}
