/** On an operation: the SQL that it makes, and what that does to the server. */
import { tablesOf } from "../../project/stakes.ts";
import { renderStatements } from "../../schema/statements.ts";
import { includes } from "../../text/range.ts";
import { impactSentences, renderServers } from "../impact-words.ts";
import { impactsIn, type ServerImpact } from "../../facts/impacts.ts";
import { code, codeBlock, escapeMarkdown } from "./markdown.ts";
import { operationsAt, type Hover, type HoverPlace, type Placed } from "./place.ts";
import { renderSizes } from "./sizes.ts";

const tail: Readonly<Record<string, string>> = { likely: "Not all of it could be read", opaque: "Not analysed" };

function renderImpacts(impacts: readonly ServerImpact[]): readonly string[] {
  return impacts.flatMap(({ servers, impact }) => {
    if (!impact) return [];
    const basis = impact.basis === "measured" ? "measured" : "as documented";
    const lines = impactSentences(impact, { code, plain: escapeMarkdown }).map((sentence) => `- ${sentence}`);
    return [[`${renderServers(servers)}, ${basis}:`, ...lines].join("\n")];
  });
}

function describe(place: HoverPlace, { operation, direction }: Placed, impacts: readonly ServerImpact[]): string {
  const { dialect } = place.project.config;
  const { confidence, why, via, kind } = operation;
  const statements = via === "sql" || dialect !== "postgresql" ? undefined : renderStatements(operation);
  const known = tail[confidence];
  return [
    code(kind),
    ...(statements ? [codeBlock("sql", statements.map((statement) => `${statement};`).join("\n"))] : []),
    ...renderImpacts(impacts),
    ...renderSizes(place, tablesOf(operation), direction),
    ...(known === undefined ? [] : [`${known}${why === undefined ? "" : `: ${escapeMarkdown(why)}`}`]),
  ].join("\n\n");
}

/** Only on its name: on its arguments the editor's other hovers are wanted. SQL has no name and answers all over. */
export function hoverOperation(place: HoverPlace): Hover | undefined {
  const { project, file, offset, versions } = place;
  const placed = operationsAt(file, offset).filter(({ operation }) => includes(operation.nameRange, offset));
  const [first] = placed;
  if (!first) return undefined;
  const impacts = impactsIn(project, file, first.direction, versions);
  return {
    range: first.operation.nameRange,
    markdown: placed.map((one) => describe(place, one, impacts.get(one.operation) ?? [])).join("\n\n---\n\n"),
  };
}
