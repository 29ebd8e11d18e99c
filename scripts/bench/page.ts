import type { Measured } from "./measured.ts";
import { renderMachine, renderRatios, renderTables } from "./report.ts";

const begin = "<!-- measured: begin -->";
const end = "<!-- measured: end -->";

/** The page with the tables of this run between its two marks; all else is as a person wrote it. */
export function writePage(page: string, measured: Measured): string {
  const [before, rest] = cut(page, begin);
  const [, after] = cut(rest, end);
  const inputs = Object.entries(measured.inputs).map(([column, input]) => `- ${column}: ${input}\n`);
  const parts = [
    `Machine and day: ${renderMachine(measured)}.\n`,
    `Inputs:\n\n${inputs.join("")}`,
    renderTables(measured),
    `Cold \`check\`, as a multiple of the time of others:\n\n${renderRatios(measured)}`,
  ];
  return `${before}${begin}\n\n${parts.join("\n")}\n${end}${after}`;
}

function cut(text: string, mark: string): readonly [string, string] {
  const at = text.indexOf(mark);
  if (at < 0) throw new Error(`docs/performance.md has lost its mark ${mark}`);
  return [text.slice(0, at), text.slice(at + mark.length)];
}
