/** Actions as short lines, so that a table of statements can be read. */
import { renderName, type Action, type ColumnDefinition, type Touch } from "../../server/src/sql/action.ts";

/** `update data users (full_name) hasWhere` and then every touch. */
export function renderAction(action: Action): string {
  const details = Object.entries(action.details)
    .filter(([key]) => !definitions.has(key))
    .map(([key, value]) => (value === true ? key : `${key}=${renderDetail(key, value)}`))
    .join(" ");
  const head = [
    action.kind,
    action.effect,
    action.table && renderName(action.table),
    action.name !== undefined && `"${action.name}"`,
    action.columns.length > 0 && `(${action.columns.join(", ")})`,
    details,
    action.incomplete && "incomplete",
  ];
  return [head.filter(Boolean).join(" "), ...action.touches.map(renderTouch)].join("; ");
}

/** Told apart, in `definitions.test.ts` and its like. */
const definitions = new Set(
  "constraints indexes enumTypes options newSqlType using newDefault typeKind sequence trigger body value calls wideWhere functions digest batch privilege setsParts".split(
    " ",
  ),
);

function renderDetail(key: string, value: unknown): string {
  if (key === "definitions") return `[${(value as readonly ColumnDefinition[]).map(renderColumn).join(", ")}]`;
  if (Array.isArray(value)) return `[${value.map((item) => Object.values(item as object).join(" ")).join(", ")}]`;
  if (typeof value === "object" && value !== null) return Object.values(value).map(renderPart).join(".");
  return String(value);
}

const renderPart = (value: unknown): string =>
  typeof value === "object" && value !== null ? Object.values(value).join(".") : String(value);

const renderColumn = ({ name, type, nullable, hasServerDefault, generated }: ColumnDefinition): string =>
  [name, type, nullable, hasServerDefault, generated].filter((part) => part !== undefined).join(" ");

function renderTouch({ how, on, possible }: Touch): string {
  const name = renderName(on.name) + (on.column === undefined ? "" : `.${on.column}`);
  const type = on.type === "table" || on.type === "column" ? "" : `${on.type} `;
  return `${how}${possible ? "?" : ""} ${type}${name}`;
}
