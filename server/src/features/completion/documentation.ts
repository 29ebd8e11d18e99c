/** More of one item of a list, when a person looks at it: the definition as it is met there, and which revision made it. */
import type { RevisionFile } from "../../model/revision.ts";
import type { Project } from "../../project/snapshot.ts";
import { sizeOf, renderSize } from "../../project/sizes.ts";
import { renderName } from "../../sql/action.ts";
import { renderOneColumn, renderTable } from "../definition-text.ts";
import { code, escapeMarkdown } from "../hover/markdown.ts";
import { makerOf } from "./maker.ts";
import type { Subject } from "./place.ts";
import { schemaAt } from "./schema-at.ts";

/** CommonMark; undefined where it is not there any more. */
export function documentationOf(project: Project, file: RevisionFile, subject: Subject): string | undefined {
  const { at, table: name, column: columnName } = subject;
  const table = schemaAt(project, file, at)?.table(name);
  if (typeof table !== "object") return undefined;
  const column = columnName === undefined ? undefined : table.columns.find((one) => one.name === columnName);
  if (columnName !== undefined && !column) return undefined;
  const maker = makerOf(project, file, subject);
  const size = sizeOf(project, name);
  return [
    column ? renderOneColumn(table, column) : renderTable(table),
    ...(maker ? [`Made by ${code(maker.id)} ${escapeMarkdown(maker.message)}`.trim()] : []),
    ...(size ? [`${code(renderName(name))}: ${escapeMarkdown(renderSize(size))}`] : []),
    ...(table.doubt === undefined ? [] : [`There may be more or less: ${escapeMarkdown(table.doubt)}`]),
  ].join("\n\n");
}
