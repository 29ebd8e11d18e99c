/** Tables and what is on them, as SQL that a person reads. */
import { describeConstraint, describeIndex, ownIndexes } from "../schema/describe.ts";
import type { Column, Constraint, Index, Table } from "../schema/state.ts";
import { renderName } from "../sql/action.ts";
import { renderColumnType } from "../sql/postgres/type-text.ts";
import { codeBlock } from "./hover/markdown.ts";

export const renderColumn = ({ name, type, nullable, default: given, serial, computed, identity }: Column): string =>
  [
    name,
    type ? renderColumnType(type) : "…",
    ...(nullable === false ? ["NOT NULL"] : []),
    ...(serial ? ["DEFAULT nextval(…)"] : given ? [`DEFAULT ${given.sql ?? "…"}`] : []),
    ...(computed ? [`GENERATED ALWAYS AS (${computed.sql ?? "…"})`] : []),
    ...(identity ? [`GENERATED ${identity.always ? "ALWAYS" : "BY DEFAULT"} AS IDENTITY`] : []),
  ].join(" ");

export const renderConstraint = (one: Constraint): string =>
  `CONSTRAINT ${one.name ?? "…"} ${describeConstraint(one)}${one.doubt === undefined ? "" : ` -- ${one.doubt}`}`;
export const renderIndex = (one: Index): string => `INDEX ${one.name ?? "…"} ${describeIndex(one)}`;

const mostColumns = 40;

/** As a block of SQL. */
export function renderTable(table: Table): string {
  const shown = table.columns.slice(0, mostColumns).map(renderColumn);
  const more = table.columns.length - shown.length;
  const lines = [
    ...shown,
    ...(more > 0 ? [`-- and ${String(more)} more columns`] : []),
    ...table.constraints.map(renderConstraint),
    ...ownIndexes(table).map(renderIndex),
  ];
  return codeBlock("sql", [`TABLE ${renderName(table.name)}`, ...lines.map((line) => `  ${line}`)].join("\n"));
}

/** The column with what is on it. */
export function renderOneColumn(table: Table, column: Column): string {
  const on = [
    ...table.constraints.filter(({ columns }) => columns?.includes(column.name)).map(renderConstraint),
    ...ownIndexes(table)
      .filter(({ keys }) => keys?.some((key) => key.column === column.name))
      .map(renderIndex),
  ];
  const head = `${renderName(table.name)}.${renderColumn(column)}`;
  return codeBlock("sql", [head, ...on.map((line) => `  ${line}`)].join("\n"));
}
