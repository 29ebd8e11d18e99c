/** Types, constraints and indexes as PostgreSQL's DDL writes them. */
import type { ConstraintDefinition, IndexKey, Reference, SqlExpression } from "../sql/definition.ts";
import { quoteName, renderFullName } from "../sql/quote.ts";
import type { Constraint, Index, Table } from "./state.ts";

/** A constraint that is about to be made, or one that stands. */
type Described = Omit<ConstraintDefinition, "name"> | Constraint;

const quote = (name: string): string => quoteName(name, "postgresql");

const columns = (names: readonly string[] | undefined): string => names?.map(quote).join(", ") ?? "…";
const expression = (given: SqlExpression | undefined): string => given?.sql ?? "…";

function renderReference({ table, columns: of, onDelete, onUpdate, match }: Reference): string {
  return [
    `REFERENCES ${renderFullName(table)}${of.length > 0 ? ` (${columns(of)})` : ""}`,
    ...(match === undefined || match === "SIMPLE" ? [] : [`MATCH ${match}`]),
    ...(onUpdate === undefined || onUpdate === "NO ACTION" ? [] : [`ON UPDATE ${onUpdate}`]),
    ...(onDelete === undefined || onDelete === "NO ACTION" ? [] : [`ON DELETE ${onDelete}`]),
  ].join(" ");
}

function head(constraint: Described): string {
  const { type } = constraint;
  switch (type) {
    case "primary_key":
      return `PRIMARY KEY (${columns(constraint.columns)})`;
    case "unique":
      return `UNIQUE${constraint.nullsNotDistinct ? " NULLS NOT DISTINCT" : ""} (${columns(constraint.columns)})`;
    case "foreign_key":
      return `FOREIGN KEY (${columns(constraint.columns)}) ${constraint.references ? renderReference(constraint.references) : "REFERENCES …"}`;
    case "check":
      return `CHECK (${expression(constraint.expression)})`;
    case "exclude":
      return `EXCLUDE ${expression(constraint.expression)}`;
    case "not_null":
      return `NOT NULL ${columns(constraint.columns)}`;
  }
}

/** Without its name, as `pg_get_constraintdef()` gives it; parts that are not known are `…`. */
export const describeConstraint = (constraint: Described): string =>
  [
    head(constraint),
    ...(constraint.include ? [`INCLUDE (${columns(constraint.include)})`] : []),
    ...(constraint.noInherit ? ["NO INHERIT"] : []),
    ...(constraint.deferrable ? ["DEFERRABLE"] : []),
    ...(constraint.initiallyDeferred ? ["INITIALLY DEFERRED"] : []),
    ...(constraint.notEnforced ? ["NOT ENFORCED"] : []),
    ...(constraint.notValid ? ["NOT VALID"] : []),
  ].join(" ");

export const renderKey = (key: IndexKey): string =>
  [
    key.column === undefined ? `(${expression(key.expression)})` : quote(key.column),
    ...(key.collation === undefined ? [] : [`COLLATE ${quote(key.collation)}`]),
    ...(key.operatorClass === undefined ? [] : [key.operatorClass]),
    ...(key.descending ? ["DESC"] : []),
    ...(key.nulls === undefined ? [] : [`NULLS ${key.nulls.toUpperCase()}`]),
  ].join(" ");

/** Without its name and table: `UNIQUE btree (email) WHERE …`. */
export const describeIndex = (index: Index): string =>
  [
    ...(index.unique ? ["UNIQUE"] : []),
    index.method,
    `(${index.keys?.map(renderKey).join(", ") ?? "…"})`,
    ...(index.include ? [`INCLUDE (${columns(index.include)})`] : []),
    ...(index.nullsNotDistinct ? ["NULLS NOT DISTINCT"] : []),
    ...(index.where ? [`WHERE ${expression(index.where)}`] : []),
  ].join(" ");

/** Indexes that no constraint brings along. */
export const ownIndexes = ({ indexes }: Table): readonly Index[] =>
  indexes.filter(({ ofConstraint }) => ofConstraint === undefined);
