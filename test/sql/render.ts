/** Actions as short lines, so that a table of statements can be read. */
import { renderName, type Action, type Touch } from "../../server/src/sql/action.ts";

/** `update data users (full_name) hasWhere` and then every touch. */
export function renderAction(action: Action): string {
  const details = Object.entries(action.details)
    .map(([key, value]) => (value === true ? key : `${key}=${renderDetail(value)}`))
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

function renderDetail(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => Object.values(item as object).join(" ")).join(", ")}]`;
  if (typeof value === "object" && value !== null) return Object.values(value).join(".");
  return String(value);
}

function renderTouch({ how, on, possible }: Touch): string {
  const name = renderName(on.name) + (on.column === undefined ? "" : `.${on.column}`);
  const type = on.type === "table" || on.type === "column" ? "" : `${on.type} `;
  return `${how}${possible ? "?" : ""} ${type}${name}`;
}
