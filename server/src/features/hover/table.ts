/** On the name of a table or a column: what it is like where the operation meets it. */
import type { Schema, Table } from "../../schema/state.ts";
import type { QualifiedName } from "../../sql/action.ts";
import { playedIn } from "../../facts/played.ts";
import { renderOneColumn, renderTable } from "../definition-text.ts";
import { wordAt } from "../word.ts";
import { escapeMarkdown } from "./markdown.ts";
import { operationsAt, type Hover, type HoverPlace, type Placed } from "./place.ts";
import { renderSizes } from "./sizes.ts";

/** The schemas before and after one operation. */
function around({ project, file }: HoverPlace, { direction, index }: Placed): readonly Schema[] {
  const played = playedIn(project, file, direction);
  return played ? [played.met[index] ?? played.before, played.met[index + 1] ?? played.after] : [];
}

function describe(table: Table, column: string | undefined, when: string): string {
  const found = column === undefined ? undefined : table.columns.find(({ name }) => name === column);
  const doubt = table.doubt === undefined ? [] : [`There may be more or less: ${escapeMarkdown(table.doubt)}`];
  return [`${when}:`, found ? renderOneColumn(table, found) : renderTable(table), ...doubt].join("\n\n");
}

interface Named {
  readonly table: QualifiedName;
  readonly column?: string;
}

/** What a word in an operation names: one of its tables, or a column of one of them. */
function namedBy({ operation: { table, columns, touches } }: Placed, word: string): Named | undefined {
  const tables = [
    ...(table ? [table] : []),
    ...touches.flatMap(({ on }) => (on.type === "table" || on.type === "column" ? [on.name] : [])),
  ];
  const named = tables.find(({ name }) => name === word);
  if (named) return { table: named };
  if (table && columns.includes(word)) return { table, column: word };
  const touched = touches.find(({ on }) => on.type === "column" && on.column === word);
  return touched ? { table: touched.on.name, column: word } : undefined;
}

export function hoverTable(place: HoverPlace): Hover | undefined {
  const word = wordAt(place.file.text, place.offset);
  if (!word) return undefined;
  for (const placed of operationsAt(place.file, place.offset)) {
    const named = namedBy(placed, word.text);
    if (!named) continue;
    const [before, after] = around(place, placed);
    const has = (schema: Schema | undefined): Table | undefined => {
      const table = schema?.table(named.table);
      const isThere =
        typeof table === "object" &&
        (named.column === undefined || table.columns.some(({ name }) => name === named.column));
      return isThere ? table : undefined;
    };
    const table = has(before) ?? has(after);
    if (table)
      return {
        range: word.range,
        markdown: [
          describe(table, named.column, has(before) ? "Before this operation" : "After this operation"),
          ...renderSizes(place, [named.table], placed.direction),
        ].join("\n\n"),
      };
  }
  return undefined;
}
