/** A column where it is defined: `sa.Column("name", sa.String(), nullable=False, …)`. */
import type { ColumnDefinition, Dialect } from "../../../sql/action.ts";
import type { ConstraintDefinition, IndexDefinition } from "../../../sql/definition.ts";
import type { Call, Value } from "../../../syntax/value.ts";
import { bind, type Bound } from "../arguments.ts";
import { targetOf, type Target } from "../columns.ts";
import { quoteName, quoteText } from "../compile/names.ts";
import { describe } from "../compile/index.ts";
import { present } from "../draft.ts";
import { renderValue } from "../render.ts";
import { agreed, booleanOf, built, calleeOf, isNone, nameOf, splitPath, textOf, whyUnknown } from "../terms.ts";
import { readType, type OwnType, type TypeReading } from "../types/index.ts";
import { type Owner } from "./constraint-parts.ts";
import { checkOf, foreignKeyOf, isLeftOut } from "./constraint.ts";
import { fillingOf } from "./server-default.ts";

export interface ColumnReading {
  readonly definition: ColumnDefinition;
  readonly primaryKey: boolean;
  readonly unique: boolean;
  readonly indexed: boolean;
  readonly checked: boolean;
  readonly targets: readonly Target[];
  /** A type of the database's own, and whether creating the table makes it. */
  readonly ownType?: OwnType;
  /** Of the column alone, `unique=True` and `primary_key=True` not included. */
  readonly foreignKeys: readonly ConstraintDefinition[];
  /** Those of them that wait for an ALTER TABLE, by `use_alter=True`. */
  readonly waiting: ReadonlySet<ConstraintDefinition>;
  readonly checks: readonly ConstraintDefinition[];
  /** A CHECK that the type brings. */
  readonly typeCheck?: ConstraintDefinition;
  readonly numbering: Numbering;
  readonly doubts: readonly string[];
}

/** What SQLAlchemy decides by whether an integer of the primary key numbers its rows. */
export interface Numbering {
  readonly counts: TypeReading["counts"];
  readonly autoincrement: boolean | "auto" | "ignore_fk";
  /** A default that Python or a sequence gives, or the server. */
  readonly filled: boolean;
}

const extras = new Set([
  "ForeignKey",
  "CheckConstraint",
  "Computed",
  "Identity",
  "Sequence",
  "FetchedValue",
  "DefaultClause",
  "Constraint",
]);

/** The call that builds a column, also through `.copy()`; the last name decides, as applications re-export `Column`. */
export function columnCall(value: Value): Call | undefined {
  if (value.kind === "choice") return agreed(value, columnCall);
  if (value.kind !== "call") return undefined;
  if (built(value) === "Column") return value;
  const callee = calleeOf(value);
  if (value.callee.kind === "reference" && splitPath(value.callee.path).name === "Column") return value;
  return (callee?.name === "copy" || callee?.name === "_copy") && callee.receiver
    ? columnCall(callee.receiver)
    : undefined;
}

interface Arguments {
  readonly name: string;
  readonly type: Value | undefined;
  /** What follows name and type: constraints, `Identity`, `Computed` … */
  readonly constructs: readonly Value[];
  readonly bound: Bound;
}

function argumentsOf(call: Call): Arguments | undefined {
  const bound = bind(call.args, []);
  const positional = [...bound.rest];
  const name = nameOf(bound.get("name") ?? positional[0]);
  if (name === undefined) return undefined;
  if (bound.get("name") === undefined) positional.shift();
  const type = bound.get("type_") ?? positional.find((argument) => !extras.has(built(argument) ?? ""));
  return { name, type, constructs: positional.filter((argument) => argument !== type), bound };
}

/** `undefined`: the value is no column, or its name is not known; `whyNoColumn` says which. */
export function readColumn(value: Value, owner: Owner): ColumnReading | undefined {
  const call = columnCall(value);
  const given = call && argumentsOf(call);
  if (given === undefined) return undefined;
  const { name, constructs, bound } = given;
  const { dialect } = owner;
  const calls = (construct: string): readonly Call[] =>
    constructs.filter((argument) => argument.kind === "call" && built(argument) === construct) as readonly Call[];
  const keys = calls("ForeignKey");
  const foreignKeys = keys.map((key) => ({ key, definition: foreignKeyOf(key, name, dialect) }));
  const primaryKey = booleanOf(bound.get("primary_key")) ?? false;
  const filling = fillingOf(bound, constructs, dialect);
  const type = readType(given.type, dialect, owner.table?.schema);
  return present<ColumnReading>({
    definition: present<ColumnDefinition>({
      name,
      type: given.type === undefined ? undefined : renderValue(given.type),
      sqlType: type.type,
      // PostgreSQL refuses an identity that may be NULL.
      nullable: filling.generated === "identity" ? false : nullability(bound, primaryKey),
      ...filling,
      collation: type.collation,
      comment: textOf(bound.get("comment")),
    }),
    primaryKey,
    unique: booleanOf(bound.get("unique")) ?? false,
    indexed: booleanOf(bound.get("index")) ?? false,
    checked: calls("CheckConstraint").length > 0,
    targets: keys.map((key) =>
      targetOf(key.args.find((one) => one.name === undefined || one.name === "column")?.value),
    ),
    ownType: dialect === "postgresql" ? type.own : undefined,
    foreignKeys: foreignKeys.map(({ definition }) => definition),
    waiting: new Set(foreignKeys.filter(({ key }) => isLeftOut(key)).map(({ definition }) => definition)),
    checks: calls("CheckConstraint").map((check) => checkOf(check, owner)),
    typeCheck: type.check && typeCheck(name, type.check, dialect),
    numbering: numberingOf(given, type, filling.hasServerDefault !== false),
    doubts: bound.doubts,
  });
}

export const whyNoColumn = (value: Value): string => {
  const call = columnCall(value);
  return call === undefined ? whyUnknown(value, "the column") : whyUnknown(call.args[0]?.value, "the column's name");
};

function nullability(bound: Bound, notNullByDefault: boolean): boolean | undefined {
  const value = bound.get("nullable");
  if (value !== undefined) return booleanOf(value);
  return bound.open ? undefined : !notNullByDefault;
}

/** `CHECK (status IN ('new', 'done'))`, under the name of the enum. */
export function typeCheck(
  column: string,
  { name, values }: NonNullable<TypeReading["check"]>,
  dialect: Dialect,
): ConstraintDefinition {
  const list = values?.map((value) => quoteText(value, dialect)).join(", ");
  const sql = list === undefined ? undefined : `${quoteName(column, dialect)} IN (${list})`;
  return present<ConstraintDefinition>({ type: "check", name, columns: [column], expression: describe(sql, dialect) });
}

function numberingOf({ bound, constructs }: Arguments, type: TypeReading, served: boolean): Numbering {
  const asked = bound.get("autoincrement");
  const given = (parameter: string): boolean => {
    const value = bound.get(parameter);
    return value !== undefined && !isNone(value);
  };
  const known = asked === undefined ? "auto" : (booleanOf(asked) ?? textOf(asked));
  return {
    counts: type.counts,
    autoincrement: known === true || known === "ignore_fk" || known === "auto" ? known : false,
    filled:
      served ||
      given("server_default") ||
      given("default") ||
      given("insert_default") ||
      constructs.some((construct) => ["Sequence", "Computed", "FetchedValue"].includes(built(construct) ?? "")),
  };
}

/** Types whose primary key column fills itself when it is added. */
const integers = /\b(?:Big|Small)?Integer\b|\b(?:BIG|SMALL)?INT(?:EGER)?\b/i;

/** True where rows that exist already would break the column's definition: NOT NULL and nothing to fill it with. */
export function demandsOfRows({ definition, primaryKey }: ColumnReading): boolean {
  if (definition.nullable !== false || definition.hasServerDefault === true || definition.generated !== undefined)
    return false;
  return definition.serial !== true && !(primaryKey && integers.test(definition.type ?? ""));
}

/** `unique=True` without an index is a constraint, `index=True` an index; both together one unique index. */
export const uniqueConstraint = (column: ColumnReading): ConstraintDefinition | undefined =>
  column.unique && !column.indexed ? { type: "unique", columns: [column.definition.name] } : undefined;

export const columnIndex = (column: ColumnReading): IndexDefinition | undefined =>
  column.indexed ? { keys: [{ column: column.definition.name }], unique: column.unique, method: "btree" } : undefined;
