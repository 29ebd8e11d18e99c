/** On an operation: the SQL that it makes. */
import { renderStatements } from "../../schema/statements.ts";
import { includes } from "../../text/range.ts";
import { code, codeBlock, escapeMarkdown } from "./markdown.ts";
import { operationsAt, type Hover, type HoverPlace, type Placed } from "./place.ts";

const tail: Readonly<Record<string, string>> = { likely: "Not all of it could be read", opaque: "Not analysed" };

function describe({ operation }: Placed, dialect: string): string {
  const { confidence, why, via, kind } = operation;
  const statements = via === "sql" || dialect !== "postgresql" ? undefined : renderStatements(operation);
  const known = tail[confidence];
  return [
    code(kind),
    ...(statements ? [codeBlock("sql", statements.map((statement) => `${statement};`).join("\n"))] : []),
    ...(known === undefined ? [] : [`${known}${why === undefined ? "" : `: ${escapeMarkdown(why)}`}`]),
  ].join("\n\n");
}

/** Only on its name: on its arguments the editor's other hovers are wanted. SQL has no name and answers all over. */
export function hoverOperation({ project, file, offset }: HoverPlace): Hover | undefined {
  const placed = operationsAt(file, offset).filter(({ operation }) => includes(operation.nameRange, offset));
  const [first] = placed;
  if (!first) return undefined;
  return {
    range: first.operation.nameRange,
    markdown: placed.map((one) => describe(one, project.config.dialect)).join("\n\n---\n\n"),
  };
}
