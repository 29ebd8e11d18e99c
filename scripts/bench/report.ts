import type { Cell, Measured, Percentiles, Row } from "./measured.ts";

const groups: Readonly<Record<Row["group"], string>> = {
  retort: "Retort",
  floor: "The floor",
  others: "What people would use instead",
};

const inSeconds = (seconds: number): string => `${seconds < 1 ? seconds.toFixed(2) : seconds.toFixed(1)} s`;

const inMilliseconds = ({ p50, p95 }: Percentiles): string => `${p50.toFixed(1)} / ${p95.toFixed(1)} ms`;

function renderCell(cell: Cell | undefined): string {
  if (cell === undefined) return "";
  if (cell.missing !== undefined) return cell.missing;
  const parts: string[] = [];
  if (cell.seconds !== undefined) parts.push(inSeconds(cell.seconds));
  if (cell.processorSeconds !== undefined) parts.push(`${inSeconds(cell.processorSeconds)} of the processor`);
  if (cell.milliseconds !== undefined) parts.push(inMilliseconds(cell.milliseconds));
  if (cell.processorMilliseconds !== undefined)
    parts.push(`${inMilliseconds(cell.processorMilliseconds)} of the processor`);
  if (cell.megabytes !== undefined) parts.push(`${Math.round(cell.megabytes)} MB`);
  return parts.join(", ");
}

const titleOf = (column: string): string =>
  /^\d+$/.test(column) ? `${Number(column).toLocaleString("en-US")} revisions` : column;

/** One Markdown table for each group; it reads well in a terminal too. */
export function renderTables({ columns, rows }: Measured): string {
  return Object.entries(groups)
    .flatMap(([group, title]) => {
      const own = rows.filter((row) => row.group === group);
      if (own.length === 0) return [];
      const lines = [
        [title, ...columns.map(titleOf)],
        ...own.map(({ what, cells }) => [what, ...columns.map((column) => renderCell(cells[column]))]),
      ];
      return [align(lines)];
    })
    .join("\n");
}

function align(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  const render = (line: readonly string[]): string =>
    `| ${line.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" | ")} |\n`;
  const [head = [], ...body] = lines;
  return `${render(head)}| ${widths.map((width) => "-".repeat(width)).join(" | ")} |\n${body.map(render).join("")}`;
}

/** How many times the time of another row one takes, for the columns that have both. */
export function renderRatios({ columns, rows }: Measured): string {
  const find = (start: string): Row | undefined => rows.find(({ what }) => what.startsWith(start));
  const check = find("retort check, cold");
  const against = [
    "read and parse with tree-sitter, a thread per core",
    "read and parse with tree-sitter, 1 thread",
    "alembic history, first",
    "pytest-mrt",
    "squawk",
  ];
  return against
    .flatMap((start) => {
      const other = find(start);
      const ratios = columns.flatMap((column) => {
        const [ours, theirs] = [check?.cells[column]?.seconds, other?.cells[column]?.seconds];
        return ours === undefined || theirs === undefined
          ? []
          : [`${(ours / theirs).toFixed(2)} × (${titleOf(column)})`];
      });
      return other === undefined || ratios.length === 0 ? [] : [`- against ${other.what}: ${ratios.join(", ")}\n`];
    })
    .join("");
}

export const renderMachine = ({ machine, date }: Measured): string =>
  `${machine.cores} cores, ${machine.platform}, Node ${machine.node}; ${date.slice(0, 10)}`;
