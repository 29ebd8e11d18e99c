/** The docstring that Alembic's template writes at the top of a revision. */
import type { Node } from "../syntax/node.ts";
import type { Range } from "../text/range.ts";
import type { Header } from "./revision.ts";

export const isDocstring = (statement: Node | undefined): statement is Node =>
  statement?.type === "expression_statement" &&
  statement.children.length === 1 &&
  (statement.children[0]?.type === "string" || statement.children[0]?.type === "concatenated_string");

const fieldNamed = (label: string): RegExp => new RegExp(`^[ \\t]*${label}[ \\t]*:[ \\t]*([^\\r\\n]*?)[ \\t]*$`, "mi");

const fields = {
  "Revision ID": fieldNamed("Revision ID"),
  Revises: fieldNamed("Revises"),
  "Create Date": fieldNamed("Create Date"),
};

type Field = { readonly value: string; readonly range: Range };

export function readHeader(statement: Node | undefined, text: string): Header | undefined {
  const string = isDocstring(statement) ? statement.children[0] : undefined;
  const opening = string?.children[0];
  const closing = string?.children.at(-1);
  if (string?.type !== "string" || !opening || closing?.type !== "string_end" || closing === opening) return undefined;
  const inside = { start: opening.end, end: closing.start };
  const content = text.slice(inside.start, inside.end);
  const lines = content.replaceAll("\r", "\n");
  const field = (label: keyof typeof fields): Field | undefined => {
    const match = fields[label].exec(lines);
    if (!match) return undefined;
    const start =
      inside.start + match.index + match[0].length - match[0].slice(match[0].indexOf(":") + 1).trimStart().length;
    const value = match[1] ?? "";
    return { value, range: { start, end: start + value.length } };
  };
  const first = /\S[^\r\n]*/.exec(content);
  const message = first && !/^(?:Revision ID|Revises|Create Date)\s*:/i.test(first[0]) ? first[0].trimEnd() : "";
  const messageStart = inside.start + (message === "" ? 0 : (first?.index ?? 0));
  const revisionId = field("Revision ID");
  const revises = field("Revises");
  const createDate = field("Create Date");
  return {
    range: { start: string.start, end: string.end },
    message: { value: message, range: { start: messageStart, end: messageStart + message.length } },
    ...(revisionId ? { revisionId } : {}),
    ...(revises ? { revises } : {}),
    ...(createDate ? { createDate } : {}),
  };
}
