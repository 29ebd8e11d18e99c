/** Which columns an INSERT or UPDATE that SQLAlchemy builds sets, and to what. */
import type { Details } from "../../sql/action.ts";
import type { Argument, Value } from "../../syntax/value.ts";
import type { Link } from "./chains.ts";
import { columnReference } from "./columns.ts";
import { keysOfRows } from "./directives/rows.ts";
import { someOf } from "./draft.ts";
import { built, textOf, whyUnknown } from "./terms.ts";

/** The part of a statement that says what is set. */
interface Written {
  readonly verb: string;
  readonly own: readonly Argument[];
  readonly links: readonly Link[];
}

/** Columns set, with the values they are set to: of `.values(…)`, of the old `values=` and of the parameters. */
export function assignments(
  statement: Written,
  parameters: Value | undefined,
  doubts: string[],
): ReadonlyMap<string, Value> {
  const assigned = new Map<string, Value>();
  const note = (value: Value): void => {
    if (value.kind === "mapping") {
      for (const [key, entry] of value.entries) {
        const [name] = keysOf({ kind: "mapping", entries: [[key, entry]], complete: true, range: value.range }, doubts);
        if (name !== undefined) assigned.set(name, entry);
      }
      if (!value.complete) doubts.push("more columns may be set");
    } else if (value.kind === "sequence") {
      for (const item of value.items) note(item);
      if (!value.complete) doubts.push("more rows may be given");
    } else doubts.push(whyUnknown(value, "what is set"));
  };
  const noteAll = (args: readonly Argument[]): void => {
    for (const argument of args) {
      if (argument.name !== undefined) assigned.set(argument.name, argument.value);
      else if (argument.starred && argument.value.kind !== "mapping")
        doubts.push("the values are unpacked from what is not known");
      else note(argument.value);
    }
  };
  for (const link of statement.links.filter(({ name }) => name === "values" || name === "ordered_values"))
    noteAll(link.args);
  const first = statement.verb === "update" ? 1 : 0;
  for (const argument of statement.own.filter(
    (own, place) => own.name === "values" || (own.name === undefined && place === first),
  ))
    note(argument.value);
  if (assigned.size === 0 && parameters !== undefined) {
    for (const column of keysOfRows(parameters).columns) assigned.set(column, parameters);
    if (!keysOfRows(parameters).known) doubts.push(whyUnknown(parameters, "the list of rows"));
  }
  return assigned;
}

/** Those that are set to a text that is known. */
export const constantsOf = (assigned: readonly (readonly [column: string, value: Value])[]): Details["constants"] =>
  someOf(
    assigned.flatMap(([column, given]) => {
      const value = textOf(given);
      return value === undefined ? [] : [{ column, value }];
    }),
  );

/** Names of columns in a list of strings or of columns. */
export function namesOfColumns(value: Value | undefined, doubts: string[]): readonly string[] {
  if (value?.kind !== "sequence" || !value.complete) {
    doubts.push(whyUnknown(value, "the list of columns"));
    return [];
  }
  return value.items.flatMap((item) => {
    const name = columnName(item);
    if (name === undefined) doubts.push(whyUnknown(item, "a column"));
    return name ?? [];
  });
}

const columnName = (value: Value): string | undefined =>
  textOf(value) ??
  columnReference(value)?.column ??
  (built(value) === "column" && value.kind === "call" ? textOf(value.args[0]?.value) : lastName(value));

/** `tbl.c.x` of a table that is not known still says the column's name. */
const lastName = (value: Value): string | undefined =>
  value.kind === "member" && value.of.kind === "member" && (value.of.name === "c" || value.of.name === "columns")
    ? value.name
    : undefined;

export function keysOf(mapping: Extract<Value, { kind: "mapping" }>, doubts: string[]): readonly string[] {
  return mapping.entries.flatMap(([key]) => {
    const name = columnName(key);
    if (name === undefined) doubts.push(whyUnknown(key, "a column that is set"));
    return name ?? [];
  });
}
