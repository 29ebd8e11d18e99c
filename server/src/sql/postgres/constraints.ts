/** Constraints as PostgreSQL's tree has them. */
import type { Constraint } from "libpg-query";
import type { QualifiedName } from "../action.ts";
import type { ConstraintDefinition, Reference, SqlExpression } from "../definition.ts";
import { known } from "../hole.ts";
import { columnsIn } from "./rows.ts";
import type { SqlText } from "./text.ts";
import { all, as, nameOfTable, strings } from "./tree.ts";
import { behind, bracketed } from "./value.ts";

const types: Partial<Record<NonNullable<Constraint["contype"]>, ConstraintDefinition["type"]>> = {
  CONSTR_CHECK: "check",
  CONSTR_NOTNULL: "not_null",
  CONSTR_PRIMARY: "primary_key",
  CONSTR_UNIQUE: "unique",
  CONSTR_EXCLUSION: "exclude",
  CONSTR_FOREIGN: "foreign_key",
};

/** Where a constraint is read. */
export interface Site {
  readonly table: QualifiedName | undefined;
  readonly text: SqlText;
}

/** Of a table, or of a column that it stands behind. Undefined for what is no constraint. */
export function readConstraint(constraint: Constraint, site: Site, column?: string): ConstraintDefinition | undefined {
  const type = types[constraint.contype ?? "CONSTR_NULL"];
  if (!type) return undefined;
  const name = known(constraint.conname);
  const references = type === "foreign_key" ? readReference(constraint) : undefined;
  const include = strings(constraint.including);
  const period = constraint.without_overlaps === true || constraint.fk_with_period === true;
  return {
    type,
    ...(name !== undefined && { name, nameIsFinal: true as const }),
    columns: column !== undefined && type !== "check" ? [column] : columnsOf(constraint, site.table),
    ...(references && { references }),
    ...(type === "check" && { expression: bracketed("check", constraint.raw_expr, site.text) }),
    ...(type === "exclude" && { expression: exclusion(constraint, site.text) }),
    ...(constraint.skip_validation && { notValid: true as const }),
    ...((type === "check" || type === "foreign_key") && !constraint.is_enforced && { notEnforced: true as const }),
    ...(constraint.deferrable && { deferrable: true as const }),
    ...(constraint.initdeferred && { initiallyDeferred: true as const }),
    ...(constraint.is_no_inherit && { noInherit: true as const }),
    ...(constraint.nulls_not_distinct && { nullsNotDistinct: true as const }),
    ...(constraint.indexname !== undefined && { usingIndex: constraint.indexname }),
    ...(include.length > 0 && { include }),
    ...(period && { period: true as const }),
  };
}

/** Undefined where one of them is not known, or where the index that is used has them. */
function columnsOf(constraint: Constraint, table: QualifiedName | undefined): readonly string[] | undefined {
  if (constraint.indexname !== undefined) return undefined;
  const columns = namedColumns(constraint, table);
  return columns.every((name) => known(name) !== undefined) ? columns : undefined;
}

function namedColumns(constraint: Constraint, table: QualifiedName | undefined): readonly string[] {
  const keys = strings(constraint.contype === "CONSTR_FOREIGN" ? constraint.fk_attrs : constraint.keys);
  const excluded = (constraint.exclusions ?? []).flatMap((pair) =>
    all(as(pair, "List")?.items, "IndexElem").flatMap((element) => element.name ?? columnsIn(element.expr, table)),
  );
  const tested = constraint.contype === "CONSTR_CHECK" ? columnsIn(constraint.raw_expr, table) : [];
  return [...keys, ...excluded, ...tested];
}

/** Columns that a constraint of a table is about, those in its condition included; without what is not known. */
export const constraintColumns = (constraint: Constraint, table: QualifiedName | undefined): readonly string[] =>
  namedColumns(constraint, table).flatMap((name) => known(name) ?? []);

const actions: Readonly<Record<string, string>> = {
  r: "RESTRICT",
  c: "CASCADE",
  n: "SET NULL",
  d: "SET DEFAULT",
};

function readReference(constraint: Constraint): Reference | undefined {
  const table = nameOfTable(constraint.pktable);
  if (!table) return undefined;
  const onDelete = actions[constraint.fk_del_action ?? ""];
  const onUpdate = actions[constraint.fk_upd_action ?? ""];
  const onDeleteColumns = strings(constraint.fk_del_set_cols);
  return {
    table,
    columns: strings(constraint.pk_attrs),
    ...(onDelete !== undefined && { onDelete }),
    ...(onUpdate !== undefined && { onUpdate }),
    ...(onDeleteColumns.length > 0 && { onDeleteColumns }),
    ...(constraint.fk_matchtype === "f" && { match: "FULL" }),
  };
}

/** All that follows EXCLUDE, up to what may be said of every constraint. */
function exclusion(constraint: Constraint, text: SqlText): SqlExpression {
  const start = text.at(constraint.location);
  const word = start === undefined ? undefined : text.find(start, "exclude");
  if (word === undefined) return { sql: undefined };
  const attributes = ["not", "deferrable", "initially"].map((one) => text.find(word, one));
  const end = Math.min(text.endOfPart(word), ...attributes.flatMap((one) => one ?? []));
  return { sql: text.expression(word + 1, end) };
}

/** A default, which ends where the next thing that is said of the column begins. */
export function readDefault(
  constraint: Constraint,
  others: readonly (number | undefined)[],
  text: SqlText,
): SqlExpression {
  const from = constraint.location ?? 0;
  const next = others.flatMap((location) =>
    location !== undefined && location > from ? (text.at(location) ?? []) : [],
  );
  return behind("default", constraint.raw_expr, text, next.length > 0 ? Math.min(...next) : undefined);
}
