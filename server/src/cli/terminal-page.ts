/** One of our own pages on a terminal. It knows as much Markdown as these pages hold, and no more. */
import { createColors } from "picocolors";
import { widthOf } from "./terminal.ts";

type Colours = ReturnType<typeof createColors>;

export interface Paper {
  /** In characters. */
  readonly width: number;
  readonly colours: boolean;
}

type Block =
  | { readonly kind: "heading"; readonly level: number; readonly text: string }
  | { readonly kind: "paragraph"; readonly text: string }
  | { readonly kind: "item"; readonly text: string }
  | { readonly kind: "code"; readonly lines: readonly string[] }
  | { readonly kind: "table"; readonly rows: readonly (readonly string[])[] };

const isRule = (cells: readonly string[]): boolean => cells.every((cell) => /^:?-+:?$/.test(cell));

const cellsOf = (line: string): readonly string[] =>
  line
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll("\\|", "|"));

function parseBlocks(markdown: string): readonly Block[] {
  const blocks: Block[] = [];
  const lines = markdown.split("\n");
  while (lines.length > 0) {
    const line = lines.shift() ?? "";
    const heading = /^(#+) (.*)$/.exec(line);
    if (line.trim() === "") continue;
    if (heading) blocks.push({ kind: "heading", level: heading[1]?.length ?? 1, text: heading[2] ?? "" });
    else if (line.startsWith("```")) blocks.push({ kind: "code", lines: takeUntil(lines, (one) => one === "```") });
    else if (line.startsWith("|")) {
      const rest = takeWhile(lines, (one) => one.startsWith("|"));
      const rows = [line, ...rest].map(cellsOf).filter((cells) => !isRule(cells) && cells.some((cell) => cell !== ""));
      blocks.push({ kind: "table", rows });
    } else if (line.startsWith("- "))
      blocks.push({ kind: "item", text: [line.slice(2), ...takeText(lines)].join(" ") });
    else blocks.push({ kind: "paragraph", text: [line, ...takeText(lines)].join(" ") });
  }
  return blocks;
}

function takeWhile(lines: string[], belongs: (line: string) => boolean): readonly string[] {
  const end = lines.findIndex((line) => !belongs(line));
  return lines.splice(0, end < 0 ? lines.length : end);
}

const takeText = (lines: string[]): readonly string[] =>
  takeWhile(lines, (line) => line.trim() !== "" && !/^(?:#|```|\||- )/.test(line));

/** Takes the line that ends it, too. */
function takeUntil(lines: string[], ends: (line: string) => boolean): readonly string[] {
  const taken = takeWhile(lines, (line) => !ends(line));
  lines.shift();
  return taken;
}

/** A blank within code, where no line may end. */
const hard = "\u00A0";

/** Links as what they are called, addresses as they are. */
const plain = (text: string): string =>
  text.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").replaceAll(/<(https?:[^>]*)>/g, "$1");

function style(text: string, colours: Colours): string {
  return text
    .replaceAll(/`([^`]*)`/g, (whole, code: string) => (colours.isColorSupported ? colours.cyan(code) : whole))
    .replaceAll(/\*\*(.+?)\*\*/g, (_, strong: string) => colours.bold(strong))
    .replaceAll(/(?<![\w*])\*([^*\s][^*]*)\*(?![\w*])/g, (_, stressed: string) => colours.italic(stressed))
    .replaceAll(hard, " ");
}

function wrap(text: string, width: number): readonly string[] {
  const words = plain(text)
    .replaceAll(/`[^`]*`/g, (code) => code.replaceAll(" ", hard))
    .split(/[^\S\u00A0]+/)
    .filter((word) => word !== "");
  const lines: string[] = [];
  let line = "";
  for (const word of words) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && widthOf(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return line === "" ? lines : [...lines, line];
}

function renderTable(rows: readonly (readonly string[])[], paper: Paper, colours: Colours): string {
  const shown = rows.map((cells) => cells.map(plain));
  const columns = Math.max(0, ...shown.map((cells) => cells.length));
  const widths = Array.from({ length: columns }, (_, i) =>
    Math.max(0, ...shown.map((cells) => widthOf(cells[i] ?? ""))),
  );
  return shown
    .map((cells) => {
      const last = cells.length - 1;
      const first = cells.slice(0, last).map((cell, i) => cell + " ".repeat((widths[i] ?? 0) - widthOf(cell)));
      const indent = first.reduce((sum, cell) => sum + widthOf(cell) + 2, 0);
      const [start = "", ...more] = wrap(cells[last] ?? "", Math.max(20, paper.width - indent));
      return [
        [...first, start]
          .map((cell) => style(cell, colours))
          .join("  ")
          .trimEnd(),
        ...more.map((line) => " ".repeat(indent) + style(line, colours)),
      ]
        .map((line) => `${line}\n`)
        .join("");
    })
    .join("");
}

function renderBlock(block: Block, paper: Paper, colours: Colours): string {
  const text = (content: string, first: string, indent: string): string =>
    wrap(content, paper.width - indent.length)
      .map((line, i) => `${i === 0 ? first : indent}${style(line, colours)}\n`)
      .join("");
  switch (block.kind) {
    case "heading":
      return `${block.level < 3 ? colours.bold(colours.underline(block.text)) : colours.bold(block.text)}\n`;
    case "paragraph":
      return text(block.text, "", "");
    case "item":
      return text(block.text, "- ", "  ");
    case "code":
      return block.lines.map((line) => `    ${line}`.trimEnd() + "\n").join("");
    case "table":
      return renderTable(block.rows, paper, colours);
  }
}

export function renderPage(markdown: string, paper: Paper): string {
  const colours = createColors(paper.colours);
  const blocks = parseBlocks(markdown);
  return blocks
    .map((block, i) => {
      // The items of a list stand together.
      const isList = block.kind === "item" && blocks[i - 1]?.kind === "item";
      return (i === 0 || isList ? "" : "\n") + renderBlock(block, paper, colours);
    })
    .join("");
}
