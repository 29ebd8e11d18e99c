/** Constraints as SQLAlchemy builds them: within a table or a column, and as arguments of a directive. */
import type { Dialect } from "../../../sql/action.ts";
import type { ConstraintDefinition, Reference, SqlExpression } from "../../../sql/definition.ts";
import type { Call, Value } from "../../../syntax/value.ts";
import { bind, flag, type Bound } from "../arguments.ts";
import { targetOf, type Target } from "../columns.ts";
import { conditionOf } from "../compile/index.ts";
import { present } from "../draft.ts";
import { columnsOfExpression, columnsOfText } from "../expressions.ts";
import { built, textOf } from "../terms.ts";
import {
  columnNames,
  constraintDefinition,
  namesOrNone,
  type ConstraintParts,
  type Owner,
} from "./constraint-parts.ts";
import { exclusionOf } from "./exclusion.ts";

type Type = ConstraintDefinition["type"];

/** The rules that a foreign key gives, as SQL writes them. */
export function referenceOf(targets: readonly Target[], bound: Bound): Reference | undefined {
  const [first] = targets;
  if (first?.table === undefined) return undefined;
  const columns = targets.map(({ column }) => column);
  const match = textOf(bound.get("match"))?.toUpperCase();
  const deleting = ruleOf(bound.get("ondelete"));
  return present<Reference>({
    table: first.table,
    columns: columns.every((column) => column !== undefined) ? columns : [],
    onDelete: deleting.rule,
    onDeleteColumns: deleting.columns,
    onUpdate: ruleOf(bound.get("onupdate")).rule,
    match: match === "SIMPLE" ? undefined : match,
  });
}

/** `set null (a, b)`; NO ACTION is what the server does without a word. */
function ruleOf(value: Value | undefined): { readonly rule?: string; readonly columns?: readonly string[] } {
  const text = textOf(value)?.trim();
  if (text === undefined || text === "") return {};
  const open = text.indexOf("(");
  const words = (open < 0 ? text : text.slice(0, open)).trim().split(/\s+/).join(" ").toUpperCase();
  if (words === "NO ACTION") return {};
  if (open < 0) return { rule: words };
  const columns = text
    .slice(open + 1, text.lastIndexOf(")"))
    .split(",")
    .map((name) => name.trim().replaceAll('"', ""));
  return { rule: words, columns };
}

const ofForeignKey = ["column", "_constraint", "use_alter", "name", "onupdate", "ondelete", "deferrable", "initially"];
const ofForeignKeys = ["columns", "refcolumns", "name", "onupdate", "ondelete", "deferrable", "initially", "use_alter"];

/** `ForeignKey("users.id", ondelete="CASCADE")` on a column. */
export function foreignKeyOf(call: Call, column: string, dialect: Dialect): ConstraintDefinition {
  const bound = bind(call.args, ofForeignKey);
  const references = referenceOf([targetOf(bound.get("column"))], bound);
  const parts: ConstraintParts = { type: "foreign_key", name: bound.get("name"), columns: [column], bound, dialect };
  return constraintDefinition(parts, references && { references });
}

/** `CheckConstraint("a > 0", name="ck")`. */
export function checkOf(call: Call, { table, dialect }: Owner): ConstraintDefinition {
  const bound = bind(call.args, ["sqltext", "name", "deferrable", "initially"]);
  const sqltext = bound.get("sqltext");
  return checkDefinition(sqltext, bound.get("name"), bound, { table, dialect });
}

export function checkDefinition(
  condition: Value | undefined,
  name: Value | undefined,
  bound: Bound,
  { table, dialect }: Owner,
): ConstraintDefinition {
  const expression: SqlExpression = condition === undefined ? { sql: undefined } : conditionOf(condition, dialect);
  const columns =
    expression.sql !== undefined && dialect === "postgresql"
      ? columnsOfText(expression.sql, dialect)
      : condition === undefined
        ? ["*"]
        : columnsOfExpression(condition, table, dialect);
  const known = columns.includes("*") ? undefined : columns;
  return constraintDefinition({ type: "check", name, columns: known, bound, dialect }, { expression });
}

/** A constraint among the arguments of a table. `undefined`: it is none, or it is not made with the table. */
export function tableConstraintOf(value: Value, owner: Owner): ConstraintDefinition | undefined {
  const construct = built(value);
  if (value.kind !== "call" || construct === undefined) return undefined;
  const { dialect } = owner;
  switch (construct) {
    case "PrimaryKeyConstraint":
    case "UniqueConstraint": {
      const bound = bind(value.args, []);
      const type: Type = construct === "UniqueConstraint" ? "unique" : "primary_key";
      if (bound.rest.length === 0 && !bound.open) return undefined;
      const columns = bound.open ? undefined : namesOrNone(bound.rest);
      return constraintDefinition({ type, name: bound.get("name"), columns, bound, dialect });
    }
    case "ForeignKeyConstraint":
      return foreignKeysOf(value, owner);
    case "CheckConstraint":
      return checkOf(value, owner);
    case "ExcludeConstraint": {
      const bound = bind(value.args, []);
      return exclusionOf(bound, bound.get("name"), owner);
    }
    default:
      return undefined;
  }
}

/** `use_alter=True` leaves the foreign key to an ALTER TABLE, which neither `op.create_table` nor `CREATE TABLE` issues. */
export const isLeftOut = (value: Value): boolean =>
  value.kind === "call" &&
  flag(bind(value.args, built(value) === "ForeignKey" ? ofForeignKey : ofForeignKeys), "use_alter") === true;

function foreignKeysOf(call: Call, { dialect }: Owner): ConstraintDefinition {
  const bound = bind(call.args, ofForeignKeys);
  const targets = bound.get("refcolumns");
  const references =
    targets?.kind === "sequence" && targets.complete ? referenceOf(targets.items.map(targetOf), bound) : undefined;
  const columns = columnNames(bound.get("columns"));
  const parts: ConstraintParts = { type: "foreign_key", name: bound.get("name"), columns, bound, dialect };
  return constraintDefinition(parts, references && { references });
}
